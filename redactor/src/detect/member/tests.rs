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

#[test]
fn parameters_of_searches_for_persons() {
    assert_finds(
        "member",
        &[
            (
                "GET /fhir/Patient?family=qorbeta&given:exact=Lum&birthdate=ge1961-03-02 HTTP/1.1",
                &["qorbeta", "Lum", "ge1961-03-02"],
            ),
            (
                "Patient?identifier=urn:oid:2.16|7044321&telecom=phone|5125550143&address=Willow+Creek&_count=20",
                &["urn:oid:2.16|7044321", "phone|5125550143", "Willow+Creek"],
            ),
            ("Practitioner/_search?name=Lum%20Qorbeta", &["Lum%20Qorbeta"]),
            ("family=qorbeta&given=lum", &["qorbeta", "lum"]),
        ],
    );
    assert_silent(
        "member",
        &[
            "GET /fonts?family=Inter&name=Inter",
            "Observation?identifier=7044321",
            "Patient?family={family}&given=$GIVEN&birthdate=",
            "if family=Qorbeta then",
            "OutPatient?name=Lum",
        ],
    );
}
