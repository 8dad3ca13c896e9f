//! Request bodies: JSON of bounded size, its fields refused by name when they are unknown or of the wrong type.

use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, FailedToBufferBody};
use axum::extract::{DefaultBodyLimit, FromRequest as _, Request};
use http::HeaderMap;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use lienthong_app::ErrorCode;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use crate::problem::Problem;
use crate::rest::query::named;

/// Largest body of a permitted request, in bytes. The HTML of an article may have 1 MiB, which JSON escapes can multiply.
pub(super) const MAX_BODY: usize = 4 << 20;

/// Reads the body of a request that is already permitted.
pub(super) async fn json<T: DeserializeOwned>(mut request: Request) -> Result<T, Problem> {
    check_media_type(request.headers())?;
    DefaultBodyLimit::max(MAX_BODY).apply(&mut request);
    let bytes = Bytes::from_request(request, &()).await.map_err(|rejection| refused(&rejection))?;
    parse(&bytes)
}

fn check_media_type(headers: &HeaderMap) -> Result<(), Problem> {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or_default().trim().to_ascii_lowercase());
    let media = text(CONTENT_TYPE).unwrap_or_default();
    let (essence, charset) = media.split_once(';').unwrap_or((&media, ""));
    let is_utf8 = matches!(charset.trim().replace('"', "").as_str(), "" | "charset=utf-8");
    if essence.trim_end() != "application/json" || !is_utf8 {
        return Err(Problem::detailed(ErrorCode::UnsupportedMediaType, "send application/json in UTF-8"));
    }
    if text(CONTENT_ENCODING).is_some_and(|coding| coding != "identity") {
        return Err(Problem::detailed(ErrorCode::UnsupportedMediaType, "send the body without a content coding"));
    }
    Ok(())
}

fn refused(rejection: &BytesRejection) -> Problem {
    match rejection {
        BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => {
            Problem::detailed(ErrorCode::TooLarge, format!("the body must not exceed {MAX_BODY} bytes"))
        }
        _ => Problem::detailed(ErrorCode::BadRequest, "the body cannot be read"),
    }
}

/// What is no JSON is a bad request; JSON of another shape breaks a rule of the input.
fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        let error = error.into_inner();
        match error.classify() {
            Category::Data => wrong_shape(&path, &error.to_string()),
            Category::Syntax | Category::Eof | Category::Io => {
                Problem::detailed(ErrorCode::BadRequest, format!("the body is not JSON: {error}"))
            }
        }
    })?;
    deserializer
        .end()
        .map_err(|error| Problem::detailed(ErrorCode::BadRequest, format!("the body is not JSON: {error}")))?;
    Ok(value)
}

fn wrong_shape(path: &str, message: &str) -> Problem {
    let (message, _) = message.rsplit_once(" at line ").unwrap_or((message, ""));
    let names_a_field = ["unknown field", "missing field", "duplicate field"].iter().any(|it| message.starts_with(it));
    let (name, rule) = if names_a_field { named(message) } else { ("".into(), message.to_owned()) };
    let parent = path.strip_suffix(&*name).unwrap_or(path).trim_end_matches('.');
    let full =
        if parent.is_empty() || name.is_empty() { format!("{parent}{name}") } else { format!("{parent}.{name}") };
    Problem::field(ErrorCode::InvalidInput, if full.is_empty() { "body".to_owned() } else { full }, rule)
}
