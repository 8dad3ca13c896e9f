//! Identifiers: `UUIDv7` newtypes (RFC 9562), so that no id can stand where another kind of id is meant.

use serde::{Deserialize, Serialize};
use uuid::{NoContext, Uuid};

use crate::time::Timestamp;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new id whose leading bits are `now`, so that ids made later sort later.
            pub fn new(now: Timestamp) -> Self {
                Self(uuid_at(now))
            }

            /// Wraps an id read from the database or from a client.
            pub const fn from_uuid(id: Uuid) -> Self {
                Self(id)
            }

            /// The plain UUID, for the database.
            pub const fn as_uuid(self) -> Uuid {
                self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

ids! {
    /// An administrative unit (đơn vị hành chính).
    UnitId,
    /// An agency (cơ quan, phòng ban).
    AgencyId,
    /// A site (cổng, trang thông tin điện tử).
    SiteId,
    /// A category of one site (chuyên mục).
    CategoryId,
    /// A topic of the disclosure catalogue (mục thông tin công khai).
    TopicId,
    /// A series of articles on one site (chuyên đề, loạt bài).
    SeriesId,
    /// A name that categories have, with the topic they belong to.
    SynonymId,
    /// The lasting identity of one piece of content.
    EntryId,
    /// One version of an entry.
    EditionId,
    /// Articles that become public together.
    BundleId,
    /// Why something does not become public.
    HoldId,
    /// A table of royalty rates.
    RateTableId,
    /// One act of taking a site, an account or an entry out of the public at once.
    QuarantineId,
    /// A remark on an entry.
    RemarkId,
    /// A link that shows a draft to somebody without an account.
    PreviewId,
    /// Somebody, or some program, that acts.
    ActorId,
    /// One file of a site's library.
    MediaId,
    /// A file on its way into a library.
    UploadId,
    /// One role given to one actor within one reach.
    GrantId,
    /// One row of the audit trail.
    AuditId,
    /// One instance secret.
    SecretId,
    /// One key that signs: what a site publishes, or the states of the log.
    KeyId,
    /// One sign-in and all that is refreshed from it.
    SessionId,
    /// One link by which somebody chooses a password.
    LinkId,
    /// One token of a program that acts for somebody.
    ApiTokenId,
}

impl ActorId {
    /// The clock: what happens by itself at a time that somebody set before.
    pub const SCHEDULE: Self = Self(Uuid::from_u128(1));
}

fn uuid_at(now: Timestamp) -> Uuid {
    let micros = now.as_micros().max(0).unsigned_abs();
    let nanos = u32::try_from(micros % 1_000_000).unwrap_or(0) * 1_000;
    Uuid::new_v7(uuid::Timestamp::from_unix(NoContext, micros / 1_000_000, nanos))
}
