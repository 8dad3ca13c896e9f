//! A file while it arrives: written to this node's disk as it comes, so that memory does not grow with it.

use std::fs::File;
use std::time::Duration;

use bytes::Bytes;
use futures::{Stream, StreamExt as _};
use sha2::{Digest as _, Sha256};
use tokio::io::AsyncWriteExt as _;

use lienthong_domain::media::Digest;

use crate::error::Error;
use crate::library::Library;

/// For how long a client may send nothing.
const SILENCE: Duration = Duration::from_secs(30);

/// A file that is being written.
pub struct Arrival {
    file: tokio::fs::File,
    sha: Sha256,
    size: u64,
    limit: u64,
}

/// A file that has arrived, or a piece of one.
pub struct Arrived {
    /// On this node's disk, gone when it is closed.
    pub(crate) file: File,
    /// In bytes.
    pub(crate) size: u64,
    /// SHA-256 of its bytes.
    pub(crate) digest: Digest,
}

impl Library {
    /// A file of at most `limit` bytes is about to arrive.
    pub(crate) fn arrival(&self, limit: u64) -> Result<Arrival, Error> {
        let file = tempfile::tempfile_in(&self.spool).map_err(|error| internal(&error))?;
        Ok(Arrival { file: tokio::fs::File::from_std(file), sha: Sha256::new(), size: 0, limit })
    }

    /// Takes a whole file from the body of a request.
    ///
    /// # Errors
    /// [`Error::TooLarge`] as soon as it is; [`Error::Interrupted`] when the client breaks off or falls silent.
    pub async fn receive<E>(&self, body: impl Stream<Item = Result<Bytes, E>> + Unpin) -> Result<Arrived, Error> {
        let mut arrival = self.arrival(self.limits.bytes())?;
        arrival.fill(body).await?;
        arrival.end().await
    }
}

impl Arrival {
    /// Writes what the client sends, until it ends or breaks off.
    pub(crate) async fn fill<E>(
        &mut self,
        mut body: impl Stream<Item = Result<Bytes, E>> + Unpin,
    ) -> Result<(), Error> {
        loop {
            match tokio::time::timeout(SILENCE, body.next()).await {
                Ok(None) => return Ok(()),
                Ok(Some(Ok(piece))) => self.write(&piece).await?,
                Ok(Some(Err(_))) | Err(_) => return Err(Error::Interrupted),
            }
        }
    }

    pub(crate) async fn write(&mut self, piece: &[u8]) -> Result<(), Error> {
        self.size += piece.len() as u64;
        if self.size > self.limit {
            return Err(Error::TooLarge { limit: self.limit });
        }
        self.sha.update(piece);
        self.file.write_all(piece).await.map_err(|error| internal(&error))
    }

    pub(crate) async fn end(mut self) -> Result<Arrived, Error> {
        self.file.flush().await.map_err(|error| internal(&error))?;
        let file = self.file.into_std().await;
        Ok(Arrived { file, size: self.size, digest: self.sha.finalize().into() })
    }
}

fn internal(error: &std::io::Error) -> Error {
    Error::Internal(format!("a file on its way cannot be written: {error}"))
}
