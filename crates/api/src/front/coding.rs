//! Content codings (RFC 9110 section 8.4): which one a client gets, and making it.

use std::io::Write as _;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, header};

/// How an answer is encoded on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Coding {
    Identity,
    Gzip,
    Brotli,
}

/// Answers below this size are not worth encoding.
pub(super) const ENCODED_FROM: usize = 1024;
/// Brotli's speed for answers made on demand: about that of gzip, with a better ratio on text.
const BROTLI_QUALITY: i32 = 5;

impl Coding {
    /// The coding that the client's weights prefer (RFC 9110 section 12.5.3), and among equal ones the one that makes an
    /// answer smallest.
    pub(super) fn accepted(headers: &HeaderMap) -> Self {
        let mut weights = Weights::default();
        for value in headers.get_all(header::ACCEPT_ENCODING) {
            let Ok(value) = value.to_str() else { continue };
            for item in value.split(',') {
                weights.note(item);
            }
        }
        weights.preferred()
    }

    /// The value of `Content-Encoding`.
    pub(super) const fn name(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some("gzip"),
            Self::Brotli => Some("br"),
        }
    }

    /// Encodes; `None` when that would not make it smaller.
    pub(super) fn encode(self, plain: &[u8]) -> Option<Bytes> {
        if plain.len() < ENCODED_FROM {
            return None;
        }
        let encoded = match self {
            Self::Identity => return None,
            Self::Gzip => {
                let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
                encoder.write_all(plain).ok()?;
                encoder.finish().ok()?
            }
            Self::Brotli => {
                let mut encoded = Vec::with_capacity(plain.len() / 4);
                let parameters = brotli::enc::BrotliEncoderParams { quality: BROTLI_QUALITY, ..Default::default() };
                brotli::BrotliCompress(&mut &plain[..], &mut encoded, &parameters).ok()?;
                encoded
            }
        };
        (encoded.len() < plain.len()).then(|| encoded.into())
    }

    /// The strong entity tag in this coding of what `plain` names as it is: other bytes have another tag (RFC 9110 section
    /// 8.8.3.3).
    pub(super) fn tagged(self, plain: HeaderValue) -> HeaderValue {
        let open = plain.to_str().ok().filter(|tag| tag.starts_with('"')).and_then(|tag| tag.strip_suffix('"'));
        match (self.name(), open) {
            (Some(name), Some(open)) => HeaderValue::from_str(&format!("{open}-{name}\"")).unwrap_or(plain),
            _ => plain,
        }
    }
}

/// What stands between the quotes of an entity tag before a coding is added, whichever it was.
pub(crate) fn before_coding(tag: &str) -> &str {
    let mut names = [Coding::Gzip, Coding::Brotli].into_iter().filter_map(Coding::name);
    names.find_map(|name| tag.strip_suffix(name)?.strip_suffix('-')).unwrap_or(tag)
}

/// What a client gives for each coding, from 0 to 1; `None` where it does not say.
#[derive(Default)]
struct Weights {
    brotli: Option<f32>,
    gzip: Option<f32>,
    identity: Option<f32>,
    /// For those that it does not name.
    others: Option<f32>,
}

impl Weights {
    /// Reads one item of the list. Names of codings are the same in capitals (RFC 9110 section 8.4.1).
    fn note(&mut self, item: &str) {
        let (name, parameters) = item.split_once(';').unwrap_or((item, ""));
        let is = |known: &str| name.trim().eq_ignore_ascii_case(known);
        let noted = if is("br") {
            &mut self.brotli
        } else if is("gzip") || is("x-gzip") {
            &mut self.gzip
        } else if is("identity") {
            &mut self.identity
        } else if is("*") {
            &mut self.others
        } else {
            return;
        };
        *noted = Some(weight(parameters));
    }

    fn preferred(&self) -> Coding {
        let [brotli, gzip] = [self.brotli, self.gzip].map(|named| named.or(self.others).unwrap_or(0.0));
        // Everybody takes the plain bytes; who names codings and not this one would rather have those.
        let identity = self.identity.unwrap_or(0.0);
        if brotli > 0.0 && brotli >= gzip && brotli >= identity {
            Coding::Brotli
        } else if gzip > 0.0 && gzip >= identity {
            Coding::Gzip
        } else {
            Coding::Identity
        }
    }
}

