use super::super::tests::{assert_finds, assert_silent};

#[test]
fn behind_its_keyword() {
    assert_finds(
        "fax",
        &[
            ("Fax: (212) 555-0144", &["(212) 555-0144"]),
            ("faxed to 212-555-0144", &["212-555-0144"]),
            ("fax 5550144", &["5550144"]),
        ],
    );
    assert_silent("fax", &["call 212-555-0144", "fax it over"]);
}
