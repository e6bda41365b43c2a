//! A `Redacted` cannot be copied, so none can be made from the parts of another.

use redactor::Redacted;

fn copy(given: &Redacted) -> Redacted {
    given.clone()
}

fn main() {
    let _ = copy;
}
