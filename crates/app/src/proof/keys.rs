//! The keys that sign: one for what each site publishes, one for the states of the log. Made when they are first needed,
//! replaced and revoked by the operator, sealed under the key of the instance.

use std::sync::Arc;

use ed25519_dalek::SigningKey;

use lienthong_domain::access::{By, Operation, Permit, act};
use lienthong_domain::change::{Audit, Digest};
use lienthong_domain::entry::{Entry, RemarkText, Signature};
use lienthong_domain::ids::{KeyId, SiteId};
use lienthong_domain::time::Timestamp;
pub use lienthong_persistence::signing_keys::Key;
use lienthong_persistence::{Record, Store, Tx, documents, signing_keys, sites};
use lienthong_proof::jws;

use crate::error::Error;
use crate::secrets::{self, SealKey};

/// Signs for one site, or for the log.
#[derive(Clone)]
pub(crate) struct Signer {
    id: KeyId,
    kid: String,
    key: Arc<SigningKey>,
}

impl Signer {
    /// Signs the live edition of an entry that has just been published.
    pub(crate) fn sign(&self, entry: &mut Entry) {
        self.sign_and_digest(entry);
    }

    /// The same, and the digest of the signed edition for the log.
    pub(crate) fn sign_and_digest(&self, entry: &mut Entry) -> Option<Digest> {
        let (published_at, updated_at) = (entry.published_at?, entry.updated_at?);
        let live = entry.live.as_ref()?;
        let text = documents::text(entry, live);
        let payload = documents::payload_around(text.clone(), (entry, live), (published_at, updated_at));
        let bytes = jws::sign(&self.key, &self.kid, payload.as_bytes());
        let live = entry.live.as_mut()?;
        live.signature = Some(Signature { key: self.id, bytes, published_at, updated_at });
        Some(documents::digest_around(&text, live))
    }

    pub(crate) fn key(&self) -> &SigningKey {
        &self.key
    }

    /// A signer that nobody knows, for what will be taken back.
    pub(crate) fn of_nobody(now: Timestamp) -> Result<Self, Error> {
        let id = KeyId::new(now);
        Ok(Self { id, kid: kid(None, id), key: Arc::new(SigningKey::from_bytes(&*secrets::random_key()?)) })
    }

    /// Opens the private half.
    pub(crate) fn open(seal: &SealKey, stored: &Key) -> Result<Self, Error> {
        let broken = |what: &str| Error::Internal(format!("signing key {}: {what}", stored.id));
        let sealed = stored.sealed.as_deref().ok_or_else(|| broken("its private half is lost"))?;
        let key = SigningKey::from_bytes(&*seal.unseal_signing((stored.id, stored.site), sealed)?);
        if key.verifying_key().to_bytes() != stored.public {
            return Err(broken("its two halves do not fit each other"));
        }
        Ok(Self { id: stored.id, kid: kid(stored.site, stored.id), key: Arc::new(key) })
    }
}

/// The name of a key in signatures and key sets. No name of a token key looks like it.
pub fn kid(site: Option<SiteId>, id: KeyId) -> String {
    match site {
        Some(_) => format!("site-{id}"),
        None => format!("log-{id}"),
    }
}

/// Reads [`kid`].
pub fn named(kid: &str) -> Option<KeyId> {
    let id = kid.strip_prefix("site-").or_else(|| kid.strip_prefix("log-"))?;
    uuid::Uuid::try_parse(id).ok().map(KeyId::from_uuid)
}

/// Who signs for a site, or for the log, in this transaction. The first time a key is made, and that is an act.
pub(crate) async fn signer(
    tx: &Tx,
    seal: &SealKey,
    (site, by): (Option<SiteId>, By),
    now: Timestamp,
) -> Result<(Signer, Option<Audit>), Error> {
    if let Some(stored) = signing_keys::current(tx, site).await? {
        return Ok((Signer::open(seal, &stored)?, None));
    }
    let fresh = fresh(seal, site, now)?;
    if signing_keys::add(tx, &fresh).await? {
        return Ok((Signer::open(seal, &fresh)?, Some(audit(by, &fresh, "make", now))));
    }
    // Another node was first, and its transaction has ended by now.
    let stored = signing_keys::current(tx, site).await?.ok_or(Error::NotFound("signing key"))?;
    Ok((Signer::open(seal, &stored)?, None))
}

/// Signs the live edition of `entry` with the key of its site.
pub(crate) async fn sign_live(
    tx: &Tx,
    seal: &SealKey,
    (entry, by): (&mut Entry, By),
    now: Timestamp,
) -> Result<Option<Audit>, Error> {
    let (signer, made) = signer(tx, seal, (Some(entry.site), by), now).await?;
    signer.sign(entry);
    Ok(made)
}

