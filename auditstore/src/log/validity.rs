//! What an entry may say after the entries before it: the closed function of `validity` version 1.
//!
//! It reads nothing but the state and the manifest, no clock and no store, so that every reader at any time comes
//! to the same judgement. A writer asks it before it signs. Signature and root are judged in `replay`.

use std::collections::HashSet;

use schemas::manifest::{
    Adopt, Batch, Body, Dec, Heartbeat, Init, Key, Manifest, ObjectRef, OffsetRange, Policy, Segment,
    Skipped, Snapshot, Source,
};

use super::state::State;
use crate::merkle::sha256;
use crate::note::{VerifyKey, name_is_valid};
use crate::time::{parse_time, retain_until};

/// The longest retention in years that a class may ask for.
const YEARS_MAX: u64 = 100;

/// Sixteen bytes of a path's SHA-256: enough that no two paths of a lake meet.
pub(crate) type PathId = [u8; 16];

pub(crate) fn path_id(path: &str) -> PathId {
    let hash = sha256(path.as_bytes());
    let mut id = [0; 16];
    id.copy_from_slice(&hash[..16]);
    id
}

type Verdict = Result<(), String>;

fn ensure(holds: bool, otherwise: impl FnOnce() -> String) -> Verdict {
    if holds { Ok(()) } else { Err(otherwise()) }
}

/// Whether the manifest may be the entry `state.size` of the log. `signed_by` are the keys whose signatures on
/// it verify; `named` the paths that earlier entries have named.
pub(crate) fn check(
    state: &State,
    named: &HashSet<PathId>,
    manifest: &Manifest,
    signed_by: &[VerifyKey],
) -> Verdict {
    header(state, manifest)?;
    match &manifest.body {
        Body::Init(_) => Err("a second init".into()),
        Body::Source(body) => source(state, body),
        Body::Batch(body) => batch(state, named, manifest, body),
        Body::Heartbeat(body) => heartbeat(state, body),
        Body::Snapshot(body) => snapshot(state, body),
        Body::Policy(body) => policy(state, body),
        Body::Key(body) => key(state, body, signed_by),
        Body::Adopt(body) => adopt(state, body),
    }
}

fn header(state: &State, manifest: &Manifest) -> Verdict {
    ensure(manifest.origin == state.origin, || "names another origin".into())?;
    ensure(manifest.era.0 == state.era, || format!("names era {}, this is era {}", manifest.era, state.era))?;
    ensure(manifest.seq.0 == state.size, || {
        format!("names seq {}, its place is {}", manifest.seq, state.size)
    })?;
    let committed = parse_time(&manifest.committed).ok_or("`committed` is no time")?;
    ensure(committed >= state.committed, || "committed before the entry before it".into())?;
    writer(manifest)?;
    ensure(manifest.snapshot.map(|seq| seq.0) == state.snapshot, || {
        "`snapshot` is not the newest snapshot".to_owned()
    })?;
    ensure(manifest.skipped == state.pending, || {
        "`skipped` does not list the invalid objects before it".into()
    })
}

fn writer(manifest: &Manifest) -> Verdict {
    ensure(!manifest.writer.instance.is_empty(), || "the writer has no instance name".into())?;
    ensure(is_hash(&manifest.writer.build), || "the writer's build is no SHA-256".into())
}

/// Entry 0, which must be signed by every key that it names.
pub(crate) fn init(manifest: &Manifest, body: &Init, signed_by: &[VerifyKey]) -> Verdict {
    ensure(name_is_valid(&manifest.origin), || "the origin is no key name".into())?;
    ensure(manifest.seq == Dec(0) && manifest.era == Dec(1), || "entry 0 of era 1 says otherwise".into())?;
    ensure(manifest.snapshot.is_none() && manifest.skipped.is_empty(), || {
        "entry 0 names earlier entries".into()
    })?;
    ensure(parse_time(&manifest.committed).is_some(), || "`committed` is no time".into())?;
    writer(manifest)?;
    ensure(["event/1", "access/1"].contains(&body.schema.as_str()), || "an unknown schema".into())?;
    ensure((1..=YEARS_MAX).contains(&body.retention.years.0) && !body.retention.class.is_empty(), || {
        format!("retention is not between 1 and {YEARS_MAX} years, or has no name")
    })?;
    ensure(!body.keys.is_empty() && signed_by.len() == body.keys.len(), || {
        "not signed by every key that it names".into()
    })?;
    ensure(body.keys.iter().all(|key| key.name == manifest.origin), || {
        "a key's name is not the origin".into()
    })
}

