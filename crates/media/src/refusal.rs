//! Why a file is not taken.

use std::io;

/// Why a file is not taken. Every message is for the one who uploads.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// By its bytes it is none of the types that are taken, whatever its name says.
    #[error(
        "the file is none of the types that are taken: JPEG, PNG, WebP, GIF, PDF, Word, Excel, PowerPoint, OpenDocument"
    )]
    Unrecognised,
    /// It holds a program.
    #[error("the document holds macros or scripts; save it without them")]
    ActiveContent,
    /// It would unfold into more than is allowed.
    #[error("the image has {width} × {height} pixels; at most {most} pixels and {side} on a side are taken")]
    TooManyPixels {
        /// As its head says.
        width: u32,
        /// As its head says.
        height: u32,
        /// Pixels allowed.
        most: u64,
        /// Pixels allowed on one side.
        side: u32,
    },
    /// It cannot be read as what it begins like.
    #[error("the image is damaged and cannot be read")]
    Damaged,
    /// The disk failed us.
    #[error("the file cannot be read: {0}")]
    Io(#[from] io::Error),
}
