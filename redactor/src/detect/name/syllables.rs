//! Given names of two syllables with a hyphen between, as Korean and Chinese names are written in Latin letters:
//! `Sung-ho Choi`, `CHOI, SUNG-HO`, `shu-fen kuo`. Hardly any of them is in a list, and each half may be a word.

use super::super::lexicon::Lex;
use super::super::text::{Shape, Text, Word};
use super::PERSON_SCORE;

/// The longest syllable, in letters: `kyoung`, `zhuang`.
const SYLLABLE_MAX: usize = 6;

/// The first and the last word of the name of which this is the family name, and the score.
pub(super) fn around(text: &Text<'_>, index: usize) -> Option<(usize, usize, f32)> {
    const OTHER: Lex = Lex::ANY_WORD.or(Lex::NEVER).or(Lex::DRUG).or(Lex::STATE).or(Lex::CLINICAL);
    let family = text.words()[index];
    if !family.lex.any(Lex::LAST_ANY) || family.lex.any(OTHER) {
        return None;
    }
    let score = if family.shape == Shape::Lower { PERSON_SCORE } else { 0.8 };
    if index >= 2 && text.joint(index - 1) == b' ' && is_given(text, index - 2, &family) {
        return Some((index - 2, index, score));
    }
    let goes_on = text.joint(index) == b' ' || text.gap(index) == ", ";
    (goes_on && is_given(text, index + 1, &family)).then_some((index, index + 2, score))
}

/// Whether two syllables stand there, written as the family name is.
fn is_given(text: &Text<'_>, first: usize, family: &Word) -> bool {
    if text.joint(first) != b'-' {
        return false;
    }
    let (Some(one), Some(other)) = (text.word_at(first), text.word_at(first + 1)) else { return false };
    let same_case = match family.shape {
        Shape::Lower => one.shape == Shape::Lower && other.shape == Shape::Lower,
        _ => one.capital(text.text),
    };
    let named = |word: &Word| word.lex.any(Lex::FIRST_ANY.or(Lex::LAST_ANY)) || !word.lex.any(Lex::ANY_WORD);
    // "CT-guided", "re-do": what goes on with a hyphen or stands behind one is no given name.
    let apart = first == 0 || !matches!(text.joint(first - 1), b'-' | b'/' | b'_' | b'.');
    // Between small letters both halves may be words; a capital tells that they are a name's.
    let known = match family.shape {
        Shape::Lower => named(one) && named(other),
        _ => named(one) || named(other),
    };
    same_case && apart && known && is_syllable(text.spelled(first)) && is_syllable(text.spelled(first + 1))
}

/// Whether a word may be a syllable of Korean (Revised Romanization, 2000; McCune-Reischauer) or of Chinese (Pinyin,
/// ISO 7098; Wade-Giles): at most one initial, a glide, vowels, at most one final, and none of the English words that are so too.
fn is_syllable(word: &str) -> bool {
    const INITIALS: &[&[u8]] = &[
        b"zh", b"ch", b"sh", b"ts", b"tz", b"hs", b"kk", b"tt", b"pp", b"ss", b"jj", b"b", b"p", b"m", b"f",
        b"d", b"t", b"n", b"l", b"g", b"k", b"h", b"j", b"q", b"x", b"r", b"z", b"c", b"s", b"y", b"w",
    ];
    const FINALS: &[&[u8]] = &[b"", b"n", b"ng", b"k", b"l", b"m", b"p", b"t", b"h"];
    const ENGLISH: &[&[u8]] = &[
        b"re", b"non", b"co", b"de", b"un", b"in", b"pan", b"on", b"an", b"to", b"so", b"no", b"go", b"do",
        b"me", b"he", b"we", b"be", b"at", b"it", b"up", b"non", b"al", b"la", b"le", b"el", b"bin", b"din",
    ];
    if !(2..=SYLLABLE_MAX).contains(&word.len()) || !word.is_ascii() {
        return false;
    }
    let mut letters = [0; SYLLABLE_MAX];
    letters.iter_mut().zip(word.bytes()).for_each(|(letter, byte)| *letter = byte.to_ascii_lowercase());
    let letters = &letters[..word.len()];
    let initial =
        INITIALS.iter().find(|initial| letters.starts_with(initial)).map_or(0, |initial| initial.len());
    // "hyun", "hwan": a glide before the vowels.
    let glide = usize::from(initial > 0 && matches!(letters.get(initial), Some(b'y' | b'w')));
    let behind = &letters[initial + glide..];
    let vowels = behind.iter().take_while(|letter| b"aeiou".contains(letter)).count();
    (1..=3).contains(&vowels) && FINALS.contains(&&behind[vowels..]) && !ENGLISH.contains(&letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_are_told_from_words() {
        for syllable in
            ["Sung", "ho", "min", "JUN", "shu", "fen", "hyun", "kyoung", "seung", "xiao", "zhuang"]
        {
            assert!(is_syllable(syllable), "{syllable}");
        }
        for word in
            ["well", "known", "follow", "up", "re", "post", "CT", "guided", "x", "l", "one", "self", "ray"]
        {
            assert!(!is_syllable(word), "{word}");
        }
    }
}
