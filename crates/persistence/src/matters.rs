//! The rows beside entries that only acts change: people and what they may do, sites, registers. Each act on them notes in
//! its leaf the digest of what it left ([`crate::audits`]), so that a row that was written behind the application's back
//! shows.

use std::collections::BTreeSet;

use sea_orm::{ConnectionTrait, DbBackend};
use uuid::Uuid;

use lienthong_domain::change::{Digest, Matter};
use lienthong_domain::ids::{ActorId, EntryId, MediaId, SiteId};

use crate::audits::digest;
use crate::error::Error;
use crate::row::{Columns, FromRow};
use crate::sql::Sql;
use crate::store::Tx;

/// What belongs to a matter in one table: the columns that acts change, and the condition under which a row belongs to it,
/// around the id of the matter. Registers have whole tables.
#[derive(Clone, Copy)]
struct Part {
    table: &'static str,
    columns: &'static [&'static str],
    of: Option<(&'static str, &'static str)>,
}

/// Everything but when somebody was here last, and what expires by itself: sessions, counters of failed attempts.
const ACTOR: [Part; 9] = [
    Part::of("actor", &["id", "handle", "name", "created_at", "disabled_at", "tokens_valid_from"], ("id = ", "")),
    Part::of("access_grant", &["id", "role", "unit_id", "site_id", "granted_by", "granted_at"], ("actor_id = ", "")),
    Part::of(
        "account",
        &[
            "sign_in_name",
            "password_hash",
            "password_set_at",
            "issued_at",
            "issued_by",
            "trained_on",
            "disabled_reason",
        ],
        ("actor_id = ", ""),
    ),
    Part::of(
        "account_link",
        &["id", "purpose", "digest", "issued_at", "issued_by", "expires_at", "used_at", "revoked_at"],
        ("actor_id = ", ""),
    ),
    Part::of("second_factor", &["id", "sealed", "enrolled_at", "confirmed_at"], ("actor_id = ", "")),
    Part::of("recovery_code", &["digest", "used_at"], ("actor_id = ", "")),
    Part::of(
        "api_token",
        &["id", "name", "digest", "operations", "created_at", "expires_at", "revoked_at"],
        ("actor_id = ", ""),
    ),
    Part::of(
        "api_token_site",
        &["token_id", "site_id"],
        ("token_id IN (SELECT t.id FROM api_token t WHERE t.actor_id = ", ")"),
    ),
    Part::of("identity", &["issuer", "subject", "linked_at", "linked_by"], ("actor_id = ", "")),
];

const SITE: [Part; 9] = [
    Part::of(
        "site",
        &[
            "id",
            "unit_id",
            "kind",
            "parent_id",
            "name",
            "host",
            "home_url",
            "article_url_template",
            "language",
            "active_from",
            "active_to",
        ],
        ("id = ", ""),
    ),
    Part::of("category", &["id", "parent_id", "slug", "name", "topic_id", "position"], ("site_id = ", "")),
    Part::of("series", &["id", "slug", "title", "summary"], ("site_id = ", "")),
    Part::of("site_decision", &["requirement", "number", "signed_on", "agency", "url"], ("site_id = ", "")),
    Part::of("board_member", &["place", "name", "position", "duties", "accountable"], ("site_id = ", "")),
    Part::of("own_work_exception", &["reason", "actor_id", "at"], ("site_id = ", "")),
    Part::of("media_rule", &["alt", "credit"], ("site_id = ", "")),
    Part::of(
        "royalty_table",
        &["id", "legal_basis", "unit_value", "valid_from", "valid_to", "recorded_at", "recorded_by"],
        ("site_id = ", ""),
    ),
    Part::of(
        "royalty_class",
        &["table_id", "place", "key", "name", "highest"],
        ("table_id IN (SELECT t.id FROM royalty_table t WHERE t.site_id = ", ")"),
    ),
];

const MEDIA: [Part; 1] = [Part::of(
    "media",
    &[
        "id",
        "site_id",
        "kind",
        "media_type",
        "file_name",
        "digest",
        "size",
        "stored",
        "width",
        "height",
        "alt",
        "caption",
        "credit",
        "uploader_id",
        "created_at",
        "version",
    ],
    ("id = ", ""),
)];

