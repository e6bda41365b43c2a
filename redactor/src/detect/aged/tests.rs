use super::super::tests::{assert_finds, assert_silent};

#[test]
fn ages() {
    assert_finds(
        "aged",
        &[
            ("Mrs. Lee is 94.", &["94"]),
            ("Oma Marijke wordt 96: maak een quiz", &["96"]),
            ("La abuela Yolanda cumple 97.", &["97"]),
            ("Peggy Sexton, 92, PPS 30%", &["92"]),
            ("Age/Sex: 93/F", &["93"]),
            ("her 95th birthday", &["95th"]),
            ("my grandmother (92) was", &["92"]),
            ("She will be 91 in May", &["91"]),
            ("At 92 he still drives", &["92"]),
            ("the patient, 93, was found", &["93"]),
            ("my nan, who is 98, fell", &["98"]),
            ("is she too old at 93 for surgery?", &["93"]),
            ("92 yr female", &["92"]),
            ("patient aged ninety-four", &["ninety-four"]),
            ("she says he is one hundred and two.", &["one hundred and two"]),
            ("Hsieh, 90M, hospice eval", &["90"]),
            ("McGillicuddy 93F FTT", &["93"]),
            ("bed 4\n97F fall at home", &["97"]),
            ("edith, 98, pressed it again", &["98"]),
            ("shes 92 and scared", &["92"]),
            ("He's ninety-six, the patient said.", &["ninety-six"]),
            ("I'm ninety-nine and not quiet anymore", &["ninety-nine"]),
            ("Jamal ninety, Winifred fifty-nine", &["ninety"]),
            ("the widow at Pine Lodge, ninety-four and failing", &["ninety-four"]),
            ("Halyna (ninety-eight) wants to marry", &["ninety-eight"]),
            ("our aunt Linh lived to ninety.", &["ninety"]),
            ("She turns ninety-one on 7 October", &["ninety-one"]),
            ("Pt Dunya Kahananui, 97 yrs, fell", &["97"]),
            ("Patient Marguerite Oyelaran is ninety-five", &["ninety-five"]),
            ("Marguerite Oyelaran is 95.", &["95"]),
        ],
    );
    assert_silent(
        "aged",
        &[
            "SpO2 is 94.",
            "temp of 99F overnight",
            "fever to 101F",
            "a 95M array",
            "her pulse was 92, BP 110/70",
            "BP 98, 92, 90",
            "the patient is 45",
            "he took 92 mg",
            "she is 94% saturated",
            "patient, 93 mg/dL",
            "Marguerite Hemoglobin is 95.",
            "Marguerite counted: ninety, ninety-two, ninety-four.",
            "Marguerite has ninety-five percent of the vote",
        ],
    );
}

#[test]
fn somebody_turns_an_age() {
    assert_finds(
        "aged",
        &[
            ("opa Gianluca (wordt 94) op het bord", &["94"]),
            ("Arkady Belyaev (Rentner, wird 96!), bitte", &["96"]),
            ("my dad's inventory, he's 96 & going into a home", &["96"]),
        ],
    );
    assert_silent("aged", &["der Wert wird 96.", "de druk wordt 94 & stijgt"]);
}
