//! `Link` headers of lists (RFC 8288): the neighbouring pages, with the request's own parameters.
//!
//! Targets are relative references, which a client resolves against the address it asked.

use http::{HeaderMap, HeaderValue, Uri, header};
use url::form_urlencoded::{self, Serializer};

use crate::rest::model::PageInfo;

/// Parameters that say which page, as opposed to which list.
const PAGING: [&str; 4] = ["first", "after", "last", "before"];

/// The header for a page of `size` entries of the list at `uri`.
pub(super) fn pages(uri: &Uri, size: u32, page: &PageInfo) -> HeaderMap {
    let target = |which: &str, cursor: Option<(&str, &str)>| target(uri, (which, size), cursor);
    let mut links = Vec::new();
    if let Some(cursor) = page.end_cursor.as_deref().filter(|_| page.has_next) {
        links.push(format!("<{}>; rel=\"next\"", target("first", Some(("after", cursor)))));
    }
    if let Some(cursor) = page.start_cursor.as_deref().filter(|_| page.has_previous) {
        links.push(format!("<{}>; rel=\"prev\"", target("last", Some(("before", cursor)))));
    }
    links.push(format!("<{}>; rel=\"first\"", target("first", None)));
    let value = HeaderValue::try_from(links.join(", "));
    value.into_iter().map(|value| (header::LINK, value)).collect()
}

fn target(uri: &Uri, (which, size): (&str, u32), cursor: Option<(&str, &str)>) -> String {
    let given = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    let mut query = Serializer::new(String::new());
    query.extend_pairs(given.filter(|(name, _)| !PAGING.contains(&name.as_ref())));
    query.append_pair(which, &size.to_string());
    query.extend_pairs(cursor);
    format!("{}?{}", uri.path(), query.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_keep_the_list_and_replace_the_page() {
        let uri = "/v1/articles?tag=chuy%E1%BB%83n%20%C4%91%E1%BB%95i&last=5&before=old&kind=news".parse().unwrap();
        let page = PageInfo {
            has_next: true,
            has_previous: true,
            start_cursor: Some("a_1".to_owned()),
            end_cursor: Some("z-9".to_owned()),
        };
        let list = "/v1/articles?tag=chuy%E1%BB%83n+%C4%91%E1%BB%95i&kind=news";
        let expected = format!(
            "<{list}&first=5&after=z-9>; rel=\"next\", <{list}&last=5&before=a_1>; rel=\"prev\", \
             <{list}&first=5>; rel=\"first\""
        );
        assert_eq!(pages(&uri, 5, &page)[header::LINK], expected);
    }

    #[test]
    fn an_only_page_links_to_the_first_alone() {
        let page = PageInfo { has_next: false, has_previous: false, start_cursor: None, end_cursor: None };
        let links = pages(&"/v1/articles".parse().unwrap(), 20, &page);
        assert_eq!(links[header::LINK], "</v1/articles?first=20>; rel=\"first\"");
    }
}
