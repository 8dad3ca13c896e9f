//! Which rows and columns belong to a matter.

use sea_orm::DbBackend;

use lienthong_domain::change::Matter;

/// What belongs to a matter in one table: the columns that acts change, and which column names the matter, in this table or
/// in one that it is joined with. Registers have whole tables.
#[derive(Clone, Copy)]
pub(super) struct Part {
    table: &'static str,
    join: &'static str,
    columns: &'static [&'static str],
    owner: Option<&'static str>,
}

/// Everything but when somebody was here last, and what expires by itself: refresh tokens, counters of failed attempts.
const ACTOR: [Part; 10] = [
    Part::of("actor", &["id", "handle", "name", "created_at", "disabled_at", "tokens_valid_from"], "actor.id"),
    Part::of(
        "access_grant",
        &["id", "role", "unit_id", "site_id", "granted_by", "granted_at"],
        "access_grant.actor_id",
    ),
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
        "account.actor_id",
    ),
    Part::of(
        "account_link",
        &["id", "purpose", "digest", "issued_at", "issued_by", "expires_at", "used_at", "revoked_at"],
        "account_link.actor_id",
    ),
    Part::of(
        "account_session",
        &["id", "started_at", "expires_at", "ended_at", "end_reason"],
        "account_session.actor_id",
    ),
    Part::of("second_factor", &["id", "sealed", "enrolled_at", "confirmed_at"], "second_factor.actor_id"),
    Part::of("recovery_code", &["digest", "used_at"], "recovery_code.actor_id"),
    Part::of(
        "api_token",
        &["id", "name", "digest", "operations", "created_at", "expires_at", "revoked_at"],
        "api_token.actor_id",
    ),
    Part::through(
        "api_token_site",
        "JOIN api_token ON api_token.id = api_token_site.token_id",
        &["token_id", "site_id"],
        "api_token.actor_id",
    ),
    Part::of("identity", &["issuer", "subject", "linked_at", "linked_by"], "identity.actor_id"),
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
        "site.id",
    ),
    Part::of("category", &["id", "parent_id", "slug", "name", "topic_id", "position"], "category.site_id"),
    Part::of("series", &["id", "slug", "title", "summary"], "series.site_id"),
    Part::of("site_decision", &["requirement", "number", "signed_on", "agency", "url"], "site_decision.site_id"),
    Part::of("board_member", &["place", "name", "position", "duties", "accountable"], "board_member.site_id"),
    Part::of("own_work_exception", &["reason", "actor_id", "at"], "own_work_exception.site_id"),
    Part::of("media_rule", &["alt", "credit"], "media_rule.site_id"),
    Part::of(
        "royalty_table",
        &["id", "legal_basis", "unit_value", "valid_from", "valid_to", "recorded_at", "recorded_by"],
        "royalty_table.site_id",
    ),
    Part::through(
        "royalty_class",
        "JOIN royalty_table ON royalty_table.id = royalty_class.table_id",
        &["table_id", "place", "key", "name", "highest"],
        "royalty_table.site_id",
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
    "media.id",
)];

/// All but what the last import remembers of it, and what is compared column by column with its live edition.
const ENTRY: [Part; 7] = [
    Part::of(
        "entry",
        &[
            "id",
            "site_id",
            "kind",
            "slug",
            "source_id",
            "tag_uri",
            "corrects",
            "version",
            "created_at",
            "first_published_at",
            "published_at",
            "updated_at",
            "editions",
            "trashed_at",
            "archived_at",
            "quarantined_at",
        ],
        "entry.id",
    ),
    Part::of("edition", &["id", "is_held"], "edition.entry_id"),
    Part::of(
        "live_gone",
        &["site_id", "kind", "slug", "reason", "tag_uri", "location", "gone_at"],
        "live_gone.entry_id",
    ),
    Part::of(
        "remark",
        &["id", "site_id", "edition_id", "kind", "text", "decided_by", "actor_id", "at"],
        "remark.entry_id",
    ),
    Part::of(
        "hold",
        &[
            "id",
            "site_id",
            "edition_id",
            "cause",
            "quarantine_id",
            "findings",
            "rules",
            "raised_by",
            "raised_at",
            "released_by",
            "release_reason",
            "released_at",
        ],
        "hold.entry_id",
    ),
    Part::of(
        "preview",
        &["id", "digest", "edition_id", "site_id", "actor_id", "made_at", "expires_at"],
        "preview.entry_id",
    ),
    Part::through(
        "media_use",
        "JOIN edition ON edition.id = media_use.edition_id",
        &["media_id", "edition_id", "entry_id"],
        "edition.entry_id",
    ),
];

const WORK: [Part; 2] = [
    Part::of(
        "royalty_work",
        &["site_id", "table_id", "version", "recorded_at", "recorded_by"],
        "royalty_work.entry_id",
    ),
    Part::of(
        "royalty_line",
        &["place", "class", "class_name", "coefficient", "payee", "note", "amount"],
        "royalty_line.entry_id",
    ),
];

const BUNDLE: [Part; 2] = [
    Part::of(
        "bundle",
        &["id", "site_id", "name", "version", "publish_at", "published_at", "failure", "actor_id", "created_at"],
        "bundle.id",
    ),
    Part::of("bundle_entry", &["entry_id", "version"], "bundle_entry.bundle_id"),
];