const WORK: [Part; 2] = [
    Part::of("royalty_work", &["site_id", "table_id", "version", "recorded_at", "recorded_by"], ("entry_id = ", "")),
    Part::of(
        "royalty_line",
        &["place", "class", "class_name", "coefficient", "payee", "note", "amount"],
        ("entry_id = ", ""),
    ),
];

const UNITS: [Part; 2] = [
    Part::whole(
        "unit",
        &[
            "id",
            "code",
            "kind",
            "name",
            "full_name",
            "name_en",
            "slug",
            "parent_id",
            "valid_from",
            "valid_to",
            "lineage",
            "historic_key",
        ],
    ),
    Part::whole("unit_succession", &["predecessor_id", "successor_id", "part"]),
];

const TOPICS: [Part; 2] = [
    Part::whole(
        "topic",
        &[
            "id",
            "unit_id",
            "parent_id",
            "code",
            "name_vi",
            "name_en",
            "levels",
            "legal_basis",
            "after_event",
            "basis_kind",
            "max_stale_days",
            "notes",
        ],
    ),
    Part::whole("topic_synonym", &["id", "unit_id", "folded", "name", "topic_id"]),
];

const AGENCIES: [Part; 1] = [Part::whole(
    "agency",
    &["id", "identifier", "identifier_key", "name", "kind", "unit_id", "parent_id", "valid_from", "valid_to"],
)];

impl Part {
    const fn of(
        table: &'static str,
        columns: &'static [&'static str],
        condition: (&'static str, &'static str),
    ) -> Self {
        Self { table, columns, of: Some(condition) }
    }

    const fn whole(table: &'static str, columns: &'static [&'static str]) -> Self {
        Self { table, columns, of: None }
    }

    /// Asks for the rows as literals of SQL, which tell an empty text from none and a number from a text.
    fn select(&self, sql: Sql, backend: DbBackend, id: Option<Uuid>) -> Sql {
        let Self { table, columns, of } = self;
        let literal = |column: &&str| match backend {
            DbBackend::Postgres => format!("quote_nullable({column}::text)"),
            _ => format!("quote({column})"),
        };
        let literals: Vec<String> = columns.iter().map(literal).collect();
        let sql = sql.push(&format!("SELECT '{table} ' || {} FROM {table}", literals.join(" || ',' || ")));
        match of.zip(id) {
            Some(((before, after), id)) => sql.push(" WHERE ").push(before).bind(id).push(after),
            None => sql,
        }
    }
}

/// The rows of a matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rows(Vec<String>);

impl Rows {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// SHA-256 over the rows in the order of their texts, each behind its length, so that no two sets of rows read alike.
    pub fn digest(&self) -> Digest {
        let lengths = self.0.iter().map(|row| row.len().to_string());
        let framed: Vec<String> = lengths.zip(&self.0).map(|(length, row)| format!("{length}:{row}")).collect();
        lienthong_proof::sha256(framed.concat().as_bytes())
    }
}

/// Reads the rows of a matter as they are in this transaction: one statement.
///
/// # Errors
/// When the database does not answer.
pub async fn rows(tx: &Tx, matter: Matter) -> Result<Rows, Error> {
    read(tx.conn(), matter).await
}

pub(crate) async fn read(connection: &impl ConnectionTrait, matter: Matter) -> Result<Rows, Error> {
    let backend = connection.get_database_backend();
    let (parts, id): (&[Part], _) = match matter {
        Matter::Actor(id) => (&ACTOR, Some(id.as_uuid())),
        Matter::Site(id) => (&SITE, Some(id.as_uuid())),
        Matter::Media(id) => (&MEDIA, Some(id.as_uuid())),
        Matter::Work(id) => (&WORK, Some(id.as_uuid())),
        Matter::Units => (&UNITS, None),
        Matter::Topics => (&TOPICS, None),
        Matter::Agencies => (&AGENCIES, None),
    };
    let mut sql = Sql::new("");
    for (at, part) in parts.iter().enumerate() {
        sql = part.select(if at == 0 { sql } else { sql.push(" UNION ALL ") }, backend, id);
    }
    let found = connection.query_all_raw(sql.statement(backend)).await?;
    let rows = found.iter().map(|row| String::from_row(&mut Columns::of_orm(row)));
    let mut rows = rows.collect::<Result<Vec<_>, _>>()?;
    rows.sort_unstable();
    Ok(Rows(rows))
}

