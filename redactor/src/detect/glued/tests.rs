use super::super::tests::{assert_finds, assert_silent};

#[test]
fn values_glued_to_their_keyword() {
    assert_finds(
        "glued",
        &[
            ("MRN70999999", &["70999999"]),
            ("export_mrn70999999_v2.pdf", &["70999999"]),
            ("dob1961-03-02.csv dob19610302", &["1961-03-02", "19610302"]),
            ("SSN512345671", &["512345671"]),
            ("memberid00123456 tel6175550123 acct12345678", &["00123456", "6175550123", "12345678"]),
            ("patientId70444444", &["70444444"]),
            ("the PAN4111111111111111 was declined", &["4111111111111111"]),
        ],
    );
    assert_silent(
        "glued",
        &[
            "deadbeef1234",
            "pid12345",
            "gpt4",
            "E11",
            "mrn12",
            "card4",
            "pan2024",
            "visit20240101",
            "plan2024",
            "phone2",
            "zip64",
            "dea4567890",
        ],
    );
}

#[test]
fn letters_for_digits() {
    assert_finds(
        "glued",
        &[
            ("5I2-34-567l", &["5I2-34-567l"]),
            ("512-34-567O", &["512-34-567O"]),
            ("born O3/12/1961", &["O3/12/1961"]),
            ("617-555-O123", &["617-555-O123"]),
            ("call 6l755501Z3", &["6l755501Z3"]),
        ],
    );
    assert_silent(
        "glued",
        &["B12-34", "I10/E11.9", "S3-12-2024a", "10S 12B", "550e8400-e29b-41d4-a716-446655440000"],
    );
}
