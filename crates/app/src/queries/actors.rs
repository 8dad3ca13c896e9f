//! Who asks.

use lienthong_domain::time::Timestamp;
use lienthong_persistence::actors;
pub use lienthong_persistence::actors::{Bearer, Found};

use crate::app::App;
use crate::error::Error;

/// An actor with all it may do at this moment; `None` when it is unknown or disabled, or its token taken back. Read for
/// each request, so that a demotion works at once.
///
/// # Errors
/// [`Error::Store`] when the database does not answer.
pub async fn find(app: &App, bearer: Bearer, now: Timestamp) -> Result<Option<Found>, Error> {
    Ok(actors::find(app.store(), bearer, now).await?)
}
