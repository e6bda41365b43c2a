use super::super::tests::{assert_finds, assert_silent};

#[test]
fn credentials() {
    assert_finds(
        "secret_url",
        &[
            ("postgres://app:s3cr3tpw@db.example:5432/clinic", &["s3cr3tpw"]),
            ("mongodb+srv://u:p%40ss@cluster0.example/test", &["p%40ss"]),
            (
                "https://hooks.slack.com/services/T00/B00/XXXX.",
                &["https://hooks.slack.com/services/T00/B00/XXXX"],
            ),
        ],
    );
    assert_silent(
        "secret_url",
        &["https://example.com/a@b", "http://user@host/", "redis://localhost:6379/0"],
    );
}
