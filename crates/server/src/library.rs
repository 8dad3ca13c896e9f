//! The libraries of media, as the configuration has them.

use std::path::Path;

use lienthong_app::library::{Library, LibraryLimits, PixelLimits, Vault};

use crate::bucket;
use crate::config::Config;
use crate::data_folder::DataFolder;
use crate::failure::Failure;

/// Longest side of an image, in pixels: that of the largest cameras, and of what every decoder takes.
const SIDE: u32 = 16_384;

/// Opens the store of files and the folder for those that arrive.
pub(crate) async fn open(config: &Config, folder: &DataFolder) -> Result<Library, Failure> {
    let media = &config.media;
    let vault = vault(config, folder).await?;
    let limits = LibraryLimits {
        image_bytes: media.image_bytes,
        document_bytes: media.document_bytes,
        pixels: PixelLimits { pixels: media.pixels, side: SIDE },
        upload_life: media.upload_life.0,
        ..LibraryLimits::default()
    };
    let spool = folder.spool();
    let library = Library::new(vault, &spool, limits).map_err(|error| cannot_use(&spool, error))?;
    Ok(match &media.clamd {
        Some(scanner) => library.scanned_by(scanner.0.clone(), media.clamd_timeout.0),
        None => library,
    })
}

async fn vault(config: &Config, folder: &DataFolder) -> Result<Vault, Failure> {
    if let Some(bucket) = bucket::configured(config)? {
        return bucket::open(&bucket).await;
    }
    let place = config.media.folder.clone().unwrap_or_else(|| folder.media());
    Vault::in_folder(&place).map_err(|error| cannot_use(&place, error))
}

fn cannot_use(place: &Path, error: impl std::fmt::Display) -> Failure {
    Failure::while_doing(format!("cannot use {}", place.display()), error)
}
