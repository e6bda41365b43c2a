use super::super::tests::{assert_finds, assert_silent};

#[test]
fn tokens() {
    let token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0NzExIn0.c2lnbmF0dXJl";
    assert_finds(
        "secret_jwt",
        &[
            (&format!("got {token}."), &[token]),
            ("eyJhbGciOiJub25lIn0.eyJzdWIiOiI0NzExIn0", &["eyJhbGciOiJub25lIn0.eyJzdWIiOiI0NzExIn0"]),
        ],
    );
    assert_silent("secret_jwt", &["eyJ", "keyJack.foo.bar", "eyJhbGciOiJIUzI1NiJ9"]);
}
