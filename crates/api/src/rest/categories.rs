//! Categories.

use axum::Json;

use crate::problem::Problem;
use crate::reading::Reading;
use crate::rest::model::Category;
use crate::rest::path::{PathOf, not_found};
use crate::rest::problem_responses::DetailProblem;

/// One category (một chuyên mục).
#[utoipa::path(
    get,
    path = "/v1/categories/{category}",
    operation_id = "getCategory",
    tag = "sites",
    params(("category" = String, Path, description = "Id of the category, or `host/slug` with the slash as `%2F`.")),
    responses((status = 200, description = "The category.", body = Category), DetailProblem),
)]
pub(super) async fn detail(reading: Reading, PathOf(category): PathOf<String>) -> Result<Json<Category>, Problem> {
    let category = reading.named().category(&category).ok_or_else(|| not_found("category"))?;
    Ok(Json(Category::new(category, &reading.reference)))
}
