//! Checkpoints: the size and the root of the log at one moment, signed (C2SP `tlog-checkpoint`, in the form of
//! `signed-note`). Whoever keeps one can tell later whether the log was rewritten before it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};

use crate::{Hash, sha256};

/// The state of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The name of the log, also that of its key.
    pub origin: String,
    /// Number of leaves.
    pub size: u64,
    /// Root of the tree over them.
    pub root: Hash,
}

/// Why a checkpoint is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Not a signed note with a checkpoint in it.
    #[error("this is not a signed checkpoint")]
    Malformed,
    /// Of another log.
    #[error("the checkpoint is that of another log")]
    OtherLog,
    /// No signature of a known key.
    #[error("no signature of a known key is on the checkpoint")]
    UnknownKey,
    /// The signature does not fit.
    #[error("the signature of the checkpoint does not fit")]
    Signature,
}

/// The type of Ed25519 signatures in a signed note.
const ED25519: u8 = 1;

/// What begins the line of a signature.
const SIGNATURE_LINE: &str = "\u{2014} ";

impl Checkpoint {
    /// The text that is signed: three lines.
    pub fn body(&self) -> String {
        let Self { origin, size, root } = self;
        format!("{origin}\n{size}\n{}\n", STANDARD.encode(root))
    }

    /// The signed note.
    pub fn sign(&self, key: &SigningKey) -> String {
        let body = self.body();
        let id = key_id(&self.origin, &key.verifying_key());
        let signature = [id.as_slice(), &key.sign(body.as_bytes()).to_bytes()].concat();
        format!("{body}\n{SIGNATURE_LINE}{} {}\n", self.origin, STANDARD.encode(signature))
    }

    /// Reads a signed note without believing it.
    ///
    /// # Errors
    /// [`Refused::Malformed`].
    pub fn read(note: &str) -> Result<Self, Refused> {
        let (body, _) = parts(note)?;
        let mut lines = body.lines();
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next()) else {
            return Err(Refused::Malformed);
        };
        let parsed: u64 = size.parse().map_err(|_| Refused::Malformed)?;
        let root = STANDARD.decode(root).ok().and_then(|root| root.try_into().ok()).ok_or(Refused::Malformed)?;
        if origin.is_empty() || parsed.to_string() != size {
            return Err(Refused::Malformed);
        }
        Ok(Self { origin: origin.to_owned(), size: parsed, root })
    }

    /// Reads a signed note and checks that one of `keys` has signed it for the log `origin`.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn open(note: &str, origin: &str, keys: &[VerifyingKey]) -> Result<Self, Refused> {
        let checkpoint = Self::read(note)?;
        if checkpoint.origin != origin {
            return Err(Refused::OtherLog);
        }
        let (body, signatures) = parts(note)?;
        let mut refused = Refused::UnknownKey;
        for line in signatures.lines() {
            let (id, signature) = signature(line, origin)?;
            for key in keys.iter().filter(|key| key_id(origin, key) == id) {
                match key.verify_strict(body.as_bytes(), &signature) {
                    Ok(()) => return Ok(checkpoint),
                    Err(_) => refused = Refused::Signature,
                }
            }
        }
        Err(refused)
    }
}

/// A key as verifiers of signed notes are told it: `name+id+base64`.
pub fn verifier_key(origin: &str, key: &VerifyingKey) -> String {
    let typed = [[ED25519].as_slice(), key.as_bytes()].concat();
    format!("{origin}+{}+{}", crate::hex(&key_id(origin, key)), STANDARD.encode(typed))
}

/// The first four bytes of `SHA-256(name ‖ LF ‖ 0x01 ‖ public key)`.
fn key_id(origin: &str, key: &VerifyingKey) -> [u8; 4] {
    let digest = sha256(&[origin.as_bytes(), b"\n", &[ED25519], key.as_bytes()].concat());
    digest.first_chunk().copied().unwrap_or_default()
}

/// The signed text, and the lines of signatures behind the empty line.
fn parts(note: &str) -> Result<(&str, &str), Refused> {
    let at = note.find("\n\n").ok_or(Refused::Malformed)?;
    let (body, rest) = note.split_at(at + 1);
    Ok((body, rest.trim_start_matches('\n')))
}

/// Key id and signature of a line; those of other names are other people's.
fn signature(line: &str, origin: &str) -> Result<([u8; 4], Signature), Refused> {
    let line = line.strip_prefix(SIGNATURE_LINE).ok_or(Refused::Malformed)?;
    let (name, encoded) = line.rsplit_once(' ').ok_or(Refused::Malformed)?;
    let bytes = STANDARD.decode(encoded).map_err(|_| Refused::Malformed)?;
    let (id, signature) = bytes.split_first_chunk::<4>().ok_or(Refused::Malformed)?;
    let signature = <&[u8; 64]>::try_from(signature).map(Signature::from_bytes);
    match signature {
        Ok(signature) if name == origin => Ok((*id, signature)),
        // Witnesses sign with keys of other kinds; what they say is not looked at here.
        _ => Ok(([0; 4], Signature::from_bytes(&[0; 64]))),
    }
}
