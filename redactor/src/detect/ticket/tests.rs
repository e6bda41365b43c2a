use super::super::tests::{assert_finds, assert_silent};

#[test]
fn names_on_tickets() {
    assert_finds(
        "ticket",
        &[
            ("PNR LX4RWB OKONKWO/CHIDI MR FRA-LOS", &["OKONKWO/CHIDI"]),
            ("1. OSEI-BROWN/DANTE PAUL MR", &["OSEI-BROWN/DANTE PAUL"]),
        ],
    );
    assert_silent("ticket", &["AND/OR MR", "READ/WRITE DR", "the CPU/GPU ratio", "OKONKWO/CHIDI"]);
}
