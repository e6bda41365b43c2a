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
