//! Every byte of a small lake, flipped one at a time: none may go unnoticed.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use bytes::Bytes;
use object_store::memory::InMemory;
use object_store::path::Path;

use super::lake::{put, small};
use crate::Store;
use crate::verify::{Options, verify};

/// Bytes that one thread takes at a time.
const STRIDE: usize = 64;

#[test]
fn every_flipped_byte_is_found() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (_writers, lake) = runtime().block_on(small());
    let objects: Vec<(String, Bytes)> =
        lake.objects.into_iter().filter(|(path, _)| !path.starts_with("probe/")).collect();
    let total: usize = objects.iter().map(|(_, bytes)| bytes.len()).sum();
    let (next, began) = (AtomicUsize::new(0), Instant::now());
    let work = || {
        let runtime = runtime();
        let memory = Arc::new(InMemory::new());
        objects.iter().for_each(|(path, bytes)| put(&memory, path, bytes));
        let store = Store::new(memory.clone(), Path::from("lake"));
        let sound = || runtime.block_on(verify(&store, &Options::default())).unwrap().exit_code() == 0;
        assert!(sound());
        let mut unnoticed = Vec::new();
        loop {
            let start = next.fetch_add(STRIDE, Ordering::Relaxed);
            if start >= total {
                return unnoticed;
            }
            for at in start..(start + STRIDE).min(total) {
                let (path, bytes, at) = locate(&objects, at);
                let mut flipped = bytes.to_vec();
                flipped[at] ^= 1 << (at % 8);
                put(&memory, path, &flipped.into());
                // An error is exit code 2: noticed too.
                let verdict = runtime.block_on(verify(&store, &Options::default()));
                if verdict.is_ok_and(|report| report.exit_code() == 0) {
                    unnoticed.push(format!("{path} byte {at}"));
                }
                put(&memory, path, bytes);
            }
        }
    };
    let threads = thread::available_parallelism().map_or(2, usize::from);
    let unnoticed: Vec<String> = thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let shown = &unnoticed[..unnoticed.len().min(20)];
    assert!(unnoticed.is_empty(), "{} of {total} flips went unnoticed: {shown:?}", unnoticed.len());
    assert!(total > 50_000, "{total} bytes are no lake");
    let seconds = began.elapsed().as_secs_f64();
    tracing::info!(total, seconds, "every byte was flipped");
}

/// The object and the place in it of a byte of the whole lake.
fn locate(objects: &[(String, Bytes)], mut at: usize) -> (&str, &Bytes, usize) {
    for (path, bytes) in objects {
        if at < bytes.len() {
            return (path, bytes, at);
        }
        at -= bytes.len();
    }
    unreachable!("beyond the last object")
}
