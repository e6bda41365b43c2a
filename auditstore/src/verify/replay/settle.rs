//! Entries that are not sound, until the next rightly signed root says what the history made of them.

use std::collections::HashSet;

use schemas::manifest::{Manifest, Skipped};
use schemas::verdict::Verdict;

use super::judge::first_keys;
use super::{Log, invalid_leaf};
use crate::merkle::{Edge, Hash, sha256};
use crate::note::VerifyKey;
use crate::verify::report::{Line, found};

/// Histories that are followed at once while entries that are not sound await judgement.
const CANDIDATES_MAX: usize = 16;

/// A history that the signed roots so far allow.
#[derive(Clone)]
pub(super) struct Candidate {
    pub(super) edge: Edge,
    pub(super) invalid: Vec<u64>,
}

/// An entry that is not sound and awaits the next signed root.
pub(super) struct Unsettled {
    pub(super) seq: u64,
    sha256: Hash,
    /// Its leaf, if the history counts it.
    leaf: Option<Hash>,
    pub(super) manifest: Option<Manifest>,
    pub(super) signed_by: Vec<VerifyKey>,
    line: usize,
}

impl Log {
    /// Goes on from an entry whose root fits. If it breaks a rule, writers take it for invalid and count it so;
    /// the next root tells.
    pub(super) fn follow(&mut self, seq: u64, object: &[u8], leaf: Hash, edge: Edge, sound: usize) {
        let mut counted = Candidate { edge: edge.clone(), invalid: Vec::new() };
        counted.edge.push(leaf);
        self.candidates = vec![counted];
        if self.lines.len() > sound {
            self.settled = Some(edge.clone());
            let sha256 = sha256(object);
            let mut invalid = Candidate { edge, invalid: vec![seq] };
            invalid.edge.push(invalid_leaf(&sha256));
            self.candidates.push(invalid);
            let line = self.lines.len() - 1;
            let (leaf, signed_by) = (Some(leaf), Vec::new());
            self.unsettled.push(Unsettled { seq, sha256, leaf, manifest: None, signed_by, line });
        }
    }

    /// The history that an entry's own `skipped` tells, if its root confirms it: for the entry after so many that
    /// are not sound that not every history could be followed.
    pub(super) fn told(&self, manifest: Option<&Manifest>, leaf: Hash, root: &Hash) -> Option<Candidate> {
        let (mut edge, mut invalid) = (self.settled.clone()?, Vec::new());
        let skipped: HashSet<u64> = manifest?.skipped.iter().map(|skipped| skipped.seq.0).collect();
        for entry in &self.unsettled {
            match entry.leaf.filter(|_| !skipped.contains(&entry.seq)) {
                Some(leaf) => edge.push(leaf),
                None => {
                    edge.push(invalid_leaf(&entry.sha256));
                    invalid.push(entry.seq);
                }
            }
        }
        let mut whole = edge.clone();
        whole.push(leaf);
        (whole.root() == *root).then_some(Candidate { edge, invalid })
    }

    /// Whether a root that does not fit may be the doing of an entry before it that is not sound: of one that the
    /// signed manifest does not list as noise. Says so with that one.
    pub(super) fn explained(&mut self, seq: u64, manifest: Option<&Manifest>) -> bool {
        let skipped = manifest.map_or(&[][..], |manifest| &manifest.skipped);
        let skipped: HashSet<(u64, &str)> =
            skipped.iter().map(|skipped| (skipped.seq.0, skipped.sha256.as_str())).collect();
        let mut explained = false;
        for entry in &self.unsettled {
            if !skipped.contains(&(entry.seq, hex::encode(entry.sha256).as_str())) {
                explained = true;
                self.lines[entry.line].detail.push_str(&format!(
                    "; the root of entry {seq} does not fit: this one, or that, was changed after it was signed"
                ));
            }
        }
        explained
    }

