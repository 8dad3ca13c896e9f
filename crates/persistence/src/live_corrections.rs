//! What stands beside a live entry: its corrections, and what it corrects itself. Each side keeps what it shows of the other in
//! its own row, so that a list which shows both is still one range scan; it is written anew, in the same transaction, whenever
//! something becomes of either side.

use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, Set};
use uuid::Uuid;

use lienthong_domain::change::ChangedEntry;
use lienthong_domain::correction::{MAX_SHOWN, Mention};
use lienthong_domain::entry::EntryKind;
use lienthong_domain::ids::{EditionId, EntryId, SiteId};
use lienthong_domain::scope::ScopeSet;
use lienthong_domain::time::Timestamp;

use crate::entity::live_entry;
use crate::error::Error;
use crate::row::{Columns, FromRow};
use crate::sql::Sql;
use crate::store::Tx;

/// A live entry beside which something else is shown than before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Corrected {
    /// The entry.
    pub subject: ChangedEntry,
    /// The lists that show it.
    pub scopes: ScopeSet,
}

/// Brings what `entry` and its corrections show of each other up to what is public now. One statement when it has none.
/// Whoever writes on another entry than its own holds that one: see [`crate::entries::lock`].
///
/// # Errors
/// When the database refuses or holds a row that cannot be read.
pub async fn settle(tx: &Tx, entry: EntryId, now: Timestamp) -> Result<Vec<Corrected>, Error> {
    let (of_entry, corrections) = around(tx, entry).await?;
    let shown = of_entry.as_ref().map(|row| json(&row.mention)).transpose()?;
    let stale = corrections.iter().any(|row| row.corrected != shown);
    if stale {
        let set = live_entry::ActiveModel { corrected: Set(shown.clone()), ..Default::default() };
        let of = live_entry::Column::Corrects.eq(entry.as_uuid());
        live_entry::Entity::update_many().set(set).filter(of).exec(tx.conn()).await?;
    }
    let mut told = Vec::new();
    if let Some(row) = of_entry
        && rewrite(tx, (&row, &corrections), now).await?
    {
        told.push(row);
    }
    told.extend(corrections.into_iter().filter(|row| row.corrected != shown));
    Ok(told.into_iter().map(|Beside { subject, scopes, .. }| Corrected { subject, scopes }).collect())
}

/// Writes the list of its corrections into the row of an entry; `false` when it stands there already.
async fn rewrite(tx: &Tx, (row, corrections): (&Beside, &[Beside]), now: Timestamp) -> Result<bool, Error> {
    let list = listed(corrections)?;
    if list == row.corrections {
        return Ok(false);
    }
    let at = Set(Some(now.as_micros()));
    let set = live_entry::ActiveModel { corrections: Set(list), corrected_at: at, ..Default::default() };
    let of = live_entry::Column::EntryId.eq(row.mention.entry.as_uuid());
    live_entry::Entity::update_many().set(set).filter(of).exec(tx.conn()).await?;
    Ok(true)
}

/// Which of these live entries show something else beside them than they should. For the command that looks for what was
/// changed behind the application's back.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub(crate) async fn differing(tx: &Tx, entries: &[Uuid]) -> Result<Vec<(Uuid, &'static str)>, Error> {
    let mut found = Vec::new();
    if entries.is_empty() {
        return Ok(found);
    }
    let sql = Sql::new(
        "SELECT e.entry_id FROM live_entry e WHERE (e.corrections IS NOT NULL \
         OR EXISTS (SELECT 1 FROM live_entry c WHERE c.corrects = e.entry_id)) AND e.entry_id IN ",
    );
    let with_corrections: Vec<Uuid> = tx.all(sql.bind_list(entries.iter().copied())).await?;
    for id in with_corrections {
        let (of_entry, corrections) = around(tx, EntryId::from_uuid(id)).await?;
        if of_entry.is_some_and(|row| listed(&corrections).ok() != Some(row.corrections)) {
            found.push((id, "corrections"));
        }
    }
    let sql = Sql::new(
        "SELECT entry_id, corrects FROM live_entry WHERE (corrects IS NOT NULL OR corrected IS NOT NULL) AND entry_id IN ",
    );
    let correcting: Vec<Correcting> = tx.all(sql.bind_list(entries.iter().copied())).await?;
    for Correcting { entry, corrects } in correcting {
        let (of_entry, corrections) = around(tx, EntryId::from_uuid(corrects.unwrap_or_default())).await?;
        let shown = of_entry.map(|row| json(&row.mention)).transpose()?;
        let row = corrections.into_iter().find(|row| row.mention.entry.as_uuid() == entry);
        if row.is_none_or(|row| row.corrected != shown) {
            found.push((entry, "corrected"));
        }
    }
    Ok(found)
}

/// An entry, when it is public, and those of its corrections that are, newest first.
async fn around(tx: &Tx, entry: EntryId) -> Result<(Option<Beside>, Vec<Beside>), Error> {
    let rows: Vec<Beside> = tx.all(Sql::new(SELECT).value(entry.as_uuid())).await?;
    let (of_entry, mut corrections): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.mention.entry == entry);
    corrections.sort_by_key(|row| std::cmp::Reverse((row.mention.published_at, row.mention.entry)));
    Ok((of_entry.into_iter().next(), corrections))
}

/// What an entry shows of its corrections; nothing when there are none.
fn listed(corrections: &[Beside]) -> Result<Option<String>, Error> {
    let list: Vec<&Mention> = corrections.iter().take(MAX_SHOWN).map(|row| &row.mention).collect();
    (!list.is_empty()).then(|| json(&list)).transpose()
}

struct Correcting {
    entry: Uuid,
    corrects: Option<Uuid>,
}

impl FromRow for Correcting {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        Ok(Self { entry: columns.take()?, corrects: columns.take()? })
    }
}

/// The entry itself and its corrections, as far as they are public. Two halves, so that each uses its index.
const SELECT: &str = "SELECT entry_id, site_id, kind, edition_id, slug, title, tag_uri, published_at, visible_until, \
     corrected, corrections, scopes FROM live_entry WHERE entry_id = $1 \
     UNION ALL SELECT entry_id, site_id, kind, edition_id, slug, title, tag_uri, published_at, visible_until, \
     corrected, corrections, scopes FROM live_entry WHERE corrects = $1";

struct Beside {
    subject: ChangedEntry,
    mention: Mention,
    corrected: Option<String>,
    corrections: Option<String>,
    scopes: ScopeSet,
}

fn json(value: &impl serde::Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::corrupt("live_entry", error))
}

impl FromRow for Beside {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        let (entry, site) = (EntryId::from_uuid(columns.take()?), SiteId::from_uuid(columns.take()?));
        let kind: String = columns.take()?;
        let kind = EntryKind::parse(&kind).ok_or_else(|| Error::corrupt("live_entry", format!("kind {kind}")))?;
        let subject = ChangedEntry { entry, kind, site, edition: EditionId::from_uuid(columns.take()?) };
        let mention = Mention {
            entry,
            slug: columns.take()?,
            title: columns.take()?,
            tag_uri: columns.take()?,
            published_at: Timestamp::from_micros(columns.take()?),
            visible_until: columns.take::<Option<i64>>()?.map(Timestamp::from_micros),
        };
        let (corrected, corrections) = (columns.take()?, columns.take()?);
        let scopes = ScopeSet::from_bytes(&columns.take::<Vec<u8>>()?);
        let scopes = scopes.map_err(|error| Error::corrupt("live_entry", error))?;
        Ok(Self { subject, mention, corrected, corrections, scopes })
    }
}
