//! No conversion leads from a record to a `Redacted`.

use redactor::Redacted;

fn main() {
    let record = schemas::Record::new(&schemas::event::EVENT);
    let _: Redacted = record.into();
}
