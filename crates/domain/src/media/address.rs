//! The addresses under which an image is served: its id, a width of the fixed list, and a coding.

use std::fmt;

/// Widths in pixels. No other picture is ever made, so that nobody can have the server make pictures without end. An image
/// that is narrower is given as wide as it is.
pub const WIDTHS: [u32; 5] = [320, 640, 960, 1280, 1920];

/// How the pixels are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Coding {
    /// Half as large as JPEG; every browser since 2020.
    WebP,
    /// For everything else, and for feeds.
    Jpeg,
}

impl Coding {
    /// Both.
    pub const ALL: [Self; 2] = [Self::WebP, Self::Jpeg];

    /// Ending of the address.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::WebP => "webp",
            Self::Jpeg => "jpg",
        }
    }

    /// The media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::WebP => "image/webp",
            Self::Jpeg => "image/jpeg",
        }
    }
}

/// One of the pictures that can be made of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rendition {
    width: u32,
    coding: Coding,
}

impl Rendition {
    /// What feeds and readers of plain addresses get.
    pub const DEFAULT: Self = Self { width: 1280, coding: Coding::Jpeg };

    /// Every one, smallest first.
    pub fn all() -> impl Iterator<Item = Self> {
        WIDTHS.into_iter().flat_map(|width| Coding::ALL.map(|coding| Self { width, coding }))
    }

    /// Reads the last part of an address, such as `640.webp`; `None` for what is not on the list.
    pub fn parse(name: &str) -> Option<Self> {
        Self::all().find(|rendition| rendition.to_string() == name)
    }

    /// The width asked for. An image that is narrower keeps its own.
    pub const fn width(self) -> u32 {
        self.width
    }

    /// How it is written.
    pub const fn coding(self) -> Coding {
        self.coding
    }
}

impl fmt::Display for Rendition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.width, self.coding.ending())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_on_the_list_are_renditions() {
        for rendition in Rendition::all() {
            assert_eq!(Rendition::parse(&rendition.to_string()), Some(rendition));
        }
        for name in ["641.webp", "0640.webp", "640.png", "640", "640.webp ", "99999.jpg", "-640.jpg", ""] {
            assert_eq!(Rendition::parse(name), None, "{name:?}");
        }
        assert_eq!(Rendition::DEFAULT.to_string(), "1280.jpg");
    }
}
