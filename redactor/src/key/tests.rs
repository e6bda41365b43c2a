//! Keys: reading, printing, deriving.

use super::*;

const HEX: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

#[test]
fn hex_round_trip() {
    let key = TokenKey::from_hex(&format!("  {}\n", HEX.to_uppercase())).unwrap();
    assert_eq!(*key.to_hex(), HEX);
}

#[test]
fn what_is_no_key_is_refused_without_saying_it() {
    assert_eq!(TokenKey::from_hex("abc").unwrap_err(), KeyError::NotHex { found: 3 });
    assert_eq!(TokenKey::from_hex(&"zz".repeat(32)).unwrap_err(), KeyError::NotHex { found: 64 });
    assert_eq!(TokenKey::from_hex(&"00".repeat(32)).unwrap_err(), KeyError::Weak);
    assert!(!TokenKey::from_hex("hunter2").unwrap_err().to_string().contains("hunter2"));
}

#[test]
fn debug_prints_the_id_only() {
    let key = TokenKey::from_hex(HEX).unwrap();
    assert_eq!(format!("{key:?}"), format!("TokenKey({})", key.id()));
    assert_eq!(key.id().len(), 8);
    assert_ne!(key.id(), TokenKey::generate().id());
}

#[test]
fn purposes_have_keys_of_their_own() {
    let key = TokenKey::from_hex(HEX).unwrap();
    let hash = |purpose| key.keyed(purpose).finalize().into_bytes();
    assert_ne!(hash("token"), hash("tag"));
    assert_eq!(hash("token"), hash("token"));
}
