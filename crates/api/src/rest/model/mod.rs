//! The JSON shapes. Every one is made from a view or a domain value in one place, destructured in full.

mod agency;
mod article;
mod board;
mod category;
mod channel;
mod entry;
mod internal;
mod media;
mod page;
mod procedure;
mod reference;
mod report;
mod royalty;
mod site;
mod time;
mod topic;
mod unit;

pub(super) use agency::{Agency, AgencyList};
pub(super) use article::{
    Article, ArticleKind, ArticleList, ArticleSource, Attachment, Cover, RelatedArticles, Rendition,
};
pub(super) use board::EditorialBoard;
pub(super) use category::{Category, CategoryNode};
use channel::Channel;
pub(super) use entry::{Entry, Finding, PreviewedArticle, RemovedMarkup, WrittenEntry};
pub(super) use internal::{Audience, InternalArticle, InternalArticleList};
pub(super) use media::{Media, MediaKind, MediaList, Upload, media_id};
pub(super) use page::{PageInfo, Total};
pub(super) use procedure::{AdministrativeProcedure, AdministrativeProcedureList, ProcedureLevel};
pub(super) use reference::{CategoryRef, SeriesRef, SiteRef, TopicRef, UnitRef, global_id};
pub(super) use report::{ArticleReport, SiteReadinessReport, UnmappedCategories};
pub(super) use royalty::RoyaltyStatement;
pub(super) use site::{Site, SiteActivity, SiteDetail, SiteList};
pub(super) use time::{Day, Time};
pub(super) use topic::{Topic, TopicList};
pub(super) use unit::{Unit, UnitDetail, UnitList};
