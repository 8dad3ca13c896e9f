//! From the names that clients use for units, sites, categories, topics and series to the things themselves.

use std::sync::Arc;

use chrono::NaiveDate;
use uuid::Uuid;

use lienthong_app::queries::Register;
use lienthong_app::queries::articles::{ArticleFilter, ArticlePlace, ArticleSubject};
use lienthong_app::queries::internal::InternalPlace;
use lienthong_app::{Error, Snapshot};
use lienthong_domain::article::{FieldError, FieldRule};
use lienthong_domain::ids::{AgencyId, CategoryId, EntryId, MediaId, SeriesId, SiteId, TopicId, UnitId};
use lienthong_domain::registry::{Agency, Category, Site, Topic, Unit};
use lienthong_domain::series::Series;

use crate::ids::{GlobalId, NodeType};

/// Looks names up in the reference data of one moment.
#[derive(Clone, Copy)]
pub(crate) struct Named<'a> {
    reference: &'a Snapshot,
    today: NaiveDate,
}

/// Place and subject of a list, as clients name them.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct ListNames<'a> {
    pub(crate) site: Option<&'a str>,
    pub(crate) unit: Option<&'a str>,
    pub(crate) category: Option<&'a str>,
    pub(crate) series: Option<&'a str>,
    pub(crate) topic: Option<&'a str>,
    pub(crate) tag: Option<&'a str>,
}

/// Where an editor files an article.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Filing {
    pub(crate) category: CategoryId,
    pub(crate) topic: Option<TopicId>,
    pub(crate) series: Option<SeriesId>,
}

impl ListNames<'_> {
    /// These names beside those that a list has already, with which they make one list: no second place and no second subject.
    pub(crate) fn beside(self, own: Self) -> Result<Self, Error> {
        if self.has_place() && own.has_place() {
            return Err(second_place());
        }
        if self.has_subject() && own.has_subject() {
            return Err(second_subject());
        }
        Ok(Self {
            site: self.site.or(own.site),
            unit: self.unit.or(own.unit),
            category: self.category.or(own.category),
            series: self.series.or(own.series),
            topic: self.topic.or(own.topic),
            tag: self.tag.or(own.tag),
        })
    }

    fn has_place(self) -> bool {
        [self.site, self.unit, self.category, self.series].iter().any(Option::is_some)
    }

    const fn has_subject(self) -> bool {
        self.topic.is_some() || self.tag.is_some()
    }
}

impl<'a> Named<'a> {
    pub(crate) const fn new(reference: &'a Snapshot, today: NaiveDate) -> Self {
        Self { reference, today }
    }

