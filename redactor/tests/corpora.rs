//! The seeds of the fuzz targets, replayed on the stable compiler, and each of them cut off and doubled.

#[path = "../fuzz/properties.rs"]
mod properties;

use std::path::Path;

/// Every file of a folder below the crate.
fn files(folder: &str) -> Vec<Vec<u8>> {
    // Where the test runs, not where it was built: checkouts may share a build cache.
    let folder = Path::new(folder);
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let files: Vec<_> = entries.map(|entry| std::fs::read(entry.unwrap().path()).unwrap()).collect();
    assert!(files.len() >= 5, "{} has only {} files", folder.display(), files.len());
    files
}

fn replay(folder: &str, property: fn(&[u8])) {
    for seed in files(folder) {
        property(&seed);
        property(&seed[..seed.len() / 2]);
        property(&seed[seed.len() / 3..]);
        property(&seed.repeat(2));
    }
}

#[test]
fn any_text_keeps_its_offsets() {
    replay("fuzz/seeds/text", properties::text);
    replay("fuzz/seeds/json", properties::text);
}

#[test]
fn json_stays_json_of_the_same_shape() {
    replay("fuzz/seeds/json", properties::json);
    replay("fuzz/seeds/text", properties::json);
}

#[test]
fn a_second_pass_over_the_seeds_changes_nothing() {
    for folder in ["text", "json", "again"] {
        files(&format!("fuzz/seeds/{folder}")).iter().for_each(|seed| properties::again(seed));
    }
}

#[test]
fn any_policy_is_read_or_refused() {
    replay("fuzz/seeds/policy", properties::policy);
    replay("policies", properties::policy);
}
