//! Where files are kept: a folder, or a store with the S3 protocol. Everything has the digest of its bytes as its name, so
//! that the same bytes are kept once, and nothing kept is ever changed.

use std::fs::File;
use std::io::Read as _;
use std::ops::Range;
use std::path::Path as FilePath;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{StreamExt as _, TryStreamExt as _};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt as _, WriteMultipart};

use lienthong_domain::ids::UploadId;
use lienthong_domain::media::{Digest, Rendition, hex};

/// A store of files.
#[derive(Debug, Clone)]
pub struct Vault {
    pub(crate) store: Arc<dyn ObjectStore>,
}

/// Something that is kept under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// A file of a library.
    Whole(Digest),
    /// A picture made of one.
    Rendition(Digest, Rendition),
    /// A piece of a file on its way.
    Part(UploadId, String),
}

/// What was found under a name.
pub struct Stored {
    /// Bytes in all.
    pub size: u64,
    /// The bytes asked for, piece by piece.
    pub bytes: BoxStream<'static, Result<Bytes, VaultError>>,
}

/// The store does not answer, or holds something else than expected.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// There is nothing under the name.
    #[error("there is no such file in the store")]
    Missing,
    /// The store failed.
    #[error("the store of files failed: {0}")]
    Store(object_store::Error),
    /// The file that was to be stored cannot be read.
    #[error("a file on its way cannot be read: {0}")]
    Io(#[from] std::io::Error),
}

/// Written at a time. Stores with the S3 protocol take no smaller pieces than 5 MiB.
const PIECE: usize = 8 << 20;

impl From<object_store::Error> for VaultError {
    fn from(error: object_store::Error) -> Self {
        match error {
            object_store::Error::NotFound { .. } => Self::Missing,
            error => Self::Store(error),
        }
    }
}

impl Vault {
    /// A folder, made when missing.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn in_folder(folder: &FilePath) -> Result<Self, VaultError> {
        std::fs::create_dir_all(folder)?;
        // What was acknowledged is on the disk, as with the database.
        let store = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true).with_automatic_cleanup(true);
        Ok(Self { store: Arc::new(store) })
    }

    /// Stores bytes.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn put(&self, kept: &Kept, bytes: Bytes) -> Result<(), VaultError> {
        self.store.put(&name(kept), bytes.into()).await?;
        Ok(())
    }

    /// Stores a file, piece by piece. What was under the name counts as stored anew, so that no clean-up takes it away
    /// before its row is written.
    ///
    /// # Errors
    /// When the store fails, or the file cannot be read.
    pub async fn put_file(&self, kept: &Kept, file: File) -> Result<(), VaultError> {
        let mut writing = WriteMultipart::new_with_chunk_size(self.store.put_multipart(&name(kept)).await?, PIECE);
        match feed(&mut writing, file).await {
            Ok(()) => {
                writing.finish().await?;
                Ok(())
            }
            Err(error) => {
                if let Err(left) = writing.abort().await {
                    tracing::warn!(error = %left, "pieces of a file that was not stored stay in the store");
                }
                Err(error)
            }
        }
    }

    /// What is under a name, or a part of it.
    ///
    /// # Errors
    /// [`VaultError::Missing`]; when the store fails.
    pub async fn get(&self, kept: &Kept, range: Option<Range<u64>>) -> Result<Stored, VaultError> {
        let options = GetOptions { range: range.map(GetRange::Bounded), ..GetOptions::default() };
        let found = self.store.get_opts(&name(kept), options).await?;
        let size = found.meta.size;
        Ok(Stored { size, bytes: found.into_stream().map_err(VaultError::from).boxed() })
    }

    /// All bytes under a name, which are known to be few.
    ///
    /// # Errors
    /// [`VaultError::Missing`]; when the store fails.
    pub async fn read(&self, kept: &Kept) -> Result<Bytes, VaultError> {
        Ok(self.store.get(&name(kept)).await?.bytes().await?)
    }

    /// Takes away what is under a name, if anything.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn remove(&self, kept: &Kept) -> Result<(), VaultError> {
        match self.store.delete(&name(kept)).await.map_err(VaultError::from) {
            Err(VaultError::Missing) | Ok(()) => Ok(()),
            error => error,
        }
    }

    /// Everything that has lain here for `age` at `now`, one after another, with its size.
    pub fn older_than(&self, age: Duration, now: SystemTime) -> BoxStream<'_, Result<(Kept, u64), VaultError>> {
        let found = self.store.list(None).map_err(VaultError::from);
        let old = found.try_filter_map(move |object| async move {
            let lain = now.duration_since(object.last_modified.into()).unwrap_or_default();
            Ok(if lain >= age { parse(&object.location).map(|kept| (kept, object.size)) } else { None })
        });
        old.boxed()
    }
}

async fn feed(writing: &mut WriteMultipart, mut file: File) -> Result<(), VaultError> {
    loop {
        writing.wait_for_capacity(1).await?;
        let (rest, piece) = tokio::task::spawn_blocking(move || {
            let mut piece = Vec::with_capacity(PIECE);
            let read = file.by_ref().take(PIECE as u64).read_to_end(&mut piece);
            (file, read.map(|_| piece))
        })
        .await
        .map_err(std::io::Error::other)?;
        let piece = piece?;
        if piece.is_empty() {
            return Ok(());
        }
        writing.put(piece.into());
        file = rest;
    }
}

fn name(kept: &Kept) -> Path {
    let parts: Vec<String> = match kept {
        Kept::Whole(digest) => {
            let digest = hex(digest);
            vec!["kept".to_owned(), digest.chars().take(2).collect(), digest]
        }
        Kept::Rendition(digest, rendition) => {
            let digest = hex(digest);
            vec!["renditions".to_owned(), digest.chars().take(2).collect(), digest, rendition.to_string()]
        }
        Kept::Part(upload, part) => vec!["parts".to_owned(), upload.to_string(), part.clone()],
    };
    Path::from_iter(parts)
}

/// Reads a name of ours; `None` for what somebody else has put there.
fn parse(path: &Path) -> Option<Kept> {
    let parts: Vec<String> = path.parts().map(|part| part.as_ref().to_owned()).collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    match *parts.as_slice() {
        ["kept", _, digest] => unhex(digest).map(Kept::Whole),
        ["renditions", _, digest, name] => Some(Kept::Rendition(unhex(digest)?, Rendition::parse(name)?)),
        ["parts", upload, part] => Some(Kept::Part(UploadId::from_uuid(upload.parse().ok()?), part.to_owned())),
        _ => None,
    }
}

fn unhex(text: &str) -> Option<Digest> {
    let bytes: Option<Vec<u8>> = text
        .as_bytes()
        .chunks(2)
        .map(|pair| std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok()))
        .collect();
    bytes?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        for kept in [
            Kept::Whole([0xab; 32]),
            Kept::Rendition([1; 32], Rendition::DEFAULT),
            Kept::Part(UploadId::from_uuid("01908f6e-7c2a-7000-8000-4b1d5a2c9e01".parse().unwrap()), "7-x".to_owned()),
        ] {
            assert_eq!(parse(&name(&kept)), Some(kept));
        }
        assert_eq!(parse(&Path::from("kept/ab/xyz")), None);
        assert_eq!(parse(&Path::from("something/else")), None);
    }
}
