//! Offsets in the units that programs count in: bytes (Rust, Go), Unicode code points (Python), UTF-16 code units
//! (JavaScript, Java, .NET).

/// Counts the code points and UTF-16 code units before places of one text. Places that rise cost one pass over the text
/// together.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counter<'t> {
    text: &'t str,
    /// Bytes counted so far.
    at: usize,
    code_points: usize,
    utf16: usize,
}

impl<'t> Counter<'t> {
    pub(crate) fn new(text: &'t str) -> Counter<'t> {
        Counter { text, at: 0, code_points: 0, utf16: 0 }
    }

    /// Code points and UTF-16 code units before a byte of the text; all of them behind its end. A byte inside a
    /// character counts as the one behind it.
    pub(crate) fn before(&mut self, byte: usize) -> (usize, usize) {
        let byte = byte.min(self.text.len());
        if byte < self.at {
            *self = Counter::new(self.text);
        }
        let between = &self.text.as_bytes()[self.at..byte];
        // What most texts are.
        if between.is_ascii() {
            self.at = byte;
            self.code_points += between.len();
            self.utf16 += between.len();
            return (self.code_points, self.utf16);
        }
        // RFC 3629 section 3: continuation bytes are 10xxxxxx; what begins with 11110xxx is beyond U+FFFF, and RFC 2781
        // section 2.1 gives it two code units.
        let continued = between.iter().filter(|byte| **byte & 0xC0 == 0x80).count();
        let astral = between.iter().filter(|byte| **byte >= 0xF0).count();
        self.at = byte;
        self.code_points += between.len() - continued;
        self.utf16 += between.len() - continued + astral;
        (self.code_points, self.utf16)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Counter;

    proptest! {
        #[test]
        fn counts_are_those_of_the_standard_library(text in "[a-z é\u{4e2d}\u{1f600}\u{301}]{0,40}") {
            let mut counter = Counter::new(&text);
            let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            // Rising, then falling.
            for at in places.iter().chain(places.iter().rev()) {
                let expected = (text[..*at].chars().count(), text[..*at].encode_utf16().count());
                prop_assert_eq!(counter.before(*at), expected);
            }
        }
    }
}
