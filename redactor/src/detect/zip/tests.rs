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
