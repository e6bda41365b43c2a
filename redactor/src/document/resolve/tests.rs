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

/// A name that is part of a place is the place's, and keeps it from becoming a person's; not where the place itself stays, is
/// doubtful, or ends within the name.
#[test]
fn a_name_inside_a_place_is_the_places() {
    let of = |start, end, what, action, score| Found {
        what: What::Category(what),
        score,
        ..found(start, end, action, if what == Category::Name { "name" } else { "place" })
    };
    let settled = |place: (u32, u32, Action, f32), name: (u32, u32, f32)| {
        let mut input = vec![
            of(place.0, place.1, Category::Place, place.2, place.3),
            of(name.0, name.1, Category::Name, Action::Token, name.2),
        ];
        let mut out = Vec::new();
        resolve(&mut input, &mut out);
        assert_eq!(out.len(), 1);
        (out[0].what, out[0].action)
    };
    let (place, name) = (What::Category(Category::Place), What::Category(Category::Name));
    assert_eq!(settled((0, 10, Action::Generalise, 0.7), (0, 6, 0.4)), (place, Action::Generalise));
    assert_eq!(settled((0, 10, Action::Generalise, 0.7), (0, 10, 0.4)), (place, Action::Generalise));
    assert_eq!(settled((0, 10, Action::Generalise, 0.7), (0, 10, 0.9)), (name, Action::Token));
    assert_eq!(settled((0, 10, Action::Keep, 0.7), (0, 6, 0.4)), (name, Action::Token));
    assert_eq!(settled((0, 10, Action::Generalise, 0.4), (0, 6, 0.4)), (name, Action::Token));
    assert_eq!(settled((0, 10, Action::Generalise, 0.7), (4, 12, 0.4)), (name, Action::Token));
}
