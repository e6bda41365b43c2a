//! The lists that a half is filled from: templates, names and values, as they stand under `redactor/evaluation`.

use std::collections::BTreeMap;

/// Which half of the set. The held-out half is never listed, only counted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Half {
    Development,
    Heldout,
}

/// Given and family names of one culture.
pub(crate) struct Culture {
    pub(crate) key: &'static str,
    pub(crate) given: Vec<&'static str>,
    pub(crate) family: Vec<&'static str>,
}

/// One text with placeholders.
pub(crate) struct Template {
    pub(crate) kind: &'static str,
    pub(crate) language: &'static str,
    /// A keyword or a title stands beside the identifiers.
    pub(crate) near: bool,
    pub(crate) text: &'static str,
}

/// All of one half.
pub(crate) struct Lists {
    pub(crate) templates: Vec<Template>,
    pub(crate) cultures: Vec<Culture>,
    values: BTreeMap<&'static str, Vec<&'static str>>,
    pub(crate) negatives: Vec<&'static str>,
    pub(crate) carriers: Vec<&'static str>,
}

macro_rules! half {
    ($half:literal) => {
        Lists::parse(
            include_str!(concat!("../../evaluation/", $half, "/templates.txt")),
            include_str!(concat!("../../evaluation/", $half, "/names.txt")),
            include_str!(concat!("../../evaluation/", $half, "/values.txt")),
            include_str!(concat!("../../evaluation/", $half, "/negatives.txt")),
            include_str!(concat!("../../evaluation/", $half, "/carriers.txt")),
        )
    };
}

impl Lists {
    pub(crate) fn new(half: Half) -> Lists {
        match half {
            Half::Development => half!("development"),
            Half::Heldout => half!("heldout"),
        }
    }

    fn parse(
        templates: &'static str,
        names: &'static str,
        values: &'static str,
        negatives: &'static str,
        carriers: &'static str,
    ) -> Lists {
        let split = |list: &'static str, by: char| list.split(by).map(str::trim).collect::<Vec<_>>();
        Lists {
            templates: records(templates)
                .map(|(head, text)| {
                    let mut words = head.split_whitespace();
                    let mut word = || words.next().unwrap_or_default();
                    Template { kind: word(), language: word(), near: word() == "near", text }
                })
                .collect(),
            cultures: rows(names)
                .map(|row| {
                    let parts = split(row, '|');
                    Culture { key: parts[0], given: split(parts[1], ','), family: split(parts[2], ',') }
                })
                .collect(),
            values: rows(values)
                .filter_map(|row| row.split_once('|'))
                .map(|(key, list)| (key.trim(), split(list, ';')))
                .collect(),
            negatives: rows(negatives).collect(),
            carriers: rows(carriers).collect(),
        }
    }

    /// The values of a kind in a language; those in English where the language has none.
    pub(crate) fn values(&self, kind: &str, language: &str) -> &[&'static str] {
        self.values
            .get(format!("{kind}.{language}").as_str())
            .or_else(|| self.values.get(format!("{kind}.en").as_str()))
            .or_else(|| self.values.get(kind))
            .map_or(&[], Vec::as_slice)
    }
}

/// Lines that are no comment.
fn rows(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with("# "))
}

/// Records that open with a line `@ head`.
pub(crate) fn records(text: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    text.split("\n@ ")
        .skip(1)
        .filter_map(|record| record.split_once('\n'))
        .map(|(head, body)| (head, body.trim_end()))
}
