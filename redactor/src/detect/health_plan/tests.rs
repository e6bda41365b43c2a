use super::super::tests::{assert_finds, assert_silent};

#[test]
fn behind_its_keyword() {
    assert_finds(
        "health_plan",
        &[
            ("Member ID: ZY-567890", &["ZY-567890"]),
            ("(Insurance: AA-987654)", &["AA-987654"]),
            ("Policy No: 789-456-123", &["789-456-123"]),
            ("insurance number is 987-65-4321", &["987-65-4321"]),
            ("ins. #789-1234-567", &["789-1234-567"]),
        ],
    );
    assert_silent(
        "health_plan",
        &["insurance covers 80% of it", "policy.sha256", "plan 2 doses", "the plan for 2023"],
    );
}

#[test]
fn medicare_beneficiary_identifier() {
    // CMS's own example.
    assert_finds(
        "health_plan",
        &[("has 1EG4-TE5-MK73 on file", &["1EG4-TE5-MK73"]), ("1EG4TE5MK72", &["1EG4TE5MK72"])],
    );
    assert_silent("health_plan", &["0EG4-TE5-MK73", "1SG4-TE5-MK73", "1EG4-TE5-MKA3"]);
}
