//! The tree of RFC 6962 section 2.1, grown leaf by leaf, with the hashes of its complete 256-leaf subtrees kept so that
//! proofs need not read all leaves (the tiles of C2SP `tlog-tiles`, height 8).

use sha2::{Digest as _, Sha256};

use crate::Hash;

/// Levels of the tree in one tile.
pub const TILE_HEIGHT: u32 = 8;

/// The hash of a leaf: `SHA-256(0x00 ‖ content)`.
pub fn leaf(content: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(content).finalize().into()
}

/// The hash of an inner node: `SHA-256(0x01 ‖ left ‖ right)`.
pub fn node(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// The root of the empty tree: the digest of nothing.
pub fn empty_root() -> Hash {
    crate::sha256(b"")
}

/// A complete subtree: its 2^`level` leaves begin at `index` · 2^`level`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Node {
    /// 0 for a leaf.
    pub level: u32,
    /// Counted from the left among the subtrees of this level.
    pub index: u64,
}

impl Node {
    /// The leaves below: the first, and the one behind the last.
    pub const fn leaves(self) -> (u64, u64) {
        (self.index << self.level, (self.index + 1) << self.level)
    }
}

/// A subtree of 256, 65,536 … leaves that an append completed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tile {
    /// Where it stands; its level is a multiple of [`TILE_HEIGHT`] and not 0.
    pub node: Node,
    /// Its hash.
    pub hash: Hash,
}

/// The right edge of a tree: all that appending needs to know of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    /// Hashes of the complete subtrees that make up the tree, the largest first.
    peaks: Vec<Hash>,
}

/// Bytes that are not the right edge of a tree of that size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the right edge of a tree of {0} leaves has another length")]
pub struct NotAFrontier(u64);

impl Frontier {
    /// Reads [`Frontier::to_bytes`] for a tree of `size` leaves.
    ///
    /// # Errors
    /// [`NotAFrontier`] when the length does not fit the size.
    pub fn from_bytes(size: u64, bytes: &[u8]) -> Result<Self, NotAFrontier> {
        let (peaks, rest) = bytes.as_chunks::<32>();
        if !rest.is_empty() || peaks.len() != size.count_ones() as usize {
            return Err(NotAFrontier(size));
        }
        Ok(Self { size, peaks: peaks.to_vec() })
    }

    /// The peaks, one after the other.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.peaks.concat()
    }

    /// Number of leaves.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf, and returns the tiles that it completes, the smallest first.
    pub fn push(&mut self, leaf: Hash) -> Vec<Tile> {
        let mut tiles = Vec::new();
        let mut hash = leaf;
        // As many subtrees on the right edge end here as the number of leaves before has ones at its end.
        for level in 1..=self.size.trailing_ones() {
            let Some(left) = self.peaks.pop() else { break };
            hash = node(&left, &hash);
            if level.is_multiple_of(TILE_HEIGHT) {
                tiles.push(Tile { node: Node { level, index: self.size >> level }, hash });
            }
        }
        self.peaks.push(hash);
        self.size += 1;
        tiles
    }

    /// The root.
    pub fn root(&self) -> Hash {
        let mut from_the_right = self.peaks.iter().rev().copied();
        let Some(last) = from_the_right.next() else { return empty_root() };
        from_the_right.fold(last, |right, left| node(&left, &right))
    }
}
