//! The files themselves: pictures made of images, and documents to be saved. No answer here can run in a reader's browser,
//! whatever a file holds: its type is ours, nothing is guessed, and a sandbox without rights stands around it.

use std::ops::Range;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_SECURITY_POLICY,
    CONTENT_TYPE, ETAG, IF_NONE_MATCH, IF_RANGE, RANGE, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use lienthong_app::commands::desk::previews;
use lienthong_app::queries;
use lienthong_domain::ids::MediaId;
use lienthong_domain::media::{Media, Rendition, hex};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use uuid::Uuid;
use xxhash_rust::xxh3::xxh3_128;

use crate::problem::Problem;
use crate::reading::Reading;
use crate::rest::path::{PathOf, not_found};

/// An image in one width of the fixed list.
pub(super) async fn rendition(
    reading: Reading,
    PathOf((id, name)): PathOf<(String, String)>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let wanted = Rendition::parse(&name).ok_or_else(|| not_found("rendition"))?;
    picture(&reading, (&seen(&reading, &id).await?, wanted), &asked).await
}

/// An image of a draft, for whoever has a link to it.
pub(super) async fn previewed_rendition(
    reading: Reading,
    PathOf((secret, id, name)): PathOf<(String, String, String)>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let wanted = Rendition::parse(&name).ok_or_else(|| not_found("rendition"))?;
    let media = previewed(&reading, (&secret, &id)).await?;
    Ok(unkept(picture(&reading, (&media, wanted), &asked).await?))
}

async fn picture(
    reading: &Reading,
    (media, wanted): (&Media, Rendition),
    asked: &HeaderMap,
) -> Result<Response, Problem> {
    let bytes = reading.library()?.rendition(media, wanted).await?;
    let tag = quoted(&format!("{:032x}", xxh3_128(&bytes)));
    let mut response =
        if is_held(asked, &tag) { StatusCode::NOT_MODIFIED.into_response() } else { Body::from(bytes).into_response() };
    let headers = response.headers_mut();
    headers.insert(ETAG, tag);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(wanted.coding().media_type()));
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static("inline"));
    harmless(headers);
    Ok(response)
}

/// A document, or a part of it. The name in the address is for people; the id counts.
pub(super) async fn document(
    reading: Reading,
    PathOf((id, _)): PathOf<(String, String)>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    saved(&reading, &seen(&reading, &id).await?, &asked).await
}

/// A document of a draft, for whoever has a link to it.
pub(super) async fn previewed_document(
    reading: Reading,
    PathOf((secret, id, _)): PathOf<(String, String, String)>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let media = previewed(&reading, (&secret, &id)).await?;
    Ok(unkept(saved(&reading, &media, &asked).await?))
}

async fn saved(reading: &Reading, media: &Media, asked: &HeaderMap) -> Result<Response, Problem> {
    let tag = quoted(&hex(&media.stored));
    let mut response = if is_held(asked, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        body(reading, media, requested(asked, &tag, media.size)).await?
    };
    let headers = response.headers_mut();
    headers.insert(ETAG, tag);
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media.media_type.as_str()));
    headers.insert(CONTENT_DISPOSITION, to_be_saved(media.file_name.as_str()));
    harmless(headers);
    Ok(response)
}

/// Which bytes of the document are asked for.
#[derive(Debug, PartialEq, Eq)]
enum Requested {
    All,
    Part(Range<u64>),
    Nothing,
}

async fn seen(reading: &Reading, id: &str) -> Result<Media, Problem> {
    // What a shared cache keeps of these addresses is short-lived; we keep nothing ourselves.
    reading.tags.forbid_keeping();
    let viewer = reading.actor.as_ref().filter(|_| !reading.must_enrol);
    let (media, _) = queries::media::seen_by(&reading.app, viewer, media_id(id)?, reading.now).await?;
    Ok(media)
}

async fn previewed(reading: &Reading, (secret, id): (&str, &str)) -> Result<Media, Problem> {
    reading.tags.forbid_keeping();
    Ok(previews::file(&reading.app, secret, media_id(id)?, reading.now).await?)
}

fn media_id(id: &str) -> Result<MediaId, Problem> {
    Uuid::try_parse(id).map(MediaId::from_uuid).map_err(|_| not_found("media"))
}

/// Not public, although its address needs no token: no cache keeps it, and it is not for search engines.
fn unkept(mut response: Response) -> Response {
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert("x-robots-tag", HeaderValue::from_static("noindex, nofollow"));
    response
}

