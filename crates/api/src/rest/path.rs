//! Parts of the address.

use axum::extract::FromRequestParts;
use axum::extract::rejection::PathRejection;
use lienthong_app::ErrorCode;

use crate::problem::Problem;

/// The variable parts of the address, percent-decoded. What cannot be decoded names nothing that exists.
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(Problem))]
pub(crate) struct PathOf<T>(pub(crate) T);

impl From<PathRejection> for Problem {
    fn from(_: PathRejection) -> Self {
        Self::of(ErrorCode::NotFound)
    }
}

/// The problem of an address that names nothing.
pub(crate) fn not_found(what: &'static str) -> Problem {
    lienthong_app::Error::NotFound(what).into()
}
