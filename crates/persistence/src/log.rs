//! The log of acts as a Merkle tree (RFC 6962): how it grows, and the hashes that its proofs are made of.
//!
//! The head of the change log holds the number of leaves and the right edge of the tree; raising it is what orders the
//! leaves of concurrent transactions, as it orders changes. Of the inner nodes only those over 256, 65,536 … leaves are
//! kept (`audit_tile`): a proof computes the others from at most 256 hashes each.

use std::collections::HashMap;

use sea_orm::Set;

use lienthong_domain::change::{Digest, LogPosition};
use lienthong_domain::time::Timestamp;
use lienthong_proof::merkle::{Frontier, Node, TILE_HEIGHT, Tile};
use lienthong_proof::path::{self, Range};

use crate::audits::{self, Act};
use crate::entity::{audit, audit_tile};
use crate::error::Error;
use crate::row::{Columns, FromRow};
use crate::sql::Sql;
use crate::store::{Store, Tx};

/// The state of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeHead {
    /// Number of leaves.
    pub size: u64,
    /// Root over them.
    pub root: Digest,
}

/// A signed state of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Number of leaves.
    pub size: u64,
    /// The signed note.
    pub note: String,
    /// When it was signed.
    pub at: Timestamp,
}

/// The head after it was raised for a transaction.
pub(crate) struct Head {
    pub(crate) position: LogPosition,
    leaves: i64,
    frontier: Option<Vec<u8>>,
}

/// What a transaction adds to the tree.
pub(crate) struct Growth {
    pub(crate) acts: Vec<audit::ActiveModel>,
    pub(crate) tiles: Vec<audit_tile::ActiveModel>,
    /// Writes the new right edge.
    pub(crate) edge: Sql,
}

/// Reserves the numbers of changes and leaves; its row is a [`Head`]. From here on this transaction stands before every
/// other one that has not come this far.
pub(crate) fn raise(changes: usize, acts: usize) -> Sql {
    let sql = Sql::new(
        "UPDATE change_head SET seq = seq + $1, leaves = leaves + $2 WHERE id = 1 RETURNING epoch, seq, leaves, frontier",
    );
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    sql.value(count(changes)).value(count(acts))
}

/// What [`raise`] answered.
pub(crate) fn raised(rows: Vec<Head>) -> Result<Head, Error> {
    rows.into_iter().next().ok_or_else(|| Error::corrupt("change_head", "it is empty"))
}

/// Makes the last leaves of the acts.
pub(crate) fn grow(head: &Head, acts: Vec<Act>) -> Result<Growth, Error> {
    let first = head.leaves.cast_unsigned().saturating_sub(acts.len() as u64);
    let mut frontier = frontier(first, head.frontier.as_deref())?;
    let mut tiles = Vec::new();
    let mut rows = Vec::with_capacity(acts.len());
    for act in acts {
        let leaf = frontier.size();
        tiles.extend(frontier.push(act.hash));
        rows.push(audits::row(Act { leaf, ..act }));
    }
    let edge = Sql::new("UPDATE change_head SET frontier = $1 WHERE id = 1").value(frontier.to_bytes());
    Ok(Growth { acts: rows, tiles: tiles.into_iter().map(tile_row).collect(), edge })
}

/// The number of leaves and the root, as the head tells them.
///
/// # Errors
/// When the database does not answer, or the head does not fit together.
pub async fn head(store: &Store) -> Result<TreeHead, Error> {
    let sql = Sql::new("SELECT epoch, seq, leaves, frontier FROM change_head WHERE id = 1");
    let head = raised(store.reader.all(sql).await?)?;
    let size = head.leaves.cast_unsigned();
    Ok(TreeHead { size, root: frontier(size, head.frontier.as_deref())?.root() })
}

/// The root over the first `size` leaves.
///
/// # Errors
/// When the database does not answer or a hash is missing.
pub async fn root_at(store: &Store, size: u64) -> Result<Digest, Error> {
    let mut hashes = hashes(store, vec![(0, size)]).await?;
    hashes.pop().ok_or_else(|| Error::corrupt("audit", "the log is empty"))
}

