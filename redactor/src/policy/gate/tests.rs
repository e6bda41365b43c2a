//! The gates of many patterns at once against each pattern tried at every byte.

use regex_automata::meta::Regex;
use regex_automata::{Anchored, Input};

use super::*;

const PATTERNS: &[&str] = &[
    "BDG-[0-9]{4,8}",
    "[0-9]{3}-[A-Z]{2}",
    "[A-Z]",
    "(?i)ward [a-z]{1,4}",
    r"\b[a-f]{2}(?:x|yz)?",
    "(?:ab|abc|b)[0-9]?",
    "[ä-ü]{1,2}z",
    r"x(?-u:\b)",
];

#[test]
fn where_a_pattern_matches_its_gate_is_open() {
    let text =
        "BDG-1234 bdg BDG-12 123-AB 12-AB Ward north WARD a ab abc abc1 b7 üz äöz ffx aayz deadbeef x xy Z";
    let hirs: Vec<_> = PATTERNS.iter().map(|pattern| regex_syntax::parse(pattern).unwrap()).collect();
    let first: Vec<_> =
        hirs.iter().map(|hir| FirstBytes::of(&NFA::compiler().build_from_hir(hir).unwrap())).collect();
    let mut open = vec![0_u64; text.len()];
    Gates::new(first.iter()).each(text.as_bytes(), |at, patterns| {
        assert_eq!(open[at], 0, "each place once");
        open[at] = patterns;
    });
    let mut matches = 0;
    for (hir, bit) in hirs.iter().zip(0..) {
        let regex = Regex::builder().build_from_hir(hir).unwrap();
        for (at, open) in open.iter().enumerate() {
            let input = Input::new(text).range(at..).anchored(Anchored::Yes);
            if regex.search(&input).is_some() {
                matches += 1;
                assert!(open >> bit & 1 == 1, "{} at {at}", PATTERNS[bit as usize]);
            }
        }
    }
    assert!(matches >= 20);
    // And nearly nowhere else: a literal opens its gate only where all of its first bytes stand.
    assert_eq!(open.iter().filter(|patterns| **patterns & 1 == 1).count(), 2);
}
