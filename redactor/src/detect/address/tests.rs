use super::super::tests::{assert_finds, assert_silent};

#[test]
fn american() {
    assert_finds(
        "address",
        &[
            ("lives at 789 Pine Street, San Francisco, CA.", &["789 Pine Street, San Francisco, CA"]),
            ("1234 N. Elm St., Apt 4B, Springfield, IL", &["1234 N. Elm St., Apt 4B, Springfield, IL"]),
            ("at 55 Martin Luther King Blvd today", &["55 Martin Luther King Blvd"]),
            ("mail to P.O. Box 4711 please", &["P.O. Box 4711"]),
            ("123 5th Avenue", &["123 5th Avenue"]),
            ("she lives at 42 maple ave", &["42 maple ave"]),
        ],
    );
}

#[test]
fn european() {
    assert_finds(
        "address",
        &[
            ("wohnt Hauptstraße 12 in Ulm", &["Hauptstraße 12"]),
            ("habite 12 rue de la Paix, Paris", &["12 rue de la Paix"]),
            ("vive en Calle Serrano 42", &["Calle Serrano 42"]),
            ("abita in Via Roma 12", &["Via Roma 12"]),
            ("Keizersgracht 123", &["Keizersgracht 123"]),
        ],
    );
}

#[test]
fn near_misses_stay() {
    assert_silent(
        "address",
        &[
            "take 2 main meals",
            "3 weeks on the road",
            "via PEP 660",
            "10 mg drive",
            "at 5 in court",
            "a 12 lead ECG st changes",
        ],
    );
}
