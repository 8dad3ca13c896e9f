use std::collections::BTreeSet;

use axum::http::Method;

use super::portal::{Answer, Call, Portal};

/// The target of a relation in the `Link` header.
fn link<'a>(answer: &'a Answer, relation: &str) -> Option<&'a str> {
    let mut links = answer.header("link").split(", ");
    let end = format!(">; rel=\"{relation}\"");
    links.find_map(|link| link.strip_prefix('<')?.strip_suffix(end.as_str()))
}

fn ids(answer: &Answer) -> Vec<String> {
    answer.body["data"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn links_lead_through_every_article_once_and_back_again() {
    let portal = Portal::full().await;
    let mut page = portal.get("/v1/articles?unit=nghi-xuan&order=updated&first=7").await;
    let mut there = vec![ids(&page)];
    while let Some(next) = link(&page, "next").map(str::to_owned) {
        page = portal.get(&next).await;
        there.push(ids(&page));
    }
    let all: Vec<_> = there.concat();
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
    let whole = portal.get("/v1/articles?unit=nghi-xuan&order=updated&first=1&include=total").await;
    assert_eq!(whole.body["total"]["value"], all.len());

    let mut back = vec![ids(&page)];
    while let Some(previous) = link(&page, "prev").map(str::to_owned) {
        page = portal.get(&previous).await;
        back.push(ids(&page));
    }
    back.reverse();
    assert_eq!(back.concat(), all);
    assert_eq!(ids(&portal.get(link(&page, "first").unwrap()).await), there[0]);
}

#[tokio::test]
async fn reference_data_are_paged_by_links_too() {
    let portal = Portal::empty().await;
    let lists = [("/v1/sites?unit=nghi-xuan&", 4), ("/v1/sites?", 4), ("/v1/agencies?", 3), ("/v1/topics?", 3)];
    for (list, length) in lists {
        let whole = ids(&portal.get(&format!("{list}first=100")).await);
        assert_eq!(whole.len(), length, "{list}");
        let mut page = portal.get(&format!("{list}first=1&include=total")).await;
        let mut there = ids(&page);
        while let Some(next) = link(&page, "next").map(str::to_owned) {
            page = portal.get(&next).await;
            there.extend(ids(&page));
        }
        assert_eq!((&there, &page.body["page"]["hasNext"]), (&whole, &false.into()), "{list}");
        assert_eq!(page.body["total"]["value"], length, "{list}");
        let mut back = ids(&page);
        while let Some(previous) = link(&page, "prev").map(str::to_owned) {
            page = portal.get(&previous).await;
            back.extend(ids(&page));
        }
        back.reverse();
        assert_eq!((&back, &page.body["page"]["hasPrevious"]), (&whole, &false.into()), "{list}");
        for foreign in ["x", &whole[0]] {
            assert_eq!(portal.get(&format!("{list}after={foreign}")).await.code(), (400, "INVALID_CURSOR"), "{list}");
        }
    }
}

#[tokio::test]
async fn a_cursor_of_one_list_of_reference_data_is_refused_by_the_others() {
    let portal = Portal::empty().await;
    let lists = [
        "sites?",
        "sites?unit=nghi-xuan&",
        "sites?unit=xa-xuan-pho&",
        "agencies?",
        "topics?",
        "units?",
        "units?asOf=2025-06-30&",
    ];
    for list in lists {
        let page = portal.get(&format!("/v1/{list}first=1")).await;
        let cursor = page.body["page"]["endCursor"].as_str().unwrap();
        for other in lists.into_iter().chain(["articles?", "procedures?"]) {
            let answer = portal.get(&format!("/v1/{other}after={cursor}")).await;
            assert_eq!(answer.status == 200, other == list, "{list} {other}");
        }
    }
}

#[tokio::test]
async fn days_cover_what_was_published_on_them_in_vietnam() {
    let portal = Portal::full().await;
    let count = async |query: &str| {
        let answer = portal.get(&format!("/v1/articles?include=total&{query}")).await;
        answer.body["total"]["value"].as_u64().unwrap()
    };
    let by_day = count("from=2024-06-02&to=2024-06-03").await;
    let by_time = count("from=2024-06-02T00:00:00%2B07:00&to=2024-06-04T00:00:00%2B07:00").await;
    let unescaped = count("from=2024-06-02T00:00:00+07:00&to=2024-06-04T00:00:00+07:00").await;
    assert_eq!([by_time, unescaped], [by_day; 2]);
    assert!(by_day > 0 && by_day < count("from=2024-06-02").await);
}

/// Address, parameter, part of the rule that is named.
const REFUSED: [(&str, &str, &str); 32] = [
    ("/v1/articles?sort=title", "sort", "`site`"),
    ("/v1/articles?Site=x", "Site", "`unit`"),
    ("/v1/articles?first=muoi", "first", "invalid digit"),
    ("/v1/articles?first=101", "first", "between 1 and 100"),
    ("/v1/articles?first=1&last=1", "first", "exclude each other"),
    ("/v1/articles?kind=tin", "kind", "`news`"),
    ("/v1/articles?exact=1", "exact", "`true` or `false`"),
    ("/v1/articles?order=title", "order", "`updated`"),
    ("/v1/articles?include=body", "include", "`total`"),
    ("/v1/articles?from=hôm%20nay", "from", "2024-07-07"),
    ("/v1/articles?to=2024-02-30", "to", "2024-07-07"),
    ("/v1/articles?lang=_", "lang", "language tag"),
    ("/v1/articles?site=x&unit=y", "site", "one place"),
    ("/v1/articles?site=khong.example.vn", "site", "khong.example.vn"),
    ("/v1/articles?tag=a&topic=tt.tin", "topic", "one subject"),
    ("/v1/articles?site=a&site=b", "site", "given twice"),
    ("/v1/articles?tag=%FF", "query", "UTF-8"),
    ("/v1/sites?first=0", "first", "between 1 and 100"),
    ("/v1/sites?unit=khong", "unit", "khong"),
    ("/v1/sites?host=a", "host", "`unit`"),
    ("/v1/sites?first=1&before=x", "before", "before goes with last"),
    ("/v1/agencies?first=1&last=1", "first", "exclude each other"),
    ("/v1/topics?last=101", "last", "between 1 and 100"),
    ("/v1/units?first=101", "first", "between 1 and 100"),
    ("/v1/units?asOf=2025", "asOf", "2024-07-07"),
    ("/v1/topics?level=T", "level", "not known"),
    ("/v1/articles?q=%21", "q", "no letter or digit"),
    ("/v1/procedures?level=xa", "level", "`commune`"),
    ("/v1/procedures?offeredAt=khong", "offeredAt", "khong"),
    ("/v1/procedures?offeredAt=nghi-xuan&level=commune", "level", "another one"),
    ("/v1/procedures?first=101", "first", "between 1 and 100"),
    ("/v1/procedures?text=x", "text", "`offeredAt`"),
];

#[tokio::test]
async fn what_a_list_does_not_know_is_refused_by_name() {
    let portal = Portal::empty().await;
    for (uri, name, rule) in REFUSED {
        let uri = uri.replace('ô', "%C3%B4");
        let answer = portal.get(&uri).await;
        assert_eq!(answer.code(), (400, "BAD_REQUEST"), "{uri}: {}", answer.body);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        let error = &answer.body["errors"][0];
        assert_eq!(error["name"], name, "{uri}");
        assert!(error["rule"].as_str().unwrap().contains(rule), "{uri}: {error}");
    }
    assert_eq!(portal.get("/v1/articles?after=x").await.code(), (400, "INVALID_CURSOR"));
}

#[tokio::test]
async fn another_method_is_a_problem_that_names_the_allowed_ones() {
    let portal = Portal::empty().await;
    let answer = portal.call(Method::DELETE, "/v1/articles", Call::default()).await;
    assert_eq!(answer.code(), (405, "METHOD_NOT_ALLOWED"));
    assert_eq!(answer.header("allow"), "GET,HEAD");
    let head = portal.call(Method::HEAD, "/v1/topics", Call::default()).await;
    assert_eq!((head.status.as_u16(), head.bytes.len()), (200, 0));
}
