//! The engine twice on any text: a second pass finds nothing new.
#![no_main]

#[path = "../properties.rs"]
mod properties;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| properties::again(bytes));
