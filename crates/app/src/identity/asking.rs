//! The client as the protocol's crate wants it: with a named future, which stays `Send` through all its layers.

use std::future::Future;
use std::pin::Pin;

use lienthong_outbound::{Client, Error};
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};

/// Asks a provider. Redirects are not followed, as the crate demands: they could lead codes and secrets elsewhere.
pub(super) struct Asking(pub(super) Client);

impl<'c> AsyncHttpClient<'c> for Asking {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Error>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.0.send(request))
    }
}
