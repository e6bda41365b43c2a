use super::super::tests::{assert_finds, assert_silent};

#[test]
fn names_by_their_ending() {
    assert_finds(
        "firm",
        &[
            ("moved to Oakfield Nursing Home in May", &["Oakfield Nursing Home"]),
            ("seen at Hillside Urgent Care", &["Hillside Urgent Care"]),
            ("he works nights at Harrow Glass", &["Harrow Glass"]),
            ("employed by Harrow & Finch LLP", &["Harrow & Finch LLP"]),
        ],
    );
}

#[test]
fn kinds_stay() {
    assert_silent(
        "firm",
        &["The Nursing Home was full", "Outpatient Dialysis", "works at night", "Home care"],
    );
}

#[test]
fn those_who_work_together() {
    assert_finds(
        "firm",
        &[
            ("Cascade Imaging Partners\n", &["Cascade Imaging Partners"]),
            ("at Poplar Street Pediatrics, appt", &["Poplar Street Pediatrics"]),
            ("Admit to Peachtree Birth Pavilion under", &["Peachtree Birth Pavilion"]),
        ],
    );
}
