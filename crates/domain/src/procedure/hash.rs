//! One value that changes exactly when the content of a record changes, so that importing twice changes nothing.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::outcome;
use super::record::{Field, RawRecord, is_absent};

/// BLAKE3 of a record's content; in JSON 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ContentHash(blake3::Hash);

/// A text that is not a content hash.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a content hash of 64 hexadecimal digits")]
pub struct HashError(String);

/// Separates this use of BLAKE3 from others, and this way of normalising from later ones.
const CONTEXT: &str = "lienthong procedure content v1";

impl ContentHash {
    /// Hashes the parts that say what the procedure is, in a fixed order: NFC, runs of white space as one space, absence
    /// and "Không có thông tin" alike. Key order, page controls, the page's raw text, unknown keys and provenance do not
    /// count.
    pub fn of(record: &RawRecord) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key(CONTEXT);
        let results = record.text(Field::Results).unwrap_or_default();
        let parted = outcome::sections(&results);
        for field in Field::ALL.into_iter().filter(|field| field.is_content()) {
            let text = match field {
                Field::Results => parted.results.to_owned(),
                Field::Keywords => own_or(record, field, parted.keywords),
                Field::Description => own_or(record, field, parted.description),
                _ => own_or(record, field, None),
            };
            hasher.update(field.key().as_bytes()).update(b"\x1f");
            hasher.update(normalised(&text).as_bytes()).update(b"\x1e");
        }
        Self(hasher.finalize())
    }
}

/// The part's own text, else the one that the results cell swallowed.
fn own_or(record: &RawRecord, field: Field, swallowed: Option<&str>) -> String {
    record.text(field).or_else(|| swallowed.map(str::to_owned)).unwrap_or_default()
}

/// Runs of white space as one space, absence as nothing.
fn normalised(text: &str) -> String {
    if is_absent(text) { String::new() } else { text.split_whitespace().collect::<Vec<_>>().join(" ") }
}

impl FromStr for ContentHash {
    type Err = HashError;

    fn from_str(text: &str) -> Result<Self, HashError> {
        blake3::Hash::from_hex(text).map(Self).map_err(|_| HashError(text.to_owned()))
    }
}

impl TryFrom<String> for ContentHash {
    type Error = HashError;

    fn try_from(text: String) -> Result<Self, HashError> {
        text.parse()
    }
}

impl From<ContentHash> for String {
    fn from(hash: ContentHash) -> Self {
        hash.to_string()
    }
}

impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.to_hex().as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(json: &str) -> ContentHash {
        ContentHash::of(&serde_json::from_str(json).unwrap())
    }

    #[test]
    fn noise_does_not_change_the_hash() {
        let plain = hash(
            r#"{"ma_thu_tuc": "1.000001", "ten_thu_tuc": "Đăng ký hòa giải", "ket_qua_xu_ly": "GiấyMã: KQ.G15.000031"}"#,
        );
        let noisy = [
            r#"{"ten_thu_tuc": "Đăng ký hòa giải", "ma_thu_tuc": "1.000001", "ket_qua_xu_ly": "GiấyMã: KQ.G15.000031"}"#,
            r#"{"ma_thu_tuc": "1.000001", "ten_thu_tuc": " Đăng  ký\n hòa giải ", "ket_qua_xu_ly": "GiấyMã: KQ.G15.000031", "raw_text": "x"}"#,
            r#"{"ma_thu_tuc": "1.000001", "ten_thu_tuc": "Đăng ký hòa giải", "thu_tuc_lien_quan": "Không có thông tin",
                "ket_qua_xu_ly": "GiấyMã: KQ.G15.000031Từ khóaKhông có thông tinMô tảKhông có thông tinChọn cơ quan thực hiệnTỉnh/ Thành phố"}"#,
            "{\"ma_thu_tuc\": \"1.000001\", \"ten_thu_tuc\": \"Đăng ký ho\u{300}a giải\", \"detail_url\": \"u\", \"ket_qua_xu_ly\": \"GiấyMã: KQ.G15.000031\"}",
        ];
        for json in noisy {
            assert_eq!(hash(json), plain, "{json}");
        }
    }

    #[test]
    fn content_changes_the_hash_and_so_does_its_place() {
        let plain = hash(r#"{"ma_thu_tuc": "1.000001", "ten_thu_tuc": "A"}"#);
        assert_ne!(hash(r#"{"ma_thu_tuc": "1.000001", "ten_thu_tuc": "B"}"#), plain);
        assert_ne!(hash(r#"{"ma_thu_tuc": "1.000001", "linh_vuc": "A"}"#), plain);
        assert_eq!(plain.to_string().parse::<ContentHash>().unwrap(), plain);
    }
}
