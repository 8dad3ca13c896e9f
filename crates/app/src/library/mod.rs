//! What libraries of media need beside the database: the store of files, the workshop for images, the virus scanner, and
//! how much is taken.

mod arrival;
mod renditions;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sha2::{Digest as _, Sha256};
use tokio::sync::Mutex;

use lienthong_domain::media::{Digest, MediaKind, MediaType};
use lienthong_media::{Clamd, Kept, Verdict, Workshop, clean, pixels, recognise};

use crate::error::Error;

pub use arrival::{Arrival, Arrived};
pub use lienthong_media::{Bucket, ClamdAddress, PixelLimits, Stored, Vault, VaultError};

/// The media of one node.
pub struct Library {
    pub(crate) vault: Vault,
    workshop: Workshop,
    scanner: Option<Clamd>,
    pub(crate) limits: LibraryLimits,
    /// Where files lie while they arrive: on this node's own disk.
    spool: PathBuf,
    /// Of all renditions whose image's digest begins alike, one is made at a time.
    making: [Mutex<()>; 16],
}

/// How much is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LibraryLimits {
    /// Largest image as it is uploaded, in bytes.
    pub image_bytes: u64,
    /// Largest document, in bytes.
    pub document_bytes: u64,
    /// Largest image, in pixels.
    pub pixels: PixelLimits,
    /// How long an upload that does not go on is remembered.
    pub upload_life: Duration,
    /// How many uploads somebody may have open.
    pub open_uploads: u64,
}

impl Default for LibraryLimits {
    fn default() -> Self {
        Self {
            image_bytes: 20 << 20,
            document_bytes: 50 << 20,
            pixels: PixelLimits { pixels: 40_000_000, side: 16_384 },
            upload_life: Duration::from_hours(24),
            open_uploads: 20,
        }
    }
}

impl LibraryLimits {
    /// Largest file of any kind, in bytes.
    pub fn bytes(&self) -> u64 {
        self.image_bytes.max(self.document_bytes)
    }

    const fn bytes_of(&self, kind: MediaKind) -> u64 {
        match kind {
            MediaKind::Image => self.image_bytes,
            MediaKind::Document => self.document_bytes,
        }
    }
}

/// A file that was taken in and stored, and has no row yet.
pub(crate) struct TakenIn {
    pub(crate) media_type: MediaType,
    pub(crate) size: u64,
    pub(crate) stored: Digest,
    pub(crate) dimensions: Option<(u32, u32)>,
}

impl Library {
    /// With a store of files, and a folder for those that arrive.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn new(vault: Vault, spool: &Path, limits: LibraryLimits) -> Result<Self, std::io::Error> {
        std::fs::create_dir_all(spool)?;
        Ok(Self {
            vault,
            workshop: Workshop::new(limits.pixels),
            scanner: None,
            limits,
            spool: spool.to_owned(),
            making: Default::default(),
        })
    }

    /// Lets nothing in that this daemon has not passed, which has so long for one file.
    #[must_use]
    pub fn scanned_by(self, daemon: ClamdAddress, patience: Duration) -> Self {
        Self { scanner: Some(Clamd::new(daemon, patience)), ..self }
    }

    /// How much is taken.
    pub const fn limits(&self) -> &LibraryLimits {
        &self.limits
    }

    /// Looks at a file that has arrived, and stores what is kept of it.
    pub(crate) async fn take_in(&self, arrived: Arrived) -> Result<TakenIn, Error> {
        let Arrived { file, size, digest } = arrived;
        let (media_type, file) = on_file(file, recognise).await?;
        let limit = self.limits.bytes_of(media_type.kind());
        if size > limit {
            return Err(Error::TooLarge { limit });
        }
        self.scan(&file).await?;
        if media_type.kind() == MediaKind::Image {
            return self.take_in_image(file, media_type).await;
        }
        self.vault.put_file(&Kept::Whole(digest), rewound(file)?).await?;
        Ok(TakenIn { media_type, size, stored: digest, dimensions: None })
    }

    async fn take_in_image(&self, file: File, media_type: MediaType) -> Result<TakenIn, Error> {
        let limits = self.limits.pixels;
        let (count, mut file) = on_file(file, move |file| pixels(file, media_type, limits)).await?;
        let made = self.workshop.work(count, move || {
            let picture = clean(&mut file, media_type, limits)?;
            let digest: Digest = Sha256::digest(&picture.bytes).into();
            Ok::<_, Error>((picture, digest))
        });
        let (picture, stored) = made.await.map_err(|error| Error::Internal(error.to_string()))??;
        let size = picture.bytes.len() as u64;
        self.vault.put(&Kept::Whole(stored), picture.bytes.into()).await?;
        Ok(TakenIn { media_type, size, stored, dimensions: Some((picture.width, picture.height)) })
    }

    async fn scan(&self, file: &File) -> Result<(), Error> {
        let Some(scanner) = &self.scanner else { return Ok(()) };
        let file = file.try_clone().map_err(|error| Error::Internal(error.to_string()))?;
        match scanner.scan(file).await {
            Ok(Verdict::Clean) => Ok(()),
            Ok(Verdict::Infected(name)) => Err(Error::Infected(name)),
            Err(error) => {
                tracing::error!(%error, "a file was not taken");
                Err(Error::ScannerSilent)
            }
        }
    }
}

/// Reads a file on a thread where that may take its time.
async fn on_file<T: Send + 'static, E: Into<Error> + Send + 'static>(
    mut file: File,
    read: impl FnOnce(&mut File) -> Result<T, E> + Send + 'static,
) -> Result<(T, File), Error> {
    let done = tokio::task::spawn_blocking(move || read(&mut file).map(|found| (found, file)));
    done.await.map_err(|error| Error::Internal(error.to_string()))?.map_err(Into::into)
}

pub(crate) fn rewound(mut file: File) -> Result<File, Error> {
    std::io::Seek::rewind(&mut file).map_err(|error| Error::Internal(error.to_string()))?;
    Ok(file)
}
