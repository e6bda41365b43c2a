//! Check digits that a pattern may ask for.

use crate::detect;

/// A rule that the digits of a match must fulfil.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Validator {
    /// ISO/IEC 7812-1 annex B, over all digits: cards, NPI without its prefix.
    Luhn,
    /// ISO 7064 MOD 97-10 as ISO 13616 (IBAN) applies it: four characters moved to the end, letters as 10 to 35.
    Mod97,
    /// Weights from the number of characters down to 1, the sum divisible by 11, `X` as 10 at the end (ISBN-10).
    Mod11,
}

impl Validator {
    pub(super) const ALL: &[(&str, Validator)] =
        &[("luhn", Validator::Luhn), ("mod97", Validator::Mod97), ("mod11", Validator::Mod11)];

    /// Whether it holds for the letters and digits of a match.
    pub(super) fn holds(self, matched: &str) -> bool {
        let plain: Vec<u8> =
            matched.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_uppercase()).collect();
        match self {
            Validator::Luhn => {
                let digits: Vec<u8> =
                    plain.iter().filter(|byte| byte.is_ascii_digit()).map(|byte| byte - b'0').collect();
                digits.len() >= 2 && digits.iter().any(|digit| *digit != 0) && detect::luhn(&digits)
            }
            Validator::Mod97 => {
                if plain.len() < 5 {
                    return false;
                }
                let turned = plain[4..].iter().chain(&plain[..4]);
                let remainder = turned.fold(0_u32, |sum, byte| match byte {
                    b'0'..=b'9' => (sum * 10 + u32::from(byte - b'0')) % 97,
                    _ => (sum * 100 + u32::from(byte - b'A') + 10) % 97,
                });
                remainder == 1
            }
            Validator::Mod11 => {
                let digits: Vec<u8> = plain
                    .iter()
                    .enumerate()
                    .filter(|(at, byte)| byte.is_ascii_digit() || (**byte == b'X' && at + 1 == plain.len()))
                    .map(|(_, byte)| if *byte == b'X' { 10 } else { byte - b'0' })
                    .collect();
                let weighted =
                    digits.iter().rev().zip(1_u32..).map(|(digit, place)| u32::from(*digit) * place);
                digits.len() >= 2 && digits.iter().any(|digit| *digit != 0) && weighted.sum::<u32>() % 11 == 0
            }
        }
    }
}
