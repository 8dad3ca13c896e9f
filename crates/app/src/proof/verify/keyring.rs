//! The public keys, as far as they can be believed: those whose private half opens under the seal of the instance, and
//! whose making stands in the log.

use std::collections::HashMap;

use ed25519_dalek::VerifyingKey;

use lienthong_domain::ids::{KeyId, SiteId};
use lienthong_persistence::Tx;
use lienthong_persistence::signing_keys::{self, Key};
use lienthong_proof::hex;

use super::Report;
use super::leaves::Leaves;
use crate::error::Error;
use crate::proof::checkpoints;
use crate::proof::keys::{Signer, kid};
use crate::secrets::SealKey;

pub(super) struct Keyring {
    keys: HashMap<KeyId, Known>,
    /// The name of the log.
    pub(super) origin: Option<String>,
}

struct Known {
    stored: Key,
    public: VerifyingKey,
    /// The leaf of its revocation, from which on nothing it signs is believed.
    revoked_at: Option<u64>,
}

impl Keyring {
    pub(super) async fn read(tx: &Tx, seal: &SealKey, report: &mut Report) -> Result<Self, Error> {
        let stored = signing_keys::all(tx).await?;
        let origin = checkpoints::origin(&stored);
        let mut keys = HashMap::new();
        for key in stored {
            // A key whose seal was lost is believed for the sake of the log, which names it.
            let opens = key.sealed.is_none() || Signer::open(seal, &key).is_ok();
            match VerifyingKey::from_bytes(&key.public) {
                Ok(public) if opens => {
                    keys.insert(key.id, Known { stored: key, public, revoked_at: None });
                }
                _ => report.found("signing_key", key.id, "was not made by this instance, or was changed"),
            }
        }
        Ok(Self { keys, origin })
    }

    /// The keys of the log.
    pub(super) fn of_log(&self) -> Vec<VerifyingKey> {
        self.keys.values().filter(|known| known.stored.site.is_none()).map(|known| known.public).collect()
    }

    /// The key of a site, and the leaf from which on it is not believed.
    pub(super) fn of_site(&self, site: SiteId, id: KeyId) -> Option<(&VerifyingKey, String, Option<u64>)> {
        let known = self.keys.get(&id).filter(|known| known.stored.site == Some(site))?;
        Some((&known.public, kid(Some(site), id), known.revoked_at))
    }

    /// Takes what the log says of keys into account, and tells where the table says something else.
    pub(super) fn compare(&mut self, leaves: &Leaves, report: &mut Report) {
        self.keys.retain(|id, known| {
            let name = kid(known.stored.site, *id);
            let is_in_log = leaves.keys_made.get(&name).is_some_and(|public| *public == hex(&known.stored.public));
            if !is_in_log {
                report.found("signing_key", id, "no act in the log made it");
            }
            known.revoked_at = leaves.keys_revoked.get(&name).copied();
            if known.revoked_at.is_some() != known.stored.revoked_at.is_some() {
                report.found("signing_key", id, "column revoked_at: the log says otherwise");
            }
            is_in_log
        });
        for name in leaves.keys_made.keys() {
            if !self.keys.iter().any(|(id, known)| kid(known.stored.site, *id) == *name) {
                report.found(
                    "signing_key",
                    name,
                    "the log has it, and the table does not, or holds another in its place",
                );
            }
        }
    }
}
