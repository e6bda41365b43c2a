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
