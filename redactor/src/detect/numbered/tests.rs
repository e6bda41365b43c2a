use super::super::tests::{assert_finds, assert_silent};

#[test]
fn numbers_of_any_noun() {
    assert_finds(
        "numbered",
        &[
            ("incident number 2023-04177 of the patient", &["2023-04177"]),
            ("docket no. AB-1123", &["AB-1123"]),
            ("Kit ID: QX7781", &["QX7781"]),
            ("locker code is 884213", &["884213"]),
            ("Slide S21-44021 of the patient", &["S21-44021"]),
            ("the visitor badge: 44102", &["44102"]),
            ("badge 2291", &["2291"]),
            ("Personalnummer 229188", &["229188"]),
            ("meine kundennr 12345678 bitte", &["12345678"]),
            ("Pasientnr: 4471203", &["4471203"]),
            ("patiëntnummer 55120987", &["55120987"]),
            ("Vertragsnr. AB-330091", &["AB-330091"]),
        ],
    );
    assert_silent(
        "numbered",
        &[
            "ICD code E11901",
            "error code 500123",
            "the number 12345",
            "part no. AB-1123",
            "a number of patients, 12345 in all, were seen",
            "ticket number 12",
            "in order 40000 patients",
            "a kit of 12345",
            "order: 10240, ticket = 55555",
            "Reference: 150000-400000 /uL",
            "employee: 25000 employees",
            "badge 2024, badge 12",
            "build number 20231",
            "Artikelnr. 1234567, Hausnummer 12345",
            "Versionsnummer 202311",
        ],
    );
}
