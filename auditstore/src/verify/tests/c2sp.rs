//! Our notes, checkpoints, trees and proofs against another implementation of the same specifications: the crates
//! `signed_note` and `tlog_tiles`, ports of Go's `x/mod/sumdb` that share no code with this one.

use signed_note::{Note, StandardSigner, StandardVerifier, VerifierList};
use tlog_tiles::{Checkpoint, Hash as TheirHash, HashReader};

use super::lake::{Lake, small};
use crate::log::parse_checkpoint;
use crate::merkle::{self, Hash, leaf_hash};
use crate::note::VerifyKey;
use crate::verify::Options;
use crate::{Signer, note};

/// Every stored hash of a tree, as `tlog_tiles` numbers them.
struct Stored(Vec<TheirHash>);

impl HashReader for Stored {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<TheirHash>, tlog_tiles::Error> {
        Ok(indexes.iter().map(|at| self.0[*at as usize]).collect())
    }
}

impl Stored {
    fn of(records: &[Vec<u8>]) -> Stored {
        let mut stored = Stored(Vec::new());
        for (at, record) in records.iter().enumerate() {
            let hashes = tlog_tiles::stored_hashes(at as u64, record, &stored).unwrap();
            stored.0.extend(hashes);
        }
        stored
    }
}

/// The text of a note that their verifier accepts by this key.
fn opened(bytes: &[u8], vkey: &str) -> Vec<u8> {
    let verifiers = VerifierList::new(vec![Box::new(StandardVerifier::new(vkey).unwrap())]);
    let note = Note::from_bytes(bytes).unwrap();
    let (verified, unverified) = note.verify(&verifiers).unwrap();
    assert_eq!((verified.len(), unverified.len()), (1, 0));
    assert_eq!(note.to_bytes(), bytes);
    note.text().to_vec()
}

/// Manifests and notes of a log's entries in order.
fn entries(lake: &Lake, folder: &str) -> (Vec<Vec<u8>>, Vec<Vec<u8>>) {
    let paths = lake.paths(&format!("{folder}log/0001/"), ".entry").into_iter();
    let split = paths.map(|path| {
        let object = &lake.objects[path];
        let newline = object.iter().position(|byte| *byte == b'\n').unwrap();
        (object[..newline].to_vec(), object[newline + 1..].to_vec())
    });
    split.unzip()
}

#[tokio::test]
async fn another_implementation_reads_our_checkpoints_entries_and_trees() {
    let (_writers, lake) = small().await;
    let report = lake.verify(&Options::default()).await.unwrap();
    for (folder, log) in [("", &report.events), ("access/", report.access.as_ref().unwrap())] {
        let bytes = &lake.objects[&format!("{folder}log/checkpoint")];
        let checkpoint = Checkpoint::from_bytes(&opened(bytes, &log.key)).unwrap();
        assert_eq!(
            (checkpoint.origin(), checkpoint.size(), checkpoint.extension()),
            (&*log.origin, log.size, "")
        );
        assert_eq!(hex::encode(checkpoint.hash().0), log.root);

        let (manifests, notes) = entries(&lake, folder);
        let stored = Stored::of(&manifests);
        for (at, note) in notes.iter().enumerate() {
            let size = at as u64 + 1;
            let head = Checkpoint::from_bytes(&opened(note, &log.key)).unwrap();
            assert_eq!((head.origin(), head.size()), (&*format!("{}/entry", log.origin), size));
            assert_eq!(*head.hash(), tlog_tiles::tree_hash(size, &stored).unwrap());
        }
    }
    // A note that was changed is refused by them, too.
    let mut bytes = lake.objects["log/checkpoint"].to_vec();
    bytes[3] ^= 1;
    let verifiers = VerifierList::new(vec![Box::new(StandardVerifier::new(&report.events.key).unwrap())]);
    assert!(Note::from_bytes(&bytes).unwrap().verify(&verifiers).is_err());
}

#[test]
fn keys_and_signatures_are_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key");
    let ours = Signer::generate("audit.example.org/site-a").unwrap();
    ours.write_new(&file).unwrap();
    let theirs = StandardSigner::new(std::fs::read_to_string(&file).unwrap().trim_end()).unwrap();
    let head = note::Head { origin: "audit.example.org/site-a".to_owned(), size: 7, root: leaf_hash(b"x") };
    let mut note = Note::new(head.text().as_bytes(), &[]).unwrap();
    note.add_sigs(&[&theirs]).unwrap();
    assert_eq!(note.to_bytes(), ours.sign_note(&head.text()));
    let keys: Vec<VerifyKey> = vec![ours.verify_key().clone()];
    assert_eq!(parse_checkpoint(&note.to_bytes(), &head.origin, &keys), Some(head));
}

#[test]
fn roots_and_proofs_are_the_same_hashes() {
    const RECORDS: u64 = 70;
    let records: Vec<Vec<u8>> = (0..RECORDS).map(|at| format!("record {at}").into_bytes()).collect();
    let leaves: Vec<Hash> = records.iter().map(|record| leaf_hash(record)).collect();
    let stored = Stored::of(&records);
    let ours = |hashes: Vec<TheirHash>| hashes.into_iter().map(|hash| hash.0).collect::<Vec<_>>();
    for size in 1..=RECORDS {
        let tree = &leaves[..size as usize];
        let root = tlog_tiles::tree_hash(size, &stored).unwrap();
        assert_eq!(merkle::root(tree), root.0, "size {size}");
        for at in 0..size {
            let theirs = ours(tlog_tiles::prove_record(size, at, &stored).unwrap());
            assert_eq!(merkle::inclusion_proof(tree, at as usize), Some(theirs.clone()), "{at} of {size}");
            assert!(merkle::verify_inclusion(&tree[at as usize], at, size, &theirs, &root.0));
        }
        for old in 1..=size {
            let theirs = ours(tlog_tiles::prove_tree(size, old, &stored).unwrap());
            assert_eq!(
                merkle::consistency_proof(tree, old as usize),
                Some(theirs.clone()),
                "{old} to {size}"
            );
            let before = tlog_tiles::tree_hash(old, &stored).unwrap();
            assert!(merkle::verify_consistency(old, &before.0, size, &root.0, &theirs));
        }
    }
}
