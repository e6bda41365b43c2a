use super::super::tests::{assert_finds, assert_silent};

#[test]
fn nested_members() {
    assert_finds(
        "literal",
        &[
            (
                "Summarise {'identifier': [{'system': 'urn:mrn', 'value': 'A-70444'}], 'name': [{'family': 'Qorbeta', 'given': ['Lum', 'Zelko']}]}",
                &["A-70444", "Qorbeta", "Lum", "Zelko"],
            ),
            (
                "here: {\"telecom\": [{\"system\": \"phone\", \"value\": \"512-555-0143\"}], \"address\": [{\"line\": [\"12 Zorn Qway\"], \"city\": \"Farwell\"}]} ok?",
                &["512-555-0143", "12 Zorn Qway", "Farwell"],
            ),
            (
                "'resourceType': 'Patient', 'id': 'p-70444444', 'identifier': [{'value': 'A-70444'}]}",
                &["p-70444444", "A-70444"],
            ),
            ("{ \"patient_id\": 70444444, \"n\": 3 }", &["70444444"]),
            ("{\"subject\": {\"reference\": \"x\", \"display\": \"Lum Qorbeta\"}}", &["Lum Qorbeta"]),
        ],
    );
}

#[test]
fn programs() {
    assert_silent(
        "literal",
        &[
            "fn f() { let given = 'a'; it's fine }",
            "{ \"city\": \"string\", \"given\": \"${name}\" }",
            "if (x) { y = [1, 2, 3]; }",
            "{'value': 'A-70444'}",
            "{\"system\": \"urn:mrn\", \"count\": 12}",
            "}}}]]{{{[[\"'",
        ],
    );
}

#[test]
fn depth_has_no_limit_that_panics() {
    let deep = format!("{}\"city\": \"Farwell\"", "{\"a\": [".repeat(200));
    super::super::tests::found("literal", &deep);
}

#[test]
fn values_named_by_the_string_before_them() {
    assert_finds(
        "literal",
        &[
            ("sent {'key': 'patient.name', 'value': {'stringValue': 'Lum Qorbeta'}}", &["Lum Qorbeta"]),
            ("said {\"type\":\"NAME\",\"match\":\"Qorbeta\"} then", &["Qorbeta"]),
            (
                "got [{'name': 'ssn', 'value': '512345671'}, {'name': 'x', 'value': '512345672'}]",
                &["512345671"],
            ),
            ("{'name': 'X-Api-Key', 'value': '9f8e7d6c5b4a'} went", &["9f8e7d6c5b4a"]),
        ],
    );
    assert_silent(
        "literal",
        &[
            "sent {'type': 'text', 'text': 'Qorbeta'}",
            "a {'name': 'password', 'value': 'reset'}",
            "a {'type': 'NAME', 'text': 'hello'}",
            "a {'name': 'ssn', 'items': ['512345671']}",
        ],
    );
}
