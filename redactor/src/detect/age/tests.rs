use super::super::tests::{assert_finds, assert_silent, found_under};
use super::*;

#[test]
fn over_eighty_nine_goes() {
    assert_finds(
        "age",
        &[
            ("a 93-year-old man", &["93"]),
            ("92 yo female", &["92"]),
            ("95yo M", &["95"]),
            ("aged 101", &["101"]),
            ("age: 94", &["94"]),
            ("in her 90s", &["90s"]),
            ("91 years of age", &["91"]),
            ("ninety-two years old", &["ninety-two"]),
            ("born in 1931", &["1931"]),
            ("aged 90-95, or 85-95 years old", &["90-95", "95"]),
            ("93-95 years old", &["93-95"]),
            ("aged 94-02-01", &["94"]),
        ],
    );
}

#[test]
fn up_to_eighty_nine_stays() {
    assert_silent(
        "age",
        &[
            "an 89-year-old man",
            "aged 45",
            "90 mg",
            "95% of",
            "SpO2 95",
            "92F fever",
            "ran 90m",
            "born in 1950",
            "BP 120/95",
        ],
    );
}

#[test]
fn key_is_context() {
    assert_eq!(found_under("age", Some("patientAge"), "97"), [(Category::Age, "97".to_string())]);
    assert_eq!(found_under("age", Some("age"), "47"), []);
}
