//! Why something does not become public.

use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select,
    Set,
};

use lienthong_domain::access::SiteScope;
use lienthong_domain::entry::RemarkText;
use lienthong_domain::hold::{Hold, HoldCause, Release};
use lienthong_domain::ids::{ActorId, EditionId, EntryId, HoldId, QuarantineId, SiteId};
use lienthong_domain::time::Timestamp;

use crate::entity::hold;
use crate::error::Error;
use crate::row::{Columns, FromRow};
use crate::sql::Sql;
use crate::store::{Store, Tx};

/// Holds read of one entry at most, the latest.
pub const MOST: u64 = 50;

/// An open hold, for the lists of those who watch over sites.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenHold {
    /// The hold.
    pub hold: Hold,
    /// The entry's address on its site.
    pub slug: String,
    /// Title of the edition that is held.
    pub title: String,
    /// Whether the public sees the entry now.
    pub is_public: bool,
}

/// Saves a new hold on an entry that is saved already.
///
/// # Errors
/// When the database refuses.
pub async fn raise(tx: &Tx, of: &Hold) -> Result<(), Error> {
    let Hold { id, entry, site, edition, cause, quarantine, findings, rules, raised_by, raised_at, release: _ } = of;
    let row = hold::ActiveModel {
        id: Set(id.as_uuid()),
        entry_id: Set(entry.as_uuid()),
        site_id: Set(site.as_uuid()),
        edition_id: Set(edition.map(EditionId::as_uuid)),
        cause: Set(cause.as_str().to_owned()),
        quarantine_id: Set(quarantine.map(QuarantineId::as_uuid)),
        findings: Set(serde_json::to_string(findings).map_err(|error| Error::corrupt("hold", error))?),
        rules: Set(rules.cast_signed()),
        raised_by: Set(raised_by.as_uuid()),
        raised_at: Set(raised_at.as_micros()),
        released_by: Set(None),
        release_reason: Set(None),
        released_at: Set(None),
    };
    hold::Entity::insert(row).exec_without_returning(tx.conn()).await?;
    Ok(())
}

/// Ends a hold.
///
/// # Errors
/// When the database refuses.
pub async fn end(tx: &Tx, id: HoldId, release: &Release) -> Result<(), Error> {
    let Release { actor, reason, at } = release;
    let row = hold::ActiveModel {
        id: Set(id.as_uuid()),
        released_by: Set(Some(actor.as_uuid())),
        release_reason: Set(reason.as_ref().map(|reason| reason.as_str().to_owned())),
        released_at: Set(Some(at.as_micros())),
        ..Default::default()
    };
    hold::Entity::update(row).exec(tx.conn()).await?;
    Ok(())
}

/// The last [`MOST`] holds on an entry, latest first.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn of_entry(store: &Store, entry: EntryId) -> Result<Vec<Hold>, Error> {
    read(&store.pool, entry).await
}

/// The same in a transaction, by whoever holds the entry.
///
/// # Errors
/// As [`of_entry`].
pub async fn within(tx: &Tx, entry: EntryId) -> Result<Vec<Hold>, Error> {
    read(tx.conn(), entry).await
}

async fn read(connection: &impl ConnectionTrait, entry: EntryId) -> Result<Vec<Hold>, Error> {
    let rows = hold::Entity::find()
        .filter(hold::Column::EntryId.eq(entry.as_uuid()))
        .order_by_desc(hold::Column::Id)
        .limit(MOST)
        .all(connection)
        .await?;
    rows.into_iter().map(hold_of).collect()
}

/// The holds that keep something of an entry from the public, or ask whether it may stay there.
///
/// # Errors
/// As [`of_entry`].
pub async fn open_within(tx: &Tx, entry: EntryId) -> Result<Vec<Hold>, Error> {
    let rows = hold::Entity::find()
        .filter(hold::Column::EntryId.eq(entry.as_uuid()))
        .filter(hold::Column::ReleasedAt.is_null())
        .order_by_asc(hold::Column::Id)
        .all(tx.conn())
        .await?;
    rows.into_iter().map(hold_of).collect()
}

