//! The working parts behind the sockets: the application that follows the log, and what must be looked at again while
//! the server runs.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use lienthong_app::App;
use lienthong_app::search::{SearchIndex, SearchPlace};
use lienthong_app::secrets::{SealKey, Secrets};
use lienthong_app::tokens::Tokens;
use lienthong_persistence::{SchemaState, Store};

use super::interface::Keys;
use crate::config::Token;
use crate::database;
use crate::failure::Failure;
use crate::http::Health;

/// How often the schema and the secrets are looked at: another node may have changed both.
const REVIEW: Duration = Duration::from_secs(5);

/// A started node.
pub(super) struct Node {
    pub(super) tokens: Arc<Tokens>,
    pub(super) health: Health,
    store: Store,
    seal: Arc<SealKey>,
    schema: watch::Sender<SchemaState>,
    follower: Aborted,
}

/// A task that ends with its owner.
struct Aborted(JoinHandle<()>);

impl Node {
    /// Starts to follow the log of a database whose schema is current.
    pub(super) async fn start(
        names: &Token,
        store: Store,
        seal: SealKey,
        (search, stop): (&SearchPlace, CancellationToken),
    ) -> Result<Self, Failure> {
        let seal = Arc::new(seal);
        let secrets = Secrets::open(&store, &seal, database::now()).await?;
        let tokens = Arc::new(Tokens::new(&secrets, names.issuer.as_str(), names.audience.as_str()));
        let signing = lienthong_app::Keys { cursors: secrets.cursor_key(), seal: Arc::clone(&seal) };
        let search = SearchIndex::open(search).map_err(|error| Failure::new(error.to_string()))?;
        let app = App::start_with(store.clone(), signing, search).await?;
        let (schema, seen) = watch::channel(SchemaState::Current);
        let health = Health::new(Arc::clone(&app), seen, stop);
        let follower = Aborted(tokio::spawn(async move { app.follow().await }));
        Ok(Self { tokens, health, store, seal, schema, follower })
    }

    /// Looks again and again; returns only when the node can no longer do its work.
    pub(super) async fn run(&self) -> Failure {
        loop {
            tokio::time::sleep(REVIEW).await;
            if self.follower.0.is_finished() {
                return Failure::new("the task that follows the change log has ended");
            }
            if let Err(error) = self.review().await {
                tracing::warn!(%error, "the schema and the secrets cannot be looked at");
            }
        }
    }

    /// What signs tokens, and what seals secrets.
    pub(super) fn keys(&self) -> Keys {
        (Arc::clone(&self.tokens), Arc::clone(&self.seal))
    }

    /// Closes the database.
    pub(super) async fn close(self) -> Result<(), Failure> {
        let Self { store, follower, .. } = self;
        drop(follower);
        Ok(store.close().await?)
    }

    async fn review(&self) -> Result<(), Failure> {
        self.schema.send_replace(self.store.schema_state().await?);
        let secrets = Secrets::open(&self.store, &self.seal, database::now()).await?;
        self.tokens.renew(&secrets);
        self.health.app.renew_cursors(secrets.cursor_key());
        Ok(())
    }
}

impl Drop for Aborted {
    fn drop(&mut self) {
        self.0.abort();
    }
}
