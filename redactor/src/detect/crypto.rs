//! Addresses of cryptocurrencies, 45 CFR 164.514(b)(2)(i)(J): each is an account of its holder.
//!
//! Base58Check (Bitcoin wiki, "Base58Check encoding"): 25 bytes, the last four of them the double SHA-256 of the others;
//! XRP has the same in an alphabet of its own (XRPL, "base58 encodings"). Bech32: BIP-173, BIP-350. Ethereum: 0x and forty
//! hexadecimal digits, in both cases as EIP-55 writes them; in one case only behind a keyword, since programs have constants
//! of that length. Solana and others without a check only behind a keyword.

use std::sync::LazyLock;

use super::lexicon::{self, WordSet};
use super::seen::{LENGTH_MAX, Seen};
use super::text::Text;
use super::words::Parts;
use super::{Category, Detector, Hit, Needs};
use crate::sha256;

/// Finds addresses of cryptocurrencies.
pub(super) struct Crypto;

/// The shortest address and the longest, in bytes: one of Bitcoin, one of Cardano.
const ADDRESS_BYTES_MIN: usize = 25;
const ADDRESS_BYTES_MAX: usize = 110;
/// How far before an address its keyword may stand, in words.
const REACH: usize = 5;

/// Words that announce an address.
static KEYWORDS: LazyLock<WordSet> = LazyLock::new(|| {
    lexicon::set(&[
        "wallet",
        "wallets",
        "bitcoin",
        "btc",
        "eth",
        "ether",
        "ethereum",
        "crypto",
        "cryptocurrency",
        "litecoin",
        "ltc",
        "dogecoin",
        "doge",
        "xrp",
        "ripple",
        "solana",
        "usdt",
        "usdc",
        "tron",
        "trx",
        "cardano",
        "ada",
        "monero",
        "xmr",
    ])
});

impl Detector for Crypto {
    fn id(&self) -> &'static str {
        "crypto"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::Account]
    }

    fn example(&self) -> &'static str {
        "bitcoin address: 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"
    }

    fn needs(&self) -> Needs {
        Needs::seen(Seen::codes(LENGTH_MAX, LENGTH_MAX))
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        let mut keyed = None;
        for (index, _) in text.numbers_like(Seen::codes(LENGTH_MAX, LENGTH_MAX)) {
            let address = text.spelled(index);
            if !(ADDRESS_BYTES_MIN..=ADDRESS_BYTES_MAX).contains(&address.len()) || !address.is_ascii() {
                continue;
            }
            let rule = if checked(address) || is_ethereum(address) && is_mixed(&address[2..]) {
                "crypto.address"
            } else if (announced(text, index) || *keyed.get_or_insert_with(|| in_key(text)))
                && may_be(address)
                && !text.blots.stand_in(address)
            {
                "crypto.keyword"
            } else {
                continue;
            };
            let word = text.words()[index].range();
            let (start, end) = (word.start, word.end);
            hits.push(Hit { start, end, category: Category::Account, rule, score: 0.95 });
        }
    }
}

/// Whether its check characters hold.
fn checked(address: &str) -> bool {
    // The version makes the first letter; one address in 2^30 has letters of one case only.
    let based = || address.len() <= BASE58_BYTES_MAX && is_mixed(address);
    match address.as_bytes()[0] {
        b'r' => based() && base58check(address, RIPPLE),
        b'b' | b'B' | b'l' => bech32(address),
        b't' | b'L' | b'T' => bech32(address) || based() && base58check(address, BITCOIN),
        b'1' | b'2' | b'3' | b'7' | b'9' | b'A' | b'D' | b'M' | b'X' | b'm' | b'n' => {
            based() && base58check(address, BITCOIN)
        }
        _ => false,
    }
}

/// Whether it has the shape of an address of any currency: behind a keyword only.
fn may_be(address: &str) -> bool {
    let hexadecimal = address.bytes().all(|byte| byte.is_ascii_hexdigit());
    let digits = address.bytes().filter(u8::is_ascii_digit).count();
    is_ethereum(address)
        || !hexadecimal && digits >= 2 && digits < address.len() && !address.starts_with("0x")
}

