//! What a `Redacted` holds cannot be changed from outside.

use redactor::Redacted;

fn change(given: &mut Redacted) {
    given.record().set(schemas::event::PROMPT_TEXT, "unredacted");
}

fn main() {
    let _ = change;
}
