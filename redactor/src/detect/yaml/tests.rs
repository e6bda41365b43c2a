use super::super::tests::{assert_finds, assert_silent};

#[test]
fn resources() {
    assert_finds(
        "yaml",
        &[
            (
                "resourceType: Patient\nidentifier:\n  - system: urn:mrn\n    value: A-70444\nname:\n  - family: Qorbeta\n    given:\n      - Lum\n      - Zelko\naddress:\n  - line:\n      - 12 Zorn Qway\n    city: Farwell\n",
                &["A-70444", "Qorbeta", "Lum", "Zelko", "12 Zorn Qway", "Farwell"],
            ),
            ("patient_name: Lum van Qorbeta\nmrn_note: none", &["Lum van Qorbeta"]),
            (
                "env:\n  - name: DB_PASSWORD\n    value: qorb3ta-lum\n  - name: LOG_LEVEL\n    value: debug7\n",
                &["qorb3ta-lum"],
            ),
            ("patient:\n  birthDate: \"1961-03-02\"\n", &["1961-03-02"]),
        ],
    );
    assert_silent(
        "yaml",
        &[
            "family: supportive\ncity: large",
            "Family: Mother has diabetes",
            "address:\n  line: ${ADDR}\n",
            "services:\n  web:\n    image: nginx\n    city: small\n",
            "note: see below\nvalue: 12\n",
            "- name: DB_PASSWORD\n  value: $(DB_PASSWORD)\n",
            "- name: DB_PASSWORD\n  valueFrom: qorb3ta-lum\n",
            "- name: DB_PASSWORD\n- value: qorb3ta-lum\n",
            ":::\n- - - \n  :",
        ],
    );
}
