//! How the texts of a document are read: masked where the engine wrote, folded where they read otherwise than they are
//! written.

use std::collections::HashMap;

use super::super::Document;
use super::Scanned;
use crate::detect::{self, Blots, TEXT_BYTES_MAX, Text};
use crate::reading::{self, Reading};

/// How the texts of a document are read: those in which the engine's own words are blotted out, by their position, and
/// those that read otherwise than they are written, by their unit.
pub(super) struct Readings {
    pub(super) masks: HashMap<usize, String>,
    pub(super) views: HashMap<u32, Reading>,
}

impl Readings {
    /// Texts that read otherwise than they are written, or hold what the engine wrote, are made ready once more. Gives
    /// the latter as they are written, by their position.
    pub(super) fn read_anew<'t>(
        &'t self,
        scanned: &[Scanned],
        texts: &mut [Text<'t>],
    ) -> Vec<(usize, Text<'t>)> {
        let mut written = Vec::new();
        for ((scanned, text), at) in scanned.iter().zip(texts).zip(0..) {
            let view = self.views.get(&scanned.unit).map(|view| view.text.as_str());
            if let Some(read) = view.or_else(|| self.masks.get(&at).map(String::as_str)) {
                let blots = if self.masks.contains_key(&at) { Blots::Some } else { Blots::None };
                let read = Text::with_blots(read, text.key, text.as_of, blots);
                let before = std::mem::replace(text, read);
                if view.is_none() {
                    written.push((at, before));
                }
            }
        }
        written
    }
}

/// The text with a code of the same length where the engine's own tokens and labels stand: a keyword before one
/// finds its value there and looks no further, no name or number is joined across it, and what a detector makes
/// of it is taken out again.
pub(super) fn blot_out(text: &str, own: &[(usize, usize)]) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut from = 0;
    for (start, end) in own {
        masked.push_str(&text[from..*start]);
        masked.extend(detect::BLOT.chars().cycle().take(end - start - 1));
        // A number does not go on behind it.
        masked.push('X');
        from = *end;
    }
    masked.push_str(&text[from..]);
    masked
}

impl Document<'_> {
    /// Copies of the texts in which the engine's own tokens stand, those blotted out; by their position.
    pub(super) fn masks(&self, texts: &[Text<'_>], scanned: &mut [Scanned]) -> HashMap<usize, String> {
        let mut masks = HashMap::new();
        for ((text, scanned), at) in texts.iter().zip(scanned).zip(0..) {
            // Of a text that was too long to read nothing is known.
            if text.may_hold(b'[') || text.text.len() > TEXT_BYTES_MAX {
                scanned.own = self.engine.tokens.own(text.text);
                if !scanned.own.is_empty() {
                    masks.insert(at, blot_out(text.text, &scanned.own));
                }
            }
        }
        masks
    }

    /// The units that read otherwise than they are written, folded.
    pub(super) fn views(
        &self,
        texts: &[Text<'_>],
        scanned: &[Scanned],
        masks: &HashMap<usize, String>,
    ) -> HashMap<u32, Reading> {
        let mut views = HashMap::new();
        let ascii = self.roots.iter().all(|root| root.text.is_ascii())
            && self.arenas.iter().all(|arena| arena.is_ascii());
        for ((Scanned { unit, .. }, text), at) in scanned.iter().zip(texts).zip(0..) {
            if ascii && !text.may_hold_control() {
                continue;
            }
            let text = masks.get(&at).map_or(text.text, String::as_str);
            if let Some(view) = reading::folded(text) {
                views.insert(*unit, view);
            }
        }
        views
    }
}
