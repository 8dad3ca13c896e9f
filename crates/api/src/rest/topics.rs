//! The disclosure catalogue.

use axum::Json;
use axum::response::Response;
use http::Uri;
use lienthong_app::queries::PageRequest;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::problem::Problem;
use crate::reading::Reading;
use crate::rest::list_parameters::Extra;
use crate::rest::model::{Topic, TopicList};
use crate::rest::path::{PathOf, not_found};
use crate::rest::problem_responses::{DetailProblem, ListProblem};
use crate::rest::query::Parameters;
use crate::rest::registers::{Turned, Wanted};

/// Which topics.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct TopicParameters {
    /// Only topics that exist on the sites of this unit: code of today, slug or id.
    #[param(example = "42")]
    unit: Option<String>,
    /// So many from the start, 20 by default.
    #[param(minimum = 1, maximum = 100)]
    first: Option<u32>,
    /// Cursor after which to go on; with `first`.
    after: Option<String>,
    /// So many from the end.
    #[param(minimum = 1, maximum = 100)]
    last: Option<u32>,
    /// Cursor before which to stop; with `last`.
    before: Option<String>,
    /// What else to answer.
    #[param(inline)]
    include: Option<Extra>,
}

/// The disclosure catalogue (danh mục thông tin công khai) in the order of codes: the national topics, and the own topics
/// of provinces.
#[utoipa::path(
    get,
    path = "/v1/topics",
    operation_id = "listTopics",
    tag = "topics",
    params(TopicParameters),
    responses(
        (status = 200, description = "One page of the list.", body = TopicList,
            headers(("Link" = String, description = "Next, previous and first page (RFC 8288)."))),
        ListProblem,
    ),
)]
pub(super) async fn list(
    reading: Reading,
    uri: Uri,
    Parameters(parameters): Parameters<TopicParameters>,
) -> Result<Response, Problem> {
    let TopicParameters { unit, first, after, last, before, include } = parameters;
    let wanted = Wanted { page: PageRequest { first, last, after, before }, include };
    let turned = Turned::to(&reading, &uri, reading.named().topics(unit.as_deref())?, &wanted)?;
    let data = turned.items().map(|topic| Topic::new(topic, &reading.reference)).collect();
    Ok(turned.answer(|page, total| TopicList { data, page, total }))
}

/// One topic (một mục thông tin công khai).
#[utoipa::path(
    get,
    path = "/v1/topics/{code}",
    operation_id = "getTopic",
    tag = "topics",
    params(("code" = String, Path, description = "Code or id of the topic.", example = "tt.tin")),
    responses((status = 200, description = "The topic.", body = Topic), DetailProblem),
)]
pub(super) async fn detail(reading: Reading, PathOf(code): PathOf<String>) -> Result<Json<Topic>, Problem> {
    let topic = reading.named().topic(&code).ok_or_else(|| not_found("topic"))?;
    Ok(Json(Topic::new(topic, &reading.reference)))
}