async fn body(reading: &Reading, media: &Media, requested: Requested) -> Result<Response, Problem> {
    let (range, status) = match requested {
        Requested::All => (None, StatusCode::OK),
        Requested::Part(range) => (Some(range), StatusCode::PARTIAL_CONTENT),
        Requested::Nothing => {
            let of = HeaderValue::try_from(format!("bytes */{}", media.size));
            let of = of.unwrap_or(HeaderValue::from_static("bytes */*"));
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, [(CONTENT_RANGE, of)]).into_response());
        }
    };
    let stored = reading.library()?.document(media, range.clone()).await?;
    let mut response = (status, Body::from_stream(stored.bytes)).into_response();
    let length = range.as_ref().map_or(stored.size, |range| range.end - range.start);
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
    if let Some(range) = range {
        let told = format!("bytes {}-{}/{}", range.start, range.end - 1, stored.size);
        if let Ok(told) = HeaderValue::try_from(told) {
            response.headers_mut().insert(CONTENT_RANGE, told);
        }
    }
    Ok(response)
}

/// One range (RFC 9110 section 14.2). Several at once, other units and what is not understood give the whole.
fn requested(asked: &HeaderMap, tag: &HeaderValue, size: u64) -> Requested {
    if asked.get(IF_RANGE).is_some_and(|held| held != tag) {
        return Requested::All;
    }
    let range = asked.get(RANGE).and_then(|range| range.to_str().ok()).and_then(|range| range.strip_prefix("bytes="));
    let Some((first, last)) = range.and_then(|range| range.trim().split_once('-')) else { return Requested::All };
    let number = |text: &str| text.parse::<u64>();
    match (number(first), number(last)) {
        (Ok(first), _) if first >= size => Requested::Nothing,
        (Ok(first), Ok(last)) if first <= last => Requested::Part(first..last.saturating_add(1).min(size)),
        (Ok(first), _) if last.is_empty() => Requested::Part(first..size),
        (_, Ok(0)) if first.is_empty() => Requested::Nothing,
        (_, Ok(last)) if first.is_empty() => Requested::Part(size.saturating_sub(last)..size),
        _ => Requested::All,
    }
}

fn is_held(asked: &HeaderMap, tag: &HeaderValue) -> bool {
    asked.get_all(IF_NONE_MATCH).iter().any(|value| {
        let listed = value.as_bytes().split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
        listed.map(|held| held.strip_prefix(b"W/").unwrap_or(held)).any(|held| held == tag.as_bytes() || held == b"*")
    })
}

fn harmless(headers: &mut HeaderMap) {
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    // Pages of the portals stand on other hosts and show them.
    headers.insert(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin"));
}

/// RFC 6266: a name in ASCII for old programs, and the name itself in UTF-8.
fn to_be_saved(name: &str) -> HeaderValue {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' }).collect();
    let exact = utf8_percent_encode(name, NON_ALPHANUMERIC);
    let value = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{exact}");
    HeaderValue::try_from(value).unwrap_or(HeaderValue::from_static("attachment"))
}

fn quoted(tag: &str) -> HeaderValue {
    HeaderValue::try_from(format!("\"{tag}\"")).unwrap_or(HeaderValue::from_static("\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_the_rule_says() {
        for (range, expected) in [
            ("bytes=0-0", Requested::Part(0..1)),
            ("bytes=2-5", Requested::Part(2..6)),
            ("bytes=7-", Requested::Part(7..10)),
            ("bytes=-3", Requested::Part(7..10)),
            ("bytes=-30", Requested::Part(0..10)),
            ("bytes=5-99", Requested::Part(5..10)),
            ("bytes=10-", Requested::Nothing),
            ("bytes=-0", Requested::Nothing),
            ("bytes=5-2", Requested::All),
            ("bytes=0-1,4-5", Requested::All),
            ("lines=0-1", Requested::All),
            ("bytes=a-b", Requested::All),
        ] {
            let asked = [(RANGE, HeaderValue::from_static(range))].into_iter().collect();
            assert_eq!(requested(&asked, &quoted("x"), 10), expected, "{range}");
        }
    }

    #[test]
    fn a_part_of_another_file_is_not_given() {
        let asked = [(RANGE, HeaderValue::from_static("bytes=0-0")), (IF_RANGE, HeaderValue::from_static("\"y\""))];
        assert_eq!(requested(&asked.into_iter().collect(), &quoted("x"), 10), Requested::All);
    }

    #[test]
    fn a_name_cannot_leave_its_header() {
        let value = to_be_saved("Kế hoạch\"; x=\r\n.pdf");
        assert_eq!(
            value.to_str().unwrap(),
            "attachment; filename=\"K__ho_ch___x___.pdf\"; \
             filename*=UTF-8''K%E1%BA%BF%20ho%E1%BA%A1ch%22%3B%20x%3D%0D%0A%2Epdf"
        );
    }
}
