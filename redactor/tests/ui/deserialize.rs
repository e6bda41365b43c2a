//! A `Redacted` cannot be read from JSON.

use redactor::Redacted;

fn main() {
    let _: Redacted = serde_json::from_str("{}").unwrap();
}
