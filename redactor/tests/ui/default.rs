//! There is no default `Redacted`.

use redactor::Redacted;

fn main() {
    let _ = Redacted::default();
}
