//! The questions, with variables taken from the content of the server itself.
#![expect(clippy::indexing_slicing, reason = "a key that a JSON value does not have reads as null")]

use std::fmt::Write as _;
use std::io;
use std::net::SocketAddr;

use serde_json::{Value, json};

use super::exchange;

/// One question with all its variables, as whole HTTP requests.
pub(super) struct Question {
    pub(super) name: &'static str,
    pub(super) post: Vec<String>,
    pub(super) get: Vec<String>,
}

const FRONT_PAGE: &str = "query Q1($site: String!) { articles(site: $site, first: 20) { nodes { title slug summary publishedAt \
    category { name slug } site { name } cover { url alt width height } } } }";
const ARTICLE: &str = "query Q2($site: String!, $slug: String!) { article(site: $site, slug: $slug) { title summary body \
    publishedAt category { name slug } site { name } cover { url alt } related(first: 5) { title slug publishedAt } } }";
const DEEP: &str = "query Q3($site: String!, $after: String!) { articles(site: $site, first: 20, after: $after) { nodes { title \
    slug summary publishedAt category { name slug } site { name } } pageInfo { endCursor hasNextPage } } }";
const TEXT: &str = "query Q4($text: String!) { articles(text: $text, first: 20) { nodes { title slug summary publishedAt \
    category { name slug } site { name } } } }";
const SUBTREE: &str = "query Q5($unit: String!, $order: ArticleOrder!) { articles(unit: $unit, orderBy: $order, first: 100) { \
    nodes { title slug publishedAt category { name slug } site { name } } } }";
const CURSOR: &str = "query($site: String!, $after: String) { articles(site: $site, first: 100, after: $after) { nodes { slug } \
    pageInfo { endCursor hasNextPage } } }";

/// What people look for, written with marks and without.
const SOUGHT: [&str; 12] = [
    "nông thôn mới",
    "nong thon moi",
    "chuyển đổi số",
    "tiêm chủng",
    "lịch tiếp công dân",
    "xuân hội",
    "cải cách hành chính",
    "đất đai",
    "dat dai",
    "bầu cử",
    "phòng chống thiên tai",
    "giáo dục",
];

/// What the content offers to ask for.
pub(super) struct Scene {
    address: SocketAddr,
    /// Hosts of sites with articles.
    hosts: Vec<String>,
}

impl Scene {
    /// Looks at the sites of the server, at most `most` of those with articles.
    pub(super) fn look(address: SocketAddr, most: usize) -> io::Result<Self> {
        let hosts = hosts(address)?.into_iter().map(|(host, _)| host);
        let mut scene = Self { address, hosts: hosts.collect() };
        let mut found = Vec::new();
        for host in &scene.hosts {
            if found.len() < most && !scene.page(host, None)?.slugs.is_empty() {
                found.push(host.clone());
            }
        }
        scene.hosts = found;
        Ok(scene)
    }

    /// The site that the server names first.
    pub(super) fn glance(address: SocketAddr) -> io::Result<Self> {
        let page = exchange::json(address, &exchange::get("/v1/sites?first=1"))?;
        let host = page["data"][0]["host"].as_str().unwrap_or_default();
        Ok(Self { address, hosts: vec![host.to_owned()] })
    }

    pub(super) fn front_page(&self) -> Question {
        question("Q1 front page", FRONT_PAGE, self.hosts.iter().map(|host| json!({"site": host})))
    }

    pub(super) fn article(&self) -> io::Result<Question> {
        let mut variables = Vec::new();
        for host in &self.hosts {
            let slugs = self.page(host, None)?.slugs;
            variables.extend(slugs.into_iter().step_by(7).map(|slug| json!({"site": host, "slug": slug})));
        }
        Ok(question("Q2 article", ARTICLE, variables))
    }

    /// The fiftieth page of twenty, on every site that has so many.
    pub(super) fn deep(&self) -> io::Result<Question> {
        let mut variables = Vec::new();
        for host in &self.hosts {
            let mut after = None;
            for _ in 0..10 {
                after = self.page(host, after.as_deref())?.next;
                if after.is_none() {
                    break;
                }
            }
            variables.extend(after.map(|after| json!({"site": host, "after": after})));
        }
        Ok(question("Q3 page 50", DEEP, variables))
    }

    pub(super) fn text() -> Question {
        question("Q4 text match", TEXT, SOUGHT.iter().map(|text| json!({"text": text})))
    }

    /// The latest of the subtree of each of the units, in both orders.
    pub(super) fn subtree(units: &[&str]) -> Question {
        let orders = ["PUBLISHED", "UPDATED"];
        let variables = units.iter().flat_map(|unit| orders.map(|order| json!({"unit": unit, "order": order})));
        question("Q5 latest 100", SUBTREE, variables)
    }

    fn page(&self, host: &str, after: Option<&str>) -> io::Result<Page> {
        let request = post(CURSOR, &json!({"site": host, "after": after}));
        let answer = exchange::json(self.address, &request)?;
        let list = &answer["data"]["articles"];
        let slugs = list["nodes"].as_array().into_iter().flatten().filter_map(|node| node["slug"].as_str());
        let slugs = slugs.map(str::to_owned).collect();
        let info = &list["pageInfo"];
        let next = info["endCursor"].as_str().filter(|_| info["hasNextPage"] == true).map(str::to_owned);
        Ok(Page { slugs, next })
    }
}

struct Page {
    slugs: Vec<String>,
    next: Option<String>,
}

/// The hosts of all sites, each with the code of its unit.
pub(super) fn hosts(address: SocketAddr) -> io::Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    let mut after = String::new();
    loop {
        let page = exchange::json(address, &exchange::get(&format!("/v1/sites?first=100{after}")))?;
        let sites = page["data"].as_array().into_iter().flatten();
        found.extend(sites.filter_map(|site| {
            let unit = site["unit"]["code"].as_str().unwrap_or_default();
            Some((site["host"].as_str()?.to_owned(), unit.to_owned()))
        }));
        let info = &page["page"];
        match info["endCursor"].as_str().filter(|_| info["hasNext"] == true) {
            Some(cursor) => after = format!("&after={}", encoded(cursor)),
            None => return Ok(found),
        }
    }
}

fn question(name: &'static str, document: &str, variables: impl IntoIterator<Item = Value>) -> Question {
    let variables: Vec<Value> = variables.into_iter().collect();
    let target = |variables: &Value| {
        format!("/graphql?query={}&variables={}", encoded(document), encoded(&variables.to_string()))
    };
    Question {
        name,
        post: variables.iter().map(|variables| post(document, variables)).collect(),
        get: variables.iter().map(|variables| exchange::get(&target(variables))).collect(),
    }
}

fn post(document: &str, variables: &Value) -> String {
    exchange::post("/graphql", &json!({"query": document, "variables": variables}).to_string())
}

/// Percent-encoding of everything but RFC 3986's unreserved characters.
fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
}
