use super::super::tests::{assert_finds, assert_silent};

#[test]
fn behind_their_keywords() {
    assert_finds(
        "national_id",
        &[
            ("passport number: 483920175", &["483920175"]),
            ("EIN 12-3456789", &["12-3456789"]),
            ("Steuer-ID: 86095742719", &["86095742719"]),
            ("codice fiscale RSSMRA85T10A562S", &["RSSMRA85T10A562S"]),
            ("NHS number 943 476 5919", &["943 476 5919"]),
            ("CPF: 123.456.789-09", &["123.456.789-09"]),
        ],
    );
    assert_silent("national_id", &["86095742719", "passport to success 2020", "ein Tag"]);
}

#[test]
fn itin_by_shape() {
    assert_finds("national_id", &[("900-70-0000", &["900-70-0000"])]);
    assert_silent("national_id", &["900-45-0000", "800-70-0000"]);
}
