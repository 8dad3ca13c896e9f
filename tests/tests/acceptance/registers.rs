//! Lists of reference data go by pages like all others: there and back, with cursors of their own, limits and a price.

use serde_json::{Value, json};

use lienthong_test_support::{at, both_databases};

use crate::agencies::import;
use crate::harness::{Node, global_id};

const PAGE: &str = "edges { cursor node { id } } nodes { id } totalCount { value more } \
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }";

/// More than two pages of fifty, of which always three have the same name.
const MANY: usize = 120;

async fn many(node: &Node) {
    let row = |number: usize| format!("H27.{},Phòng {},department,42,,,\n", number + 1, number % (MANY / 3));
    let report = import(&node.test, &(0..MANY).map(row).collect::<String>(), false).await;
    assert_eq!((report.agencies.created, report.refused.len()), (MANY, 0));
}

/// All pages of fifty, each from the end of the one before it.
async fn turned(node: &Node, [size, bound, cursor, more]: [&str; 4]) -> Vec<Value> {
    let (mut pages, mut place) = (Vec::new(), String::new());
    loop {
        let question = format!("{{ agencies(unit: \"42\", {size}: 50{place}) {{ {PAGE} }} }}");
        let page = node.query(&question, json!({})).await.data()["agencies"].clone();
        place = format!(", {bound}: {}", page["pageInfo"][cursor]);
        let goes_on = page["pageInfo"][more] == true && pages.len() < 9;
        pages.push(page);
        if !goes_on {
            return pages;
        }
    }
}

fn ids(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect()
}

/// How many each page holds, and whether the list has others before it and after it.
fn shape(pages: &[Value]) -> Vec<(usize, bool, bool)> {
    let flag = |page: &Value, name: &str| page["pageInfo"][name].as_bool().unwrap();
    let shape = |page: &Value| (ids(&page["nodes"]).len(), flag(page, "hasPreviousPage"), flag(page, "hasNextPage"));
    pages.iter().map(shape).collect()
}

/// The same pages over REST, by the links that lead from each to the next.
async fn linked(node: &Node) -> Vec<String> {
    let (mut found, mut path) = (Vec::new(), "/v1/agencies?unit=42&first=50&include=total".to_owned());
    loop {
        let reply = node.get(&path).await;
        let page = reply.json();
        assert_eq!(page["total"], json!({ "value": MANY, "more": false }));
        found.extend(ids(&page["data"]));
        let mut links = reply.header("link").split(", ");
        let next = links.find_map(|link| link.strip_prefix('<')?.strip_suffix(">; rel=\"next\""));
        assert_eq!(next.is_some(), page["page"]["hasNext"].as_bool().unwrap());
        match next.filter(|_| found.len() < 2 * MANY) {
            Some(next) => next.clone_into(&mut path),
            None => return found,
        }
    }
}

/// The cursor of the first entry of a list.
async fn cursor(node: &Node, list: &str) -> String {
    let question = format!("{{ it: {list} {{ pageInfo {{ endCursor }} }} }}");
    let answer = node.query(&question, json!({})).await.data();
    answer["it"]["pageInfo"]["endCursor"].as_str().unwrap().to_owned()
}

async fn code(node: &Node, list: &str) -> String {
    node.query(&format!("{{ it: {list} {{ nodes {{ id }} }} }}"), json!({})).await.error_code()
}

