//! Every arrangement of three small spans: disjoint, in order, nothing lost, the strictest wins.

use super::*;

fn found(start: u32, end: u32, action: Action, rule: &'static str) -> Found {
    Found { start, end, what: What::Category(Category::Name), action, rule, score: 0.5, seed: NONE }
}

#[test]
fn every_small_case() {
    let spans: Vec<(u32, u32)> =
        (0..6).flat_map(|start| (start + 1..=6).map(move |end| (start, end))).collect();
    for a in &spans {
        for b in &spans {
            for c in &spans {
                let mut input = vec![
                    found(a.0, a.1, Action::Keep, "a"),
                    found(b.0, b.1, Action::Token, "b"),
                    found(c.0, c.1, Action::Label, "c"),
                ];
                let before = input.clone();
                let mut out = Vec::new();
                resolve(&mut input, &mut out);
                assert!(out.windows(2).all(|pair| pair[0].end <= pair[1].start));
                for given in before {
                    let over =
                        out.iter().find(|span| span.start <= given.start && given.end <= span.end).unwrap();
                    assert!(
                        over.action >= given.action && over.rules.split(',').any(|rule| rule == given.rule)
                    );
                }
                let covered = |at: u32, list: &[(u32, u32)]| {
                    list.iter().any(|(start, end)| (*start..*end).contains(&at))
                };
                let union: Vec<_> = out.iter().map(|span| (span.start, span.end)).collect();
                assert!((0..6).all(|at| covered(at, &union) == covered(at, &[*a, *b, *c])));
            }
        }
    }
}
