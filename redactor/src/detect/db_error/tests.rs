use super::super::tests::{assert_finds, assert_silent};

#[test]
fn keys_of_errors() {
    assert_finds(
        "db_error",
        &[
            ("DETAIL:  Key (ssn)=(123-45-6789) already exists.", &["123-45-6789"]),
            ("Key (last_name, mrn)=(qorbeta, Q-704) is not present in table", &["qorbeta", "Q-704"]),
            ("Key (patient_name)=(QORBETA, LUM) already exists", &["QORBETA, LUM"]),
            ("ERROR 1062: Duplicate entry 'Q-704' for key 'patients.mrn_UNIQUE'", &["Q-704"]),
        ],
    );
    assert_silent(
        "db_error",
        &[
            "Key (id, tenant)=(7, 9) already exists.",
            "f(a)=(b)",
            "Duplicate entry '7-9' for key 'orders.PRIMARY'",
            ")=(",
            "Duplicate entry '",
        ],
    );
}
