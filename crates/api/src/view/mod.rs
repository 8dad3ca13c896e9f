//! What a live entry looks like from outside. GraphQL, REST and feeds show entries only through here, so that they
//! cannot come to differ.

mod article;
mod bounds;
mod media;
mod names;
mod procedure;

pub(crate) use article::{ArticleView, CorrectedView, MentionView};
pub(crate) use bounds::Moment;
pub(crate) use media::{MediaBase, RenditionView};
pub(crate) use names::{Filing, ListNames, Named, article_id, media_id};
pub(crate) use procedure::ProcedureView;
