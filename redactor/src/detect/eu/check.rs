//! Arithmetic that the rules of several states share. Numbers come as ASCII digits, letters in capitals.

use super::super::value;

/// The value of an ASCII digit.
pub(super) fn digit(byte: u8) -> u32 {
    u32::from(byte.wrapping_sub(b'0'))
}

/// A few digits as a number.
pub(super) fn number(digits: &[u8]) -> u32 {
    digits.iter().fold(0, |number, byte| number * 10 + digit(*byte))
}

/// Digits of any length modulo `divisor`.
pub(super) fn modulo(digits: &[u8], divisor: u32) -> u32 {
    digits.iter().fold(0, |rest, byte| (rest * 10 + digit(*byte)) % divisor)
}

/// The sum of the digits, each times its weight; further digits do not count.
pub(super) fn weighted(digits: &[u8], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(byte, weight)| digit(*byte) * weight).sum()
}

/// Whether every byte is a digit.
pub(super) fn all_digits(number: &[u8]) -> bool {
    number.iter().all(u8::is_ascii_digit)
}

/// The Luhn check digit, ISO/IEC 7812-1 annex B, of at most twenty digits.
pub(super) fn luhn(number: &[u8]) -> bool {
    let mut digits = [0; super::NUMBER_MAX];
    let Some(digits) = digits.get_mut(..number.len()) else { return false };
    digits.iter_mut().zip(number).for_each(|(digit, byte)| *digit = byte.wrapping_sub(b'0'));
    value::luhn(digits)
}

/// ISO/IEC 7064, MOD 11,10.
pub(super) fn mod_11_10(number: &[u8]) -> bool {
    let Some((last, rest)) = number.split_last() else { return false };
    let product = rest.iter().fold(10, |product, byte| {
        let sum = (product + digit(*byte)) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    (product + digit(*last)) % 10 == 1
}

/// Verhoeff's check digit (Error Detecting Decimal Codes, 1969).
pub(super) fn verhoeff(number: &[u8]) -> bool {
    // Multiplication in the dihedral group of order ten.
    let times = |left: u32, right: u32| match (left < 5, right < 5) {
        (true, true) => (left + right) % 5,
        (true, false) => (left + right - 5) % 5 + 5,
        (false, true) => (left - 5 + 5 - right) % 5 + 5,
        (false, false) => (left + 5 - right) % 5,
    };
    const STEP: [u32; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    let sum = number.iter().rev().enumerate().fold(0, |sum, (place, byte)| {
        let permuted = (0..place % 8).fold(digit(*byte), |value, _| STEP[value as usize % 10]);
        times(sum, permuted % 10)
    });
    sum == 0
}

/// Whether that day was or will be in the Gregorian calendar.
pub(super) fn date(year: u32, month: u32, day: u32) -> bool {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return false,
    };
    (1..=days).contains(&day)
}

/// The same where the number holds two digits of the year: in some century.
pub(super) fn short_date(year: u32, month: u32, day: u32) -> bool {
    date(1900 + year, month, day) || date(2000 + year, month, day)
}

/// The place of a letter in the alphabet, from 1.
pub(super) fn letter(byte: u8) -> u32 {
    u32::from(byte.wrapping_sub(b'A')) + 1
}