/// Every matter of which there are rows, or may be.
///
/// # Errors
/// When the database does not answer.
pub async fn present(tx: &Tx) -> Result<BTreeSet<Matter>, Error> {
    let actors = ids(tx, "SELECT id FROM actor").await?.into_iter().map(|id| Matter::Actor(ActorId::from_uuid(id)));
    let sites = ids(tx, "SELECT id FROM site").await?.into_iter().map(|id| Matter::Site(SiteId::from_uuid(id)));
    let media = ids(tx, "SELECT id FROM media").await?.into_iter().map(|id| Matter::Media(MediaId::from_uuid(id)));
    let works = ids(tx, "SELECT entry_id FROM royalty_work").await?;
    let works = works.into_iter().map(|id| Matter::Work(EntryId::from_uuid(id)));
    Ok(actors.chain(sites).chain(media).chain(works).chain(Matter::REGISTERS).collect())
}

async fn ids(tx: &Tx, sql: &'static str) -> Result<Vec<Uuid>, Error> {
    tx.all(Sql::new(sql)).await
}

/// An act on a matter: what it came upon, and what it left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActOn {
    /// The matter, as [`Matter`] is written.
    pub matter: String,
    /// Its place in the log.
    pub leaf: u64,
    /// What was committed before it.
    pub before: Option<Digest>,
    /// What it left.
    pub after: Digest,
}

/// The acts on matters that come after this one, at most `limit`: by matter, and those on one in their order.
///
/// # Errors
/// When the database does not answer.
pub async fn acts(tx: &Tx, after: Option<&ActOn>, limit: u32) -> Result<Vec<ActOn>, Error> {
    let (matter, leaf) = after.map_or(("", 0), |act| (act.matter.as_str(), act.leaf.cast_signed()));
    let sql = Sql::new(
        "SELECT matter, leaf, digest_before, digest_after FROM audit WHERE matter IS NOT NULL AND digest_after IS NOT NULL \
         AND (matter, leaf) > ($1, $2) ORDER BY matter, leaf LIMIT $3",
    );
    tx.all(sql.value(matter.to_owned()).value(leaf).value(i64::from(limit))).await
}

impl FromRow for ActOn {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        Ok(Self {
            matter: columns.take()?,
            leaf: columns.take::<i64>()?.cast_unsigned(),
            before: columns.take::<Option<Vec<u8>>>()?.map(digest),
            after: digest(columns.take()?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Location, Store};

    /// What changes without an act.
    const VOLATILE: [(&str, &str); 4] = [
        ("account", "first_used_at"),
        ("account", "last_used_at"),
        ("api_token", "last_used_at"),
        ("second_factor", "last_step"),
    ];

    #[tokio::test]
    async fn every_column_is_vouched_for_unless_it_changes_by_itself() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(Location::File(folder.path().join("lienthong.db"))).await.unwrap();
        store.migrate().await.unwrap();
        let mut left: Vec<(&str, String)> = Vec::new();
        for Part { table, columns, of } in [&ACTOR[..], &SITE, &MEDIA, &WORK, &UNITS, &TOPICS, &AGENCIES].concat() {
            let sql = format!("SELECT name FROM pragma_table_info('{table}')");
            let names: Vec<String> = store.reader.all(Sql::new(sql)).await.unwrap();
            assert!(columns.iter().all(|column| names.iter().any(|name| name == column)), "{table}: {names:?}");
            let key = of.and_then(|(before, _)| before.strip_suffix(" = "));
            let others = names.into_iter().filter(|name| !columns.contains(&name.as_str()) && key != Some(name));
            left.extend(others.map(|name| (table, name)));
        }
        left.sort();
        let left: Vec<(&str, &str)> = left.iter().map(|(table, name)| (*table, name.as_str())).collect();
        assert_eq!(left, VOLATILE);
    }
}
