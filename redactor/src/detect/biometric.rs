//! Biometric identifiers, 45 CFR 164.514(b)(2)(i)(P), as far as text holds them: the id of a finger or voice
//! print, behind its keyword.

use super::keywords::Key;
use super::text::Text;
use super::{Category, Detector, Hit, Needs, value};

/// Finds ids of biometric records.
pub(super) struct Biometric;

impl Detector for Biometric {
    fn id(&self) -> &'static str {
        "biometric"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::Biometric]
    }

    fn example(&self) -> &'static str {
        "fingerprint ID: FP-884213"
    }

    fn needs(&self) -> Needs {
        Needs::key(Key::Biometric)
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        value::keyed(text, &[Key::Biometric], 3, Category::Biometric, "biometric.keyword", hits);
    }
}

#[cfg(test)]
mod tests;