/// Makes a new key for a site, or for the log. The one in use until now signs nothing new; what it signed stands.
///
/// # Errors
/// [`Error::NotFound`] for a site outside the permit; [`Error::Store`].
pub async fn rotate(
    (store, seal): (&Store, &SealKey),
    permit: &Permit<act::ManageKeys>,
    site: Option<SiteId>,
    now: Timestamp,
) -> Result<Key, Error> {
    let tx = store.begin().await?;
    within(&tx, permit, site).await?;
    signing_keys::retire(&tx, site, now).await?;
    let fresh = fresh(seal, site, now)?;
    if !signing_keys::add(&tx, &fresh).await? {
        return Err(Error::Internal("another node replaced the key at the same moment".to_owned()));
    }
    tx.commit(Record { changes: Vec::new(), audits: vec![audit(permit.by(), &fresh, "rotate to", now)] }).await?;
    Ok(fresh)
}

/// Marks a key as one that others may have. It signs nothing new; `verify` believes its signatures only where the log
/// holds them from before.
///
/// # Errors
/// [`Error::NotFound`] for a key that does not exist or belongs to a site outside the permit, [`Error::Invalid`] without a
/// reason; [`Error::Store`].
pub async fn revoke(
    store: &Store,
    permit: &Permit<act::ManageKeys>,
    (id, reason): (KeyId, &str),
    now: Timestamp,
) -> Result<Key, Error> {
    let reason = RemarkText::check("reason", reason).map_err(Error::Invalid)?;
    let tx = store.begin().await?;
    let key = signing_keys::find(&tx, id).await?.ok_or(Error::NotFound("signing key"))?;
    within(&tx, permit, key.site).await?;
    signing_keys::revoke(&tx, id, reason.as_str(), now).await?;
    let revoked = signing_keys::find(&tx, id).await?.ok_or(Error::NotFound("signing key"))?;
    let audits = vec![audit(permit.by(), &key, &format!("revoke ({})", reason.as_str()), now)];
    tx.commit(Record { changes: Vec::new(), audits }).await?;
    Ok(revoked)
}

/// The keys within a permit, the oldest first.
///
/// # Errors
/// [`Error::Store`].
pub async fn list(store: &Store, permit: &Permit<act::ManageKeys>) -> Result<Vec<Key>, Error> {
    let all = signing_keys::list(store, None).await?;
    Ok(all.into_iter().filter(|key| reaches(permit, key.site)).collect())
}

/// The public keys as members of a JWK set, with the site and what has become of each.
///
/// # Errors
/// [`Error::Store`].
pub async fn jwks(store: &Store) -> Result<Vec<serde_json::Value>, Error> {
    let keys = signing_keys::list(store, None).await?;
    Ok(keys.iter().filter_map(jwk).collect())
}

/// One public key as JWK.
pub fn jwk(key: &Key) -> Option<serde_json::Value> {
    let public = ed25519_dalek::VerifyingKey::from_bytes(&key.public).ok()?;
    let mut jwk = jws::jwk(&public, &kid(key.site, key.id));
    let members = jwk.as_object_mut()?;
    let mut tell = |name: &str, value: Option<String>| members.extend(value.map(|text| (name.to_owned(), text.into())));
    tell("lienthong_site", key.site.map(|site| site.to_string()));
    tell("lienthong_made_at", Some(key.created_at.to_string()));
    tell("lienthong_retired_at", key.retired_at.map(|at| at.to_string()));
    tell("lienthong_revoked_at", key.revoked_at.map(|at| at.to_string()));
    Some(jwk)
}

fn fresh(seal: &SealKey, site: Option<SiteId>, now: Timestamp) -> Result<Key, Error> {
    let id = KeyId::new(now);
    let secret = secrets::random_key()?;
    Ok(Key {
        id,
        site,
        public: SigningKey::from_bytes(&secret).verifying_key().to_bytes(),
        sealed: Some(seal.seal_signing((id, site), &secret)?),
        created_at: now,
        retired_at: None,
        revoked_at: None,
        reason: None,
    })
}

/// The key of the log belongs to no site: only who reaches the whole instance manages it.
fn reaches(permit: &Permit<act::ManageKeys>, site: Option<SiteId>) -> bool {
    match site {
        Some(site) => permit.scope().contains(site),
        None => *permit.scope() == lienthong_domain::access::SiteScope::Everywhere,
    }
}

async fn within(tx: &Tx, permit: &Permit<act::ManageKeys>, site: Option<SiteId>) -> Result<(), Error> {
    if !reaches(permit, site) {
        return Err(Error::NotFound("site"));
    }
    match site {
        Some(id) if sites::find(tx, id).await?.is_none() => Err(Error::NotFound("site")),
        _ => Ok(()),
    }
}

/// The public half goes into the note, and with it into the log: a key that was put in later is found out.
fn audit(by: By, key: &Key, what: &str, now: Timestamp) -> Audit {
    Audit {
        by,
        operation: Operation::ManageKeys,
        site: key.site,
        entry: None,
        edition: None,
        note: note(key, what),
        matter: None,
        after: None,
        at: now,
    }
}

fn note(key: &Key, what: &str) -> String {
    format!("{what} {} {}", kid(key.site, key.id), lienthong_proof::hex(&key.public))
}
