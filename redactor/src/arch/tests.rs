//! Every level gives the masks of the portable one, and the fastest that the processor has is taken.

use proptest::prelude::*;

use super::{BLOCK, Level, classify, has_row, level, portable};

#[test]
fn levels_agree_on_every_byte_at_every_place() {
    for byte in 0..=u8::MAX {
        for place in 0..BLOCK {
            let mut bytes = [b' '; BLOCK];
            bytes[place] = byte;
            agree(&bytes);
        }
    }
}

proptest! {
    #[test]
    fn levels_agree(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        agree(&bytes);
    }
}

fn agree(bytes: &[u8]) {
    let (mut expected, mut found) = (Vec::new(), Vec::new());
    classify(Level::Portable, bytes, &mut expected);
    for level in Level::ALL.iter().copied().filter(|level| level.available()) {
        classify(level, bytes, &mut found);
        assert_eq!(expected, found, "{}", level.name());
    }
}

#[test]
fn the_portable_masks_are_what_they_are_called() {
    let mut bytes = [b' '; BLOCK];
    bytes[..10].copy_from_slice("aZ9-._:\u{e9}@".as_bytes());
    let block = portable(&bytes);
    assert_eq!(block.wordy, 0b01_1000_0111);
    assert_eq!(block.wordy & block.upper, 0b10);
    assert_eq!(block.digit, 0b100);
    assert_eq!(block.join, 0b10_1000);
    assert_eq!(block.glue, 0b101_1000);
    assert_eq!(block.high, 0b1_1000_0000);
    assert_eq!(block.sign, 0b10_0111_1000);
}

#[test]
fn no_level_is_skipped() {
    let fastest = Level::ALL.iter().copied().rfind(|level| level.available());
    assert_eq!(Some(Level::choose(None)), fastest);
    for level in Level::ALL.iter().copied().filter(|level| level.available()) {
        assert_eq!(Level::choose(Some(level.name())), level);
    }
    // What `level` uses: the environment may force one.
    let forced = std::env::var("REDACTOR_SIMD").ok();
    assert_eq!(level(), Level::choose(forced.as_deref()));
}

proptest! {
    #[test]
    fn rows_of_sixteen(text in "([a-zA-Z0-9+/_-]{0,17}[ .é]){0,12}") {
        let row = text.split([' ', '.', 'é']).any(|part| part.len() >= 16);
        for level in Level::ALL.iter().copied().filter(|level| level.available()) {
            prop_assert_eq!(has_row(level, text.as_bytes()), row, "{}", level.name());
        }
    }

    #[test]
    fn rows_of_any_byte(byte in any::<u8>(), before in 0..70_usize, length in 15..18_usize) {
        let mut bytes = vec![b' '; before];
        bytes.extend(std::iter::repeat_n(byte, length));
        bytes.push(b' ');
        let row = length >= 16 && (byte.is_ascii_alphanumeric() || b"-_+/=".contains(&byte));
        for level in Level::ALL.iter().copied().filter(|level| level.available()) {
            prop_assert_eq!(has_row(level, &bytes), row, "{}", level.name());
        }
    }
}
