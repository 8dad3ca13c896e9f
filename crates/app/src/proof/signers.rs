//! The signers of an import, which signs on the thread that prepares and not on the one that writes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::runtime::Handle;

use lienthong_domain::access::By;
use lienthong_domain::ids::SiteId;
use lienthong_domain::time::Timestamp;
use lienthong_persistence::{Record, Store};

use super::keys::{self, Signer};
use crate::app::App;
use crate::error::Error;
use crate::secrets::SealKey;

/// The signers asked for so far. A key that is replaced meanwhile signs on until the import ends.
pub(crate) struct Signers {
    store: Store,
    seal: Arc<SealKey>,
    by: By,
    /// Signs everything when nothing is kept.
    of_dry_run: Option<Signer>,
    known: Mutex<HashMap<SiteId, Signer>>,
    /// One thread at a time asks the database, so that a key is made once.
    asking: Mutex<()>,
    runtime: Handle,
}

impl Signers {
    pub(crate) fn new(app: &App, (by, dry_run): (By, bool), now: Timestamp) -> Result<Self, Error> {
        let of_dry_run = dry_run.then(|| Signer::of_nobody(now)).transpose()?;
        let (store, seal) = (app.store().clone(), Arc::clone(app.seal()));
        Ok(Self {
            store,
            seal,
            by,
            of_dry_run,
            known: Mutex::default(),
            asking: Mutex::default(),
            runtime: Handle::current(),
        })
    }

    /// The signer of a site that was asked for before.
    pub(crate) fn known(&self, site: SiteId) -> Option<Signer> {
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&site).cloned();
        self.of_dry_run.clone().or_else(known)
    }

    /// The signer of a site, from a thread that may wait for the database.
    pub(crate) fn of(&self, site: SiteId, now: Timestamp) -> Result<Signer, Error> {
        if let Some(known) = self.known(site) {
            return Ok(known);
        }
        let _asking = self.asking.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = self.known(site) {
            return Ok(known);
        }
        let signer = self.runtime.block_on(self.fetch(site, now))?;
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(site, signer.clone());
        Ok(signer)
    }

    async fn fetch(&self, site: SiteId, now: Timestamp) -> Result<Signer, Error> {
        let tx = self.store.begin().await?;
        let (signer, made) = keys::signer(&tx, &self.seal, (Some(site), self.by), now).await?;
        tx.commit(Record { changes: Vec::new(), audits: made.into_iter().collect() }).await?;
        Ok(signer)
    }
}