const QUARANTINE: [Part; 1] = [Part::of(
    "quarantine",
    &[
        "id",
        "entry_id",
        "site_id",
        "account_id",
        "since",
        "reason",
        "raised_by",
        "raised_at",
        "released_by",
        "release_reason",
        "released_at",
    ],
    "quarantine.id",
)];

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

/// What belongs to a matter of this sort.
pub(super) const fn parts(of: Matter) -> &'static [Part] {
    match of {
        Matter::Actor(_) => &ACTOR,
        Matter::Site(_) => &SITE,
        Matter::Media(_) => &MEDIA,
        Matter::Entry(_) => &ENTRY,
        Matter::Work(_) => &WORK,
        Matter::Bundle(_) => &BUNDLE,
        Matter::Quarantine(_) => &QUARANTINE,
        Matter::Units => &UNITS,
        Matter::Topics => &TOPICS,
        Matter::Agencies => &AGENCIES,
    }
}

impl Part {
    const fn of(table: &'static str, columns: &'static [&'static str], owner: &'static str) -> Self {
        Self::through(table, "", columns, owner)
    }

    const fn through(
        table: &'static str,
        join: &'static str,
        columns: &'static [&'static str],
        owner: &'static str,
    ) -> Self {
        Self { table, join, columns, owner: Some(owner) }
    }

    const fn whole(table: &'static str, columns: &'static [&'static str]) -> Self {
        Self { table, join: "", columns, owner: None }
    }

    /// Asks for the rows as texts, each beside the matter it belongs to; `owners` is a list of placeholders. What is null is
    /// left out, so that a column which is added later leaves the texts of the rows before it as they were.
    pub(super) fn select(&self, backend: DbBackend, owners: &str) -> String {
        let Self { table, join, columns, owner } = self;
        let member = |column: &&str| match backend {
            DbBackend::Postgres => format!("coalesce(' {column}=' || quote_literal({table}.{column}::text), '')"),
            // Not `quote`, which ends a text at its first NUL.
            _ => format!("iif({table}.{column} IS NULL, '', ' {column}=' || hex({table}.{column}))"),
        };
        let members: Vec<String> = columns.iter().map(member).collect();
        let members = members.join(" || ");
        let (whose, condition) = match (owner, backend) {
            (Some(owner), _) => ((*owner).to_owned(), format!(" WHERE {owner} IN {owners}")),
            (None, DbBackend::Postgres) => ("NULL::uuid".to_owned(), String::new()),
            (None, _) => ("NULL".to_owned(), String::new()),
        };
        format!("SELECT {whose}, '{table}' || {members} FROM {table} {join}{condition}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use crate::row::{Columns, FromRow};
    use crate::sql::Sql;
    use crate::store::{Location, Store};

    /// What changes without an act, or is vouched for in another way.
    const VOLATILE: [(&str, &str); 5] = [
        ("account", "first_used_at"),
        ("account", "last_used_at"),
        ("api_token", "last_used_at"),
        ("entry", "source_digest"),
        ("second_factor", "last_step"),
    ];

    async fn migrated() -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(Location::File(folder.path().join("lienthong.db"))).await.unwrap();
        store.migrate().await.unwrap();
        (folder, store)
    }

    #[tokio::test]
    async fn every_column_is_vouched_for_unless_it_changes_by_itself() {
        let (_folder, store) = migrated().await;
        let mut left: Vec<(&str, String)> = Vec::new();
        let beside_entries =
            [&ACTOR[..], &SITE, &MEDIA, &WORK, &BUNDLE, &QUARANTINE, &UNITS, &TOPICS, &AGENCIES].concat();
        // What an edition says has a digest of its own.
        let of_entry = ENTRY.into_iter().filter(|part| part.table != "edition");
        for Part { table, columns, owner, .. } in of_entry.chain(beside_entries) {
            let sql = format!("SELECT name FROM pragma_table_info('{table}')");
            let names: Vec<String> = store.reader.all(Sql::new(sql)).await.unwrap();
            assert!(columns.iter().all(|column| names.iter().any(|name| name == column)), "{table}: {names:?}");
            let key = owner.and_then(|owner| owner.strip_prefix(table)?.strip_prefix('.'));
            let others = names.into_iter().filter(|name| !columns.contains(&name.as_str()) && key != Some(name));
            left.extend(others.map(|name| (table, name)));
        }
        left.sort();
        let left: Vec<(&str, &str)> = left.iter().map(|(table, name)| (*table, name.as_str())).collect();
        assert_eq!(left, VOLATILE);
    }

    /// These questions are asked with every act.
    #[tokio::test]
    async fn no_table_is_read_from_end_to_end_for_the_rows_of_one_matter() {
        let (_folder, store) = migrated().await;
        let mut scanned = Vec::new();
        for part in [&ACTOR[..], &SITE, &MEDIA, &ENTRY, &WORK, &BUNDLE, &QUARANTINE].concat() {
            let sql = format!("EXPLAIN QUERY PLAN {}", part.select(DbBackend::Sqlite, "(x'01', x'02')"));
            let steps: Vec<Step> = store.reader.all(Sql::new(sql)).await.unwrap();
            scanned.extend(steps.into_iter().filter(|step| !step.0.starts_with("SEARCH")).map(|step| step.0));
        }
        assert_eq!(scanned, [""; 0]);
    }

    struct Step(String);

    impl FromRow for Step {
        fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
            let _: (i64, i64, i64) = (columns.take()?, columns.take()?, columns.take()?);
            Ok(Self(columns.take()?))
        }
    }
}