    /// A site by id or host.
    pub(crate) fn site(self, name: &str) -> Option<&'a Arc<Site>> {
        let sites = &self.reference.sites;
        match id_of(NodeType::Site, name) {
            Some(id) => sites.get(SiteId::from_uuid(id)),
            None => sites.by_host(name),
        }
    }

    /// A unit by id, by its code of today, or by slug.
    pub(crate) fn unit(self, name: &str) -> Option<&'a Arc<Unit>> {
        let units = &self.reference.units;
        match id_of(NodeType::Unit, name) {
            Some(id) => units.get(UnitId::from_uuid(id)),
            None => units.named(name, self.today),
        }
    }

    /// A unit that `parameter` names, which must exist.
    pub(crate) fn required_unit(self, parameter: &'static str, name: &str) -> Result<&'a Arc<Unit>, Error> {
        self.unit(name).ok_or_else(|| Error::bad_request(parameter, format!("there is no unit {name:?}")))
    }

    /// An agency by its identifier in either spelling, or by id.
    pub(crate) fn agency(self, name: &str) -> Option<&'a Arc<Agency>> {
        let agencies = &self.reference.agencies;
        match id_of(NodeType::Agency, name) {
            Some(id) => agencies.get(AgencyId::from_uuid(id)),
            None => agencies.by_identifier(name),
        }
    }

    /// The agencies of a unit and of all units below it, or all of them, in the Vietnamese order of their names.
    pub(crate) fn agencies(self, unit: Option<&str>) -> Result<Register<'a, Agency>, Error> {
        Ok(Register::agencies(self.reference, self.named_unit(unit)?))
    }

    /// A category by id, or as `host/slug`.
    pub(crate) fn category(self, name: &str) -> Option<&'a Arc<Category>> {
        let categories = &self.reference.categories;
        match (id_of(NodeType::Category, name), name.split_once('/')) {
            (Some(id), _) => categories.get(CategoryId::from_uuid(id)),
            (None, Some((host, slug))) => categories.by_slug(self.reference.sites.by_host(host)?.id, slug),
            (None, None) => None,
        }
    }

    /// A series by id, or as `host/slug`.
    pub(crate) fn series(self, name: &str) -> Option<&'a Arc<Series>> {
        let series = &self.reference.series;
        match (id_of(NodeType::Series, name), name.split_once('/')) {
            (Some(id), _) => series.get(SeriesId::from_uuid(id)),
            (None, Some((host, slug))) => series.by_slug(self.reference.sites.by_host(host)?.id, slug),
            (None, None) => None,
        }
    }

    /// A topic by id or code.
    pub(crate) fn topic(self, name: &str) -> Option<&'a Arc<Topic>> {
        let topics = &self.reference.topics;
        match id_of(NodeType::Topic, name) {
            Some(id) => topics.get(TopicId::from_uuid(id)),
            None => topics.by_code(name),
        }
    }

    /// All topics, or those that exist on the sites of a unit, in the order of their codes.
    pub(crate) fn topics(self, unit: Option<&str>) -> Result<Register<'a, Topic>, Error> {
        Ok(Register::topics(self.reference, self.named_unit(unit)?))
    }

    /// Category, own topic and series of an article, as its editor names them; the series also by its slug alone, which
    /// then is one on the site of the category.
    pub(crate) fn filing(self, category: &str, topic: Option<&str>, series: Option<&str>) -> Result<Filing, Error> {
        let unknown = |field| Error::Invalid(vec![FieldError { field, rule: FieldRule::Unknown }]);
        let category = self.category(category).ok_or_else(|| unknown("category"))?;
        let topic = topic.map(|name| self.topic(name).map(|topic| topic.id).ok_or_else(|| unknown("topic")));
        let by_slug = |slug| self.reference.series.by_slug(category.site, slug);
        let series = series.map(|name| by_slug(name).or_else(|| self.series(name)).ok_or_else(|| unknown("series")));
        let series = series.transpose()?.map(|series| series.id);
        Ok(Filing { category: category.id, topic: topic.transpose()?, series })
    }

    /// The units without a unit above them that exist on a day, by default today, in the Vietnamese order of their names.
    pub(crate) fn roots(self, as_of: Option<NaiveDate>) -> Register<'a, Unit> {
        Register::roots(self.reference, as_of, self.today)
    }

    /// The sites of a unit and of all units below it, or all of them, in the Vietnamese order of their names.
    pub(crate) fn sites(self, unit: Option<&str>) -> Result<Register<'a, Site>, Error> {
        Ok(Register::sites(self.reference, self.named_unit(unit)?))
    }

    /// The unit in the parameter `unit`, where a list takes one.
    fn named_unit(self, name: Option<&str>) -> Result<Option<UnitId>, Error> {
        name.map(|name| Ok(self.required_unit("unit", name)?.id)).transpose()
    }

    /// Place and subject of a list: at most one of each.
    pub(crate) fn list(self, names: ListNames<'_>) -> Result<ArticleFilter, Error> {
        Ok(ArticleFilter { place: self.place(names)?, subject: self.subject(names)?, ..ArticleFilter::default() })
    }

    /// Where to look for what is internal: at most one place.
    pub(crate) fn internal_place(self, site: Option<&str>, unit: Option<&str>) -> Result<InternalPlace, Error> {
        match self.place(ListNames { site, unit, ..ListNames::default() })? {
            Some(ArticlePlace::Site(site)) => Ok(InternalPlace::Site(site)),
            Some(ArticlePlace::Unit(unit)) => Ok(InternalPlace::Unit(unit)),
            Some(ArticlePlace::Category(_) | ArticlePlace::Series(_)) | None => Ok(InternalPlace::Everywhere),
        }
    }

    fn place(self, names: ListNames<'_>) -> Result<Option<ArticlePlace>, Error> {
        let unknown =
            |parameter, name: &str| Error::bad_request(parameter, format!("there is no {parameter} {name:?}"));
        match (names.site, names.unit, names.category, names.series) {
            (None, None, None, None) => Ok(None),
            (Some(name), None, None, None) => {
                let site = self.site(name).ok_or_else(|| unknown("site", name))?;
                Ok(Some(ArticlePlace::Site(site.id)))
            }
            (None, Some(name), None, None) => {
                let unit = self.unit(name).ok_or_else(|| unknown("unit", name))?;
                Ok(Some(ArticlePlace::Unit(unit.id)))
            }
            (None, None, Some(name), None) => {
                let category = self.category(name).ok_or_else(|| unknown("category", name))?;
                Ok(Some(ArticlePlace::Category(category.id)))
            }
            (None, None, None, Some(name)) => {
                let series = self.series(name).ok_or_else(|| unknown("series", name))?;
                Ok(Some(ArticlePlace::Series(series.id)))
            }
            _ => Err(second_place()),
        }
    }

    fn subject(self, names: ListNames<'_>) -> Result<Option<ArticleSubject>, Error> {
        match (names.topic, names.tag) {
            (None, None) => Ok(None),
            (Some(name), None) => {
                let unknown = || Error::bad_request("topic", format!("there is no topic {name:?}"));
                Ok(Some(ArticleSubject::Topic(self.topic(name).ok_or_else(unknown)?.id)))
            }
            (None, Some(tag)) => Ok(Some(ArticleSubject::Tag(tag.to_owned()))),
            (Some(_), Some(_)) => Err(second_subject()),
        }
    }
}

fn second_place() -> Error {
    Error::bad_request("site", "a list takes one place: site, unit, category or series")
}

fn second_subject() -> Error {
    Error::bad_request("topic", "a list takes one subject: topic or tag")
}

/// The id of an article, as clients name it.
pub(crate) fn article_id(name: &str) -> Option<EntryId> {
    id_of(NodeType::Article, name).map(EntryId::from_uuid)
}

/// The id of a file of a library, as clients name it.
pub(crate) fn media_id(name: &str) -> Option<MediaId> {
    id_of(NodeType::Media, name).map(MediaId::from_uuid)
}

/// The id in a name, in the form of a global id or of a plain UUID.
fn id_of(kind: NodeType, name: &str) -> Option<Uuid> {
    match GlobalId::parse(name) {
        Some(id) => (id.kind == kind).then_some(id.uuid),
        None => Uuid::try_parse(name).ok(),
    }
}
