//! From publications to the rows of each table.

use sea_orm::Set;

use lienthong_domain::live::LiveEntry;

use crate::bulk::Publication;
use crate::entity::{edition, entry, internal_entry, live_body, live_entry, live_listing, live_listing_updated};
use crate::entries::{edition_row, entry_row, open};
use crate::error::Error;
use crate::live_projection::{body_row, by_publication, by_update, header_row, internal_row};
use crate::media_uses;
use crate::site_hosts;
use crate::sql::Sql;

/// A batch in the order of its ids, which is that of most indexes: its rows then go to the ends of them.
pub(super) struct InOrder<'a>(Vec<&'a Publication>);

impl<'a> InOrder<'a> {
    pub(super) fn new(batch: &'a [Publication]) -> Self {
        let mut sorted: Vec<&Publication> = batch.iter().collect();
        sorted.sort_unstable_by_key(|one| one.entry.id);
        Self(sorted)
    }

    pub(super) fn entries(&self) -> Vec<entry::ActiveModel> {
        self.0.iter().map(|one| remembered(one)).collect()
    }

    pub(super) fn editions(&self) -> Result<Vec<edition::ActiveModel>, Error> {
        self.0.iter().flat_map(|one| open(&one.entry).map(|edition| edition_row(&one.entry, edition))).collect()
    }

    pub(super) fn headers(&self) -> Result<Vec<live_entry::ActiveModel>, Error> {
        self.public().map(header_row).collect()
    }

    pub(super) fn bodies(&self) -> Vec<live_body::ActiveModel> {
        self.public().map(body_row).collect()
    }

    pub(super) fn by_publication(&self) -> Vec<live_listing::ActiveModel> {
        by_publication(&self.lives())
    }

    pub(super) fn by_update(&self) -> Vec<live_listing_updated::ActiveModel> {
        by_update(&self.lives())
    }

    pub(super) fn internal(&self) -> Vec<internal_entry::ActiveModel> {
        self.0.iter().filter_map(|one| one.shown.internal()).map(internal_row).collect()
    }

    /// What is noted beside the rows: what they use of the libraries of their sites and where they lead to. Rarely anything.
    pub(super) fn notes(&self) -> Vec<Sql> {
        [self.media_uses(), site_hosts::insert(&self.lives())].concat()
    }

    fn media_uses(&self) -> Vec<Sql> {
        let of = |one: &&Publication| {
            let uses = open(&one.entry).filter_map(|edition| media_uses::insert(&one.entry, edition));
            uses.collect::<Vec<_>>()
        };
        self.0.iter().flat_map(of).collect()
    }

    fn lives(&self) -> Vec<&LiveEntry> {
        self.public().collect()
    }

    fn public(&self) -> impl Iterator<Item = &LiveEntry> {
        self.0.iter().filter_map(|one| one.shown.public())
    }
}

fn remembered(one: &Publication) -> entry::ActiveModel {
    entry::ActiveModel { source_digest: Set(Some(one.digest.to_vec())), ..entry_row(&one.entry) }
}
