//! The order in which reference data are listed: the same in every list, on every node and on either database.

use std::cmp::Reverse;
use std::sync::Arc;

use uuid::Uuid;

use lienthong_domain::ids::{AgencyId, SeriesId, SiteId, TopicId, UnitId};
use lienthong_domain::registry::{Agency, Site, Topic, Unit};
use lienthong_domain::series::Series;
use lienthong_domain::text::{CollationKey, collation_key};
use lienthong_domain::topic::TopicCode;

use crate::reference::Snapshot;

/// Something that lists of reference data hold.
pub trait Listed: Sized {
    /// Where it stands among all others. No two places are equal, because the identity is part of them.
    type Place: Ord;

    /// Its identity.
    fn uuid(&self) -> Uuid;

    /// Its place in every list that it is in.
    fn place(&self) -> Self::Place;

    /// The one with this identity, whether or not a list holds it today.
    fn find(reference: &Snapshot, id: Uuid) -> Option<&Arc<Self>>;
}

/// Puts them into the order of all lists.
pub(super) fn sort<T: Listed>(all: &mut [Arc<T>]) {
    all.sort_by_cached_key(|one| one.place());
}

impl Listed for Unit {
    /// The Vietnamese order of names with their kinds.
    type Place = (CollationKey, UnitId);

    fn uuid(&self) -> Uuid {
        self.id.as_uuid()
    }

    fn place(&self) -> Self::Place {
        (collation_key(&self.full_name), self.id)
    }

    fn find(reference: &Snapshot, id: Uuid) -> Option<&Arc<Self>> {
        reference.units.get(UnitId::from_uuid(id))
    }
}

impl Listed for Site {
    /// The Vietnamese order of names.
    type Place = (CollationKey, SiteId);

    fn uuid(&self) -> Uuid {
        self.id.as_uuid()
    }

    fn place(&self) -> Self::Place {
        (collation_key(&self.name), self.id)
    }

    fn find(reference: &Snapshot, id: Uuid) -> Option<&Arc<Self>> {
        reference.sites.get(SiteId::from_uuid(id))
    }
}

impl Listed for Agency {
    /// The Vietnamese order of names.
    type Place = (CollationKey, AgencyId);

    fn uuid(&self) -> Uuid {
        self.id.as_uuid()
    }

    fn place(&self) -> Self::Place {
        (collation_key(&self.name), self.id)
    }

    fn find(reference: &Snapshot, id: Uuid) -> Option<&Arc<Self>> {
        reference.agencies.get(AgencyId::from_uuid(id))
    }
}

impl Listed for Topic {
    /// The order of codes, byte by byte: a database may sort their dots and hyphens by the rules of its own language.
    type Place = (TopicCode, TopicId);

    fn uuid(&self) -> Uuid {
        self.id.as_uuid()
    }

    fn place(&self) -> Self::Place {
        (self.code.clone(), self.id)
    }

    fn find(reference: &Snapshot, id: Uuid) -> Option<&Arc<Self>> {
        reference.topics.get(TopicId::from_uuid(id))
    }
}

impl Listed for Series {
    /// The latest first: ids that were made later sort later.
    type Place = Reverse<SeriesId>;

    fn uuid(&self) -> Uuid {
        self.id.as_uuid()
    }

    fn place(&self) -> Self::Place {
        Reverse(self.id)
    }

    fn find(reference: &Snapshot, id: Uuid) -> Option<&Arc<Self>> {
        reference.series.get(SeriesId::from_uuid(id))
    }
}
