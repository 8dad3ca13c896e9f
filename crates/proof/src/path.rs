//! Inclusion and consistency (RFC 6962 sections 2.1.1 and 2.1.2; verified as in RFC 9162 sections 2.1.3.2 and 2.1.4.2).
//!
//! A proof is made in two steps, so that the hashes can come from a database in between: first its parts as ranges of
//! leaves, each of which breaks down into complete subtrees, then the hash of each part.

use crate::Hash;
use crate::merkle::{self, Node};

/// A proof that does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refuted {
    /// A leaf or a size beyond the tree.
    #[error("the proof is for a leaf or a size that the tree does not have")]
    OutOfRange,
    /// Too many or too few hashes.
    #[error("the proof has another number of hashes than its place asks for")]
    Length,
    /// Another root.
    #[error("the proof leads to another root")]
    Root,
}

/// Leaves from the first to the one behind the last.
pub type Range = (u64, u64);

/// The parts of the inclusion proof for a leaf in the tree of the first `size` leaves, in the order of the proof; `None`
/// when the leaf is not in it.
pub fn inclusion(leaf: u64, size: u64) -> Option<Vec<Range>> {
    (leaf < size).then(|| {
        let mut parts = Vec::new();
        path((0, size), leaf, &mut parts);
        parts
    })
}

/// `PATH(m, D[n])`: the sibling on each step from the leaf to the root.
fn path((from, to): Range, leaf: u64, parts: &mut Vec<Range>) {
    if to - from <= 1 {
        return;
    }
    let middle = from + split(to - from);
    if leaf < middle {
        path((from, middle), leaf, parts);
        parts.push((middle, to));
    } else {
        path((middle, to), leaf, parts);
        parts.push((from, middle));
    }
}

/// The parts of the proof that the tree of the first `new` leaves begins with that of the first `old`; `None` unless
/// 0 < `old` ≤ `new`.
pub fn consistency(old: u64, new: u64) -> Option<Vec<Range>> {
    (0 < old && old <= new).then(|| {
        let mut parts = Vec::new();
        subproof((0, new), old, (true, &mut parts));
        parts
    })
}

/// `SUBPROOF(m, D[n], b)`, with `old` counted from the start of the tree.
fn subproof((from, to): Range, old: u64, (is_known, parts): (bool, &mut Vec<Range>)) {
    if old == to {
        if !is_known {
            parts.push((from, to));
        }
        return;
    }
    let middle = from + split(to - from);
    if old <= middle {
        subproof((from, middle), old, (is_known, parts));
        parts.push((middle, to));
    } else {
        subproof((middle, to), old, (false, parts));
        parts.push((from, middle));
    }
}

/// The largest power of two below `count`, which is at least 2.
const fn split(count: u64) -> u64 {
    1 << (count - 1).ilog2()
}

/// The complete subtrees that make up a range of a proof, from the left. [`combined`] gives its hash from theirs.
pub fn subtrees((mut from, to): Range) -> Vec<Node> {
    let mut nodes = Vec::new();
    while from < to {
        let level = from.trailing_zeros().min((to - from).ilog2());
        nodes.push(Node { level, index: from >> level });
        from += 1 << level;
    }
    nodes
}

/// The hash of a range from those of its [`subtrees`].
pub fn combined(hashes: &[Hash]) -> Hash {
    let mut from_the_right = hashes.iter().rev().copied();
    let Some(last) = from_the_right.next() else { return merkle::empty_root() };
    from_the_right.fold(last, |right, left| merkle::node(&left, &right))
}

/// Checks that the leaf with hash `hash` is number `leaf` of the tree of `size` leaves with this root.
///
/// # Errors
/// [`Refuted`] when it is not, or when the proof is not one for this place.
pub fn check_inclusion(hash: Hash, (leaf, size): (u64, u64), proof: &[Hash], root: &Hash) -> Result<(), Refuted> {
    if leaf >= size {
        return Err(Refuted::OutOfRange);
    }
    let (mut place, mut last, mut reached) = (leaf, size - 1, hash);
    for sibling in proof {
        if last == 0 {
            return Err(Refuted::Length);
        }
        if place % 2 == 1 || place == last {
            reached = merkle::node(sibling, &reached);
            let up = if place % 2 == 1 { 0 } else { place.trailing_zeros() };
            (place, last) = (place.unbounded_shr(up), last.unbounded_shr(up));
        } else {
            reached = merkle::node(&reached, sibling);
        }
        (place, last) = (place >> 1, last >> 1);
    }
    concluded(last, &[(reached, *root)])
}

/// Checks that the tree of `new` leaves begins with that of `old` leaves, by their roots.
///
/// # Errors
/// [`Refuted`] when it does not, or when the proof is not one for these sizes.
pub fn check_consistency(
    (old, old_root): (u64, &Hash),
    (new, new_root): (u64, &Hash),
    proof: &[Hash],
) -> Result<(), Refuted> {
    match (old, proof) {
        _ if old > new => return Err(Refuted::OutOfRange),
        (0, []) => return concluded(0, &[(merkle::empty_root(), *old_root)]),
        _ if old == new => return if proof.is_empty() { same(old_root, new_root) } else { Err(Refuted::Length) },
        (0, _) | (_, []) => return Err(Refuted::Length),
        _ => {}
    }
    let mut hashes = proof.iter();
    let first = if old.is_power_of_two() { Some(old_root) } else { hashes.next() };
    let first = *first.ok_or(Refuted::Length)?;
    let up = (old - 1).trailing_ones();
    let (mut place, mut last) = ((old - 1).unbounded_shr(up), (new - 1).unbounded_shr(up));
    let (mut of_old, mut of_new) = (first, first);
    for sibling in hashes {
        if last == 0 {
            return Err(Refuted::Length);
        }
        if place % 2 == 1 || place == last {
            (of_old, of_new) = (merkle::node(sibling, &of_old), merkle::node(sibling, &of_new));
            let up = if place % 2 == 1 { 0 } else { place.trailing_zeros() };
            (place, last) = (place.unbounded_shr(up), last.unbounded_shr(up));
        } else {
            of_new = merkle::node(&of_new, sibling);
        }
        (place, last) = (place >> 1, last >> 1);
    }
    concluded(last, &[(of_old, *old_root), (of_new, *new_root)])
}

fn same(one: &Hash, other: &Hash) -> Result<(), Refuted> {
    if one == other { Ok(()) } else { Err(Refuted::Root) }
}

/// The walk has to end at the root, and there with the hashes that were expected.
fn concluded(left: u64, reached: &[(Hash, Hash)]) -> Result<(), Refuted> {
    if left != 0 {
        return Err(Refuted::Length);
    }
    reached.iter().try_for_each(|(one, other)| same(one, other))
}
