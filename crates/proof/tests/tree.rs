//! The tree against an independent implementation of RFC 6962, and against the known answers of transparency-dev/merkle.
#![expect(clippy::indexing_slicing, reason = "a test that cannot go on panics")]
#![expect(clippy::cast_possible_truncation, reason = "trees of some hundred leaves")]

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use lienthong_proof::merkle::{Frontier, Node, TILE_HEIGHT, leaf};
use lienthong_proof::path::{self, Refuted};
use lienthong_proof::{Hash, hex};
use proptest::prelude::*;
use sha2_next::Sha256;

/// The leaves of `testonly/reference_test.go` there.
const LEAVES: [&[u8]; 8] = [
    b"",
    b"\x00",
    b"\x10",
    b"\x20\x21",
    b"\x30\x31",
    b"\x40\x41\x42\x43",
    b"\x50\x51\x52\x53\x54\x55\x56\x57",
    b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
];

/// The roots of the trees of the first 0, 1, 2 … of them.
const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

/// A tree in memory, as `Frontier` grows it.
struct Tree {
    leaves: Vec<Hash>,
    frontier: Frontier,
}

impl Tree {
    fn of(contents: &[Vec<u8>]) -> Self {
        let mut tree = Self { leaves: vec![], frontier: Frontier::default() };
        for content in contents {
            tree.leaves.push(leaf(content));
            for tile in tree.frontier.push(leaf(content)) {
                assert!(tile.node.level.is_multiple_of(TILE_HEIGHT));
                assert_eq!(tile.hash, tree.hash(tile.node));
            }
        }
        tree
    }

    fn hash(&self, node: Node) -> Hash {
        let (from, to) = node.leaves();
        let mut of_subtree = Frontier::default();
        for leaf in &self.leaves[from as usize..to as usize] {
            of_subtree.push(*leaf);
        }
        of_subtree.root()
    }

    fn proof(&self, parts: Vec<path::Range>) -> Vec<Hash> {
        let of =
            |part| path::combined(&path::subtrees(part).into_iter().map(|node| self.hash(node)).collect::<Vec<_>>());
        parts.into_iter().map(of).collect()
    }

    fn root_at(&self, size: u64) -> Hash {
        let mut before = Frontier::default();
        self.leaves.iter().take(size as usize).for_each(|leaf| drop(before.push(*leaf)));
        before.root()
    }
}

fn theirs(contents: &[Vec<u8>]) -> MemoryBackedTree<Sha256, Vec<u8>> {
    let mut tree = MemoryBackedTree::new();
    for content in contents {
        tree.push(content.clone());
    }
    tree
}

fn numbered(count: usize) -> Vec<Vec<u8>> {
    (0..count).map(|n| n.to_string().into_bytes()).collect()
}

#[test]
fn the_roots_are_the_known_answers() {
    for (size, expected) in ROOTS.iter().enumerate() {
        let contents: Vec<Vec<u8>> = LEAVES[..size].iter().map(|leaf| leaf.to_vec()).collect();
        assert_eq!(hex(&Tree::of(&contents).frontier.root()), *expected);
    }
}

#[test]
fn roots_and_proofs_are_those_of_another_implementation() {
    for size in (1..40).chain([255, 256, 257, 511, 513, 700]) {
        let contents = numbered(size);
        let (ours, theirs) = (Tree::of(&contents), theirs(&contents));
        assert_eq!(ours.frontier.root().as_slice(), theirs.root().as_bytes().as_slice(), "{size}");
        for at in [0, size / 3, size / 2, size - 1] {
            let proof = ours.proof(path::inclusion(at as u64, size as u64).unwrap());
            assert_eq!(proof.concat(), theirs.prove_inclusion(at).as_bytes(), "{at} of {size}");
            let old = at as u64 + 1;
            let proof = ours.proof(path::consistency(old, size as u64).unwrap());
            assert_eq!(proof.concat(), theirs.prove_consistency(size - old as usize).as_bytes(), "{old} to {size}");
        }
    }
}

#[test]
fn tiles_end_where_256_and_65536_leaves_do() {
    let mut frontier = Frontier::default();
    let mut tiles = vec![];
    for n in 0..65_536_u32 {
        tiles.extend(frontier.push(leaf(&n.to_be_bytes())));
    }
    assert_eq!(tiles.len(), 257);
    assert_eq!(tiles[0].node, Node { level: 8, index: 0 });
    assert_eq!(tiles[255].node, Node { level: 8, index: 255 });
    assert_eq!((tiles[256].node, tiles[256].hash), (Node { level: 16, index: 0 }, frontier.root()));
}

#[test]
fn the_right_edge_reads_back_and_only_with_its_size() {
    let frontier = Tree::of(&numbered(11)).frontier;
    let bytes = frontier.to_bytes();
    assert_eq!(Frontier::from_bytes(11, &bytes).unwrap(), frontier);
    assert!(Frontier::from_bytes(12, &bytes).is_err() && Frontier::from_bytes(11, &bytes[1..]).is_err());
}

#[test]
fn a_proof_asked_for_outside_the_tree_does_not_exist() {
    assert!(path::inclusion(5, 5).is_none());
    assert!(path::consistency(0, 5).is_none() && path::consistency(6, 5).is_none());
    assert_eq!(path::check_inclusion([0; 32], (5, 5), &[], &[0; 32]), Err(Refuted::OutOfRange));
}

proptest! {
    #[test]
    fn what_is_in_the_tree_is_proved_and_nothing_else(size in 1_u64..300, at in any::<prop::sample::Index>(), bit in 0..256_usize) {
        let tree = Tree::of(&numbered(size as usize));
        let leaf = at.index(size as usize) as u64;
        let (hash, root) = (tree.leaves[leaf as usize], tree.frontier.root());
        let proof = tree.proof(path::inclusion(leaf, size).unwrap());
        prop_assert_eq!(path::check_inclusion(hash, (leaf, size), &proof, &root), Ok(()));
        let mut other = hash;
        other[bit / 8] ^= 1 << (bit % 8);
        prop_assert_eq!(path::check_inclusion(other, (leaf, size), &proof, &root), Err(Refuted::Root));
        if size > 1 {
            let elsewhere = (leaf + 1) % size;
            prop_assert!(path::check_inclusion(hash, (elsewhere, size), &proof, &root).is_err());
            prop_assert!(path::check_inclusion(hash, (leaf, size), &proof[1..], &root).is_err());
        }
    }

    #[test]
    fn a_tree_that_was_rewritten_is_not_consistent(size in 2_u64..300, at in any::<prop::sample::Index>()) {
        let tree = Tree::of(&numbered(size as usize));
        let old = at.index(size as usize - 1) as u64 + 1;
        let (before, root) = (tree.root_at(old), tree.frontier.root());
        let proof = tree.proof(path::consistency(old, size).unwrap());
        prop_assert_eq!(path::check_consistency((old, &before), (size, &root), &proof), Ok(()));
        let mut rewritten = numbered(size as usize);
        rewritten[0] = b"rewritten".to_vec();
        let other = Tree::of(&rewritten);
        let of_other = other.proof(path::consistency(old, size).unwrap());
        prop_assert!(path::check_consistency((old, &before), (size, &other.frontier.root()), &of_other).is_err());
        prop_assert!(path::check_consistency((old, &before), (size, &other.frontier.root()), &proof).is_err());
    }
}
