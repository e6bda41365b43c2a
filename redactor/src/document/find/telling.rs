//! What the keys and objects around a unit tell of it.

use super::super::{Care, Document, Kind, Mode, NONE, Unit};
use crate::detect::{self, Category};
use crate::generalise;
use crate::keys::{self, Says};

/// The longest key that tells of its value, in bytes.
const KEY_BYTES_MAX: usize = 256;

/// Whether a word may be one of a name as it is written: capitalised, or a particle.
fn is_part_of_name(word: &str) -> bool {
    word.starts_with(|c: char| !c.is_lowercase()) || detect::is_particle(word)
}

impl Document<'_> {
    /// The nearest key of a unit, or the name of its column.
    pub(super) fn context(&self, unit: u32) -> Option<&str> {
        let unit = &self.units[unit as usize];
        match unit.context {
            NONE if unit.kind == Kind::Key => None,
            NONE => self.roots[self.sheets[unit.sheet as usize].root as usize].context,
            context => self.key_text(context),
        }
    }

    /// The text of a key, unless the engine wrote it: `[SSN]` in place of a number tells nothing of the value. Nor does
    /// a key that is longer than any name of a field; it would be read anew for each value below it.
    fn key_text(&self, unit: u32) -> Option<&str> {
        let key = Some(self.unit_text(unit)).filter(|key| key.len() <= KEY_BYTES_MAX)?;
        self.is_written(unit).then_some(key)
    }

    /// Whether a key stands as its writer wrote it. A plain one has no bracket.
    fn is_written(&self, unit: u32) -> bool {
        let given = &self.units[unit as usize];
        given.kind == Kind::Key && given.care == Care::Skip
            || self.engine.tokens.own(self.text(given.loc)).is_empty()
    }

    /// The category that a key gives, or a string that names the value beside it.
    fn tells(&self, unit: u32) -> Option<Category> {
        let given = &self.units[unit as usize];
        let telling = match given.kind {
            Kind::Key => given.telling,
            _ => given.telling.or_else(|| keys::telling(self.text(given.loc))),
        };
        telling.filter(|_| self.is_written(unit))
    }

    /// The category that the nearest key gives.
    pub(super) fn telling(&self, unit: &Unit) -> Option<Category> {
        if unit.context == NONE {
            return None;
        }
        self.tells(unit.context).or_else(|| self.telling_inside(unit)).or_else(|| self.part_of(unit))
    }

    /// The category of a number.
    pub(super) fn number_tells(&self, unit: &Unit) -> Option<Category> {
        if self.is_early_birth(unit) {
            return Some(Category::Age);
        }
        let told = self.telling(unit).or_else(|| self.numbered(unit));
        let told = told.filter(|told| self.fits_number(unit, *told) || self.is_part(unit));
        told.or_else(|| self.is_credential(unit, self.text(unit.loc)).then_some(Category::Secret))
    }

    /// The category of a number by the last word of its key.
    fn numbered(&self, unit: &Unit) -> Option<Category> {
        let key = self.units.get(unit.context as usize).filter(|key| key.says.any(Says::NUMBER))?;
        let number = self.text(unit.loc);
        keys::of_number(self.text(key.loc), number).filter(|_| self.is_written(unit.context))
    }

    /// Whether a number is the year of a birth that shows an age over 89 at the event's time.
    fn is_early_birth(&self, unit: &Unit) -> bool {
        let text = self.text(unit.loc);
        text.len() == 4
            && unit.context != NONE
            && keys::is_of_birth(self.unit_text(unit.context))
            && generalise::shows_high_age(text, self.as_of)
    }

    /// Whether a number has the size of what its key tells, and is not counted.
    pub(super) fn fits_number(&self, unit: &Unit, category: Category) -> bool {
        let number = self.text(unit.loc);
        let key = if unit.context == NONE { "" } else { self.unit_text(unit.context) };
        let counted = || {
            // Of several values there is a list.
            let listed =
                self.containers.get(unit.container as usize).is_some_and(|container| container.array);
            key.ends_with('s') && !listed || self.key_around(unit).is_some_and(keys::counts)
        };
        keys::fits_number(category, key, number)
            && (number.len() > keys::COUNT_DIGITS_MAX || category == Category::Age || !counted())
    }

    /// The key of the object that holds a unit.
    fn key_around(&self, unit: &Unit) -> Option<&str> {
        let object = self.containers.get(unit.container as usize)?;
        (object.key != NONE).then(|| self.key_text(object.key)).flatten()
    }

    /// Whether the key of a unit is that of a version.
    pub(super) fn is_version(&self, unit: &Unit) -> bool {
        const VERSION: &str = "version";
        let key = self.units.get(unit.context as usize).map_or("", |key| self.text(key.loc));
        let tail = key.len().checked_sub(VERSION.len()).and_then(|from| key.get(from..));
        tail.is_some_and(|tail| tail.eq_ignore_ascii_case(VERSION))
    }

    /// Whether a string under the key of a credential, or a number under that of a code, is one.
    pub(super) fn is_credential(&self, unit: &Unit, text: &str) -> bool {
        let Some(key) = self.units.get(unit.context as usize).filter(|key| key.kind == Kind::Key) else {
            return false;
        };
        key.says.any(Says::CREDENTIAL.or(Says::CODE))
            && self.is_written(unit.context)
            && if key.says.any(Says::CODE) { keys::is_code(text) } else { keys::looks_secret(text) }
    }

    /// Whether a string is a cookie that looks like a credential: `{"cookies": {"sid": …}}`, and in an archive of HTTP
    /// `{"cookies": [{"name": "sid", "value": …}]}`.
    pub(super) fn is_cookie(&self, unit: &Unit, text: &str) -> bool {
        let object = self.containers.get(unit.container as usize).filter(|object| !object.array);
        let Some(object) = object.filter(|object| object.context != NONE) else { return false };
        let named = object.key != NONE || unit.key != NONE && self.unit_text(unit.key) == "value";
        named && self.unit_text(object.context).eq_ignore_ascii_case("cookies") && keys::looks_secret(text)
    }

    /// Whether a string under the key of an address is one by its words.
    pub(super) fn is_address(&self, unit: &Unit, text: &str) -> bool {
        self.units.get(unit.context as usize).is_some_and(|key| key.says.any(Says::ADDRESS))
            && self.is_written(unit.context)
            && keys::is_address(text)
    }

    /// The category of the object that holds the unit, if its own key tells one of which this is a part.
    fn part_of(&self, unit: &Unit) -> Option<Category> {
        let object = self.containers.get(unit.container as usize).filter(|object| !object.array)?;
        let around = (object.key != NONE).then(|| self.tells(object.key)).flatten()?;
        let key = self.key_text(unit.context)?;
        keys::is_part(around, key, self.text(unit.loc)).then_some(around)
    }

    /// The category that the key has inside the object that holds it.
    fn telling_inside(&self, unit: &Unit) -> Option<Category> {
        let context = &self.units[unit.context as usize];
        let inside = match context.kind {
            Kind::Key => context.says,
            _ => Says::of(self.text(context.loc)),
        };
        if !inside.any(Says::INSIDE) {
            return None;
        }
        let key = self.key_text(unit.context)?;
        let mut object = self.containers.get(unit.container as usize)?;
        if object.array {
            object = self.containers.get(object.parent as usize)?;
        }
        if key == "id" {
            return object.person.then_some(Category::Mrn);
        }
        let around = match object.key {
            NONE => self.containers.get(object.parent as usize)?.key,
            key => key,
        };
        keys::telling_inside((around != NONE).then(|| self.key_text(around)).flatten()?, key)
    }

    /// Whether a key is one of an object that collects persons.
    pub(super) fn among_persons(&self, unit: &Unit) -> bool {
        self.key_around(unit).is_some_and(keys::collects_persons)
    }

    /// Whether a string has the look of what its key tells, or the head of its column that tells only beside others.
    pub(super) fn fits(&self, unit: &Unit, category: Category, text: &str) -> bool {
        let context = &self.units[unit.context as usize];
        let kind = self.text(context.loc);
        // What a guardrail matched stands nowhere else.
        let matched = || unit.key != NONE && self.unit_text(unit.key) == "match";
        if context.kind == Kind::Key || keys::telling(kind).is_some() || matched() {
            return keys::fits(category, text);
        }
        let entity = category == Category::Name && keys::of_entity(kind).is_some();
        detect::fits_cell(category, text) && (!entity || text.split(' ').all(is_part_of_name))
    }

    /// Whether a number counts as a part of what its object's key tells, not by its own key.
    pub(super) fn is_part(&self, unit: &Unit) -> bool {
        unit.context != NONE
            && self.is_written(unit.context)
            && self.tells(unit.context).is_none()
            && self.part_of(unit).is_some()
    }

    pub(super) fn mode(&self, unit: u32) -> Mode {
        self.roots[self.sheets[self.units[unit as usize].sheet as usize].root as usize].mode
    }
}
