use super::super::tests::{assert_finds, assert_silent};

#[test]
fn values_of_telling_members() {
    assert_finds(
        "member",
        &[
            (
                "\"patientName\": \"Xochitl Qxyz\", \"patientSsn\": \"512345671\"",
                &["Xochitl Qxyz", "512345671"],
            ),
            ("{ lastName: 'Qxyz', patientMrn: 70444444 }", &["Qxyz", "70444444"]),
            ("patient_name=Xochitl_Qxyz&x=1", &["Xochitl_Qxyz"]),
            ("'family': 'Qxyz'", &["Qxyz"]),
        ],
    );
    assert_silent(
        "member",
        &[
            "let last_name: String = x;",
            "firstName: string",
            "user.ssn = get_ssn()",
            "a: b",
            "first_name=name",
            "zip_code: None",
        ],
    );
}

#[test]
fn secrets_in_humps() {
    assert_finds(
        "member",
        &[
            ("refreshToken: f3A19b77aaX3a19b7zz", &["f3A19b77aaX3a19b7zz"]),
            ("masterKey=f3A19b77aaX3a19b7zz", &["f3A19b77aaX3a19b7zz"]),
            ("patientPassword=Herbst77x", &["Herbst77x"]),
        ],
    );
    assert_silent(
        "member",
        &[
            "refreshToken: string",
            "accessToken = response.data.token22",
            "masterKey = getKey(12, 34)",
            "maxTokens: 20000000",
            "secretName: my-app-tls-20240101",
            "keyVaultSecretUri=https://x/secrets/a1b2c3d4",
            "encryptionKey: Ed25519PrivateKey",
        ],
    );
}
