//! Errors of REST and feeds: problem details, RFC 9457.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use lienthong_app::{Error, ErrorCode};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::ApiError;

/// A problem, RFC 9457, `application/problem+json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// Address of the page that explains the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// One English sentence for the code.
    pub title: &'static str,
    /// The same in Vietnamese.
    #[serde(rename = "titleVi")]
    pub title_vi: &'static str,
    /// HTTP status.
    pub status: u16,
    /// Stable code, the same as in GraphQL.
    pub code: &'static str,
    /// What is wrong with this very request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Fields or parameters that break a rule.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ProblemField>,
}

/// One field or parameter that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProblemField {
    /// Its name, such as `cover.alt` or `first`.
    pub name: &'static str,
    /// The rule.
    pub rule: String,
}

impl Problem {
    /// The problem for a code alone.
    pub fn of(code: ErrorCode) -> Self {
        Self {
            kind: format!("/problems/{}", code.as_str().to_ascii_lowercase().replace('_', "-")),
            title: code.message_en(),
            title_vi: code.message_vi(),
            status: code.status(),
            code: code.as_str(),
            detail: None,
            errors: Vec::new(),
        }
    }

    /// A parameter that cannot be used.
    pub fn parameter(name: &'static str, rule: impl Into<String>) -> Self {
        Error::bad_request(name, rule).into()
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        ApiError::App(error).into()
    }
}

impl From<ApiError> for Problem {
    fn from(error: ApiError) -> Self {
        error.log();
        let problem = Self::of(error.code());
        let ApiError::App(error) = error else { return problem };
        let errors = match &error {
            Error::BadRequest { parameter, reason } => vec![ProblemField { name: parameter, rule: reason.clone() }],
            Error::Invalid(fields) => {
                fields.iter().map(|it| ProblemField { name: it.field, rule: it.rule.to_string() }).collect()
            }
            _ => Vec::new(),
        };
        Self { detail: error.public_detail(), errors, ..problem }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let media = HeaderValue::from_static("application/problem+json");
        (status, [(header::CONTENT_TYPE, media)], body).into_response()
    }
}
