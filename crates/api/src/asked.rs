//! The request that is being answered, for whoever has to name it: errors to the client and lines of the log carry one id.

use std::future::Future;

use http::HeaderValue;

tokio::task_local! {
    static REQUEST: HeaderValue;
}

/// Answers the request of this id.
pub(crate) async fn answering<F: Future>(id: HeaderValue, work: F) -> F::Output {
    REQUEST.scope(id, work).await
}

/// Its `X-Request-Id`; none outside of [`answering`].
pub(crate) fn request_id() -> Option<String> {
    REQUEST.try_with(|id| id.to_str().ok().map(str::to_owned)).ok().flatten()
}
