//! The parameters of a feed: those of REST's list of articles, read by the same code, and written in one canonical form.

use http::Uri;
use url::form_urlencoded::Serializer;

use lienthong_app::queries::articles::{ArticleFilter, ArticleSubject};
use lienthong_app::queries::{Order, PageRequest};
use lienthong_domain::text::fold;

use super::place::FeedPlace;
use crate::problem::Problem;
use crate::rest::{ListParameters, read_query, refuse_unknown};

/// Items on a page when the reader does not say.
pub(super) const DEFAULT_SIZE: u32 = 50;

/// The parameters of the list that a feed can take. How much of an article is shown is a matter of the format, and a series has no
/// feeds.
const NAMES: [&str; 16] = [
    "site", "unit", "category", "exact", "topic", "tag", "q", "kind", "lang", "from", "to", "order", "first", "after",
    "last", "before",
];

/// Reads the parameters for the feed of a place.
pub(super) fn read(uri: &Uri, place: FeedPlace<'_>) -> Result<ListParameters, Problem> {
    refuse_unknown(uri, &NAMES, |name| place.takes(name))?;
    read_query(uri)
}

/// The page that is meant: feeds have larger ones than lists.
pub(super) fn page(given: &ListParameters) -> PageRequest {
    let page = given.page();
    match page {
        PageRequest { first: None, last: None, .. } => PageRequest { first: Some(DEFAULT_SIZE), ..page },
        _ => page,
    }
}

/// What narrows a feed, as a query: the same text for the same list, whatever the spelling in the request. `within` is where the
/// feed of a topic looks, and `topic` the code of the topic of another one.
pub(super) fn canonical(filter: &ArticleFilter, within: Option<FeedPlace<'_>>, topic: Option<&str>) -> String {
    let tag = match &filter.subject {
        Some(ArticleSubject::Tag(tag)) => Some(fold(tag)),
        _ => None,
    };
    let place = within.map(|place| (place.parameter(), Some(place.key())));
    let pairs = [
        ("exact", filter.exact.then(|| "true".to_owned())),
        ("topic", topic.map(str::to_owned)),
        ("tag", tag),
        ("q", filter.text.clone()),
        ("kind", filter.kind.map(|kind| kind.as_str().to_owned())),
        ("lang", filter.language.clone()),
        ("from", filter.from.map(|time| time.to_string())),
        ("to", filter.to.map(|time| time.to_string())),
        ("order", (filter.order == Order::Updated).then(|| "updated".to_owned())),
    ];
    let given = place.into_iter().chain(pairs).filter_map(|(name, value)| Some((name, value?)));
    Serializer::new(String::new()).extend_pairs(given).finish()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use utoipa::IntoParams as _;

    use super::*;

    #[test]
    fn a_feed_takes_every_parameter_of_the_list_that_does_not_say_how_an_article_looks() {
        let list = ListParameters::into_params(|| None).into_iter().map(|parameter| parameter.name);
        let list: BTreeSet<String> = list.collect();
        let taken: BTreeSet<String> = NAMES.map(str::to_owned).into();
        assert!(list.is_superset(&taken));
        let left_out: Vec<&String> = list.difference(&taken).collect();
        assert_eq!(left_out, ["include", "series", "view"]);
    }
}