/// The weight among the parameters of an item: 1 when there is none, 0 when what stands there is none.
fn weight(parameters: &str) -> f32 {
    let mut named = parameters.split(';').filter_map(|parameter| parameter.split_once('='));
    let told = named.find(|(name, _)| name.trim().eq_ignore_ascii_case("q"));
    let read = |value: &str| value.trim().parse::<f32>().ok().filter(|weight| (0.0..=1.0).contains(weight));
    told.map_or(1.0, |(_, value)| read(value).unwrap_or(0.0))
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn accepted(value: &str) -> Coding {
        Coding::accepted(&[(header::ACCEPT_ENCODING, value.parse().unwrap())].into_iter().collect())
    }

    #[test]
    fn the_coding_that_the_client_prefers_is_chosen_and_among_equal_ones_the_smallest() {
        for (value, coding) in [
            ("gzip, deflate, br", Coding::Brotli),
            ("gzip;q=1.0, br;q=0", Coding::Gzip),
            ("br;q=0.000, gzip;q=0.0", Coding::Identity),
            ("identity", Coding::Identity),
            ("", Coding::Identity),
            ("gzip ; q=0.5", Coding::Gzip),
            ("br;q=0.1, gzip", Coding::Gzip),
            ("gzip, br;q=0.999", Coding::Gzip),
            ("gzip;q=0.5, br;q=0.5", Coding::Brotli),
            ("gzip;q=0.5, identity", Coding::Identity),
            ("gzip;q=0.5, identity;q=0.5", Coding::Gzip),
            ("*", Coding::Brotli),
            ("br;q=0, *;q=0.1", Coding::Gzip),
            ("*;q=0", Coding::Identity),
            ("gzip;q=none, br;q=7, br;q=NaN", Coding::Identity),
        ] {
            assert_eq!(accepted(value), coding, "{value:?}");
        }
    }

    #[test]
    fn codings_and_weights_may_be_written_in_capitals() {
        for (value, coding) in
            [("GZIP", Coding::Gzip), ("Br", Coding::Brotli), ("X-GZip", Coding::Gzip), ("BR;Q=0, gzip", Coding::Gzip)]
        {
            assert_eq!(accepted(value), coding, "{value:?}");
        }
    }

    #[test]
    fn a_strong_tag_names_its_coding_and_is_read_back_without_it() {
        let tagged = |coding: Coding, tag| coding.tagged(HeaderValue::from_static(tag));
        assert_eq!(tagged(Coding::Identity, "\"v3\""), "\"v3\"");
        assert_eq!(tagged(Coding::Gzip, "\"v3\""), "\"v3-gzip\"");
        assert_eq!(tagged(Coding::Brotli, "\"v3\""), "\"v3-br\"");
        assert_eq!(tagged(Coding::Brotli, "W/\"v3\""), "W/\"v3\"", "a weak one says nothing of bytes");
        for (tag, plain) in [("v3-gzip", "v3"), ("v3-br", "v3"), ("v3", "v3"), ("v3gzip", "v3gzip"), ("-br", "")] {
            assert_eq!(before_coding(tag), plain);
        }
    }

    #[test]
    fn encoded_answers_read_back_and_small_ones_stay_plain() {
        let plain = "Nghi Xuân ".repeat(500).into_bytes();
        let mut gunzipped = Vec::new();
        let gzip = Coding::Gzip.encode(&plain).unwrap();
        flate2::read::GzDecoder::new(&gzip[..]).read_to_end(&mut gunzipped).unwrap();
        let mut unbrotlied = Vec::new();
        brotli::BrotliDecompress(&mut &Coding::Brotli.encode(&plain).unwrap()[..], &mut unbrotlied).unwrap();
        assert_eq!([gunzipped, unbrotlied], [plain.clone(), plain]);
        assert_eq!(Coding::Brotli.encode(b"short"), None);
        assert_eq!(Coding::Identity.encode(&[b'x'; 5000]), None);
    }
}
