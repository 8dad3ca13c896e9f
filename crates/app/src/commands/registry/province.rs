//! A province, and how the names of categories are understood there.

use lienthong_domain::ids::UnitId;
use lienthong_domain::registry::{Topic, Unit};
use lienthong_domain::time::Timestamp;
use lienthong_domain::topic::TopicCode;
use lienthong_domain::topic::mapping::{TopicMapping, well_known};
use lienthong_domain::unit::{Level, UnitCode};
use lienthong_persistence::topic_synonyms::{self, TopicSynonym};
use lienthong_persistence::{Tx, units};

use crate::error::Error;

/// The province of today under this code or slug.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub(super) async fn province(tx: &Tx, name: &str, now: Timestamp) -> Result<Unit, Error> {
    let code = name.parse::<UnitCode>().ok();
    let is_meant = |unit: &Unit| match code {
        Some(code) => unit.code == Some(code),
        None => unit.slug.as_str() == name,
    };
    let today = now.local_day();
    let mut all = units::all_within(tx).await?.into_iter();
    let found = all.find(|unit| unit.kind.level() == Level::Province && unit.is_valid_on(today) && is_meant(unit));
    found.ok_or(Error::NotFound("unit"))
}

/// How the names of categories are understood on the sites of `province`: by the province's own topics and synonyms, then
/// by the synonyms of the instance, then by the names of the national topics and those that are well known.
pub(in crate::commands) async fn topic_mapping(
    tx: &Tx,
    topics: &[Topic],
    province: Option<UnitId>,
) -> Result<TopicMapping, Error> {
    let named = |of: Option<UnitId>| {
        let own = topics.iter().filter(move |topic| topic.unit == of);
        own.map(|topic| (topic.name_vi.as_str(), topic.code.clone()))
    };
    let is_there = |code: &TopicCode| topics.iter().any(|topic| topic.unit.is_none() && topic.code == *code);
    let synonyms = topic_synonyms::within(tx, province).await?;
    let said = |of: Option<UnitId>| {
        let own = synonyms.iter().filter(move |synonym| synonym.unit == of);
        own.filter_map(|synonym: &TopicSynonym| {
            let topic = topics.iter().find(|topic| topic.id == synonym.topic)?;
            Some((synonym.name.as_str(), topic.code.clone()))
        })
    };
    let national = TopicMapping::new(named(None).chain(well_known().filter(|(_, code)| is_there(code))));
    let mapping = national.behind(TopicMapping::new(said(None)));
    Ok(match province {
        None => mapping,
        // A synonym goes over the name of an own topic, because it was given later and on purpose.
        Some(_) => mapping.behind(TopicMapping::new(named(province))).behind(TopicMapping::new(said(province))),
    })
}