both_databases! {
    async fn three_pages_there_and_back_hold_every_entry_once(db: TestDb) {
        let node = Node::start(db).await;
        many(&node).await;
        let there = turned(&node, ["first", "after", "endCursor", "hasNextPage"]).await;
        assert_eq!(shape(&there), [(50, false, true), (50, true, true), (20, true, false)]);
        let all: Vec<String> = there.iter().flat_map(|page| ids(&page["nodes"])).collect();
        assert_eq!(all.iter().collect::<std::collections::HashSet<_>>().len(), MANY);
        let mut back = turned(&node, ["last", "before", "startCursor", "hasPreviousPage"]).await;
        assert_eq!(shape(&back), [(50, true, false), (50, true, true), (20, false, true)]);
        back.reverse();
        assert_eq!(back.iter().flat_map(|page| ids(&page["nodes"])).collect::<Vec<_>>(), all);
        assert_eq!(linked(&node).await, all);
        for page in there.iter().chain(&back) {
            assert_eq!(page["totalCount"], json!({ "value": MANY, "more": false }));
            let edges = page["edges"].as_array().unwrap();
            let nodes: Value = edges.iter().map(|edge| edge["node"].clone()).collect();
            assert_eq!(nodes, page["nodes"]);
            let ends = [&edges[0]["cursor"], &edges[edges.len() - 1]["cursor"]];
            assert_eq!(ends, [&page["pageInfo"]["startCursor"], &page["pageInfo"]["endCursor"]]);
        }
    }

    async fn a_cursor_of_another_list_and_a_forged_one_are_refused(db: TestDb) {
        let node = Node::start(db).await;
        many(&node).await;
        node.test.published(1, "Tin", at("2024-06-01T00:00:00Z")).await;
        let own = cursor(&node, "agencies(unit: \"42\", first: 1)").await;
        assert_eq!(code(&node, &format!("agencies(unit: \"42\", after: \"{own}\")")).await, "");
        assert_eq!(node.get(&format!("/v1/agencies?unit=42&after={own}")).await.status.as_u16(), 200);
        for list in ["agencies(", "agencies(unit: \"nghi-xuan\", ", "sites(", "topics(", "units(", "articles(", "procedures("] {
            let found = code(&node, &format!("{list}after: \"{own}\")")).await;
            assert_eq!(found, "INVALID_CURSOR", "{list}");
        }
        let id = global_id("agency", node.test.reference().agencies.in_order().next().unwrap().id.as_uuid());
        let article = cursor(&node, "articles(first: 1)").await;
        let site = cursor(&node, "sites(first: 1)").await;
        for foreign in [id.as_str(), &article, &site, ""] {
            assert_eq!(code(&node, &format!("agencies(unit: \"42\", after: \"{foreign}\")")).await, "INVALID_CURSOR", "{foreign}");
            let over_rest = node.get(&format!("/v1/agencies?unit=42&after={foreign}")).await;
            assert_eq!(over_rest.problem(), (400, "INVALID_CURSOR".to_owned()), "{foreign}");
        }
        for at in 0..own.len() {
            let other = if own[at..].starts_with('A') { "B" } else { "A" };
            let forged = format!("{}{other}{}", &own[..at], &own[at + 1..]);
            let over_rest = node.get(&format!("/v1/agencies?unit=42&after={forged}")).await;
            assert_eq!(over_rest.problem(), (400, "INVALID_CURSOR".to_owned()), "{forged}");
        }
    }

    async fn a_cursor_leads_on_when_what_it_was_handed_out_for_has_left_the_list(db: TestDb) {
        let node = Node::start(db).await;
        let rows = |unit: &str| format!(
            "H27.1,Phòng 1,department,nghi-xuan,,,\nH27.2,Phòng 2,department,{unit},,,\nH27.3,Phòng 3,department,nghi-xuan,,,\n"
        );
        import(&node.test, &rows("nghi-xuan"), false).await;
        let second = cursor(&node, "agencies(unit: \"nghi-xuan\", first: 2)").await;
        import(&node.test, &rows("42"), false).await;
        for (bound, name) in [("first: 5, after", "Phòng 3"), ("last: 5, before", "Phòng 1")] {
            let question = format!("{{ agencies(unit: \"nghi-xuan\", {bound}: \"{second}\") {{ nodes {{ name }} }} }}");
            let answer = node.query(&question, json!({})).await.data();
            assert_eq!(answer["agencies"]["nodes"], json!([{ "name": name }]));
        }
    }

    async fn a_page_has_limits_and_a_price_and_the_total_is_priced_apart(db: TestDb) {
        let node = Node::start(db).await;
        let own = cursor(&node, "sites(first: 1)").await;
        for list in ["units", "sites", "agencies", "topics", "unit(code: \"42\") { children", "site(host: \"xuanhai.hatinh.example\") { series"] {
            let end = if list.contains('{') { "} }" } else { "}" };
            let ask = async |arguments: &str| node.query(&format!("{{ {list}({arguments}) {{ nodes {{ id }} {end} }}"), json!({})).await;
            for size in ["first: 0", "first: 101", "last: 0", "last: 101"] {
                let refused = ask(size).await;
                assert!(refused.json().get("data").is_none_or(Value::is_null), "{list} {size}");
                assert!(!refused.error_code().is_empty(), "{list} {size}");
            }
            for pair in ["first: 1, last: 1".to_owned(), format!("first: 1, before: \"{own}\""), format!("last: 1, after: \"{own}\"")] {
                assert_eq!(ask(&pair).await.error_code(), "BAD_REQUEST", "{list} {pair}");
            }
            assert_eq!(ask("first: 100").await.error_code(), "", "{list}");
        }
        for list in ["units", "sites", "agencies", "topics"] {
            for size in ["first=0", "first=101", "first=1&last=1", "last=1&after=x"] {
                assert_eq!(node.get(&format!("/v1/{list}?{size}")).await.problem(), (400, "BAD_REQUEST".to_owned()), "{list} {size}");
            }
        }
        let cost = async |fields: &str| {
            let answer = node.query(&format!("{{ sites(first: 50) {{ {fields} }} }}"), json!({})).await.json();
            let cost = &answer["extensions"]["cost"];
            (cost["points"].as_u64().unwrap(), cost["nodes"].as_u64().unwrap())
        };
        assert_eq!(cost("nodes { name }").await, (51, 50));
        assert_eq!(cost("nodes { name } totalCount { value }").await, (52, 51));
        assert_eq!(cost("totalCount { value }").await, (2, 1));
    }
}
