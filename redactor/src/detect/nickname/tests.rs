use super::super::tests::{assert_finds, assert_silent};

#[test]
fn nicknames() {
    assert_finds(
        "nickname",
        &[
            ("saw William \"Bill\" Kowalski today", &["William \"Bill\" Kowalski"]),
            ("Margaret (Peggy) Tuiasosopo", &["Margaret (Peggy) Tuiasosopo"]),
            ("she goes by \"Skip\" now", &["Skip"]),
            ("everyone calls her Bibi, and", &["Bibi"]),
            ("his nickname is Zelko.", &["Zelko"]),
        ],
    );
    assert_silent(
        "nickname",
        &[
            "Aspirin (Bayer) Tablets",
            "the patient prefers Tylenol",
            "call her Monday",
            "goes by the book",
            "John (CHF) Hospital",
            "prefers English",
        ],
    );
}

#[test]
fn a_family_name_of_two_parts_behind_a_nickname() {
    assert_finds(
        "nickname",
        &[("Agnieszka \"Aggie\" Dombrowska-Teller", &["Agnieszka \"Aggie\" Dombrowska-Teller"])],
    );
}
