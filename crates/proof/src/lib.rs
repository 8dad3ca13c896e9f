//! What proves that nothing was changed in secret: canonical JSON, signatures over it, and a log whose every state is one
//! hash. Pure: no database, no network, no clock; whoever has the texts and a public key can check them with this crate
//! alone.
//!
//! | module | after |
//! |---|---|
//! | [`canonical`] | RFC 8785, JSON Canonicalization Scheme |
//! | [`jws`] | RFC 7515 with the unencoded, detached payload of RFC 7797; `EdDSA` over Ed25519 (RFC 8037) |
//! | [`merkle`], [`path`] | RFC 6962 section 2.1: leaves, roots, inclusion and consistency |
//! | [`checkpoint`] | C2SP `tlog-checkpoint` and `signed-note` |

pub mod canonical;
pub mod checkpoint;
pub mod jws;
pub mod merkle;
pub mod path;

use sha2::{Digest as _, Sha256};

pub use ed25519_dalek::{SigningKey, VerifyingKey};

/// A SHA-256 digest.
pub type Hash = [u8; 32];

/// The SHA-256 digest of `bytes`.
pub fn sha256(bytes: &[u8]) -> Hash {
    Sha256::digest(bytes).into()
}

/// A digest in hexadecimal, as people compare it.
pub fn hex(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(bytes)
}
