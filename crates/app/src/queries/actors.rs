//! Who asks.

use lienthong_domain::access::Actor;
use lienthong_domain::ids::ActorId;
use lienthong_persistence::actors;

use crate::app::App;
use crate::error::Error;

/// An actor with all it may do at this moment; `None` when it is unknown or disabled. Read for each request, so that a
/// demotion works at once.
///
/// # Errors
/// [`Error::Store`] when the database does not answer.
pub async fn find(app: &App, id: ActorId) -> Result<Option<Actor>, Error> {
    Ok(actors::find(app.store(), id).await?)
}
