//! Answers of databases: headings here, cells there.

use crate::{Policy, Redactor, TokenKey};

fn strict(text: &str) -> String {
    let redactor = Redactor::new(Policy::profile("strict").unwrap(), TokenKey::generate(), "t").unwrap();
    redactor.redact_json(text.as_bytes(), 0).unwrap().text
}

#[test]
fn cells_are_judged_by_their_headings() {
    for (columns, rows) in [
        ("columns", "rows"),
        ("columns", "data"),
        ("fields", "values"),
        ("cols", "records"),
        ("header", "data"),
    ] {
        let given = format!(
            r#"{{"{columns}":["patient_name","mrn","patient","stay_days"],"{rows}":[["jane roe",7712345,"Qxyz",1234567],["x",null,"-",3]]}}"#
        );
        let want = format!(
            r#"{{"{columns}":["patient_name","mrn","patient","stay_days"],"{rows}":[["[NAME]","[MRN]","[NAME]",1234567],["x",null,"-",3]]}}"#
        );
        assert_eq!(strict(&given), want);
        assert_eq!(strict(&want), want);
    }
}

#[test]
fn headings_of_other_shapes() {
    for (given, want) in [
        (
            r#"{"columns":[{"name":"mrn","type":"int8"},{"name":"n"}],"rows":[[7712345,7712346]]}"#,
            r#"{"columns":[{"name":"mrn","type":"int8"},{"name":"n"}],"rows":[["[MRN]",7712346]]}"#,
        ),
        (
            r#"{"schema":{"fields":[{"name":"n"},{"name":"mrn"}]},"rows":[{"f":[{"v":"7712346"},{"v":"7712345"}]}]}"#,
            r#"{"schema":{"fields":[{"name":"n"},{"name":"mrn"}]},"rows":[{"f":[{"v":"7712346"},{"v":"[MRN]"}]}]}"#,
        ),
        (
            r#"{"columnMetadata":[{"name":"ssn"}],"records":[[{"longValue":512345671}]]}"#,
            r#"{"columnMetadata":[{"name":"ssn"}],"records":[[{"longValue":"[SSN]"}]]}"#,
        ),
        (
            r#"{"results":[{"columns":["mrn","n"],"data":[{"row":[7712345,7712346],"meta":[7712347]}]}]}"#,
            r#"{"results":[{"columns":["mrn","n"],"data":[{"row":["[MRN]",7712346],"meta":[7712347]}]}]}"#,
        ),
        (
            r#"{"manifest":{"schema":{"columns":[{"name":"mrn"}]}},"result":{"data_array":[["77A"]]}}"#,
            r#"{"manifest":{"schema":{"columns":[{"name":"mrn"}]}},"result":{"data_array":[["[MRN]"]]}}"#,
        ),
        (
            r#"{"fields":["n","tel"],"values":[7,5550143]}"#,
            r#"{"fields":["n","tel"],"values":[7,"[PHONE]"]}"#,
        ),
        (
            r#"[["id","mr\u006e"],[7,7712345],[8,7712346,7712347]]"#,
            r#"[["id","mr\u006e"],[7,"[MRN]"],[8,"[MRN]",7712347]]"#,
        ),
    ] {
        assert_eq!(strict(given), want);
    }
    let inside = serde_json::json!({"output": r#"{"columns":["mrn"],"rows":[[7712345]]}"#}).to_string();
    assert!(!strict(&inside).contains("7712345"));
}

#[test]
fn lists_without_telling_headings_stay() {
    for text in [
        r#"{"columns":["n","tokens"],"rows":[[7712345,7712346]],"mrns_seen":[7712345]}"#,
        r#"{"columns":["mrn"],"rows":[],"stats":{"values":[7712345]}}"#,
        r#"[["model","tokens"],["gpt-4o",7712345]]"#,
        r#"[["x",7712345],["mrn",7712346]]"#,
        r#"[["mrn 12345","ab"],[7712345,7712346]]"#,
        r#"{"columns":["x","mrn"],"rows":[[["a",7712345],1]]}"#,
    ] {
        let out = strict(text);
        assert!(out.contains("7712345"), "{out}");
    }
}

#[test]
fn a_name_and_its_value_in_a_list() {
    for (given, want) in [
        (r#"["x-api-key","9f8e7d6c5b4a3f2e"]"#, r#"["x-api-key","[SECRET]"]"#),
        (
            r#"{"headers":[["Authorization","Bearer pine-lantern"],["Accept","text/html"],["Cookie","sid=7; b=c"]]}"#,
            r#"{"headers":[["Authorization","[SECRET]"],["Accept","text/html"],["Cookie","[SECRET]"]]}"#,
        ),
        (
            r#"{"rawHeaders":["Host","x","X-Api-Key","9f8e7d6c5b4a3f2e","Accept","*/*"]}"#,
            r#"{"rawHeaders":["Host","x","X-Api-Key","[SECRET]","Accept","*/*"]}"#,
        ),
        (
            r#"[["patient.name","Brisk Quen"],["mrn","A-7712345"],["mrn",77123]]"#,
            r#"[["patient.name","[NAME]"],["mrn","[MRN]"],["mrn","[MRN]"]]"#,
        ),
    ] {
        assert_eq!(strict(given), want);
        assert_eq!(strict(want), want);
    }
    for text in [
        r#"{"required":["city","unit"]}"#,
        r#"["password","username"]"#,
        r#"["last_name","Department"]"#,
        r#"["x",77123]"#,
        r#"["mrn","n",77123]"#,
    ] {
        assert_eq!(strict(text), text);
    }
}