    /// A rightly signed root that does not fit the leaves.
    pub(super) fn misfit(&mut self, seq: u64, manifest: Result<Option<&Manifest>, &String>) {
        let name = self.entry_name(seq);
        let after = "; roots after it cannot be computed until it is put right";
        match manifest {
            Err(why) => {
                let detail = format!("rightly signed, but its manifest is not what was signed: {why}{after}");
                found(&mut self.lines, Verdict::Modified, name, detail);
            }
            Ok(Some(manifest)) if !self.rules.header_fits(seq, manifest) => {
                let detail = format!("rightly signed, but its manifest belongs to another place{after}");
                found(&mut self.lines, Verdict::Modified, name, detail);
            }
            Ok(_) => {
                let detail = format!(
                    "rightly signed, but the root is not that of these manifests: this one was changed after it was signed, or two histories exist{after}"
                );
                found(&mut self.lines, Verdict::Fork, name, detail);
            }
        }
    }

    /// The history that a signed root confirms decides what the entries before it were.
    pub(super) fn settle(&mut self, seq: u64, history: &Candidate, manifest: Option<&Manifest>) {
        let mut invalid = Vec::new();
        for entry in std::mem::take(&mut self.unsettled) {
            if history.invalid.contains(&entry.seq) {
                self.lines[entry.line]
                    .detail
                    .push_str(&format!("; judged invalid by entry {seq}, no effect"));
                invalid.push(Skipped { seq: entry.seq.into(), sha256: hex::encode(entry.sha256) });
            } else {
                if let Some(manifest) = entry.manifest {
                    let counted = "; the history counts its manifest, so its note was changed afterwards";
                    self.lines[entry.line].detail.push_str(counted);
                    self.effects(entry.seq, &manifest, &entry.signed_by);
                }
            }
        }
        if manifest.is_some_and(|manifest| manifest.skipped != invalid) {
            let detail = "`skipped` does not list the invalid objects before it".to_owned();
            self.found(seq, Verdict::ChainBreak, detail);
        }
    }

    #[allow(clippy::too_many_arguments)]
    pub(super) fn unsound(
        &mut self,
        seq: u64,
        sha256: Hash,
        verdict: Verdict,
        detail: String,
        manifest: Option<Manifest>,
        leaf: Option<Hash>,
        signed_by: Vec<VerifyKey>,
    ) {
        let line = self.lines.len();
        let object = self.entry_name(seq);
        self.lines.push(Line { verdict, object, detail });
        if seq == 0 {
            return self.unsound_first(manifest, leaf);
        }
        if self.unsettled.is_empty() {
            self.settled = self.candidates.first().map(|candidate| candidate.edge.clone());
        }
        let invalid_leaf = invalid_leaf(&sha256);
        let mut candidates = Vec::new();
        for candidate in &self.candidates {
            let mut invalid = candidate.clone();
            invalid.edge.push(invalid_leaf);
            invalid.invalid.push(seq);
            candidates.push(invalid);
            if let Some(leaf) = leaf {
                let mut counted = candidate.clone();
                counted.edge.push(leaf);
                candidates.push(counted);
            }
        }
        self.candidates = if candidates.len() > CANDIDATES_MAX { Vec::new() } else { candidates };
        self.unsettled.push(Unsettled { seq, sha256, leaf, manifest, signed_by, line });
    }

    /// Without entry 0 there is no log, so what it says is used to look at the rest, if it can be read at all.
    fn unsound_first(&mut self, manifest: Option<Manifest>, leaf: Option<Hash>) {
        self.candidates.clear();
        let Some(manifest) = manifest else { return };
        if let Some(leaf) = leaf {
            let mut edge = Edge::default();
            edge.push(leaf);
            self.candidates.push(Candidate { edge, invalid: Vec::new() });
        }
        let keys: Vec<VerifyKey> =
            first_keys(Some(&Some(manifest.clone()))).into_iter().map(|window| window.key).collect();
        self.first_manifest = Some(manifest.clone());
        self.effects(0, &manifest, &keys);
    }
}