/// Whether a word of [`KEYWORDS`] stands before it.
fn announced(text: &Text<'_>, index: usize) -> bool {
    text.words()[index.saturating_sub(REACH)..index].iter().any(|word| KEYWORDS.contains(&word.hash))
}

/// Whether the text's JSON key announces one.
fn in_key(text: &Text<'_>) -> bool {
    static PARTS: Parts<8> =
        Parts::new(["wallet", "bitcoin", "btc", "ethereum", "crypto", "litecoin", "dogecoin", "solana"]);
    text.key.is_some_and(|key| PARTS.within(key))
}

fn is_ethereum(address: &str) -> bool {
    address.len() == 42
        && address.starts_with("0x")
        && address.bytes().skip(2).all(|byte| byte.is_ascii_hexdigit())
}

fn is_mixed(letters: &str) -> bool {
    letters.bytes().any(|byte| byte.is_ascii_uppercase())
        && letters.bytes().any(|byte| byte.is_ascii_lowercase())
}

/// The digits of base 58, and the same in the order of the XRP Ledger.
const BITCOIN: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const RIPPLE: &[u8; 58] = b"rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz";

/// A version, twenty bytes and four that check them.
const DECODED_BYTES: usize = 25;

/// The most digits of base 58 that so many bytes take.
const BASE58_BYTES_MAX: usize = 35;

/// Whether the address is 25 bytes in base 58 of which the last four check the others.
fn base58check(address: &str, alphabet: &[u8; 58]) -> bool {
    let mut decoded = [0_u8; DECODED_BYTES];
    for letter in address.bytes() {
        let Some(digit) = alphabet.iter().position(|known| *known == letter) else { return false };
        let mut carry = digit;
        for byte in decoded.iter_mut().rev() {
            carry += usize::from(*byte) * 58;
            *byte = carry as u8;
            carry >>= 8;
        }
        if carry > 0 {
            return false;
        }
    }
    let (payload, check) = decoded.split_at(DECODED_BYTES - 4);
    let once = sha256::digests([payload]);
    let twice = sha256::digests([&once[0][..]]);
    twice[0][..4] == *check
}

/// Whether the address is of Bitcoin or Litecoin in Bech32 or Bech32m: BIP-173, BIP-350.
fn bech32(address: &str) -> bool {
    const ALPHABET: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    const BECH32: u32 = 1;
    const BECH32M: u32 = 0x2BC8_30A3;
    let prefix = ["bc1", "tb1", "ltc1"]
        .into_iter()
        .find(|prefix| address.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix)));
    let Some(prefix) = prefix.filter(|_| !is_mixed(address)) else { return false };
    let name = &prefix.as_bytes()[..prefix.len() - 1];
    let head = name.iter().map(|byte| u32::from(byte >> 5));
    let tail = name.iter().map(|byte| u32::from(byte & 31));
    let mut check = head.chain([0]).chain(tail).fold(1, polymod);
    for letter in address.bytes().skip(prefix.len()) {
        let letter = letter.to_ascii_lowercase();
        let Some(digit) = ALPHABET.iter().position(|known| *known == letter) else { return false };
        check = polymod(check, digit as u32);
    }
    check == BECH32 || check == BECH32M
}

/// One step of the checksum of BIP-173.
fn polymod(check: u32, digit: u32) -> u32 {
    const GENERATOR: [u32; 5] = [0x3B6A_57B2, 0x2650_8E6D, 0x1EA1_19FA, 0x3D42_33DD, 0x2A14_62B3];
    let top = check >> 25;
    let terms = GENERATOR.iter().enumerate().filter(|(bit, _)| top >> bit & 1 == 1);
    terms.fold((check & 0x1FF_FFFF) << 5 ^ digit, |check, (_, term)| check ^ term)
}

#[cfg(test)]
mod tests;
