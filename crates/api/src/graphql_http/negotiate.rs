//! Which of the two GraphQL media types answers a request (RFC 9110 section 12.5.1, GraphQL-over-HTTP section 6.2).

use http::{HeaderMap, HeaderValue, header};

use super::error::GraphqlErrorCode;
use super::status::StatusProfile;

/// The media type of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MediaType {
    /// `application/graphql-response+json`: the status code can be trusted.
    GraphqlResponse,
    /// `application/json`, for clients of the older habit.
    Json,
}

impl MediaType {
    /// The `Content-Type` value, always with its charset.
    pub const fn content_type(self) -> HeaderValue {
        match self {
            Self::GraphqlResponse => HeaderValue::from_static("application/graphql-response+json; charset=utf-8"),
            Self::Json => HeaderValue::from_static("application/json; charset=utf-8"),
        }
    }

    const fn essence(self) -> &'static str {
        match self {
            Self::GraphqlResponse => "application/graphql-response+json",
            Self::Json => "application/json",
        }
    }
}

/// Choose the media type of the answer.
///
/// The range that names a type most exactly decides its weight; the heavier type wins, then the one named more exactly,
/// then `application/graphql-response+json` if both are named, then the profile's default. No `Accept` at all means `*/*`.
///
/// # Errors
/// `NOT_ACCEPTABLE` if neither type has a weight above zero.
pub fn negotiate(headers: &HeaderMap, profile: StatusProfile) -> Result<MediaType, GraphqlErrorCode> {
    if !headers.contains_key(header::ACCEPT) {
        return Ok(profile.default_media_type());
    }
    let values = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let ranges: Vec<Range<'_>> = values.flat_map(split_unquoted).filter_map(Range::parse).collect();
    let graphql = preference(&ranges, MediaType::GraphqlResponse);
    let json = preference(&ranges, MediaType::Json);
    match (graphql, json) {
        (None, None) => Err(GraphqlErrorCode::NotAcceptable),
        (Some(_), None) => Ok(MediaType::GraphqlResponse),
        (None, Some(_)) => Ok(MediaType::Json),
        (Some(graphql), Some(json)) => Ok(match graphql.cmp(&json) {
            std::cmp::Ordering::Greater => MediaType::GraphqlResponse,
            std::cmp::Ordering::Less => MediaType::Json,
            std::cmp::Ordering::Equal if graphql.specificity == Specificity::Exact => MediaType::GraphqlResponse,
            std::cmp::Ordering::Equal => profile.default_media_type(),
        }),
    }
}

/// How exactly a range names a type; the order is the precedence of RFC 9110.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Specificity {
    Any,
    Subtypes,
    Exact,
}

/// Field order is the order of comparison: weight in thousandths first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Preference {
    weight: u16,
    specificity: Specificity,
}

struct Range<'a> {
    essence: &'a str,
    weight: u16,
}

impl<'a> Range<'a> {
    /// A range with an unreadable weight is ignored, as if it were not sent.
    fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let essence = parts.next().filter(|essence| !essence.is_empty())?;
        let weight = parts.find_map(|part| {
            let (name, value) = part.split_once('=')?;
            name.trim().eq_ignore_ascii_case("q").then(|| parse_weight(value.trim()))
        });
        Some(Self { essence, weight: weight.unwrap_or(Some(1000))? })
    }

    fn specificity(&self, media: MediaType) -> Option<Specificity> {
        if self.essence.eq_ignore_ascii_case(media.essence()) {
            Some(Specificity::Exact)
        } else if self.essence.eq_ignore_ascii_case("application/*") {
            Some(Specificity::Subtypes)
        } else {
            (self.essence == "*/*").then_some(Specificity::Any)
        }
    }
}

fn preference(ranges: &[Range<'_>], media: MediaType) -> Option<Preference> {
    let matching = ranges.iter().filter_map(|range| {
        range.specificity(media).map(|specificity| Preference { weight: range.weight, specificity })
    });
    matching.max_by_key(|found| (found.specificity, found.weight)).filter(|found| found.weight > 0)
}

/// `qvalue` of RFC 9110 section 12.4.2, in thousandths.
fn parse_weight(text: &str) -> Option<u16> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let thousandths = format!("{fraction:0<3}").parse::<u16>().ok()?;
    match (whole, thousandths) {
        ("0", weight) => Some(weight),
        ("1", 0) => Some(1000),
        _ => None,
    }
}

/// Split at commas outside quoted strings.
fn split_unquoted(value: &str) -> impl Iterator<Item = &str> {
    let (mut quoted, mut escaped) = (false, false);
    value.split(move |c| {
        let separates = c == ',' && !quoted;
        quoted ^= c == '"' && !escaped;
        escaped = quoted && c == '\\' && !escaped;
        separates
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accept(value: &str, profile: StatusProfile) -> Option<MediaType> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_str(value).unwrap());
        negotiate(&headers, profile).ok()
    }

    #[test]
    fn accept_decides_the_media_type() {
        use MediaType::{GraphqlResponse, Json};
        let table = [
            ("application/graphql-response+json", Some(GraphqlResponse)),
            ("application/json", Some(Json)),
            ("Application/JSON; charset=utf-8", Some(Json)),
            ("application/graphql-response+json,application/json;q=0.9", Some(GraphqlResponse)),
            ("application/json;q=0.9, application/graphql-response+json;q=0.8", Some(Json)),
            ("application/json, application/graphql-response+json", Some(GraphqlResponse)),
            ("application/json, text/plain, */*", Some(Json)),
            ("application/graphql-response+json, */*;q=0.1", Some(GraphqlResponse)),
            ("application/json;q=0, */*", Some(GraphqlResponse)),
            ("application/json;q=0, application/graphql-response+json;q=0.000, */*", None),
            ("text/html, application/*;q=0.5", Some(Json)),
            ("text/html;x=\"a,application/json\"", None),
            ("application/json;q=2", None),
            ("application/json;q=0.1234", None),
            ("application/json;q=1.5, text/html", None),
            ("text/event-stream", None),
            ("", None),
        ];
        for (value, expected) in table {
            assert_eq!(accept(value, StatusProfile::Established), expected, "{value}");
        }
    }

    #[test]
    fn the_profile_decides_what_a_wildcard_or_no_header_means() {
        for (profile, expected) in
            [(StatusProfile::Established, MediaType::Json), (StatusProfile::Draft2026, MediaType::GraphqlResponse)]
        {
            assert_eq!(accept("*/*", profile), Some(expected));
            assert_eq!(accept("application/*", profile), Some(expected));
            assert_eq!(negotiate(&HeaderMap::new(), profile), Ok(expected));
        }
    }

    #[test]
    fn several_accept_headers_count_as_one_list() {
        let mut headers = HeaderMap::new();
        headers.append(header::ACCEPT, HeaderValue::from_static("application/json;q=0.5"));
        headers.append(header::ACCEPT, HeaderValue::from_static("application/graphql-response+json"));
        assert_eq!(negotiate(&headers, StatusProfile::Established), Ok(MediaType::GraphqlResponse));
    }
}