fn source(state: &State, body: &Source) -> Verdict {
    ensure(!body.source.is_empty(), || "a source without name".into())?;
    ensure(!state.sources.contains(&body.source), || "the source is onboarded already".into())?;
    let order = |a: &(&str, u64), b: &(&str, u64)| a < b;
    let starts: Vec<_> = body.starts.iter().map(|start| (start.topic.as_str(), start.partition.0)).collect();
    ensure(starts.windows(2).all(|pair| order(&pair[0], &pair[1])), || {
        "starts out of order, or twice".into()
    })?;
    body.starts.iter().try_for_each(|start| {
        ensure(start.topic_id.as_deref().is_none_or(is_topic_id), || "a topic id that is none".into())
    })
}

/// A topic keeps the UUID that the source knows it by: another one is another topic, whose offsets do not continue.
fn topic_id(state: &State, source: &str, topic: &str, id: Option<&str>) -> Verdict {
    let Some(id) = id else { return Ok(()) };
    ensure(is_topic_id(id), || format!("{topic}: a topic id that is none"))?;
    ensure(state.topic_id(source, topic).is_none_or(|known| known == id), || {
        format!("{topic}: another topic id than that of the offsets before it")
    })
}

/// 16 bytes in URL-safe base64 without padding, as Kafka prints UUIDs.
fn is_topic_id(text: &str) -> bool {
    text.len() == 22 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

fn batch(state: &State, named: &HashSet<PathId>, manifest: &Manifest, body: &Batch) -> Verdict {
    ensure(body.schema == state.schema, || format!("schema {}, the log's is {}", body.schema, state.schema))?;
    let something = !(body.files.is_empty() && body.offsets.is_empty() && body.quarantine.is_empty());
    ensure(something, || "a batch of nothing".into())?;
    offsets(state, body)?;
    objects(named, body)?;
    records(body)?;
    redaction(state, body)?;
    retention(state, manifest, body)
}

fn offsets(state: &State, body: &Batch) -> Verdict {
    let place = |range: &OffsetRange| (range.source.clone(), range.topic.clone(), range.partition.0);
    ensure(body.offsets.windows(2).all(|pair| place(&pair[0]) < place(&pair[1])), || {
        "offsets out of order, or a partition twice".into()
    })?;
    let (mut span, mut gaps) = (0u64, 0u64);
    for range in &body.offsets {
        let at = || format!("{} partition {}", range.topic, range.partition);
        ensure(state.sources.contains(&range.source), || format!("{}: the source is not onboarded", at()))?;
        let next = state.next.get(&place(range)).copied().unwrap_or(0);
        ensure(range.first.0 == next, || format!("{}: begins at {}, next is {next}", at(), range.first))?;
        ensure(range.next > range.first, || format!("{}: an empty range", at()))?;
        topic_id(state, &range.source, &range.topic, range.topic_id.as_deref())?;
        let gap = sum(range.gaps.values())?;
        ensure(gap <= range.next.0 - range.first.0, || format!("{}: more gaps than offsets", at()))?;
        span = span.checked_add(range.next.0 - range.first.0).ok_or("offsets overflow")?;
        gaps = gaps.checked_add(gap).ok_or("gaps overflow")?;
    }
    let Some(messages) = &body.counts.messages else {
        return ensure(body.offsets.is_empty(), || "offsets without counts of messages".into());
    };
    ensure(!body.offsets.is_empty(), || "counts of messages without offsets".into())?;
    let counted = [&messages.decoded, &messages.quarantined, &Dec(gaps)];
    let counted = sum(counted.into_iter().chain(messages.skipped.values()))?;
    ensure(span == counted, || {
        format!("{span} offsets, but {counted} messages decoded, quarantined, skipped or in gaps")
    })?;
    let quarantined = sum(body.quarantine.iter().map(|object| &object.messages))?;
    ensure(quarantined == messages.quarantined.0, || "quarantined messages do not add up".into())
}

fn records(body: &Batch) -> Verdict {
    let records = &body.counts.records;
    let rows = sum(body.files.iter().map(|file| &file.rows))?;
    ensure(rows == records.stored.0, || format!("{} records stored, but {rows} rows", records.stored))?;
    ensure(records.repeated <= records.stored, || "more repeated records than stored".into())?;
    let quarantined = sum(body.quarantine.iter().map(|object| &object.records))?;
    ensure(quarantined == records.quarantined.0, || "quarantined records do not add up".into())?;
    sum(records.skipped.values()).map(drop)
}

fn objects(named: &HashSet<PathId>, body: &Batch) -> Verdict {
    ensure(body.files.windows(2).all(|pair| pair[0].path < pair[1].path), || "files out of order".into())?;
    ensure(body.quarantine.windows(2).all(|pair| pair[0].path < pair[1].path), || {
        "quarantine objects out of order".into()
    })?;
    for file in &body.files {
        segment(file)?;
    }
    ensure(body.detail.as_ref().is_none_or(|detail| is_object(detail, "data/", ".detail")), || {
        "the detail's path or hash is malformed".into()
    })?;
    for object in &body.quarantine {
        let well_formed = is_path(&object.path, "quarantine/", ".age") && is_hash(&object.sha256);
        ensure(well_formed, || "a quarantine object's path or hash is malformed".into())?;
    }
    let mut new = HashSet::new();
    for path in paths(body) {
        let id = path_id(path);
        ensure(!named.contains(&id) && new.insert(id), || format!("{path} was named before"))?;
    }
    Ok(())
}

fn segment(file: &Segment) -> Verdict {
    let hashes = is_hash(&file.sha256) && is_hash(&file.root) && is_object(&file.leaves, "data/", ".leaves");
    ensure(hashes && is_path(&file.path, "data/", ".parquet"), || {
        "a segment's path or hash is malformed".to_owned()
    })?;
    ensure(file.rows.0 > 0 && file.bytes.0 > 0, || format!("{} is empty", file.path))?;
    let times = [&file.event_min, &file.event_max].map(|time| time.as_deref().map(parse_time));
    ensure(!times.contains(&Some(None)), || format!("{}: an event time is no time", file.path))?;
    let ordered = match times {
        [Some(Some(min)), Some(Some(max))] => min <= max,
        [None, None] => true,
        _ => false,
    };
    ensure(ordered, || format!("{}: event times out of order", file.path))
}

/// Every path that a batch brings into the lake.
pub(crate) fn paths(body: &Batch) -> impl Iterator<Item = &str> {
    let files = body.files.iter().flat_map(|file| [file.path.as_str(), file.leaves.path.as_str()]);
    let others = body.quarantine.iter().map(|object| object.path.as_str());
    files.chain(body.detail.iter().map(|detail| detail.path.as_str())).chain(others)
}

fn redaction(state: &State, body: &Batch) -> Verdict {
    match &body.redaction {
        Some(redaction) => {
            ensure(state.policies.contains(&redaction.sha256), || "no policy entry for its policy".into())
        }
        None => ensure(body.files.is_empty() || !state.schema.starts_with("event/"), || {
            "rows without the policy that redacted them".into()
        }),
    }
}

fn retention(state: &State, manifest: &Manifest, body: &Batch) -> Verdict {
    let until = parse_time(&body.retention.retain_until).ok_or("`retain_until` is no time")?;
    let committed = parse_time(&manifest.committed).ok_or("`committed` is no time")?;
    let event_max = body.files.iter().filter_map(|file| parse_time(file.event_max.as_deref()?)).max();
    let least = retain_until(committed, event_max, state.retention.years.0);
    ensure(until >= least, || "retained for less than the log's class asks for".into())?;
    ensure(!body.retention.class.is_empty(), || "a retention class without name".into())
}

fn heartbeat(state: &State, body: &Heartbeat) -> Verdict {
    if let Some(head) = &body.access {
        ensure(is_hash(&head.root), || "the access log's root is no SHA-256".into())?;
        let grown = state.access.as_ref().is_none_or(|before| {
            before.size < head.size || (before.size == head.size && before.root == head.root)
        });
        ensure(grown, || "the access log is shorter than an earlier heartbeat said, or another one".into())?;
    }
    let place = |at: usize| {
        let end = &body.ends[at];
        (&end.source, &end.topic, end.partition)
    };
    ensure((1..body.ends.len()).all(|at| place(at - 1) < place(at)), || "ends out of order, or twice".into())
}

fn snapshot(state: &State, body: &Snapshot) -> Verdict {
    ensure(is_object(&body.head, "snapshot/", ".json"), || "the head's path or hash is malformed".into())?;
    ensure(body.covers.0.checked_add(1) == Some(state.size), || "does not cover the entry before it".into())
}

fn policy(state: &State, body: &Policy) -> Verdict {
    let sha256 = &body.object.sha256;
    ensure(is_object(&body.object, "policy/", ".toml"), || "the policy's path or hash is malformed".into())?;
    ensure(body.object.path == format!("policy/{sha256}.toml"), || {
        "the policy's path is not its hash".into()
    })?;
    ensure(!state.policies.contains(sha256), || "the policy is known already".into())?;
    ensure(!body.name.is_empty() && !body.version.is_empty(), || "a policy without name or version".into())
}

fn key(state: &State, body: &Key, signed_by: &[VerifyKey]) -> Verdict {
    let key = VerifyKey::from_public(&body.key).map_err(|error| error.to_string())?;
    ensure(key.name() == state.origin, || "the key's name is not the origin".into())?;
    let known = state.keys.iter().any(|state| state.key == key);
    match body.action.as_str() {
        "add" => {
            ensure(!known, || "the key is known already".into())?;
            ensure(signed_by.contains(&key), || "not signed by the key that it adds".into())
        }
        "retire" => {
            let valid = state.keys_at(state.size);
            ensure(valid.contains(&key), || "retires a key that is not valid".into())?;
            ensure(valid.len() > 1, || "retires the last key".into())
        }
        _ => Err("an unknown action on a key".into()),
    }
}

fn adopt(state: &State, body: &Adopt) -> Verdict {
    ensure(body.head == state.tree_head(), || "adopts another head than the one before it".into())
}

fn is_object(object: &ObjectRef, prefix: &str, suffix: &str) -> bool {
    is_path(&object.path, prefix, suffix) && is_hash(&object.sha256)
}

/// Whether a path lies where it should, and can be read as a path in one way only.
fn is_path(path: &str, prefix: &str, suffix: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"=._-/".contains(&byte);
    let whole = |part: &str| !part.is_empty() && !part.starts_with('.');
    path.len() <= 512
        && path.starts_with(prefix)
        && path.ends_with(suffix)
        && path.bytes().all(plain)
        && path.split('/').all(whole)
}

fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn sum<'a>(parts: impl Iterator<Item = &'a Dec>) -> Result<u64, String> {
    let mut sum = 0u64;
    for part in parts {
        sum = sum.checked_add(part.0).ok_or("counts overflow")?;
    }
    Ok(sum)
}

/// The manifest's `skipped` lists this many objects at most: more do not fit beside a batch.
pub(crate) const SKIPPED_MAX: usize = 256;

/// Whether a writer can still list what is pending.
pub(crate) fn can_list(pending: &[Skipped]) -> bool {
    pending.len() <= SKIPPED_MAX
}
