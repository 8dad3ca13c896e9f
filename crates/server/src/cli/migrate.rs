//! `lienthong migrate`.

use super::Place;
use super::output::line;
use crate::database;
use crate::failure::{Failure, Outcome};

pub(super) async fn run(place: &Place) -> Result<Outcome, Failure> {
    let config = place.settings()?;
    let folder = place.folder()?;
    let store = database::open(&config, &folder).await?;
    // A running server works with the schema it was built for.
    let _lock = if database::is_sqlite(&config) { Some(folder.lock()?) } else { None };
    database::prepare(&store, true).await?;
    store.close().await?;
    line("the schema is up to date");
    Ok(Outcome::Done)
}
