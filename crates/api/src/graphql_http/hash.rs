//! The name of a document: the SHA-256 of its bytes.

use std::fmt;

use sha2::{Digest, Sha256};

/// SHA-256 of a document's UTF-8 text.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DocumentHash([u8; 32]);

impl DocumentHash {
    /// The hash of this text.
    pub fn of(text: &str) -> Self {
        Self(Sha256::digest(text.as_bytes()).into())
    }

    /// Read 64 hexadecimal digits of either case; anything else is `None`.
    pub fn parse_hex(text: &str) -> Option<Self> {
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        if pairs.len() != 32 || !rest.is_empty() {
            return None;
        }
        let mut bytes = [0; 32];
        for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
            *byte = digit(*high)? << 4 | digit(*low)?;
        }
        Some(Self(bytes))
    }

    /// Read a document id, `sha256:<hex>`.
    pub fn parse_id(text: &str) -> Option<Self> {
        text.strip_prefix("sha256:").and_then(Self::parse_hex)
    }
}

fn digit(ascii: u8) -> Option<u8> {
    char::from(ascii).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

impl fmt::Display for DocumentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for DocumentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sha256:{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn a_hash_is_read_as_it_is_written() {
        assert_eq!(DocumentHash::of("").to_string(), EMPTY);
        assert_eq!(DocumentHash::parse_hex(EMPTY), Some(DocumentHash::of("")));
        assert_eq!(DocumentHash::parse_hex(&EMPTY.to_uppercase()), Some(DocumentHash::of("")));
        assert_eq!(DocumentHash::parse_id(&format!("sha256:{EMPTY}")), Some(DocumentHash::of("")));
    }

    #[test]
    fn anything_but_64_hexadecimal_digits_is_no_hash() {
        for text in ["", "e3", &EMPTY[1..], &format!("{EMPTY}0"), &format!("{EMPTY}00"), &EMPTY.replace('e', "g")] {
            assert_eq!(DocumentHash::parse_hex(text), None, "{text}");
        }
        for id in [EMPTY, "sha256:", "md5:00", &format!("SHA256:{EMPTY}")] {
            assert_eq!(DocumentHash::parse_id(id), None, "{id}");
        }
    }
}
