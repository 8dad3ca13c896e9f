//! From publications to the rows of each table.

use sea_orm::Set;

use crate::bulk::Publication;
use crate::entity::{edition, entry, live_body, live_entry, live_listing, live_listing_updated};
use crate::entries::{edition_row, entry_row, open};
use crate::error::Error;
use crate::live_projection::{body_row, header_row, listing_rows};

/// The rows of a batch, table by table, in the order in which they may be written.
pub(super) struct Rows {
    pub(super) entries: Vec<entry::ActiveModel>,
    pub(super) editions: Vec<edition::ActiveModel>,
    pub(super) headers: Vec<live_entry::ActiveModel>,
    pub(super) bodies: Vec<live_body::ActiveModel>,
    pub(super) by_publication: Vec<live_listing::ActiveModel>,
    pub(super) by_update: Vec<live_listing_updated::ActiveModel>,
}

impl Rows {
    pub(super) fn of(new: &[Publication]) -> Result<Self, Error> {
        // In the order of their ids, which is that of most indexes: a batch then goes to the end of them.
        let mut new: Vec<&Publication> = new.iter().collect();
        new.sort_unstable_by_key(|publication| publication.entry.id);
        let editions = new.iter().flat_map(|one| open(&one.entry).map(|edition| edition_row(&one.entry, edition)));
        let (by_publication, by_update) = listing_rows(new.iter().map(|one| &one.live));
        Ok(Self {
            entries: new.iter().map(|one| remembered(one)).collect(),
            editions: editions.collect::<Result<_, _>>()?,
            headers: new.iter().map(|one| header_row(&one.live)).collect::<Result<_, _>>()?,
            bodies: new.iter().map(|one| body_row(&one.live)).collect(),
            by_publication,
            by_update,
        })
    }
}

fn remembered(one: &Publication) -> entry::ActiveModel {
    entry::ActiveModel { source_digest: Set(Some(one.digest.to_vec())), ..entry_row(&one.entry) }
}
