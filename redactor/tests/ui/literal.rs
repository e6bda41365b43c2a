//! A `Redacted` cannot be written down: its fields are private.

use redactor::Redacted;

fn main() {
    let record = schemas::Record::new(&schemas::event::EVENT);
    let _ = Redacted { record, findings: Vec::new() };
}
