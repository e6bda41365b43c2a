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
            ("age: 95y", &["95"]),
            ("a 95-y-o F", &["95"]),
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

#[test]
fn other_languages() {
    assert_finds(
        "age",
        &[
            ("Frau Tscherwenka, 95 Jahre", &["95"]),
            ("Die 95-jährige Patientin", &["95"]),
            ("die 95jährige Patientin", &["95"]),
            ("Tscherwenka (95 J.) klagt", &["95"]),
            ("Mujer de 95 años con disnea", &["95"]),
            ("95-årig kvinna", &["95"]),
            ("Gunnel Åkerblom, 95 år", &["95"]),
            ("Pacjentka lat 95", &["95"]),
            ("Pacjentka, 95 lat", &["95"]),
            ("95-letnia pacjentka", &["95"]),
            ("donna, 95 anni", &["95"]),
            ("95 anos", &["95"]),
            ("95 éves nő", &["95"]),
            ("95-vuotias nainen", &["95"]),
            ("pacientka, 95 let", &["95"]),
        ],
    );
    assert_silent(
        "age",
        &[
            "seit 95 Tagen",
            "95 % der Patienten",
            "95 mg täglich",
            "im Jahre 95",
            "Frau Tscherwenka, 65 Jahre",
            "seit 95 Jahren, vor 100 Jahren",
            "100 Jahre Erfahrung",
            "100 años de soledad",
            "of the 95 let us take one",
            "at lat 95, lon 12",
            "95 J of energy",
            "95 J. of energy",
        ],
    );
}

#[test]
fn ages_in_brackets_behind_a_name() {
    assert_finds(
        "age",
        &[("Irmtraud Böhnisch (91) veranlasst", &["91"]), ("his grandmother lived to 93;", &["93"])],
    );
    assert_silent("age", &["the table (91) shows", "lived to 73"]);
}