/// The hashes of these parts of a proof, in their order.
///
/// # Errors
/// When the database does not answer or a hash is missing.
pub async fn hashes(store: &Store, parts: Vec<Range>) -> Result<Vec<Digest>, Error> {
    let mut rows = Rows { store, read: HashMap::new() };
    let mut hashes = Vec::with_capacity(parts.len());
    for part in parts {
        let mut subtrees = Vec::new();
        for node in path::subtrees(part) {
            subtrees.push(rows.hash(node).await?);
        }
        hashes.push(path::combined(&subtrees));
    }
    Ok(hashes)
}

/// The acts from leaf `from` on, at most `limit`, as this transaction sees them.
///
/// # Errors
/// When the database does not answer.
pub async fn acts(tx: &Tx, from: u64, limit: u32) -> Result<Vec<Act>, Error> {
    let sql = format!("SELECT {} FROM audit a WHERE a.leaf >= $1 ORDER BY a.leaf LIMIT $2", audits::COLUMNS);
    tx.all(Sql::new(sql).value(from.cast_signed()).value(i64::from(limit))).await
}

/// The act at one leaf.
///
/// # Errors
/// When the database does not answer.
pub async fn act(store: &Store, leaf: u64) -> Result<Option<Act>, Error> {
    let sql = format!("SELECT {} FROM audit a WHERE a.leaf = $1", audits::COLUMNS);
    store.reader.first(Sql::new(sql).value(leaf.cast_signed())).await
}

/// The tiles of one level, from number `from` on, at most `limit`, as this transaction sees them.
///
/// # Errors
/// When the database does not answer.
pub async fn tiles(tx: &Tx, (level, from): (u32, u64), limit: u32) -> Result<Vec<Tile>, Error> {
    let sql = Sql::new(
        "SELECT level, number, hash FROM audit_tile WHERE level = $1 AND number >= $2 ORDER BY number LIMIT $3",
    );
    tx.all(sql.value(level.cast_signed()).value(from.cast_signed()).value(i64::from(limit))).await
}

/// The number of leaves, and the right edge of the tree, as the head tells them in this transaction.
///
/// # Errors
/// When the database does not answer.
pub async fn edge(tx: &Tx) -> Result<(u64, Vec<u8>), Error> {
    let sql = Sql::new("SELECT epoch, seq, leaves, frontier FROM change_head WHERE id = 1");
    let head = raised(tx.all(sql).await?)?;
    Ok((head.leaves.cast_unsigned(), head.frontier.unwrap_or_default()))
}

/// How many tiles are kept.
///
/// # Errors
/// When the database does not answer.
pub async fn count_tiles(tx: &Tx) -> Result<u64, Error> {
    let rows: Vec<i64> = tx.all(Sql::new("SELECT COUNT(*) FROM audit_tile")).await?;
    Ok(rows.first().copied().unwrap_or_default().cast_unsigned())
}

/// Keeps a signed state. One of the same size that is there already stays.
///
/// # Errors
/// When the database refuses.
pub async fn keep(tx: &Tx, kept: &Kept) -> Result<(), Error> {
    let sql = Sql::new("INSERT INTO checkpoint (size, note, at) VALUES ($1, $2, $3) ON CONFLICT (size) DO NOTHING");
    let sql = sql.value(kept.size.cast_signed()).value(kept.note.clone()).value(kept.at.as_micros());
    tx.execute(sql).await?;
    Ok(())
}

/// The signed states behind `after` leaves, the smallest first, at most `limit`, as this transaction sees them.
///
/// # Errors
/// When the database does not answer.
pub async fn kept(tx: &Tx, after: Option<u64>, limit: u32) -> Result<Vec<Kept>, Error> {
    let sql = Sql::new("SELECT size, note, at FROM checkpoint WHERE size > $1 ORDER BY size LIMIT $2");
    let after = after.map_or(-1, u64::cast_signed);
    tx.all(sql.value(after).value(i64::from(limit))).await
}

