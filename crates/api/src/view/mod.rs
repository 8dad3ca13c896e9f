//! What a live entry looks like from outside. GraphQL, REST and feeds show entries only through here, so that they
//! cannot come to differ.

mod article;
mod names;

pub(crate) use article::ArticleView;
pub(crate) use names::{ListNames, Named, SiteListNames, SitePage, article_id};
