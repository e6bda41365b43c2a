//! X12 transactions (270/271, 276/277, 278, 834, 835, 837): each element is what the implementation guides say.
//!
//! ASC X12N 005010X279, X222, X223, X220: NM1 (names and their numbers), DMG (birth), N3 and N4 (address), REF
//! (numbers by qualifier), PER (contacts), DTP (dates), CLM, TRN, SBR. Segments end with `~` or the line, elements are
//! parted by `*`. Read only where the text has a segment of an envelope or a person's.

use super::text::Text;
use super::{Blots, Category, Detector, Hit, Needs};

/// Finds the elements that identify.
pub(super) struct X12;

/// The most elements of a segment that are looked at.
const ELEMENTS_MAX: usize = 16;
/// The longest segment that is looked at, in bytes.
const SEGMENT_BYTES_MAX: usize = 1024;

impl Detector for X12 {
    fn id(&self) -> &'static str {
        "x12"
    }

    fn categories(&self) -> &'static [Category] {
        use Category as C;
        &[
            C::Name,
            C::Address,
            C::Place,
            C::Zip,
            C::Date,
            C::Phone,
            C::Fax,
            C::Email,
            C::Ssn,
            C::Mrn,
            C::HealthPlan,
            C::Account,
            C::License,
            C::NationalId,
            C::UniqueId,
        ]
    }

    fn example(&self) -> &'static str {
        "NM1*IL*1*GONZALEZ*MARIA****MI*70444444~DMG*D8*19610302*F~"
    }

    fn needs(&self) -> Needs {
        Needs::signs(b"*")
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        const SIGNS: [&str; 4] = ["NM1*", "ISA*", "DMG*D8*", "ST*"];
        let bytes = text.text.as_bytes();
        if !text.may_hold(b'*')
            || !SIGNS.iter().any(|sign| memchr::memmem::find(bytes, sign.as_bytes()).is_some())
        {
            return;
        }
        let mut at = 0;
        for segment in text.text.split(['~', '\n', '\r']) {
            if segment.len() <= SEGMENT_BYTES_MAX {
                let indent = segment.len() - segment.trim_start().len();
                one(text.blots, segment.trim(), at + indent, hits);
            }
            at += segment.len() + 1;
        }
    }
}

/// A segment's elements: offsets, and what they say.
struct Segment<'t> {
    blots: Blots,
    text: &'t str,
    at: usize,
    elements: [(usize, usize); ELEMENTS_MAX],
}

impl<'t> Segment<'t> {
    fn element(&self, number: usize) -> &'t str {
        let (start, end) = self.elements[number];
        &self.text[start..end]
    }

    /// A hit over elements `first` to `last`, less the empty ones at the end.
    fn hit(&self, first: usize, last: usize, category: Category, rule: &'static str, hits: &mut Vec<Hit>) {
        let filled = |number: &usize| self.elements[*number].0 < self.elements[*number].1;
        let (Some(first), Some(last)) = ((first..=last).find(filled), (first..=last).rev().find(filled))
        else {
            return;
        };
        let (start, end) = (self.elements[first].0, self.elements[last].1);
        let spelled = &self.text[start..end];
        let digits = spelled.bytes().filter(u8::is_ascii_digit).count();
        let letters = spelled.chars().any(char::is_alphabetic);
        let fits = match category {
            Category::Name | Category::Place | Category::Email => letters,
            Category::Address => letters || digits > 0,
            Category::Zip => digits >= 5,
            Category::Date => digits >= 6 && !letters,
            Category::Phone | Category::Fax => digits >= 7,
            _ => digits > 0,
        };
        if fits && !self.blots.begin(spelled) {
            hits.push(Hit { start: self.at + start, end: self.at + end, category, rule, score: 0.9 });
        }
    }
}

fn one(blots: Blots, text: &str, at: usize, hits: &mut Vec<Hit>) {
    let mut segment = Segment { blots, text, at, elements: [(0, 0); ELEMENTS_MAX] };
    let mut start = 0;
    for (place, element) in segment.elements.iter_mut().zip(text.split('*')) {
        *place = (start, start + element.len());
        start += element.len() + 1;
    }
    match segment.element(0) {
        "NM1" => {
            if segment.element(2) == "1" {
                segment.hit(3, 5, Category::Name, "x12.name", hits);
            }
            let category = match segment.element(8) {
                "PI" | "46" | "" => return,
                "34" => Category::Ssn,
                "MI" | "II" | "MR" => Category::HealthPlan,
                "XX" => Category::License,
                "24" | "FI" => Category::NationalId,
                _ => Category::UniqueId,
            };
            segment.hit(9, 9, category, "x12.id", hits);
        }
        "DMG" => segment.hit(2, 2, Category::Date, "x12.birth", hits),
        "DTP" => segment.hit(3, 3, Category::Date, "x12.date", hits),
        "N3" => segment.hit(1, 2, Category::Address, "x12.address", hits),
        "N4" => {
            segment.hit(1, 1, Category::Place, "x12.town", hits);
            segment.hit(3, 3, Category::Zip, "x12.zip", hits);
        }
        "REF" => {
            let category = match segment.element(1) {
                "SY" => Category::Ssn,
                "EA" => Category::Mrn,
                "0F" | "1W" | "1L" | "IG" | "6P" | "18" | "F6" | "Q4" => Category::HealthPlan,
                "EI" | "TJ" => Category::NationalId,
                "0B" => Category::License,
                // Numbers of payers, plans' classes and software.
                "PXC" | "2U" | "NF" | "CE" | "M7" | "VY" => return,
                _ => Category::UniqueId,
            };
            segment.hit(2, 2, category, "x12.reference", hits);
        }
        "PER" => {
            segment.hit(2, 2, Category::Name, "x12.contact", hits);
            for qualifier in [3, 5, 7] {
                let category = match segment.element(qualifier) {
                    "TE" | "HP" | "WP" | "CP" => Category::Phone,
                    "FX" => Category::Fax,
                    "EM" => Category::Email,
                    _ => continue,
                };
                segment.hit(qualifier + 1, qualifier + 1, category, "x12.contact", hits);
            }
        }
        "CLM" => segment.hit(1, 1, Category::Account, "x12.claim", hits),
        "CLP" => segment.hit(1, 1, Category::Account, "x12.claim", hits),
        "TRN" => segment.hit(2, 2, Category::UniqueId, "x12.trace", hits),
        "SBR" => segment.hit(3, 3, Category::HealthPlan, "x12.group", hits),
        _ => {}
    }
}

#[cfg(test)]
mod tests;
