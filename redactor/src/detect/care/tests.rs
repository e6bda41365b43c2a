use super::super::tests::{assert_finds, assert_silent};

#[test]
fn facilities_and_employers() {
    assert_finds(
        "care",
        &[
            ("he was admitted to Our Lady of the Harbor with", &["Our Lady of the Harbor"]),
            ("thing from Ammonsett Skilled Nursing?", &["Ammonsett Skilled Nursing"]),
            ("seen at Hollin Ferry VA today", &["Hollin Ferry VA"]),
            ("call Tri-County Behavioral Health.", &["Tri-County Behavioral Health"]),
            ("patient discharged from Sacred Heart", &["Sacred Heart"]),
            ("she retired from Vandermeer Dairy", &["Vandermeer Dairy"]),
        ],
    );
    assert_silent(
        "care",
        &[
            "patient admitted to Internal Medicine",
            "referred to Physical Therapy",
            "she was referred to Pain Management",
            "transferred to Intensive Care",
            "Outpatient Behavioral Health",
            "seen in the ER",
            "sent to Dr. Smith",
            "switch from Eliquis",
            "Ditropan ER 10 mg daily",
            "patient seen on Monday Morning",
        ],
    );
}

#[test]
fn names_behind_at() {
    assert_finds(
        "care",
        &[
            ("he had an ablation at Hornwick in May", &["Hornwick"]),
            ("his wife is a cook at Pellworm & Sons now", &["Pellworm & Sons"]),
            ("she is a sophomore at Otter Ridge High.", &["Otter Ridge High"]),
            ("her surgeon is over at Mercy.", &["Mercy"]),
            ("the patient's stent was put in at the Hornwick last", &["Hornwick"]),
            ("her son attends Otter Ridge High", &["Otter Ridge High"]),
            ("his scan @ Hornwick.", &["Hornwick"]),
            ("the patient goes to Willow Gate Counselling", &["Willow Gate Counselling"]),
            ("patient's pharmacy: Hornwick", &["Hornwick"]),
            ("she works offshore for Pellworm Drilling", &["Pellworm Drilling"]),
        ],
    );
    assert_silent(
        "care",
        &[
            "the server at Hornwick restarts",
            "his pain is worse at Night",
            "Pain at Rest and Fever at Home in patients",
            "she looked at Hornwick",
            "she is at PACU",
            "patient at Internal Medicine",
            "patient's pharmacy: Open",
            "the nurse @ him",
        ],
    );
}

#[test]
fn specialties_end_names_of_practices() {
    assert_finds(
        "care",
        &[
            ("call Vellmar Nephrology.", &["Vellmar Nephrology"]),
            ("fax from Hornwick Occupational Health", &["Hornwick Occupational Health"]),
            ("moved to Hornwick Children's today", &["Hornwick Children's"]),
        ],
    );
    assert_silent(
        "care",
        &["Pediatric Nephrology", "Interventional Radiology", "consult Nephrology", "The Children's book"],
    );
}

#[test]
fn employers_abroad() {
    assert_finds(
        "care",
        &[
            ("er arbeitet im Lager bei Hornwick", &["Hornwick"]),
            ("elle travaille chez Pellworm Frères", &["Pellworm Frères"]),
            ("hij werkt al jaren bij Bakkerij Hornwick", &["Bakkerij Hornwick"]),
            ("zatrudniona w Hornwick", &["Hornwick"]),
        ],
    );
    assert_silent(
        "care",
        &["das Skript arbeitet mit Hornwick", "chez Hornwick", "er arbeitet. Bei Hornwick"],
    );
}
