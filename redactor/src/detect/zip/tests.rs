use super::super::tests::{assert_finds, assert_silent, found_under};
use super::*;

#[test]
fn behind_state_town_or_keyword() {
    assert_finds(
        "zip",
        &[
            ("Springfield, IL 62704-1234", &["62704-1234"]),
            ("zip code 33101", &["33101"]),
            ("Miami 33101", &["33101"]),
            ("Boston, MA  02110", &["02110"]),
        ],
    );
    assert_eq!(found_under("zip", Some("postalCode"), "02139"), [(Category::Zip, "02139".to_string())]);
    assert_silent("zip", &["PR 23420", "12345", "about 10000 rows", "IN 20000 cases"]);
}

#[test]
fn codes_of_other_countries_behind_their_keyword() {
    assert_finds(
        "zip",
        &[
            ("postcode 3511 LX", &["3511 LX"]),
            ("PLZ: 8010", &["8010"]),
            ("postnummer 114 55", &["114 55"]),
            ("kod pocztowy 00-950", &["00-950"]),
        ],
    );
    assert_silent("zip", &["postal code is required", "zip 10 files", "zip 2000 mg"]);
}
