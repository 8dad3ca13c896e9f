//! What caches along the way are told: `Cache-Control` (RFC 9111), strong entity tags and 304 (RFC 9110 section 13).

use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use xxhash_rust::xxh3::xxh3_128;

use lienthong_domain::scope::ScopeKey;
use lienthong_domain::time::Timestamp;

use super::coding::Coding;
use super::config::HttpCache;

/// `no-store`, for errors and for everything that is not for everybody.
pub(super) const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
/// For answers to somebody with a token.
pub(super) const PRIVATE: HeaderValue = HeaderValue::from_static("private, no-store");

/// Browsers keep an answer for at most this many seconds; shared caches can be told of a change, browsers cannot.
const BROWSER: u64 = 30;

/// The values of `Cache-Control` for public answers.
pub(super) struct Controls {
    times: HttpCache,
    /// Nothing is known that will change the answer soon.
    fresh: HeaderValue,
    absent: HeaderValue,
}

impl Controls {
    pub(super) fn new(times: HttpCache) -> Self {
        let HttpCache { s_maxage, stale_while_revalidate, stale_if_error, absent } = times;
        let fresh = format!(
            "public, max-age={}, s-maxage={s_maxage}, stale-while-revalidate={stale_while_revalidate}, \
             stale-if-error={stale_if_error}",
            BROWSER.min(s_maxage)
        );
        let brief = format!("public, max-age={}, s-maxage={absent}", BROWSER.min(absent));
        Self { times, fresh: value(&fresh), absent: value(&brief) }
    }

    /// The value for a public answer of this status. `next` is the moment of the next known change: no cache may give
    /// the answer after it, not even for want of a better one. What is not there may be what becomes public then.
    pub(super) fn of(&self, status: StatusCode, next: Option<Timestamp>, now: Timestamp) -> HeaderValue {
        let left = next.map(|next| seconds_until(next, now));
        match status {
            StatusCode::OK => self.until(left, self.times.s_maxage, &self.fresh),
            StatusCode::NOT_FOUND | StatusCode::GONE => self.until(left, self.times.absent, &self.absent),
            _ => NO_STORE,
        }
    }

    /// `usual`, unless a cache could still give the answer when what is `left` is over.
    fn until(&self, left: Option<u64>, lifetime: u64, usual: &HeaderValue) -> HeaderValue {
        let HttpCache { stale_while_revalidate, stale_if_error, .. } = self.times;
        match left {
            Some(left) if left < lifetime + stale_while_revalidate.max(stale_if_error) => {
                let shared = lifetime.min(left);
                value(&format!("public, max-age={}, s-maxage={shared}, must-revalidate", BROWSER.min(shared)))
            }
            _ => usual.clone(),
        }
    }
}

fn value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or(NO_STORE)
}

/// Whole seconds, rounded down: rather too short than too long.
fn seconds_until(next: Timestamp, now: Timestamp) -> u64 {
    u64::try_from((next.as_micros() - now.as_micros()) / 1_000_000).unwrap_or(0)
}

/// A strong tag: of the bytes, the media type and the coding.
pub(super) fn entity_tag(body: &[u8], media: Option<&HeaderValue>, coding: Coding) -> HeaderValue {
    let media = media.map_or(0, |media| xxh3_128(media.as_bytes()));
    let digest = xxh3_128(body) ^ media.rotate_left(1);
    let plain = HeaderValue::from_str(&format!("\"{digest:032x}\"")).unwrap_or(HeaderValue::from_static("\"\""));
    coding.tagged(plain)
}

/// Whether the client already holds what `tag` names, and asks for it in a way that 304 answers: with another method the
/// header means something else (RFC 9110 section 13.1.2).
pub(super) fn is_held((method, request): (&Method, &HeaderMap), tag: &HeaderValue) -> bool {
    if !matches!(*method, Method::GET | Method::HEAD) {
        return false;
    }
    let tag = tag.as_bytes();
    request.get_all(header::IF_NONE_MATCH).iter().any(|value| {
        let listed = value.as_bytes().split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
        listed.map(|held| held.strip_prefix(b"W/").unwrap_or(held)).any(|held| held == tag || held == b"*")
    })
}

/// Tags named in a header at most: some proxies take no longer ones.
const NAMED_AT_MOST: usize = 64;

