//! Acceptance tests of the feeds: rules of the specifications, other people's parsers, snapshots.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking, in its helpers too")]

mod addresses;
mod atom_readers;
mod atom_rules;
mod by_feedparser;
mod demo;
mod expected;
mod generators;
mod json_readers;
mod json_rules;
mod opml;
mod rss_readers;
mod rss_rules;
mod rules;
mod sitemap_rules;
mod sitemaps;
mod snapshots;
