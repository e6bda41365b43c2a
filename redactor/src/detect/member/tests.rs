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