/// Up to `limit` entries within `scope` that a quarantine still holds, after a hold, with the holds on them.
///
/// # Errors
/// When the database does not answer.
pub async fn entries_of(
    tx: &Tx,
    scope: &SiteScope,
    ((quarantine, after), limit): ((QuarantineId, Option<HoldId>), u64),
) -> Result<Vec<(HoldId, EntryId)>, Error> {
    let mut find = open_of(quarantine).order_by_asc(hold::Column::Id).limit(limit);
    if let SiteScope::Sites(sites) = scope {
        find = find.filter(hold::Column::SiteId.is_in(sites.iter().map(|site| site.as_uuid())));
    }
    if let Some(after) = after {
        find = find.filter(hold::Column::Id.gt(after.as_uuid()));
    }
    let rows = find.all(tx.conn()).await?;
    Ok(rows.into_iter().map(|row| (HoldId::from_uuid(row.id), EntryId::from_uuid(row.entry_id))).collect())
}

/// Whether a quarantine still holds anything.
///
/// # Errors
/// When the database does not answer.
pub async fn is_left_of(tx: &Tx, quarantine: QuarantineId) -> Result<bool, Error> {
    Ok(open_of(quarantine).one(tx.conn()).await?.is_some())
}

fn open_of(quarantine: QuarantineId) -> Select<hold::Entity> {
    hold::Entity::find()
        .filter(hold::Column::QuarantineId.eq(quarantine.as_uuid()))
        .filter(hold::Column::ReleasedAt.is_null())
}

/// Up to `limit` holds on `sites` that still keep something from the public or concern something that is public, latest
/// first, before the hold `before`. One statement.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn open(
    store: &Store,
    sites: &[SiteId],
    (before, limit): (Option<HoldId>, u32),
) -> Result<Vec<OpenHold>, Error> {
    if sites.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new(
        "SELECT h.id, h.entry_id, h.site_id, h.edition_id, h.cause, h.quarantine_id, h.findings, h.rules, h.raised_by, \
         h.raised_at, e.slug, d.title, \
         (SELECT COUNT(*) FROM live_entry l WHERE l.entry_id = h.entry_id) \
         FROM hold h JOIN entry e ON e.id = h.entry_id LEFT JOIN edition d ON d.id = h.edition_id \
         WHERE h.released_at IS NULL AND (h.cause = 'quarantine' OR d.state IN ('draft', 'submitted', 'screened', \
         'returned', 'approved', 'scheduled', 'live')) AND h.site_id IN ",
    )
    .bind_list(sites.iter().map(|site| site.as_uuid()));
    if let Some(before) = before {
        sql = sql.push(" AND h.id < ").bind(before.as_uuid());
    }
    store.reader.all(sql.push(" ORDER BY h.id DESC LIMIT ").bind(i64::from(limit))).await
}

impl FromRow for OpenHold {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        let row = hold::Model {
            id: columns.take()?,
            entry_id: columns.take()?,
            site_id: columns.take()?,
            edition_id: columns.take()?,
            cause: columns.take()?,
            quarantine_id: columns.take()?,
            findings: columns.take()?,
            rules: columns.take()?,
            raised_by: columns.take()?,
            raised_at: columns.take()?,
            released_by: None,
            release_reason: None,
            released_at: None,
        };
        Ok(Self {
            hold: hold_of(row)?,
            slug: columns.take()?,
            title: columns.take::<Option<String>>()?.unwrap_or_default(),
            is_public: columns.take::<i64>()? > 0,
        })
    }
}

fn hold_of(row: hold::Model) -> Result<Hold, Error> {
    let release = row.released_by.zip(row.released_at).map(|(actor, at)| Release {
        actor: ActorId::from_uuid(actor),
        reason: row.release_reason.map(RemarkText::from_stored),
        at: Timestamp::from_micros(at),
    });
    Ok(Hold {
        id: HoldId::from_uuid(row.id),
        entry: EntryId::from_uuid(row.entry_id),
        site: SiteId::from_uuid(row.site_id),
        edition: row.edition_id.map(EditionId::from_uuid),
        cause: HoldCause::parse(&row.cause).ok_or_else(|| Error::corrupt("hold", format!("cause {}", row.cause)))?,
        quarantine: row.quarantine_id.map(QuarantineId::from_uuid),
        findings: serde_json::from_str(&row.findings).map_err(|error| Error::corrupt("hold", error))?,
        rules: row.rules.cast_unsigned(),
        raised_by: ActorId::from_uuid(row.raised_by),
        raised_at: Timestamp::from_micros(row.raised_at),
        release,
    })
}
