//! Tokens: format, keys, recognition.

use super::*;

const KEY: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

fn tokens(tenant: &str) -> Tokens {
    Tokens::new(&TokenKey::from_hex(KEY).unwrap(), tenant)
}

fn token(tokens: &Tokens, kind: &'static str, value: &str) -> String {
    let mut out = String::new();
    tokens.write(kind, value, &mut out);
    out
}

#[test]
fn the_format_is_final() {
    let token = token(&tokens("acme"), "NAME", "John Smith");
    // Pinned: this value is in lakes. Recomputed with Python's hmac from the rule in the header.
    assert_eq!(token, "[NAME:MP2R6VET7AE3BPRBXTYCRTC4TMBT3]");
}

#[test]
fn type_tenant_and_key_matter() {
    let acme = tokens("acme");
    let other = Tokens::new(&TokenKey::generate(), "acme");
    let base = token(&acme, "MRN", "12345")[5..].to_owned();
    assert_ne!(base, token(&acme, "SSN", "12345")[5..]);
    assert_ne!(base, token(&tokens("b"), "MRN", "12345")[5..]);
    assert_ne!(base, token(&other, "MRN", "12345")[5..]);
}

#[test]
fn own_tokens_are_known_and_typed_ones_are_not() {
    let acme = tokens("acme");
    let token = token(&acme, "NAME", "John Smith");
    let text = format!("saw {token}, [NAME] and [MRN:John Smith] [SEEN] [");
    let own: Vec<_> = acme.own(&text).into_iter().map(|(start, end)| &text[start..end]).collect();
    assert_eq!(own, [token.as_str(), "[NAME]"]);
    let foreign = Tokens::new(&TokenKey::generate(), "acme");
    assert_eq!(foreign.own(&token), []);
    let forged = token.replace("[NAME:", "[MRN:");
    assert_eq!(acme.own(&forged), []);
}

#[test]
fn opaque_parts_are_known_with_their_suffix() {
    let acme = tokens("acme");
    let mut out = String::new();
    acme.write_bytes(OPAQUE, b"bytes", &opaque_suffix("image/png", 70), &mut out);
    assert!(out.ends_with(":image/png:70]"), "{out}");
    assert_eq!(acme.own(&out), [(0, out.len())]);
    assert_eq!(acme.own(&out.replace("image/png", "john/smith")), []);
    assert_eq!(opaque_suffix("a b", 1), ":unknown:1");
}
