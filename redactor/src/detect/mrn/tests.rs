use super::super::tests::{assert_finds, assert_silent, found_under};
use super::*;

#[test]
fn behind_its_keyword() {
    assert_finds(
        "mrn",
        &[
            ("(MRN: #SF-998877)", &["SF-998877"]),
            ("under MRN 12345-JS?", &["12345-JS"]),
            ("mrn#MP98765.", &["MP98765"]),
            ("medical record number is 789-45-321", &["789-45-321"]),
            ("MRN 123 456 789", &["123 456 789"]),
            ("patient 998877 (MRN) was", &["998877"]),
            ("chart no. AB 123456", &["AB 123456"]),
        ],
    );
    assert_eq!(found_under("mrn", Some("patientMRN"), "0012345"), [(Category::Mrn, "0012345".to_string())]);
    assert_eq!(
        found_under("mrn", Some("medical_record_number"), "A-77123"),
        [(Category::Mrn, "A-77123".to_string())]
    );
}

#[test]
fn near_misses_stay() {
    assert_silent(
        "mrn",
        &[
            "the record of 2021",
            "a record 10000 rows",
            "chart review in 2023",
            "998877",
            "encounter on 04/12/2023",
            "in 2023 (MRN pending)",
        ],
    );
    assert_eq!(found_under("mrn", Some("created"), "1718041234"), []);
}
