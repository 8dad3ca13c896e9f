//! `/livez`: the process answers. `/readyz`: it can do its work.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderName, StatusCode, header};
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;
use tokio::sync::{Mutex, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use lienthong_app::App;
use lienthong_persistence::SchemaState;

/// For the database to answer.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long it counts what the database has answered: probes come unasked, past every limit, and must not be a way to keep
/// it busy.
const ASKED_EVERY: Duration = Duration::from_secs(1);
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
    database: Verdict,
}

/// What the last caller who asked was told, and when. Whoever comes while somebody asks waits for that answer.
#[derive(Clone, Default)]
struct Verdict(Arc<Mutex<Option<(bool, Instant)>>>);

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
    pub(crate) fn new(app: Arc<App>, schema: watch::Receiver<SchemaState>, stop: CancellationToken) -> Self {
        Self { app, schema, stop, database: Verdict::default() }
    }

    /// Only the database is asked; what the process knows itself is always of now.
    async fn look(&self) -> Readiness {
        let app = Arc::clone(&self.app);
        let ask = async move { matches!(tokio::time::timeout(PATIENCE, app.store().head()).await, Ok(Ok(_))) };
        let database = self.database.of(ask).await;
        let schema = *self.schema.borrow() == SchemaState::Current;
        let log = self.app.freshness().lag() < LARGEST_LAG;
        let stopping = self.stop.is_cancelled();
        Readiness { ready: database && schema && log && !stopping, database, schema, log, stopping }
    }
}

impl Verdict {
    /// The verdict of less than [`ASKED_EVERY`] ago, or else what `ask` says now. That runs to its end even when the caller
    /// goes away: or whoever hangs up at once could have it begun again and again.
    async fn of(&self, ask: impl Future<Output = bool> + Send + 'static) -> bool {
        let mut last = Arc::clone(&self.0).lock_owned().await;
        if let Some((said, _)) = last.filter(|(_, at)| at.elapsed() < ASKED_EVERY) {
            return said;
        }
        let asked = tokio::spawn(async move {
            let said = ask.await;
            *last = Some((said, Instant::now()));
            said
        });
        asked.await.unwrap_or(false)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use lienthong_app::Keys;
    use lienthong_persistence::{Location, Store};
    use tokio::task::JoinSet;

    use super::*;

    async fn node(folder: &tempfile::TempDir) -> Arc<App> {
        let store = Store::open(Location::File(folder.path().join("lienthong.db"))).await.unwrap();
        store.migrate().await.unwrap();
        App::start(store, Keys::of_tests()).await.unwrap()
    }

    #[tokio::test]
    async fn a_node_is_ready_until_its_schema_is_not_its_own_or_it_stops() {
        let folder = tempfile::tempdir().unwrap();
        let app = node(&folder).await;
        let (schema, seen) = watch::channel(SchemaState::Current);
        let health = Health::new(app, seen, CancellationToken::new());
        let good = Readiness { ready: true, database: true, schema: true, log: true, stopping: false };
        assert_eq!(health.look().await, good);
        schema.send_replace(SchemaState::Newer);
        assert_eq!(health.look().await, Readiness { ready: false, schema: false, ..good });
        schema.send_replace(SchemaState::Current);
        health.stop.cancel();
        let stopping = Readiness { ready: false, database: true, schema: true, log: true, stopping: true };
        assert_eq!(health.look().await, stopping);
    }

    #[tokio::test]
    async fn the_database_is_asked_once_a_second_however_many_probes_come() {
        let folder = tempfile::tempdir().unwrap();
        let app = node(&folder).await;
        let (_schema, seen) = watch::channel(SchemaState::Current);
        let health = Health::new(Arc::clone(&app), seen, CancellationToken::new());
        let before = app.store().statements();
        assert!(health.look().await.database);
        let asked = app.store().statements();
        assert!(asked > before);
        // Nothing waits for a timer while the clock stands still, so that it does not go on by itself.
        tokio::time::pause();
        for _ in 0..100 {
            assert!(health.look().await.database);
        }
        assert_eq!(app.store().statements(), asked);
        tokio::time::advance(ASKED_EVERY).await;
        tokio::time::resume();
        assert!(health.look().await.database);
        assert!(app.store().statements() > asked);
    }

    #[tokio::test(start_paused = true)]
    async fn callers_at_once_ask_once_and_those_who_go_away_begin_nothing_anew() {
        let (verdict, begun) = (Verdict::default(), Arc::new(AtomicUsize::new(0)));
        let slow = || {
            let begun = Arc::clone(&begun);
            async move {
                begun.fetch_add(1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(500)).await;
                true
            }
        };
        for _ in 0..10 {
            let impatient = tokio::time::timeout(Duration::from_millis(10), verdict.of(slow()));
            assert!(impatient.await.is_err());
        }
        let mut callers = JoinSet::new();
        for _ in 0..100 {
            let (verdict, ask) = (verdict.clone(), slow());
            callers.spawn(async move { verdict.of(ask).await });
        }
        assert!(callers.join_all().await.into_iter().all(|said| said));
        assert_eq!(begun.load(Ordering::SeqCst), 1);
        tokio::time::advance(ASKED_EVERY).await;
        assert!(!verdict.of(async { false }).await, "an old verdict is none");
    }
}
