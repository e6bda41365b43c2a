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
    let putty = "PuTTY-User-Key-File-3: ssh-ed25519\nPrivate-Lines: 1\nAAAA\nPrivate-MAC: 00ff";
    let ssh2 = "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nAAAA\n---- END SSH2 ENCRYPTED PRIVATE KEY ----";
    let pgp = "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQHY\n-----END PGP PRIVATE KEY BLOCK-----";
    assert_finds(
        "secret_pem",
        &[
            (&format!("{putty}\nrest"), &[putty]),
            (&format!("a\n{ssh2}\nb"), &[ssh2]),
            (&format!("a\n{pgp}\nb"), &[pgp]),
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
