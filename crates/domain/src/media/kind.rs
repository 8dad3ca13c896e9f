//! The kinds of file that a library takes: no others.

/// Image or document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MediaKind {
    /// Shown: in articles, as their lead image. Never as it was uploaded.
    Image,
    /// Attached, for readers to save: never shown by a browser on our behalf.
    Document,
}

impl MediaKind {
    /// Stable name, as stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Document => "document",
        }
    }
}

macro_rules! types {
    ($($(#[$doc:meta])* $name:ident => $kind:ident, $mime:literal, $ending:literal;)+) => {
        /// What a file is, by its bytes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum MediaType {
            $($(#[$doc])* $name,)+
        }

        impl MediaType {
            /// Every type that is taken. SVG is none of them: it is a program in the coat of a picture. Nor are archives,
            /// into which no check looks.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The media type, as stored and served.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $mime,)+ }
            }

            /// The ending of its file names.
            pub const fn ending(self) -> &'static str {
                match self { $(Self::$name => $ending,)+ }
            }

            /// Image or document.
            pub const fn kind(self) -> MediaKind {
                match self { $(Self::$name => MediaKind::$kind,)+ }
            }
        }
    };
}

types! {
    /// Photographs.
    Jpeg => Image, "image/jpeg", "jpg";
    /// Drawings and screenshots.
    Png => Image, "image/png", "png";
    /// Either.
    WebP => Image, "image/webp", "webp";
    /// The first picture of it: what moves does not move any more.
    Gif => Image, "image/gif", "gif";
    /// Portable documents.
    Pdf => Document, "application/pdf", "pdf";
    /// Word, without macros.
    Docx => Document, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx";
    /// Excel, without macros.
    Xlsx => Document, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx";
    /// `PowerPoint`, without macros.
    Pptx => Document, "application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx";
    /// Word before 2007, without macros: what many offices still keep.
    Doc => Document, "application/msword", "doc";
    /// Excel before 2007, without macros.
    Xls => Document, "application/vnd.ms-excel", "xls";
    /// `PowerPoint` before 2007, without macros.
    Ppt => Document, "application/vnd.ms-powerpoint", "ppt";
    /// `OpenDocument` text.
    Odt => Document, "application/vnd.oasis.opendocument.text", "odt";
    /// `OpenDocument` spreadsheet.
    Ods => Document, "application/vnd.oasis.opendocument.spreadsheet", "ods";
    /// `OpenDocument` presentation.
    Odp => Document, "application/vnd.oasis.opendocument.presentation", "odp";
}

impl MediaType {
    /// Reads [`MediaType::as_str`].
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|media_type| media_type.as_str() == name)
    }
}
