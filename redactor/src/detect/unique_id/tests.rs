use super::super::tests::{assert_finds, assert_silent, found_under};

#[test]
fn behind_its_keyword() {
    assert_finds(
        "unique_id",
        &[
            ("unique identifier LUP-98765", &["LUP-98765"]),
            ("(ID#: LUP-98765)", &["LUP-98765"]),
            ("accession no. S23-10442", &["S23-10442"]),
            ("employee ID 004711", &["004711"]),
        ],
    );
    assert_silent(
        "unique_id",
        &["case 2 of 3", "\"id\": \"call_abc1234\"", "pid=12345", "ref: 8f3a2b1c", "study of 1204 people"],
    );
    assert_eq!(found_under("unique_id", Some("id"), "msg_0012345"), []);
}

#[test]
fn shapes_of_parcels_and_petitions() {
    assert_finds(
        "unique_id",
        &[
            ("sent with 1Z12345E0205271688 today", &["1Z12345E0205271688"]),
            ("receipt WAC2190012345, pending", &["WAC2190012345"]),
            ("(A205-551-209)", &["A205-551-209"]),
        ],
    );
    assert_silent("unique_id", &["1Z12345E02052716AB", "ABC2190012345", "B205-551-209", "A205-551-2099"]);
}
