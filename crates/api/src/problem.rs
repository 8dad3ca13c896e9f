//! Errors of REST and feeds: problem details, RFC 9457.

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use lienthong_app::{Error, ErrorCode};
use lienthong_domain::entry::Version;
use lienthong_domain::time::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::ApiError;

/// A problem, RFC 9457, `application/problem+json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Problem {
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
    /// With `GONE`: since when it is no longer public, RFC 3339 in UTC.
    #[serde(rename = "goneAt", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime, example = "2024-07-07T16:59:59Z")]
    pub gone_at: Option<Timestamp>,
    /// With `VERSION_CONFLICT` and `PRECONDITION_FAILED`: the version now.
    #[serde(rename = "currentVersion", skip_serializing_if = "Option::is_none")]
    pub current_version: Option<u32>,
    /// Fields or parameters that break a rule.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ProblemField>,
}

/// One field or parameter that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct ProblemField {
    /// Its name, such as `cover.alt` or `first`.
    #[schema(value_type = String)]
    pub name: Cow<'static, str>,
    /// The rule.
    pub rule: String,
}

impl Problem {
    /// The problem for a code alone.
    pub(crate) fn of(code: ErrorCode) -> Self {
        Self {
            kind: format!("/problems/{}", code.as_str().to_ascii_lowercase().replace('_', "-")),
            title: code.message_en(),
            title_vi: code.message_vi(),
            status: code.status(),
            code: code.as_str(),
            detail: None,
            gone_at: None,
            current_version: None,
            errors: Vec::new(),
        }
    }

    /// The problem with a sentence on this very request.
    pub(crate) fn detailed(code: ErrorCode, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..Self::of(code) }
    }

    /// One field or parameter that breaks a rule.
    pub(crate) fn field(code: ErrorCode, name: impl Into<Cow<'static, str>>, rule: impl Into<String>) -> Self {
        let field = ProblemField { name: name.into(), rule: rule.into() };
        Self { detail: Some(format!("{}: {}", field.name, field.rule)), errors: vec![field], ..Self::of(code) }
    }

    /// A parameter that cannot be used.
    pub(crate) fn parameter(name: &'static str, rule: impl Into<String>) -> Self {
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
            Error::BadRequest { parameter, reason } => {
                vec![ProblemField { name: (*parameter).into(), rule: reason.clone() }]
            }
            Error::Invalid(fields) => {
                fields.iter().map(|it| ProblemField { name: it.field.into(), rule: it.rule.to_string() }).collect()
            }
            _ => Vec::new(),
        };
        let gone_at = if let Error::Gone { since } = error { Some(since) } else { None };
        let current_version = error.current_version().map(Version::get);
        Self { detail: error.public_detail(), gone_at, current_version, errors, ..problem }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let media = HeaderValue::from_static("application/problem+json");
        let mut response = (status, [(header::CONTENT_TYPE, media)], body).into_response();
        if status == StatusCode::UNAUTHORIZED {
            // RFC 9110 section 15.5.2: a 401 says how to authenticate.
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
