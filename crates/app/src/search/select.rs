//! Picks the entries of one page out of everything that meets a search, in the order of the list.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use tantivy::columnar::ColumnValues;
use tantivy::fastfield::AliveBitSet;
use tantivy::query::{EnableScoring, Query};
use tantivy::{DocId, DocSet as _, Searcher, SegmentReader, TERMINATED};
use uuid::Uuid;

use lienthong_domain::ids::EntryId;
use lienthong_domain::time::Timestamp;
use lienthong_persistence::live_entries::{Key, Listing, Order, Part};

use super::document::{ID_HIGH, ID_LOW, PUBLISHED, UNTIL, UPDATED};

/// The place of an entry in a list, later entries being greater. Turned round when a list is read from its end.
type Rank = (i64, u128);

/// The first `limit` entries of a part of the list, in the list's order.
pub(super) fn page(
    searcher: &Searcher,
    query: &dyn Query,
    (listing, part): (&Listing, Part),
    limit: usize,
    now: Timestamp,
) -> tantivy::Result<Vec<Key>> {
    let (bound, backwards) = match part {
        Part::First(key) => (key, false),
        Part::Last(key) => (key, true),
    };
    let turned = |rank: Rank| if backwards { (!rank.0, !rank.1) } else { rank };
    let bound = bound.map(|key| turned((key.at.as_micros(), key.entry.as_uuid().as_u128())));
    let mut best: BinaryHeap<Reverse<Rank>> = BinaryHeap::with_capacity(limit + 1);
    each(searcher, query, (listing, now), |document, times| {
        let rank = turned((times.at, 0));
        // Most documents are passed over by their time alone, without a look at their ids.
        let worst = best.peek().filter(|_| best.len() == limit).map(|worst| worst.0.0);
        if bound.is_some_and(|bound| rank.0 > bound.0) || worst.is_some_and(|worst| rank.0 < worst) {
            return true;
        }
        let rank = turned((times.at, times.columns.id(document)));
        if bound.is_none_or(|bound| rank < bound) {
            best.push(Reverse(rank));
            if best.len() > limit {
                best.pop();
            }
        }
        true
    })?;
    let mut ranks: Vec<Rank> = best.into_iter().map(|rank| turned(rank.0)).collect();
    ranks.sort_unstable_by_key(|rank| Reverse(*rank));
    Ok(ranks.into_iter().map(key).collect())
}

/// How many entries meet the search, counted up to `most`; the second value tells whether there are more.
pub(super) fn count(
    searcher: &Searcher,
    query: &dyn Query,
    (listing, now): (&Listing, Timestamp),
    most: u32,
) -> tantivy::Result<(u32, bool)> {
    let mut counted = 0;
    each(searcher, query, (listing, now), |_, _| {
        counted += 1;
        counted <= most
    })?;
    Ok((counted.min(most), counted > most))
}

/// The columns of one segment by which documents are ordered and left out.
struct Columns {
    time: Arc<dyn ColumnValues<i64>>,
    until: Arc<dyn ColumnValues<i64>>,
    id_high: Arc<dyn ColumnValues<u64>>,
    id_low: Arc<dyn ColumnValues<u64>>,
}

/// What is known of a document before its id is read.
struct Times<'a> {
    at: i64,
    columns: &'a Columns,
}

/// Shows every live document that meets the query and the times of the list to `take`, until it says no.
fn each(
    searcher: &Searcher,
    query: &dyn Query,
    (listing, now): (&Listing, Timestamp),
    mut take: impl FnMut(DocId, &Times<'_>) -> bool,
) -> tantivy::Result<()> {
    let from = listing.from.map_or(i64::MIN, Timestamp::as_micros);
    let to = listing.to.map_or(i64::MAX, Timestamp::as_micros);
    let now = now.as_micros();
    let weight = query.weight(EnableScoring::disabled_from_searcher(searcher))?;
    for segment in searcher.segment_readers() {
        let columns = Columns::of(segment, listing.order)?;
        let mut documents = weight.scorer(segment, 1.0)?;
        while documents.doc() != TERMINATED {
            let document = documents.doc();
            let at = columns.time.get_val(document);
            let shown = is_alive(segment.alive_bitset(), document) && columns.until.get_val(document) > now;
            if shown && (from..to).contains(&at) && !take(document, &Times { at, columns: &columns }) {
                return Ok(());
            }
            documents.advance();
        }
    }
    Ok(())
}

fn is_alive(alive: Option<&AliveBitSet>, document: DocId) -> bool {
    alive.is_none_or(|alive| alive.is_alive(document))
}

impl Columns {
    fn of(segment: &SegmentReader, order: Order) -> tantivy::Result<Self> {
        let columns = segment.fast_fields();
        let time = match order {
            Order::Published => PUBLISHED,
            Order::Updated => UPDATED,
        };
        Ok(Self {
            time: columns.column_first_or_default(time)?,
            until: columns.column_first_or_default(UNTIL)?,
            id_high: columns.column_first_or_default(ID_HIGH)?,
            id_low: columns.column_first_or_default(ID_LOW)?,
        })
    }

    fn id(&self, document: DocId) -> u128 {
        u128::from(self.id_high.get_val(document)) << 64 | u128::from(self.id_low.get_val(document))
    }
}

fn key((at, id): Rank) -> Key {
    Key { at: Timestamp::from_micros(at), entry: EntryId::from_uuid(Uuid::from_u128(id)) }
}
