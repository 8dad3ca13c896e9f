//! Feeds hold what the list of articles holds for the same parameters, and refuse what it refuses.

use serde_json::Value;

use super::portal::{Answer, Portal};

const SITE: &str = "xuanhai.example.vn";

/// What narrows a list.
const NARROWED: [&str; 24] = [
    "",
    "q=noi+dung",
    "q=%22T%C3%B3m+t%E1%BA%AFt+1%22&order=updated",
    "q=tin&kind=news&lang=vi&from=2024-06-02",
    "q=%21",
    "exact=true",
    "exact=true&kind=news",
    "exact=1",
    "tag=nong+thon+moi",
    "tag=nong+thon+moi&q=huyen",
    "topic=tt.tin&lang=en",
    "topic=tt.tin&tag=x",
    "kind=tin",
    "lang=_",
    "from=2024-06-02T00:00:00+07:00&to=2024-06-03",
    "from=mai",
    "order=updated&last=7",
    "first=3&last=3",
    "first=0",
    "after=x",
    "before=x",
    "site=xuanhai.example.vn",
    "unit=nghi-xuan&exact=true",
    "category=xuanhai.example.vn%2Ftin-tuc&order=updated",
];

/// The ids of the entries under the names of a list or a feed; or how it was refused.
fn said(answer: &Answer, (entries, id): (&str, &str)) -> Result<Vec<Value>, Value> {
    match answer.body[entries].as_array() {
        Some(found) if answer.status == 200 => Ok(found.iter().map(|entry| entry[id].clone()).collect()),
        _ => Err(answer.body.clone()),
    }
}

#[tokio::test]
async fn a_feed_holds_and_refuses_what_the_list_does_for_the_same_parameters() {
    let portal = Portal::searching().await;
    let category = portal.seeded.category(SITE, "tin-tuc").id.to_string();
    let mut found = 0;
    for (collection, parameter, key) in [
        ("sites", "site", SITE),
        ("units", "unit", "nghi-xuan"),
        ("categories", "category", category.as_str()),
        ("topics", "topic", "tt.tin"),
    ] {
        // Twice the same parameter is another mistake than a second place.
        for query in NARROWED.iter().filter(|query| !query.starts_with(&format!("{parameter}="))) {
            let size =
                if ["first=", "last=", "before="].iter().any(|name| query.contains(name)) { "" } else { "&first=100" };
            let feed = portal.get(&format!("/feeds/{collection}/{key}.json?{query}{size}")).await;
            let list = portal.get(&format!("/v1/articles?{parameter}={key}&{query}{size}")).await;
            let (feed, list) = (said(&feed, ("items", "id")), said(&list, ("data", "tagUri")));
            assert_eq!(feed, list, "{collection} {query}");
            found += usize::from(feed.is_ok_and(|entries| !entries.is_empty()));
        }
    }
    assert!(found > 30, "only {found} lists had articles");
}

#[tokio::test]
async fn the_address_and_the_identity_of_a_feed_are_those_of_the_whole_question() {
    let portal = Portal::searching().await;
    let unit = portal.seeded.site("nghixuan.example.vn").unit.unwrap();
    let asked = format!("first=100&order=published&exact=false&q=N%E1%BB%98I++dung&unit={unit}&lang=VI");
    let feed = portal.get(&format!("/feeds/topics/tt.tin.json?{asked}")).await;
    let address = "/feeds/topics/tt.tin.json?unit=nghi-xuan&q=noi+dung&lang=vi&first=100";
    assert_eq!(feed.body["feed_url"], format!("https://api.hatinh.example{address}"));
    assert_eq!(feed.body["title"], "“NỘI dung” – Mục tt.tin – Huyện Nghi Xuân");
    let again = portal.get(address).await;
    assert!(!feed.body["items"].as_array().unwrap().is_empty());
    assert_eq!(again.body["items"], feed.body["items"]);

    let atom = portal.get(&format!("/feeds/topics/tt.tin.atom?{asked}")).await;
    let atom = String::from_utf8(atom.bytes).unwrap();
    let id = atom.split("<id>").nth(1).unwrap().split("</id>").next().unwrap();
    assert!(id.ends_with("?unit=nghi-xuan&amp;q=noi+dung&amp;lang=vi"), "{id}");
}

#[tokio::test]
async fn a_feed_with_a_search_is_refused_while_there_is_no_index() {
    let portal = Portal::full().await;
    for format in ["rss", "atom", "json"] {
        let answer = portal.get(&format!("/feeds/sites/{SITE}.{format}?q=tin")).await;
        assert_eq!((answer.code(), answer.header("retry-after")), ((503, "SEARCH_NOT_READY"), "5"));
        assert_eq!(portal.get(&format!("/feeds/sites/{SITE}.{format}")).await.status, 200);
    }
}
