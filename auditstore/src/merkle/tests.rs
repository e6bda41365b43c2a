//! The reference tree of Certificate Transparency (RFC 6962 test vectors as used by certificate-transparency and
//! Trillian), and every proof of every small tree.

use super::*;

/// Leaf data of the CT reference tree.
const LEAVES: [&str; 8] =
    ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

/// Its roots at sizes 1 to 8.
const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn leaves() -> Vec<Hash> {
    LEAVES.iter().map(|leaf| leaf_hash(&hex::decode(leaf).expect("hex"))).collect()
}

#[test]
fn the_reference_tree_has_its_published_roots() {
    let leaves = leaves();
    assert_eq!(hex::encode(root(&[])), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    for (at, expected) in ROOTS.iter().enumerate() {
        assert_eq!(hex::encode(root(&leaves[..=at])), *expected, "size {}", at + 1);
    }
}

#[test]
fn published_proofs() {
    let leaves = leaves();
    let hex = |path: Option<Vec<Hash>>| path.expect("a path").iter().map(hex::encode).collect::<Vec<_>>();
    assert_eq!(
        hex(inclusion_proof(&leaves, 5)),
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ]
    );
    assert_eq!(
        hex(consistency_proof(&leaves, 6)),
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ]
    );
}

#[test]
fn every_proof_of_every_small_tree() {
    let all: Vec<Hash> = (0u8..40).map(|byte| leaf_hash(&[byte])).collect();
    for size in 1..=all.len() {
        let (leaves, new_root) = (&all[..size], root(&all[..size]));
        for index in 0..size {
            let path = inclusion_proof(leaves, index).expect("in the tree");
            let check = |leaf: &Hash, index: usize, path: &[Hash]| {
                verify_inclusion(leaf, index as u64, size as u64, path, &new_root)
            };
            assert!(check(&leaves[index], index, &path), "{index} of {size}");
            assert!(!check(&leaf_hash(b"other"), index, &path));
            assert!(size == 1 || !check(&leaves[index], (index + 1) % size, &path));
            assert!(path.is_empty() || !check(&leaves[index], index, &path[1..]));
        }
        for old in 1..=size {
            let proof = consistency_proof(leaves, old).expect("a prefix");
            let (old_root, old, new) = (root(&all[..old]), old as u64, size as u64);
            assert!(verify_consistency(old, &old_root, new, &new_root, &proof), "{old} of {size}");
            assert!(!verify_consistency(old, &leaf_hash(b"other"), new, &new_root, &proof));
            assert!(!verify_consistency(old, &old_root, new, &leaf_hash(b"other"), &proof));
            assert!(proof.is_empty() || !verify_consistency(old, &old_root, new, &new_root, &proof[1..]));
        }
        assert_eq!(inclusion_proof(leaves, size), None);
        assert_eq!(consistency_proof(leaves, size + 1), None);
    }
}

#[test]
fn an_edge_survives_its_parts() {
    let mut edge = Edge::default();
    for byte in 0u8..70 {
        assert_eq!(Edge::from_parts(edge.size(), edge.hashes().to_vec()), Some(edge.clone()));
        assert_eq!(Edge::from_parts(edge.size() + 1, edge.hashes().to_vec()).is_some(), {
            (edge.size() + 1).count_ones() == edge.size().count_ones()
        });
        edge.push(leaf_hash(&[byte]));
    }
}
