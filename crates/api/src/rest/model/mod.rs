//! The JSON shapes. Every one is made from a view or a domain value in one place, destructured in full.

mod article;
mod category;
mod entry;
mod page;
mod reference;
mod site;
mod time;
mod topic;
mod unit;

pub(super) use article::{Article, ArticleKind, ArticleList, ArticleSource, Cover, RelatedArticles};
pub(super) use category::{Category, CategoryNode};
pub(super) use entry::{Entry, RemovedMarkup, WrittenEntry};
pub(super) use page::{PageInfo, Total};
pub(super) use reference::{CategoryRef, SiteRef, TopicRef, UnitRef, global_id};
pub(super) use site::{SiteDetail, SiteList};
pub(super) use time::{Day, Time};
pub(super) use topic::{Topic, TopicList};
pub(super) use unit::{UnitDetail, UnitList};
