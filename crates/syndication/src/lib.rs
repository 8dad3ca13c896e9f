//! What Liên Thông tells feed readers, aggregators and search engines: RSS 2.0, Atom, JSON Feed, OPML and sitemaps.
//!
//! Pure rendering: a plain [`Feed`] goes in, one string comes out. The caller has read the database, minted the ids and
//! made every address absolute; nothing here looks at a clock, a database or the network.
//!
//! Whatever text the model holds, the output is well formed: characters that XML 1.0 cannot carry are dropped, in JSON
//! too, so that all formats say the same. Titles, names and labels become one line; summaries keep their lines.
#![warn(missing_docs)]

mod date;
mod html;
mod media;
mod model;
mod tag_uri;
mod text;
mod xml;

pub mod atom;
pub mod jsonfeed;
pub mod opml;
pub mod rss;
pub mod sitemap;

pub use html::{ContentHtml, absolutise, escape, plain_text};
pub use media::image_type;
pub use model::{Attachment, Category, Feed, Image, Item, Mention, Origin, Signature, Source, Tombstone};
pub use tag_uri::{InvalidTagUri, TagUri};
