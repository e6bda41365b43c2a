//! What two programs found in the same events, as bytes of the raw text, and where they differ.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Value, json};

/// Examples of each kind of difference. The events are invented, so their text may be printed.
const EXAMPLES: usize = 3;

/// Bytes of the raw event.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Span {
    pub(crate) category: &'static str,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Where the strings of a JSON text begin, by their JSON pointers. The generated events have no escapes, so that an
/// offset in a string is one in the text.
pub(crate) struct Places(HashMap<String, usize>);

impl Places {
    pub(crate) fn of(event: &str) -> Places {
        let mut places = HashMap::new();
        let walk = Walk { start: event.as_ptr() as usize, pointer: String::new(), places: &mut places };
        walk.deserialize(&mut serde_json::Deserializer::from_str(event)).expect("valid JSON");
        Places(places)
    }

    pub(crate) fn base(&self, pointer: &str) -> usize {
        *self.0.get(pointer).unwrap_or_else(|| panic!("{pointer} is no string without escapes"))
    }
}

struct Walk<'p> {
    /// Address of the text: a string that needs no decoding is a part of it.
    start: usize,
    pointer: String,
    places: &'p mut HashMap<String, usize>,
}

impl Walk<'_> {
    fn below(&mut self, step: &str) -> Walk<'_> {
        let pointer = format!("{}/{}", self.pointer, step.replace('~', "~0").replace('/', "~1"));
        Walk { start: self.start, pointer, places: self.places }
    }
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<(), E> {
        self.places.insert(self.pointer, text.as_ptr() as usize - self.start);
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            map.next_value_seed(self.below(&key))?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        let mut index = 0;
        while items.next_element_seed(self.below(&index.to_string()))?.is_some() {
            index += 1;
        }
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
}

/// How many spans of one category only one side has, and a few of them.
#[derive(Default)]
struct Missing {
    count: usize,
    examples: Vec<String>,
}

impl Missing {
    fn add(&mut self, event: &str, span: &Span) {
        self.count += 1;
        let text = &event[span.start..span.end];
        if self.examples.len() < EXAMPLES && !self.examples.iter().any(|example| example == text) {
            self.examples.push(text.to_owned());
        }
    }
}

/// The spans of one peer beside ours.
#[derive(Default)]
pub(crate) struct Comparison {
    events: usize,
    ours: usize,
    theirs: usize,
    same: usize,
    overlapping: usize,
    only_ours: BTreeMap<&'static str, Missing>,
    only_theirs: BTreeMap<&'static str, Missing>,
}

impl Comparison {
    /// Of each event, what both have, to the byte or by any overlap, and what only one has.
    pub(crate) fn of(events: &[String], ours: &[Vec<Span>], theirs: &[Vec<Span>]) -> Comparison {
        let mut comparison = Comparison { events: events.len(), ..Comparison::default() };
        let overlap = |a: &Span, b: &Span| a.start < b.end && b.start < a.end;
        for ((event, ours), theirs) in events.iter().zip(ours).zip(theirs) {
            comparison.ours += ours.len();
            comparison.theirs += theirs.len();
            for span in theirs {
                if ours.iter().any(|our| (our.start, our.end) == (span.start, span.end)) {
                    comparison.same += 1;
                } else if ours.iter().any(|our| overlap(our, span)) {
                    comparison.overlapping += 1;
                } else {
                    comparison.only_theirs.entry(span.category).or_default().add(event, span);
                }
            }
            for span in ours.iter().filter(|our| !theirs.iter().any(|their| overlap(our, their))) {
                comparison.only_ours.entry(span.category).or_default().add(event, span);
            }
        }
        comparison
    }

    pub(crate) fn print(&self, peer: &str) {
        let Comparison { events, ours, theirs, same, overlapping, .. } = self;
        println!(
            "  spans in {events} events: sealake {ours}, {peer} {theirs}; of {peer}'s {same} the same, {overlapping} overlap"
        );
        for (who, missing) in [(peer, &self.only_theirs), ("sealake", &self.only_ours)] {
            for (category, Missing { count, examples }) in missing {
                println!("    only {who}: {count} {category}, such as {examples:?}");
            }
        }
    }

    pub(crate) fn json(&self) -> Value {
        let list = |missing: &BTreeMap<&str, Missing>| {
            let entry = |(category, missing): (&&str, &Missing)| {
                let Missing { count, examples } = missing;
                (category.to_string(), json!({"count": count, "examples": examples}))
            };
            Value::from_iter(missing.iter().map(entry))
        };
        json!({
            "events": self.events,
            "sealake": self.ours,
            "peer": self.theirs,
            "same": self.same,
            "overlapping": self.overlapping,
            "only_peer": list(&self.only_theirs),
            "only_sealake": list(&self.only_ours),
        })
    }
}
