use super::super::tests::{assert_finds, assert_silent};

#[test]
fn armoured_keys() {
    let key = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow==\n-----END RSA PRIVATE KEY-----";
    assert_finds(
        "secret_pem",
        &[
            (&format!("x {key} y"), &[key]),
            ("a -----BEGIN PRIVATE KEY-----\nMIIE cut off", &["-----BEGIN PRIVATE KEY-----\nMIIE cut off"]),
        ],
    );
    assert_silent(
        "secret_pem",
        &[
            "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
            "-----BEGIN PUBLIC KEY-----",
            "BEGIN PRIVATE KEY",
        ],
    );
}
