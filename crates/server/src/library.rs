//! The libraries of media, as the configuration has them.

use lienthong_app::library::{Library, LibraryLimits, PixelLimits, Vault};

use crate::config::Config;
use crate::data_folder::DataFolder;
use crate::failure::Failure;

/// Longest side of an image, in pixels: that of the largest cameras, and of what every decoder takes.
const SIDE: u32 = 16_384;

/// Opens the store of files and the folder for those that arrive.
pub(crate) fn open(config: &Config, folder: &DataFolder) -> Result<Library, Failure> {
    let media = &config.media;
    let place = media.folder.clone().unwrap_or_else(|| folder.media());
    let cannot = |error: &dyn std::fmt::Display| Failure::new(format!("cannot use {}: {error}", place.display()));
    let vault = Vault::in_folder(&place).map_err(|error| cannot(&error))?;
    let limits = LibraryLimits {
        image_bytes: media.image_bytes,
        document_bytes: media.document_bytes,
        pixels: PixelLimits { pixels: media.pixels, side: SIDE },
        upload_life: media.upload_life.0,
        ..LibraryLimits::default()
    };
    let library = Library::new(vault, &folder.spool(), limits).map_err(|error| cannot(&error))?;
    Ok(match &media.clamd {
        Some(scanner) => library.scanned_by(scanner.0.clone(), media.clamd_timeout.0),
        None => library,
    })
}
