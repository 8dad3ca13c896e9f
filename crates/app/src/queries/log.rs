//! Proofs of the log of acts. What acts say is not in them.

use lienthong_persistence::log;
use lienthong_proof::{hex, path};

use crate::app::App;
use crate::error::Error;

/// A proof, in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// Number of leaves of the tree that it leads to.
    pub size: u64,
    /// Root of that tree.
    pub root: String,
    /// Its hashes, in the order of RFC 6962.
    pub proof: Vec<String>,
}

/// The proof that a leaf stands in the log of the first `size` leaves.
///
/// # Errors
/// [`Error::NotFound`] when there are not so many; [`Error::Store`].
pub async fn inclusion(app: &App, leaf: u64, size: u64) -> Result<Proof, Error> {
    proof(app, size, path::inclusion(leaf, size)).await
}

/// The proof that the log of the first `to` leaves begins with that of the first `from`.
///
/// # Errors
/// As [`inclusion`].
pub async fn consistency(app: &App, from: u64, to: u64) -> Result<Proof, Error> {
    proof(app, to, path::consistency(from, to)).await
}

async fn proof(app: &App, size: u64, parts: Option<Vec<path::Range>>) -> Result<Proof, Error> {
    let parts = parts.filter(|_| size <= i64::MAX.unsigned_abs()).ok_or(Error::NotFound("leaf"))?;
    if log::head(app.store()).await?.size < size {
        return Err(Error::NotFound("leaf"));
    }
    let hashes = log::hashes(app.store(), parts).await?;
    let root = log::root_at(app.store(), size).await?;
    Ok(Proof { size, root: hex(&root), proof: hashes.iter().map(|hash| hex(hash)).collect() })
}
