//! A database of its own for each test, and who acts on it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use lienthong_app::{App, Keys};
use lienthong_domain::access::{Action, Actor, OwnOr, Permit};
use lienthong_domain::ids::ActorId;
use lienthong_domain::time::Timestamp;
use lienthong_persistence::{Location, Store};

pub(crate) async fn open(folder: &Path) -> Store {
    let store = Store::open(Location::File(folder.join("lienthong.db"))).await.unwrap();
    store.migrate().await.unwrap();
    store
}

pub(crate) async fn app(store: Store) -> Arc<App> {
    App::start(store, Keys::of_tests()).await.unwrap()
}

/// 08:00 on 15/01/2026 in Vietnam.
pub(crate) fn now() -> Timestamp {
    Timestamp::parse("2026-01-15T08:00:00+07:00").unwrap()
}

pub(crate) fn permit<A: Action>() -> Permit<A> {
    Actor::operator(ActorId::new(now())).permit::<A>().unwrap()
}

/// The same for what the operator has or has not written itself.
pub(crate) fn own_or<A: Action>() -> OwnOr<A> {
    Actor::operator(ActorId::new(now())).permit_or_own::<A>().unwrap()
}

/// The number of the last change.
pub(crate) async fn last_change(app: &App) -> i64 {
    app.store().head().await.unwrap().seq
}

/// A file of the data folder that may lie beside the checkout; `None` where it does not.
pub(crate) fn shared_data(name: &str) -> Option<PathBuf> {
    let crate_dir = Path::new(env!("CARGO_MANIFEST_DIR"));
    crate_dir.ancestors().map(|dir| dir.join("shared/data").join(name)).find(|path| path.is_file())
}
