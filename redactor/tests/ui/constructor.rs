//! The constructor is the crate's own.

use redactor::Redacted;

fn main() {
    let record = schemas::Record::new(&schemas::event::EVENT);
    let _ = Redacted::new(record, Vec::new());
}
