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
