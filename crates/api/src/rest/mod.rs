//! REST: the nouns of the GraphQL schema under plain addresses, described by `OpenAPI` 3.1.
//!
//! Handlers know nothing of caching: the front door sets validators and lifetimes of every public answer, queries note which
//! lists and entries they read, and [`content`] notes the reference data.

mod agencies;
mod articles;
mod auth;
mod body;
mod categories;
mod description;
mod entries;
mod entry_requests;
mod internal;
mod link;
mod list_parameters;
mod log;
mod media;
mod media_files;
mod media_requests;
mod model;
pub(crate) mod path;
mod previews;
mod problem_pages;
mod problem_responses;
mod procedures;
mod providers;
mod query;
mod registers;
mod reports;
mod royalties;
mod sites;
mod topics;
mod units;
mod uploads;
mod version_tag;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::{get, options};
use lienthong_app::ErrorCode;
use lienthong_domain::scope::ReferenceSet;
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::problem::Problem;
use crate::reading::Reading;
pub(crate) use list_parameters::ListParameters;
pub(crate) use query::{read as read_query, refuse_unknown};

/// Every address below `/v1`, `/openapi.json` and the pages of the error codes. Needs a
/// [`Reading`](crate::reading::Reading) in the request's extensions.
pub(crate) fn router() -> Router {
    documented().split_for_parts().0.method_not_allowed_fallback(async || Problem::of(ErrorCode::MethodNotAllowed))
}

/// The description of the REST interface, as committed in `openapi/openapi.json`.
pub fn openapi() -> OpenApi {
    let mut document = documented().into_openapi();
    description::leave_optional_parameters_empty(&mut document);
    document
}

fn documented() -> OpenApiRouter {
    with_media(OpenApiRouter::with_openapi(description::Description::openapi()))
        .merge(content())
        .merge(proofs())
        .routes(routes!(reports::articles))
        .routes(routes!(reports::unmapped_categories))
        .routes(routes!(reports::readiness))
        .routes(routes!(royalties::statement))
        .merge(signing_in())
        .routes(routes!(internal::list))
        .routes(routes!(internal::detail))
        .routes(routes!(entries::create))
        .routes(routes!(entries::detail, entries::edit))
        .routes(routes!(entries::publish))
        .routes(routes!(entries::withdraw))
        .routes(routes!(previews::detail))
        .route("/openapi.json", get(description::document))
        .route("/problems", get(problem_pages::list))
        .route("/problems/{code}", get(problem_pages::detail))
}

/// What the public reads. Nearly all of it names units, sites, categories, topics, agencies or series, or was found by them.
fn content() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(units::list))
        .routes(routes!(units::detail))
        .routes(routes!(agencies::list))
        .routes(routes!(agencies::detail))
        .routes(routes!(sites::list))
        .routes(routes!(sites::detail))
        .routes(routes!(sites::board))
        .routes(routes!(categories::detail))
        .routes(routes!(topics::list))
        .routes(routes!(topics::detail))
        .routes(routes!(articles::list))
        .routes(routes!(articles::detail))
        .routes(routes!(articles::related))
        .routes(routes!(articles::detail_by_address))
        .routes(routes!(procedures::list))
        .routes(routes!(procedures::detail))
        .route_layer(from_fn(of_reference_data))
}

/// Notes that the answer is another one when reference data change, also one that says that there is no such thing.
async fn of_reference_data(reading: Reading, request: Request, next: Next) -> Response {
    reading.depends_on(&ReferenceSet::ALL);
    next.run(request).await
}

fn with_media(router: OpenApiRouter) -> OpenApiRouter {
    router
        .routes(routes!(media::list, media::upload))
        .routes(routes!(media::detail))
        .routes(routes!(uploads::begin))
        .routes(routes!(uploads::detail, uploads::append, uploads::end))
        .route("/v1/uploads", options(uploads::options))
        .route("/media/{media}/{rendition}", get(media_files::rendition))
        .route("/media/{media}/original/{file}", get(media_files::document))
        .route("/media/previews/{secret}/media/{media}/{rendition}", get(media_files::previewed_rendition))
        .route("/media/previews/{secret}/media/{media}/original/{file}", get(media_files::previewed_document))
}

/// How people come in.
fn signing_in() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(auth::sign_in))
        .routes(routes!(auth::refresh))
        .routes(routes!(auth::sign_out))
        .routes(routes!(auth::password))
        .routes(routes!(providers::list))
        .routes(routes!(providers::start))
        .routes(routes!(providers::callback))
        .routes(routes!(providers::session))
}

/// What others check us by.
fn proofs() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(log::signature))
        .routes(routes!(log::evidence_pack))
        .routes(routes!(log::checkpoint))
        .routes(routes!(log::inclusion))
        .routes(routes!(log::consistency))
}

#[cfg(test)]
mod tests;
