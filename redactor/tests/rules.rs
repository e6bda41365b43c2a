//! A policy's own rules: ten times as many that find the same are less than half as much work again. The engine counts
//! the bytes that it examines, so this needs no clock; `cargo bench -p redactor --bench rules` takes the time.

#[path = "../../benches/support/rules.rs"]
mod rules;
#[path = "../../benches/support/mod.rs"]
mod support;

use redactor::{Redactor, examined_bytes};
use rules::Kind;
use support::{Density, Random, event};

const EVENTS: usize = 50;

#[test]
fn ten_times_the_rules_are_less_than_half_as_much_work_again() {
    for kind in [Kind::Patterns, Kind::DenyLists] {
        let (few, many) = (rules::redactor(kind, 1), rules::redactor(kind, rules::TIMES));
        for density in [Density::Dense, Density::Typical] {
            let ((few, few_found), (many, many_found)) = (work(&few, density), work(&many, density));
            assert_eq!(few_found, many_found, "the rules that are more find nothing");
            assert!(many * 2 < few * 3, "{few} bytes examined, {many} under ten times the rules");
        }
    }
}

/// The bytes that are examined of the events of this density, and what is found in them.
fn work(redactor: &Redactor, density: Density) -> (u64, usize) {
    let (mut random, before, mut findings) = (Random(7), examined_bytes(), 0);
    for _ in 0..EVENTS {
        let event = event(&mut random, density);
        findings += redactor.redact_json(event.as_bytes(), 0).unwrap().findings.len();
    }
    (examined_bytes() - before, findings)
}
