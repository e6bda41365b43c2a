use super::super::tests::{assert_finds, assert_silent};
use super::*;

#[test]
fn behind_their_keywords() {
    assert_finds(
        "license",
        &[
            ("driver's license number: D1234567", &["D1234567"]),
            ("NPI 1234567893", &["1234567893"]),
            ("NPI: 1234567890", &["1234567890"]),
            ("certificate no. CLN-112233", &["CLN-112233"]),
        ],
    );
    assert_silent("license", &["1234567893", "under the MIT license 2019", "licensed in 2004"]);
}

#[test]
fn dea_check_digit() {
    assert_finds("license", &[("prescriber AB1234563", &["AB1234563"])]);
    assert_silent("license", &["prescriber AB1234564", "prescriber ab1234563"]);
    assert!(is_dea("BM3650187") == (((3 + 5 + 1) + 2 * [6, 0, 8].iter().sum::<i32>()) % 10 == 7));
}

#[test]
fn a_unit_before_a_range_is_no_licence() {
    assert_silent(
        "license",
        &["Glucose 98 mg/dL 70-99", "Hemoglobin 13.5 g/dL (12.0-15.5)", "108|mg/dL|70-99"],
    );
    assert_finds("license", &[("DL D1234567", &["D1234567"])]);
}
