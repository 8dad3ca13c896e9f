//! Secrets that say nothing by themselves: 256 random bits behind a prefix that tells what they are. Only a digest is
//! kept; so many random bits need no slow hash.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use crate::error::Error;

/// What such a secret is for. A digest of one kind is never that of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Refreshes a sign-in.
    Refresh,
    /// Lets its bearer choose a password.
    Link,
    /// Signs in whom an identity provider vouches for.
    Ticket,
}

/// A new secret: the text for its bearer, and the digest for the database.
pub(crate) struct Opaque {
    pub(crate) text: Zeroizing<String>,
    pub(crate) digest: [u8; 32],
}

impl Kind {
    const fn prefix(self) -> &'static str {
        match self {
            Self::Refresh => "ltr_",
            Self::Link => "ltl_",
            Self::Ticket => "ltt_",
        }
    }

    const fn context(self) -> &'static str {
        match self {
            Self::Refresh => "lienthong 2026 refresh token",
            Self::Link => "lienthong 2026 password link",
            Self::Ticket => "lienthong 2026 sign-in ticket",
        }
    }

    /// A new secret of this kind.
    pub(crate) fn generate(self) -> Result<Opaque, Error> {
        let bytes = random()?;
        let text = Zeroizing::new(format!("{}{}", self.prefix(), URL_SAFE_NO_PAD.encode(*bytes)));
        Ok(Opaque { text, digest: blake3::derive_key(self.context(), bytes.as_slice()) })
    }

    /// The digest of a secret that somebody shows; `None` for what cannot be one.
    pub(crate) fn digest(self, text: &str) -> Option<[u8; 32]> {
        let encoded = text.strip_prefix(self.prefix()).filter(|encoded| encoded.len() == 43)?;
        let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(encoded).ok()?);
        Some(blake3::derive_key(self.context(), &bytes))
    }
}

/// 32 bytes from the operating system.
pub(crate) fn random() -> Result<Zeroizing<[u8; 32]>, Error> {
    let mut bytes = Zeroizing::new([0; 32]);
    getrandom::fill(bytes.as_mut_slice()).map_err(|error| Error::Internal(format!("no random numbers: {error}")))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_found_by_its_digest_and_only_as_what_it_is() {
        let Opaque { text, digest } = Kind::Refresh.generate().unwrap();
        assert_eq!(Kind::Refresh.digest(&text), Some(digest));
        assert_eq!(Kind::Link.digest(&text), None);
        assert_ne!(Kind::Link.digest(&text.replace("ltr_", "ltl_")), Some(digest));
        for other in ["", "ltr_", "ltr_short", &text.to_uppercase(), &format!("{}x", *text)] {
            assert_ne!(Kind::Refresh.digest(other), Some(digest), "{other}");
        }
    }
}
