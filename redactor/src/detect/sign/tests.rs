use super::super::tests::{assert_finds, assert_silent};

#[test]
fn signed() {
    assert_finds(
        "sign",
        &[
            ("MR# 70444444, FIN#: 2001144", &["70444444", "2001144"]),
            ("MR#70444444 FIN:200114455 HAR 60012345", &["70444444", "200114455", "60012345"]),
            ("Case#: 1231231", &["1231231"]),
            ("pt# 8833121", &["8833121"]),
        ],
    );
    assert_silent(
        "sign",
        &["fin 2023", "issue #1234", "MR 12", "MR imaging 2021", "C# 12345", "see #44", "case 3"],
    );
}

#[test]
fn numbers_of_courts_bookings_and_banks() {
    assert_finds(
        "sign",
        &[
            ("emp# 003312, NMLS #220931", &["003312", "220931"]),
            ("Docket 2:23-cv-00881-ABC was", &["2:23-cv-00881-ABC"]),
            ("in 1:19-cr-00217-JKB-RDM", &["1:19-cr-00217-JKB-RDM"]),
            ("case 22-bk-10443", &["22-bk-10443"]),
            ("PNR K9QX3M, booking ref QX8T2P", &["K9QX3M", "QX8T2P"]),
            ("Authorization B3390122 on file", &["B3390122"]),
            ("ACC US-20-0093311", &["US-20-0093311"]),
            ("DDA 8821900331", &["8821900331"]),
        ],
    );
    assert_silent(
        "sign",
        &[
            "Authorization: Bearer a1b2c3d4e5",
            "Authorization: AWS4-HMAC-SHA256 Credential",
            "ACC/AHA 2019",
            "2:23-ab-00881",
            "23-cv",
            "PNR negative in 123456",
            "rev 12-cr-4, 21-mc-1000 cells",
        ],
    );
}