/// The signed state over most leaves.
///
/// # Errors
/// When the database does not answer.
pub async fn last_kept(store: &Store) -> Result<Option<Kept>, Error> {
    store.reader.first(Sql::new("SELECT size, note, at FROM checkpoint ORDER BY size DESC LIMIT 1")).await
}

fn frontier(size: u64, bytes: Option<&[u8]>) -> Result<Frontier, Error> {
    let bytes = bytes.unwrap_or_default();
    Frontier::from_bytes(size, bytes).map_err(|error| Error::corrupt("change_head", error))
}

fn tile_row(tile: Tile) -> audit_tile::ActiveModel {
    let Tile { node: Node { level, index }, hash } = tile;
    audit_tile::ActiveModel {
        level: Set(level.cast_signed()),
        number: Set(index.cast_signed()),
        hash: Set(hash.to_vec()),
    }
}

/// The stored hashes that a proof has looked at: 256 of one level at a time.
struct Rows<'a> {
    store: &'a Store,
    read: HashMap<Node, Vec<Digest>>,
}

impl Rows<'_> {
    /// The hash of a complete subtree, from the stored hashes below it.
    async fn hash(&mut self, node: Node) -> Result<Digest, Error> {
        let base = node.level / TILE_HEIGHT * TILE_HEIGHT;
        let count = 1_u64 << (node.level - base);
        let first = node.index * count;
        let group = Node { level: base, index: first >> TILE_HEIGHT };
        if !self.read.contains_key(&group) {
            let hashes = stored(self.store, group).await?;
            self.read.insert(group, hashes);
        }
        let from = usize::try_from(first % (1 << TILE_HEIGHT)).unwrap_or_default();
        let to = from + usize::try_from(count).unwrap_or_default();
        let below = self.read.get(&group).and_then(|hashes| hashes.get(from..to));
        let below = below.ok_or_else(|| Error::corrupt("audit", format!("the hashes below {node:?} are not there")))?;
        let mut subtree = Frontier::default();
        for hash in below {
            subtree.push(*hash);
        }
        Ok(subtree.root())
    }
}

/// The 256 stored hashes of a level that begin at 256 · `group.index`, or as many as there are without a gap.
async fn stored(store: &Store, group: Node) -> Result<Vec<Digest>, Error> {
    let from = (group.index << TILE_HEIGHT).cast_signed();
    let to = from + (1 << TILE_HEIGHT);
    let sql = if group.level == 0 {
        Sql::new("SELECT leaf, hash FROM audit WHERE leaf >= $1 AND leaf < $2 ORDER BY leaf").value(from).value(to)
    } else {
        let sql =
            "SELECT number, hash FROM audit_tile WHERE number >= $1 AND number < $2 AND level = $3 ORDER BY number";
        Sql::new(sql).value(from).value(to).value(group.level.cast_signed())
    };
    let rows: Vec<Stored> = store.reader.all(sql).await?;
    let in_a_row = (from..).zip(rows).take_while(|(number, row)| *number == row.0);
    Ok(in_a_row.map(|(_, row)| row.1).collect())
}

struct Stored(i64, Digest);

impl FromRow for Stored {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        Ok(Self(columns.take()?, audits::digest(columns.take()?)))
    }
}

impl FromRow for Head {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        let position = LogPosition::from_row(columns)?;
        Ok(Self { position, leaves: columns.take()?, frontier: columns.take()? })
    }
}

impl FromRow for Tile {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        let level = columns.take::<i32>()?.cast_unsigned();
        let node = Node { level, index: columns.take::<i64>()?.cast_unsigned() };
        Ok(Self { node, hash: audits::digest(columns.take()?) })
    }
}

impl FromRow for Kept {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        let size = columns.take::<i64>()?.cast_unsigned();
        Ok(Self { size, note: columns.take()?, at: Timestamp::from_micros(columns.take()?) })
    }
}
