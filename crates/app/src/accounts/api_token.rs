//! The text of tokens for programs: `lt_`, 256 random bits, and a checksum, so that scanners of repositories and logs
//! recognise one, and a mistyped one is refused without a look into the database.

use zeroize::Zeroizing;

use super::{base32, random};
use crate::error::Error;

/// What every such token begins with.
pub const API_TOKEN_PREFIX: &str = "lt_";

/// Characters of 32 bytes in base32.
const RANDOM: usize = 52;
/// Characters of the checksum: CRC-32 (ISO 3309) of all before it, in base32.
const CHECKSUM: usize = 7;
const CONTEXT: &str = "lienthong 2026 API token";

/// A new token: the text for its bearer, and the digest for the database.
pub(crate) fn generate() -> Result<(Zeroizing<String>, [u8; 32]), Error> {
    let bytes = random()?;
    let body = Zeroizing::new(format!("{API_TOKEN_PREFIX}{}", base32(bytes.as_slice()).to_ascii_lowercase()));
    let text = Zeroizing::new(format!("{}{}", *body, checksum(&body)));
    let digest = blake3::derive_key(CONTEXT, text.as_bytes());
    Ok((text, digest))
}

/// The digest of a token that somebody shows; `None` when it cannot be one.
pub(crate) fn digest(text: &str) -> Option<[u8; 32]> {
    let is_long = text.len() == API_TOKEN_PREFIX.len() + RANDOM + CHECKSUM && text.is_ascii();
    let (body, sum) = is_long.then(|| text.split_at(text.len() - CHECKSUM))?;
    let fits = body.starts_with(API_TOKEN_PREFIX) && checksum(body) == sum;
    fits.then(|| blake3::derive_key(CONTEXT, text.as_bytes()))
}

fn checksum(body: &str) -> String {
    base32(&crc32fast::hash(body.as_bytes()).to_be_bytes()).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_recognised_by_its_form_and_its_checksum() {
        let (text, kept) = generate().unwrap();
        assert_eq!(digest(&text), Some(kept));
        let rest = text.strip_prefix("lt_").unwrap();
        assert!(
            rest.len() == 59 && rest.bytes().all(|b| matches!(b, b'a'..=b'z' | b'2'..=b'7')),
            "a scanner's pattern"
        );
        assert!(!text.as_bytes().windows(4).any(|some| kept.windows(4).any(|other| some == other)));
    }

    #[test]
    fn one_changed_character_is_noticed_without_the_database() {
        let (text, _) = generate().unwrap();
        for at in 0..text.len() {
            let mut other: Vec<char> = text.chars().collect();
            other[at] = if other[at] == 'a' { 'b' } else { 'a' };
            assert_eq!(digest(&other.into_iter().collect::<String>()), None, "at {at}");
        }
        for other in ["", "lt_", "lt_é", &text[1..], &format!("{}a", *text)] {
            assert_eq!(digest(other), None);
        }
    }
}
