//! The seal key: what stands between a copy of the database and the instance's secrets.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use lienthong_domain::ids::{KeyId, SecretId, SiteId};

use super::{Purpose, SecretError};

/// Length of the seal key, of a cursor key and of an Ed25519 seed.
pub(super) const KEY: usize = 32;
/// Length of the nonce in front of the sealed bytes; long enough to be drawn at random for each seal.
const NONCE: usize = 24;
/// Longest file that is read in search of a key.
const LARGEST_FILE: u64 = 4096;

/// The key that seals the instance's secrets. It lies outside the database and is never shown.
pub struct SealKey(Zeroizing<[u8; KEY]>);

impl SealKey {
    /// Reads a key written as base64 of 32 bytes; `origin` says in messages where it came from.
    ///
    /// # Errors
    /// [`SecretError::NotAKey`] for any other text.
    pub fn from_base64(text: &str, origin: &str) -> Result<Self, SecretError> {
        let bytes = Zeroizing::new(STANDARD.decode(text.trim()).unwrap_or_default());
        let key = bytes.as_slice().try_into().map_err(|_| SecretError::NotAKey(origin.to_owned()))?;
        Ok(Self(Zeroizing::new(key)))
    }

    /// A key of these bytes, for tests.
    pub fn of_bytes(bytes: [u8; KEY]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Reads a key file; `None` when there is none.
    ///
    /// # Errors
    /// [`SecretError::Exposed`] when others than the owner and the group may read it, [`SecretError::NotAKey`] when
    /// it holds something else, [`SecretError::File`] when it cannot be read.
    pub fn read(file: &Path) -> Result<Option<Self>, SecretError> {
        let failed = |error| SecretError::File(file.to_owned(), error);
        let opened = match File::open(file) {
            Ok(opened) => opened,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        if opened.metadata().map_err(failed)?.permissions().mode() & 0o007 != 0 {
            return Err(SecretError::Exposed(file.to_owned()));
        }
        let mut text = Zeroizing::new(String::new());
        opened.take(LARGEST_FILE).read_to_string(&mut text).map_err(failed)?;
        Self::from_base64(&text, &file.display().to_string()).map(Some)
    }

    /// Makes a key and keeps it in `file` for the owner alone. When another process has made one in the meantime,
    /// that one is read.
    ///
    /// # Errors
    /// [`SecretError::File`] when the file cannot be written; see also [`SealKey::read`].
    pub fn create(file: &Path) -> Result<Self, SecretError> {
        let failed = |error| SecretError::File(file.to_owned(), error);
        let key = Self(random_key()?);
        let draft = draft_beside(file);
        let written = write_private(&draft, &key).and_then(|()| std::fs::hard_link(&draft, file));
        // A draft that cannot be removed holds no key in use, or the same one under the same protection.
        let _ = std::fs::remove_file(&draft);
        match written {
            Ok(()) => Ok(key),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                Self::read(file)?.ok_or_else(|| failed(ErrorKind::NotFound.into()))
            }
            Err(error) => Err(failed(error)),
        }
    }

    /// Seals `secret` under its id and purpose: moved to another row, it no longer opens.
    pub(crate) fn seal(&self, id: SecretId, purpose: Purpose, secret: &[u8; KEY]) -> Result<Vec<u8>, SecretError> {
        self.seal_bound(&bound_to(id, purpose), secret)
    }

    /// Seals the private half of a signing key under its id and its site: moved to another row, it no longer opens.
    pub(crate) fn seal_signing(
        &self,
        key: (KeyId, Option<SiteId>),
        secret: &[u8; KEY],
    ) -> Result<Vec<u8>, SecretError> {
        self.seal_bound(&bound_to_site(key), secret)
    }

    fn seal_bound(&self, bound: &[u8], secret: &[u8; KEY]) -> Result<Vec<u8>, SecretError> {
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).map_err(|error| SecretError::Randomness(error.to_string()))?;
        let payload = Payload { msg: secret.as_slice(), aad: bound };
        let sealed = self.cipher().encrypt(&XNonce::from(nonce), payload).map_err(|_| SecretError::WrongSealKey)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what [`SealKey::seal`] made.
    pub(crate) fn unseal(
        &self,
        id: SecretId,
        purpose: Purpose,
        sealed: &[u8],
    ) -> Result<Zeroizing<[u8; KEY]>, SecretError> {
        self.unseal_bound(&bound_to(id, purpose), sealed)
    }

    /// Opens what [`SealKey::seal_signing`] made.
    pub(crate) fn unseal_signing(
        &self,
        key: (KeyId, Option<SiteId>),
        sealed: &[u8],
    ) -> Result<Zeroizing<[u8; KEY]>, SecretError> {
        self.unseal_bound(&bound_to_site(key), sealed)
    }

    fn unseal_bound(&self, bound: &[u8], sealed: &[u8]) -> Result<Zeroizing<[u8; KEY]>, SecretError> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or(SecretError::WrongSealKey)?;
        let payload = Payload { msg: sealed, aad: bound };
        let open = self.cipher().decrypt(&XNonce::from(*nonce), payload).map_err(|_| SecretError::WrongSealKey)?;
        let open = Zeroizing::new(open);
        let key = open.as_slice().try_into().map_err(|_| SecretError::WrongSealKey)?;
        Ok(Zeroizing::new(key))
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&Key::from(*self.0))
    }
}

