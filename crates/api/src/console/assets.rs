//! The embedded bundles, addressed by their digest.

use axum::body::Bytes;
use axum::response::{IntoResponse, Response};

use crate::rest::path::{PathOf, not_found};

use super::static_file::{Caching, StaticFile};

/// Script, style and licence texts of one page, as `console-src` built them.
pub(super) struct Bundle {
    pub(super) script: Asset,
    pub(super) style: Asset,
    /// Texts of every bundled package: they travel with the binary, as the licences ask.
    pub(super) licences: Asset,
}

/// One built file and the `CHECKSUMS` of its folder.
pub(super) struct Asset {
    name: &'static str,
    content_type: &'static str,
    pub(super) content: &'static [u8],
    checksums: &'static str,
}

macro_rules! asset {
    ($folder:literal, $name:literal, $content_type:literal) => {
        Asset {
            name: $name,
            content_type: $content_type,
            content: include_bytes!(concat!("../../assets/", $folder, "/", $name)),
            checksums: include_str!(concat!("../../assets/", $folder, "/CHECKSUMS")),
        }
    };
}

pub(super) static GRAPHIQL: Bundle = Bundle {
    script: asset!("graphiql", "graphiql.js", "text/javascript; charset=utf-8"),
    style: asset!("graphiql", "graphiql.css", "text/css; charset=utf-8"),
    licences: asset!("graphiql", "LICENSES.txt", "text/plain; charset=utf-8"),
};

pub(super) static SWAGGER: Bundle = Bundle {
    script: asset!("swagger", "swagger.js", "text/javascript; charset=utf-8"),
    style: asset!("swagger", "swagger.css", "text/css; charset=utf-8"),
    licences: asset!("swagger", "LICENSES.txt", "text/plain; charset=utf-8"),
};

pub(super) static FAVICON_ICO: Asset = asset!("icon", "favicon.ico", "image/vnd.microsoft.icon");
pub(super) static FAVICON_SVG: Asset = asset!("icon", "favicon.svg", "image/svg+xml");

/// `GET /graphiql/assets/{file}`.
pub(super) async fn graphiql(PathOf(file): PathOf<String>) -> Response {
    GRAPHIQL.serve(&file)
}

/// `GET /docs/assets/{file}`.
pub(super) async fn docs(PathOf(file): PathOf<String>) -> Response {
    SWAGGER.serve(&file)
}

/// `GET /favicon.ico`.
pub(super) async fn favicon_ico() -> Response {
    FAVICON_ICO.file(Caching::Daily).respond()
}

/// `GET /favicon.svg`.
pub(super) async fn favicon_svg() -> Response {
    FAVICON_SVG.file(Caching::Daily).respond()
}

impl Bundle {
    /// A name with another digest than ours belongs to another release: 404, never today's content under that name.
    fn serve(&self, file: &str) -> Response {
        if file == self.licences.name {
            return self.licences.file(Caching::Daily).respond();
        }
        let hashed = [&self.script, &self.style].into_iter().find(|asset| asset.hashed_name() == file);
        match hashed {
            Some(asset) => asset.file(Caching::Immutable).respond(),
            None => not_found("asset").into_response(),
        }
    }
}

impl Asset {
    /// `graphiql.js` as `graphiql.0123456789ab.js`: a new content is a new address.
    pub(super) fn hashed_name(&self) -> String {
        let digest = self.sha256().get(..12).unwrap_or_default();
        let (stem, extension) = self.name.rsplit_once('.').unwrap_or((self.name, ""));
        format!("{stem}.{digest}.{extension}")
    }

    /// Lower-case hex as committed in `CHECKSUMS`; a test holds it against the bytes.
    pub(super) fn sha256(&self) -> &'static str {
        let lines = self.checksums.lines().filter_map(|line| line.split_once("  "));
        lines.filter(|(_, name)| *name == self.name).map(|(digest, _)| digest).next().unwrap_or_default()
    }

    fn file(&self, caching: Caching) -> StaticFile {
        StaticFile { body: Bytes::from_static(self.content), content_type: self.content_type, caching }
    }
}
