//! Content codings (RFC 9110 section 8.4): which one a client gets, and making it.

use std::io::Write as _;

use bytes::Bytes;
use http::{HeaderMap, header};

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
    /// The best coding that the request accepts.
    pub(super) fn accepted(headers: &HeaderMap) -> Self {
        let mut best = Self::Identity;
        for value in headers.get_all(header::ACCEPT_ENCODING) {
            let Ok(value) = value.to_str() else { continue };
            for item in value.split(',') {
                best = match Self::of_item(item) {
                    Some(Self::Brotli) => Self::Brotli,
                    Some(Self::Gzip) if best == Self::Identity => Self::Gzip,
                    _ => best,
                };
            }
        }
        best
    }

    fn of_item(item: &str) -> Option<Self> {
        let (name, weight) = item.split_once(';').unwrap_or((item, ""));
        let weight = weight.trim().trim_start_matches(['q', 'Q']).trim_start().trim_start_matches('=').trim();
        let refused = !weight.is_empty() && weight.trim_matches(['0', '.']).is_empty();
        if refused {
            return None;
        }
        match name.trim() {
            "br" => Some(Self::Brotli),
            "gzip" | "x-gzip" => Some(Self::Gzip),
            _ => None,
        }
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
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn accepted(value: &str) -> Coding {
        Coding::accepted(&[(header::ACCEPT_ENCODING, value.parse().unwrap())].into_iter().collect())
    }

    #[test]
    fn the_best_accepted_coding_is_chosen() {
        for (value, coding) in [
            ("gzip, deflate, br", Coding::Brotli),
            ("gzip;q=1.0, br;q=0", Coding::Gzip),
            ("br;q=0.000, gzip;q=0.0", Coding::Identity),
            ("identity", Coding::Identity),
            ("", Coding::Identity),
            ("GZIP", Coding::Identity),
            ("gzip ; q=0.5", Coding::Gzip),
        ] {
            assert_eq!(accepted(value), coding, "{value:?}");
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
