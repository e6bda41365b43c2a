use super::super::tests::{assert_finds, assert_silent, found_under};
use super::*;

#[test]
fn addresses_by_their_check() {
    assert_finds(
        "crypto",
        &[
            ("pay 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa today", &["1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"]),
            ("3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", &["3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy"]),
            // BIP-173 and BIP-350, test vectors.
            (
                "Send it to bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4.",
                &["bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"],
            ),
            ("BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", &["BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4"]),
            (
                "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
                &["bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"],
            ),
            // XRPL documentation, the account of the genesis ledger.
            ("rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh", &["rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh"]),
            // EIP-55, test vectors.
            (
                "from 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
                &["0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"],
            ),
        ],
    );
}

#[test]
fn addresses_by_a_keyword() {
    assert_finds(
        "crypto",
        &[
            (
                "ETH wallet: 0xde0b295669a9fd93d5f28d9ec85e40f4cb697bae",
                &["0xde0b295669a9fd93d5f28d9ec85e40f4cb697bae"],
            ),
            (
                "solana address 7EcDhSYGxXyscszYEp35KHN8vvw3svAuLKTzXwCFLtV",
                &["7EcDhSYGxXyscszYEp35KHN8vvw3svAuLKTzXwCFLtV"],
            ),
        ],
    );
    let address = "0xde0b295669a9fd93d5f28d9ec85e40f4cb697bae";
    assert_eq!(found_under("crypto", Some("wallet"), address), [(Category::Account, address.to_string())]);
}

#[test]
fn other_codes_stay() {
    assert_silent(
        "crypto",
        &[
            // One character changed.
            "pay 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb today",
            "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5",
            "const MASK = 0xde0b295669a9fd93d5f28d9ec85e40f4cb697bae;",
            "commit 5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8",
            "bitcoin transaction a1075db55d416d3ca199f55b6084e2115b9345e16c5cf302fc80e9d5fbf5d48d",
            "rs4friendlyidentifierofavariable1",
        ],
    );
}
