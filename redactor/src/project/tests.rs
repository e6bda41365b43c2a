//! Prompts and answers out of messages of several shapes.

use super::*;

#[test]
fn otel_message_parts() {
    let messages = r#"[{"role":"system","parts":[{"type":"text","content":"be kind"}]},
        {"role":"user","parts":[{"type":"text","content":"first"}]},
        {"role":"assistant","parts":[{"type":"tool_call","id":"c","name":"f","arguments":{"content":"no"}}]},
        {"role":"user","parts":[{"type":"text","content":"say \"hi\""},{"content":"twice","type":"text"},
            {"type":"blob","content":"AAAA"}]},
        {"role":"tool","parts":[{"type":"tool_call_response","id":"c","response":"x"}]}]"#;
    assert_eq!(prompt(messages).unwrap(), "say \"hi\"\ntwice");
}

#[test]
fn answers() {
    let messages = r#"[{"role":"assistant","parts":[{"type":"text","content":"yes"}],"finish_reason":"stop"},
        {"role":"assistant","parts":[{"type":"text","content":"no"}]}]"#;
    assert_eq!(response(messages).unwrap(), "yes\nno");
    assert_eq!(response("[]"), None);
    assert_eq!(prompt(r#"[{"role":"assistant","parts":[]}]"#), None);
}

#[test]
fn content_as_openai_has_it() {
    assert_eq!(prompt(r#"[{"role":"user","content":"hello"}]"#).unwrap(), "hello");
    let parts = r#"[{"role":"user","content":[{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"x"}}]}]"#;
    assert_eq!(prompt(parts).unwrap(), "a");
    assert_eq!(prompt(r#"{"role":"user","content":"one"}"#).unwrap(), "one");
}

#[test]
fn what_is_no_json_is_all_text() {
    assert_eq!(prompt("just words").unwrap(), "just words");
    assert_eq!(prompt("[1] see the list").unwrap(), "[1] see the list");
    assert_eq!(prompt(r#"[{"role":"user","content":"cut o"#), None);
    assert_eq!(prompt(r#"[{"role":"user","content":"whole"},{"ro"#).unwrap(), "whole");
}
