//! The categories of provisioned sites.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;

use lienthong_domain::ids::{CategoryId, SiteId, TopicId, UnitId};
use lienthong_domain::registry::{Category, Site};
use lienthong_domain::slug::Slug;
use lienthong_domain::template::{CategoryTemplate, SiteTemplate};
use lienthong_domain::time::Timestamp;
use lienthong_domain::topic::TopicCode;
use lienthong_persistence::{Tx, categories, topics};

use super::ProvisionReport;
use crate::commands::registry::topic_mapping;
use crate::error::Error;

/// A category that needs a person's attention.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CategoryFinding {
    /// Its slug.
    pub category: Slug,
    /// Its name.
    pub name: String,
    /// What is wrong.
    pub reason: FindingReason,
}

/// What can be wrong with a category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", tag = "code")]
pub enum FindingReason {
    /// The template names no topic, and no topic has this name or synonym.
    Unmapped,
    /// The template names a topic that the catalogue does not have.
    UnknownTopic {
        /// The code.
        topic: TopicCode,
    },
}

/// The categories of the template with their topics: `None` where neither the template nor the name tells one.
pub(super) struct Wanted(Vec<(CategoryTemplate, Option<TopicId>)>);

impl Wanted {
    /// With the topics that exist on the sites of `province`.
    pub(super) async fn new(
        tx: &Tx,
        template: &SiteTemplate,
        province: UnitId,
        findings: &mut Vec<CategoryFinding>,
    ) -> Result<Self, Error> {
        let topics = topics::all_within(tx).await?;
        let mapping = topic_mapping(tx, &topics, Some(province)).await?;
        let valid = topics.iter().filter(|topic| topic.is_valid_within(&[province]));
        let by_code: BTreeMap<&TopicCode, TopicId> = valid.map(|topic| (&topic.code, topic.id)).collect();
        let resolve = |category: &CategoryTemplate| {
            let code = category.topic.as_ref().or_else(|| mapping.find(&category.name));
            let topic = code.and_then(|code| by_code.get(code)).copied();
            let reason = match (topic, &category.topic) {
                (Some(_), _) => return topic,
                (None, Some(code)) => FindingReason::UnknownTopic { topic: code.clone() },
                (None, None) => FindingReason::Unmapped,
            };
            let (category, name) = (category.slug.clone(), category.name.clone());
            findings.push(CategoryFinding { category, name, reason });
            None
        };
        let mut resolve = resolve;
        Ok(Self(template.categories().iter().map(|category| (category.clone(), resolve(category))).collect()))
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The categories of one site that have to be written, each after the one above it.
    fn of_site(
        &self,
        site: &Site,
        (mut found, report): (HashMap<String, Category>, &mut ProvisionReport),
        now: Timestamp,
    ) -> Vec<Category> {
        let mut ids: Vec<CategoryId> = Vec::with_capacity(self.0.len());
        let mut changed = Vec::new();
        for (template, topic) in &self.0 {
            let found = found.remove(template.slug.as_str());
            let id = found.as_ref().map_or_else(|| CategoryId::new(now), |category| category.id);
            let parent = template.parent.and_then(|at| ids.get(at).copied());
            ids.push(id);
            let category = Category {
                id,
                site: site.id,
                parent,
                slug: template.slug.clone(),
                name: template.name.clone(),
                // What cannot be told takes nothing away: one mistyped code would empty the lists of a whole province.
                topic: topic.or_else(|| found.as_ref().and_then(|category| category.topic)),
                position: template.position,
            };
            if report.categories.count(found.as_ref(), &category) {
                changed.push(category);
            }
        }
        changed
    }
}

/// Brings the categories of these sites to the template's state. Returns the sites on which something changed.
pub(super) async fn write(
    tx: &Tx,
    sites: impl Iterator<Item = &Site>,
    (wanted, report): (&Wanted, &mut ProvisionReport),
    now: Timestamp,
) -> Result<BTreeSet<SiteId>, Error> {
    let sites: Vec<&Site> = sites.collect();
    let ids: Vec<SiteId> = sites.iter().map(|site| site.id).collect();
    let mut found: HashMap<SiteId, HashMap<String, Category>> = HashMap::new();
    for category in categories::of_sites_within(tx, &ids).await? {
        found.entry(category.site).or_default().insert(category.slug.to_string(), category);
    }
    let mut changed = Vec::new();
    for site in sites {
        let found = found.remove(&site.id).unwrap_or_default();
        changed.extend(wanted.of_site(site, (found, report), now));
    }
    categories::put(tx, &changed).await?;
    Ok(changed.iter().map(|category| category.site).collect())
}
