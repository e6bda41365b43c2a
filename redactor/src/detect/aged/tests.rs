use super::super::tests::{assert_finds, assert_silent};

#[test]
fn ages() {
    assert_finds(
        "aged",
        &[
            ("Mrs. Lee is 94.", &["94"]),
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
        ],
    );
    assert_silent(
        "aged",
        &[
            "SpO2 is 94.",
            "her pulse was 92, BP 110/70",
            "BP 98, 92, 90",
            "the patient is 45",
            "he took 92 mg",
            "she is 94% saturated",
            "patient, 93 mg/dL",
        ],
    );
}
