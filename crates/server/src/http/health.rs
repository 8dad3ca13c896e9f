//! `/livez`: the process answers. `/readyz`: it can do its work.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderName, StatusCode, header};
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use lienthong_app::App;
use lienthong_persistence::SchemaState;

/// For the database to answer.
const PATIENCE: Duration = Duration::from_secs(2);
/// How far this node may be behind the log.
const LARGEST_LAG: Duration = Duration::from_secs(5);
/// Probes want to know of now.
const NO_STORE: (HeaderName, &str) = (header::CACHE_CONTROL, "no-store");

/// What decides whether this node should get requests.
#[derive(Clone)]
pub(crate) struct Health {
    pub(crate) app: Arc<App>,
    /// As it was when last looked at.
    pub(crate) schema: watch::Receiver<SchemaState>,
    pub(crate) stop: CancellationToken,
}

/// The answer of `/readyz`.
#[derive(Debug, Serialize, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is an answer of its own, read by people and probes")]
struct Readiness {
    ready: bool,
    database: bool,
    schema: bool,
    log: bool,
    stopping: bool,
}

/// Both pages.
pub(super) fn routes(health: Health) -> Router {
    Router::new()
        .route("/livez", get(|| async { ([NO_STORE], "ok\n") }))
        .route("/readyz", get(readyz))
        .with_state(health)
}

async fn readyz(State(health): State<Health>) -> (StatusCode, [(HeaderName, &'static str); 1], Json<Readiness>) {
    let readiness = health.look().await;
    let status = if readiness.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, [NO_STORE], Json(readiness))
}

impl Health {
    async fn look(&self) -> Readiness {
        let database = matches!(tokio::time::timeout(PATIENCE, self.app.store().head()).await, Ok(Ok(_)));
        let schema = *self.schema.borrow() == SchemaState::Current;
        let log = self.app.freshness().lag() < LARGEST_LAG;
        let stopping = self.stop.is_cancelled();
        Readiness { ready: database && schema && log && !stopping, database, schema, log, stopping }
    }
}

#[cfg(test)]
mod tests {
    use lienthong_app::Keys;
    use lienthong_persistence::{Location, Store};

    use super::*;

    #[tokio::test]
    async fn a_node_is_ready_until_its_schema_is_not_its_own_or_it_stops() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(Location::File(folder.path().join("lienthong.db"))).await.unwrap();
        store.migrate().await.unwrap();
        let app = App::start(store, Keys::of_tests()).await.unwrap();
        let (schema, seen) = watch::channel(SchemaState::Current);
        let health = Health { app, schema: seen, stop: CancellationToken::new() };
        let good = Readiness { ready: true, database: true, schema: true, log: true, stopping: false };
        assert_eq!(health.look().await, good);
        schema.send_replace(SchemaState::Newer);
        assert_eq!(health.look().await, Readiness { ready: false, schema: false, ..good });
        schema.send_replace(SchemaState::Current);
        health.stop.cancel();
        let stopping = Readiness { ready: false, database: true, schema: true, log: true, stopping: true };
        assert_eq!(health.look().await, stopping);
    }
}