/// 32 bytes from the operating system.
pub(crate) fn random_key() -> Result<Zeroizing<[u8; KEY]>, SecretError> {
    let mut key = Zeroizing::new([0; KEY]);
    getrandom::fill(key.as_mut_slice()).map_err(|error| SecretError::Randomness(error.to_string()))?;
    Ok(key)
}

fn bound_to(id: SecretId, purpose: Purpose) -> Vec<u8> {
    [id.as_uuid().as_bytes().as_slice(), purpose.as_str().as_bytes()].concat()
}

fn bound_to_site((id, site): (KeyId, Option<SiteId>)) -> Vec<u8> {
    let site = site.map(SiteId::as_uuid).unwrap_or_default();
    [id.as_uuid().as_bytes().as_slice(), b"signing-key", site.as_bytes()].concat()
}

/// A name of our own beside the file, so that the finished key appears in one step.
fn draft_beside(file: &Path) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}", uuid::Uuid::new_v4()));
    file.with_file_name(name)
}

fn write_private(file: &Path, key: &SealKey) -> std::io::Result<()> {
    let mut out = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
    let text = Zeroizing::new(STANDARD.encode(key.0.as_slice()) + "\n");
    out.write_all(text.as_bytes())?;
    out.sync_all()
}

#[cfg(test)]
mod tests {
    use lienthong_domain::time::Timestamp;

    use super::*;

    fn id(micros: i64) -> SecretId {
        SecretId::new(Timestamp::from_micros(micros))
    }

    #[test]
    fn what_is_sealed_opens_only_under_its_key_id_and_purpose() {
        let [key, other] = [SealKey(random_key().unwrap()), SealKey(random_key().unwrap())];
        let row = id(1);
        let sealed = key.seal(row, Purpose::Cursor, &[7; KEY]).unwrap();
        assert_eq!(*key.unseal(row, Purpose::Cursor, &sealed).unwrap(), [7; KEY]);
        assert!(other.unseal(row, Purpose::Cursor, &sealed).is_err());
        assert!(key.unseal(id(2), Purpose::Cursor, &sealed).is_err());
        assert!(key.unseal(row, Purpose::Token, &sealed).is_err());
    }

    #[test]
    fn no_byte_of_a_sealed_secret_can_be_changed_or_left_out() {
        let key = SealKey(random_key().unwrap());
        let sealed = key.seal(id(1), Purpose::Token, &[7; KEY]).unwrap();
        for at in 0..sealed.len() {
            let mut forged = sealed.clone();
            forged[at] ^= 1;
            assert!(key.unseal(id(1), Purpose::Token, &forged).is_err(), "byte {at}");
            assert!(key.unseal(id(1), Purpose::Token, &sealed[..at]).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn a_key_file_is_made_once_for_its_owner_alone_and_reads_back() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("seal.key");
        assert!(SealKey::read(&file).unwrap().is_none());
        let made = SealKey::create(&file).unwrap();
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(*SealKey::read(&file).unwrap().unwrap().0, *made.0);
        assert_eq!(*SealKey::create(&file).unwrap().0, *made.0, "the key that is there wins");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no draft is left behind");
    }

    #[test]
    fn a_key_that_everybody_may_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("seal.key");
        SealKey::create(&file).unwrap();
        for mode in [0o644, 0o602, 0o601] {
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
            assert!(matches!(SealKey::read(&file), Err(SecretError::Exposed(_))), "{mode:o}");
        }
    }

    #[test]
    fn a_text_that_is_no_key_is_refused_without_repeating_it() {
        for text in ["", "hunter2", &STANDARD.encode([1; 31]), &STANDARD.encode([1; 33])] {
            let refused = SealKey::from_base64(text, "LIENTHONG_SEAL_KEY").err().unwrap().to_string();
            assert!(
                refused.contains("LIENTHONG_SEAL_KEY") && (text.is_empty() || !refused.contains(text)),
                "{refused}"
            );
        }
    }
}
