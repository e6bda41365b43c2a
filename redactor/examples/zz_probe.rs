use std::io::BufRead;
fn main() {
    let policy = redactor::Policy::profile("strict").unwrap();
    let r = redactor::Redactor::new(policy, redactor::TokenKey::generate(), "x").unwrap();
    for line in std::io::stdin().lock().lines() {
        let line = line.unwrap();
        let v: serde_json::Value = serde_json::from_str(&line).unwrap();
        let text = v["text"].as_str().unwrap();
        let out = r.redact_text(text, 1_780_272_000_000_000).unwrap();
        let f: Vec<_> = out
            .findings
            .iter()
            .map(|f| serde_json::json!([f.category, f.rules, &text[f.start..f.end], f.start, f.end]))
            .collect();
        println!("{}", serde_json::json!({"text": text, "phi": v["phi"], "found": f}));
    }
}