/// The tags by which a cache in front can be told of a change; `everything` stands for them when they are too many.
pub(super) fn cache_tag(tags: &[ScopeKey], everything: &[ScopeKey]) -> Option<HeaderValue> {
    let told = if tags.len() > NAMED_AT_MOST { everything } else { tags };
    let names: Vec<String> = told.iter().map(|tag| short_name(*tag)).collect();
    if names.is_empty() { None } else { HeaderValue::from_str(&names.join(",")).ok() }
}

/// The first 8 hexadecimal digits of a key.
fn short_name(tag: ScopeKey) -> String {
    format!("{tag:?}").chars().take(8).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn control(status: u16, next: Option<i64>) -> String {
        let status = StatusCode::from_u16(status).unwrap();
        let next = next.map(|seconds| Timestamp::from_micros(seconds * 1_000_000));
        Controls::new(HttpCache::default()).of(status, next, Timestamp::from_micros(0)).to_str().unwrap().to_owned()
    }

    #[test]
    fn answers_may_be_kept_and_given_stale_for_a_while() {
        assert_eq!(
            control(200, None),
            "public, max-age=30, s-maxage=60, stale-while-revalidate=30, stale-if-error=600"
        );
        assert_eq!(control(200, Some(10_000)), control(200, None));
    }

    #[test]
    fn no_cache_may_give_an_answer_after_the_next_known_change() {
        assert_eq!(control(200, Some(300)), "public, max-age=30, s-maxage=60, must-revalidate");
        assert_eq!(control(200, Some(7)), "public, max-age=7, s-maxage=7, must-revalidate");
        assert_eq!(control(200, Some(-5)), "public, max-age=0, s-maxage=0, must-revalidate");
    }

    #[test]
    fn absence_is_kept_briefly_and_errors_never() {
        assert_eq!(control(404, None), "public, max-age=10, s-maxage=10");
        assert_eq!(control(410, None), "public, max-age=10, s-maxage=10");
        for status in [400, 401, 403, 409, 422, 429, 500, 503] {
            assert_eq!(control(status, None), "no-store", "{status}");
        }
    }

    #[test]
    fn absence_ends_with_the_next_known_change_too() {
        for status in [404, 410] {
            assert_eq!(control(status, Some(2)), "public, max-age=2, s-maxage=2, must-revalidate");
            assert_eq!(control(status, Some(-1)), "public, max-age=0, s-maxage=0, must-revalidate");
            assert_eq!(control(status, Some(300)), "public, max-age=10, s-maxage=10, must-revalidate");
            assert_eq!(control(status, Some(10_000)), control(status, None));
        }
    }

    #[test]
    fn tags_differ_by_bytes_media_and_coding() {
        let json = HeaderValue::from_static("application/json");
        let tags = [
            entity_tag(b"a", Some(&json), Coding::Identity),
            entity_tag(b"b", Some(&json), Coding::Identity),
            entity_tag(b"a", None, Coding::Identity),
            entity_tag(b"a", Some(&json), Coding::Gzip),
            entity_tag(b"a", Some(&json), Coding::Brotli),
        ];
        for (at, tag) in tags.iter().enumerate() {
            assert!(!tags[..at].contains(tag), "{tag:?}");
        }
    }

    #[test]
    fn a_held_answer_is_recognised_in_every_form_of_the_header() {
        let tag = HeaderValue::from_static("\"x\"");
        for (value, held) in
            [("\"x\"", true), ("W/\"x\"", true), ("\"a\", \"x\"", true), ("*", true), ("\"a\"", false), ("x", false)]
        {
            let headers = [(header::IF_NONE_MATCH, value.parse().unwrap())].into_iter().collect();
            assert_eq!(is_held((&Method::GET, &headers), &tag), held, "{value}");
            assert!(!is_held((&Method::POST, &headers), &tag), "{value}");
        }
    }

    #[test]
    fn too_many_tags_become_the_one_that_covers_them() {
        let tags: Vec<ScopeKey> = (0..65_u8).map(|n| ScopeKey::from_bytes([n; 16])).collect();
        let everything = [ScopeKey::from_bytes([0xee; 16])];
        assert_eq!(cache_tag(&tags, &everything).unwrap(), "eeeeeeee");
        assert_eq!(cache_tag(&tags[..2], &everything).unwrap(), "00000000,01010101");
        assert_eq!(cache_tag(&[], &everything), None);
    }
}
