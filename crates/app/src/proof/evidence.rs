//! What is handed to somebody who has to prove something: an edition with the signature of its site, and the acts on its
//! entry with the proof that each stands in the log. Checked without the database, and without this instance.

mod check;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use lienthong_domain::access::{Permit, act};
use lienthong_domain::entry::{Edition, EditionState, Entry, Signature};
use lienthong_domain::ids::{EntryId, KeyId, SiteId};
use lienthong_domain::time::Timestamp;
use lienthong_persistence::audits::{self, ActsOn};
use lienthong_persistence::signing_keys::{self, Key};
use lienthong_persistence::{documents, editions, entries, log};
use lienthong_proof::{hex, jws, path, sha256};

use super::{checkpoints, keys};
use crate::app::App;
use crate::error::Error;

pub use check::{Checked, check};

/// The form of a [`Pack`].
pub const PACK_SCHEMA: &str = "lienthong/evidence/1";

/// Acts in one pack, the latest ones.
const MOST_ACTS: u32 = 500;

/// An edition as its site signed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SignedEdition {
    /// What is signed: canonical JSON, byte for byte.
    pub payload: String,
    /// The detached JWS over it.
    pub jws: String,
    /// The public key.
    pub jwk: Value,
}

/// One act of the log, with the proof that it stands there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProvedAct {
    /// Its place, from 0.
    pub leaf: u64,
    /// What the leaf says: canonical JSON, byte for byte.
    pub content: String,
    /// The inclusion proof for the tree of the checkpoint, in hexadecimal.
    pub proof: Vec<String>,
}

/// All that is needed to check an edition without this instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Pack {
    /// [`PACK_SCHEMA`].
    pub schema: String,
    /// The edition.
    pub edition: SignedEdition,
    /// Where the edition stands and whose it is; its digest is the `after` of an act.
    pub record: String,
    /// The acts on the entry, the earliest first.
    pub acts: Vec<ProvedAct>,
    /// The signed state of the log that the proofs lead to.
    pub checkpoint: String,
    /// The public key of the log.
    pub log_key: Value,
}

/// The signature of the edition that is public.
///
/// # Errors
/// [`Error::NotFound`] for what is not public or is not signed; [`Error::Store`].
pub async fn signed(app: &App, id: EntryId) -> Result<SignedEdition, Error> {
    let entry = entries::find(app.store(), &lienthong_domain::access::SiteScope::Everywhere, id).await?;
    let entry = entry.ok_or(Error::NotFound("article"))?;
    let live = entry.live.as_ref().filter(|live| live.content.audience().is_public());
    signed_edition(app, &entry, live.ok_or(Error::NotFound("article"))?).await
}

/// The pack of an entry: its live edition, or the last that was.
///
/// # Errors
/// [`Error::NotFound`] outside the permit, or for an entry that was never published; [`Error::Store`].
pub async fn pack(app: &App, permit: &Permit<act::ReadAudit>, id: EntryId, now: Timestamp) -> Result<Pack, Error> {
    let entry = entries::find(app.store(), permit.scope(), id).await?.ok_or(Error::NotFound("article"))?;
    let edition = last_published(app, &entry).await?.ok_or(Error::NotFound("edition"))?;
    let (checkpoint, note) = checkpoints::current(app, now).await?;
    let log_keys = signing_keys::list(app.store(), Some(None)).await?;
    let log_key = log_keys.iter().find(|key| key.retired_at.is_none()).and_then(keys::jwk);
    let mut acts = audits::list(app.store(), ActsOn::Entry(id), (Some(checkpoint.size), MOST_ACTS)).await?;
    acts.reverse();
    let mut proved = Vec::with_capacity(acts.len());
    for audits::NamedAct { act, .. } in acts {
        let parts = path::inclusion(act.leaf, checkpoint.size).unwrap_or_default();
        let proof = log::hashes(app.store(), parts).await?;
        let proof = proof.iter().map(|hash| hex(hash)).collect();
        proved.push(ProvedAct { leaf: act.leaf, content: act.content(), proof });
    }
    Ok(Pack {
        schema: PACK_SCHEMA.to_owned(),
        edition: signed_edition(app, &entry, &edition).await?,
        record: documents::record(&entry, &edition),
        acts: proved,
        checkpoint: note,
        log_key: log_key.ok_or(Error::NotFound("signing key"))?,
    })
}

async fn last_published(app: &App, entry: &Entry) -> Result<Option<Edition>, Error> {
    if entry.live.is_some() {
        return Ok(entry.live.clone());
    }
    let all = editions::before(app.store(), entry, (u32::MAX >> 1, MOST_ACTS)).await?;
    let was = |edition: &Edition| edition.signature.is_some() && edition.state != EditionState::Superseded;
    Ok(all.into_iter().find(was))
}

async fn signed_edition(app: &App, entry: &Entry, edition: &Edition) -> Result<SignedEdition, Error> {
    let Signature { key, bytes, published_at, updated_at } = edition.signature.ok_or(Error::NotFound("signature"))?;
    let payload = documents::payload(entry, edition, (published_at, updated_at));
    let stored = key_of(app, entry.site, key).await?;
    let jwk = keys::jwk(&stored).ok_or_else(|| Error::Internal(format!("signing key {key} cannot be read")))?;
    Ok(SignedEdition { payload, jws: jws::detached(&keys::kid(Some(entry.site), key), &bytes), jwk })
}

async fn key_of(app: &App, site: SiteId, id: KeyId) -> Result<Key, Error> {
    let keys = signing_keys::list(app.store(), Some(Some(site))).await?;
    keys.into_iter().find(|key| key.id == id).ok_or(Error::NotFound("signing key"))
}

/// Digest of a text in hexadecimal.
fn digest_of(text: &str) -> String {
    hex(&sha256(text.as_bytes()))
}
