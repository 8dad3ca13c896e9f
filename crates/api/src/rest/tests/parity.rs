//! REST and GraphQL give the same answers: the same lists under random filters, and the same details.

use serde_json::{Value, json};
use url::form_urlencoded::Serializer;

use super::portal::Portal;
use super::rng::Rng;
use super::seed::{CATEGORIES, HOSTS, LANGUAGES, TAGS, TOPICS, UNITS, moment, nothing};
use crate::ids::{GlobalId, NodeType};

const CASES: usize = 300;

const ARTICLE: &str = "id tagUri slug url kind title summary language tags author \
    source { name url author publishedAt verbatim } cover { url alt caption credit width height } \
    attachments { media title url fileName mediaType size } \
    site { id name host homeUrl } category { id slug name } series { id slug title } topic { id code name } \
    corrects { id article { id title url publishedAt } } corrections { id title url publishedAt } \
    edition publishedAt firstPublishedAt updatedAt modifiedAt";

/// One list and one page of it, in terms of both interfaces: GraphQL's name and value, and REST's.
#[derive(Debug, Clone, Default)]
struct Question {
    arguments: Vec<(&'static str, &'static str, Value)>,
    full: bool,
}

/// What both interfaces answer, in one form.
#[derive(Debug, Clone, PartialEq)]
enum Reply {
    Page { articles: Vec<Value>, page: Value, total: Value },
    Refused { code: String, parameter: String },
}

#[tokio::test]
async fn lists_are_the_same_over_graphql_and_rest() {
    let portal = Portal::searching().await;
    let seed = std::env::var("LIENTHONG_PARITY_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(2_242_026);
    println!("LIENTHONG_PARITY_SEED={seed}");
    let mut rng = Rng(seed);
    let (mut pages, mut refused, mut strange) = (0, 0, None);
    for case in 0..CASES {
        let mut question = Question::random(&mut rng, &portal, strange.clone());
        for turn in 0..3 {
            let graphql = over_graphql(&portal, &question).await;
            let rest = over_rest(&portal, &question).await;
            assert_eq!(rest, graphql, "seed {seed}, case {case}, turn {turn}: {question:#?}");
            let Reply::Page { page, articles, .. } = rest else {
                refused += 1;
                break;
            };
            pages += usize::from(!articles.is_empty());
            let Some(next) = question.turned(&page) else { break };
            strange = Some(page["endCursor"].clone());
            question = next;
        }
    }
    println!("{pages} pages with articles, {refused} refusals");
    assert!(pages > CASES / 2 && refused > CASES / 20, "{pages} pages, {refused} refusals of {CASES} lists");
}

#[tokio::test]
async fn details_are_the_same_over_graphql_and_rest() {
    let portal = Portal::full().await;
    let (mut shown, mut gone, mut missing) = (0, 0, 0);
    let ids = portal.seeded.entries.iter().map(|entry| entry.id).chain([nothing()]);
    for id in ids {
        let id = GlobalId::new(NodeType::Article, id.as_uuid()).to_string();
        let document = format!("query($id: ID!) {{ article(id: $id) {{ body {ARTICLE} }} }}");
        let graphql = portal.graphql(&document, json!({ "id": id })).await;
        let rest = portal.get(&format!("/v1/articles/{id}")).await;
        match rest.code() {
            (200, _) => {
                assert_eq!(rest.body, lower_kind(graphql["data"]["article"].clone()));
                let by_address = format!(
                    "/v1/sites/{}/articles/{}",
                    rest.body["site"]["host"].as_str().unwrap(),
                    rest.body["slug"].as_str().unwrap()
                );
                assert_eq!(portal.get(&by_address).await.body, rest.body);
                shown += 1;
            }
            (410, "GONE") => {
                assert_eq!(graphql["errors"][0]["extensions"]["code"], "GONE");
                gone += 1;
            }
            (404, "NOT_FOUND") => {
                assert_eq!((&graphql["data"]["article"], graphql.get("errors")), (&Value::Null, None));
                missing += 1;
            }
            other => panic!("{other:?}: {id}"),
        }
    }
    assert!(shown > 100 && gone > 5 && missing > 5, "{shown} shown, {gone} gone, {missing} missing");
}

#[tokio::test]
async fn reference_nouns_are_the_same_over_graphql_and_rest() {
    let portal = Portal::empty().await;
    for (field, uri) in lists_of_nouns().into_iter().chain(nouns()) {
        let graphql = portal.graphql(&format!("{{ it: {field} }}"), json!({})).await;
        assert_eq!(graphql.get("errors"), None, "{field}");
        let rest = portal.get(&uri).await;
        let found = if rest.status == 404 { Value::Null } else { rest.body };
        assert_eq!(found, whole(lower_kind(graphql["data"]["it"].clone())), "{uri}");
    }
}

/// REST shows within a unit all units directly below it, of which GraphQL shows a page.
fn whole(mut noun: Value) -> Value {
    if let Some(children) = noun.get_mut("children").filter(|children| children.get("nodes").is_some()) {
        *children = children["nodes"].take();
    }
    noun
}

/// A GraphQL field, and the address that answers the same.
type Pair = (String, String);

const UNIT: &str = "id code kind name fullName nameEn slug validFrom validTo lineage parent { id code slug fullName }";
const AGENCY: &str = "id identifier olderIdentifier name kind validFrom validTo unit { id code slug fullName } \
    parent { id identifier name }";
const UNIT_PARTS: &str = "counts { units sites agencies } children(first: 100) { nodes { id code slug fullName } } predecessors { unit { id code slug fullName } part } \
    successors { unit { id code slug fullName } part } sites { id name host homeUrl }";
const SITE: &str = "id kind name host homeUrl articleUrlTemplate language activeFrom activeTo \
    unit { id code slug fullName } parent { id name host homeUrl }";
const TREE: &str = "id slug name topic { id code name }";
const CATEGORY: &str = "id slug name site { id name host homeUrl } parent { id slug name } children { id slug name } \
    topic { id code name }";
const TOPIC: &str = "id code unit { id code slug fullName } parent { id code name } name nameEn levels legalBasis afterEvent maxStaleDays";

fn lists_of_nouns() -> Vec<Pair> {
    let lists = [
        ("units", UNIT, "/v1/units?include=total"),
        ("units(asOf: \"2025-07-01\")", UNIT, "/v1/units?asOf=2025-07-01&include=total"),
        ("topics", TOPIC, "/v1/topics?include=total"),
        ("topics(unit: \"xa-xuan-pho\", last: 2)", TOPIC, "/v1/topics?unit=xa-xuan-pho&last=2&include=total"),
        ("agencies", AGENCY, "/v1/agencies?include=total"),
        ("agencies(unit: \"xa-xuan-hai\", first: 1)", AGENCY, "/v1/agencies?unit=xa-xuan-hai&first=1&include=total"),
        ("sites", SITE, "/v1/sites?include=total"),
        ("sites(first: 3)", SITE, "/v1/sites?first=3&include=total"),
        ("sites(unit: \"xa-xuan-pho\", last: 1)", SITE, "/v1/sites?unit=xa-xuan-pho&last=1&include=total"),
    ];
    let in_terms_of_rest = "page: pageInfo { hasNext: hasNextPage hasPrevious: hasPreviousPage startCursor endCursor } \
        total: totalCount { value more }";
    lists
        .map(|(list, noun, uri)| (format!("{list} {{ data: nodes {{ {noun} }} {in_terms_of_rest} }}"), uri.to_owned()))
        .into()
}

fn nouns() -> Vec<Pair> {
    let mut pairs = Vec::new();
    for code in UNITS.into_iter().chain(["42", "440", "18373", "00000"]) {
        let shown = format!("{{ {UNIT} {UNIT_PARTS} }}");
        pairs.push((format!("unit(code: \"{code}\") {shown}"), format!("/v1/units/{code}")));
        let later = format!("unit(code: \"{code}\", asOf: \"2025-07-01\") {shown}");
        pairs.push((later, format!("/v1/units/{code}?asOf=2025-07-01")));
    }
    let tree = format!("{{ {TREE} children {{ {TREE} children {{ {TREE} children {{ id }} }} }} }}");
    for host in HOSTS.into_iter().chain(["khong.example.vn"]) {
        let field = format!(
            "site(host: \"{host}\") {{ {SITE} activity {{ stage firstPublishedAt lastPublishedAt }} categories {tree} }}"
        );
        pairs.push((field, format!("/v1/sites/{host}")));
        for slug in CATEGORIES {
            let field = format!("category(id: \"{host}/{slug}\") {{ {CATEGORY} }}");
            pairs.push((field, format!("/v1/categories/{host}%2F{slug}")));
        }
    }
    for identifier in ["H27", "000.00.00.H27", "H27.1", "000.00.01.H27", "H99.1"] {
        let field = format!("agency(identifier: \"{identifier}\") {{ {AGENCY} }}");
        pairs.push((field, format!("/v1/agencies/{identifier}")));
    }
    for code in TOPICS.into_iter().chain(["khong.co"]) {
        pairs.push((format!("topic(code: \"{code}\") {{ {TOPIC} }}"), format!("/v1/topics/{code}")));
    }
    pairs
}

impl Question {
    fn random(rng: &mut Rng, portal: &Portal, strange_cursor: Option<Value>) -> Self {
        let mut question = Self { full: rng.chance(30), ..Self::default() };
        question.random_place(rng, portal);
        let wrong = rng.chance(3);
        if wrong || rng.chance(20) {
            let topic = if rng.chance(5) { "khong.co" } else { rng.pick(&TOPICS) };
            question.add("topic", "topic", json!(topic));
        }
        if wrong || rng.chance(20) {
            let tag = rng.pick(&["chuyen doi so", "Nông thôn mới", "không có"]);
            question.add("tag", "tag", json!(if rng.chance(50) { tag } else { rng.pick(&TAGS) }));
        }
        if rng.chance(25) {
            let text = rng.pick(&["huyện", "TIN huyen", "so 12", "\"nội dung\"", "sửa", "không có gì", "!"]);
            question.add("text", "q", json!(text));
        }
        if rng.chance(30) {
            let kinds = ["news", "feature", "notice", "reportage", "interview", "photo", "video", "audio"];
            question.add("kind", "kind", json!(if rng.chance(40) { "news" } else { rng.pick(&kinds) }));
        }
        if rng.chance(30) {
            let language = if rng.chance(10) { "tiếng Việt" } else { rng.pick(&LANGUAGES) };
            question.add("language", "lang", json!(language));
        }
        for name in ["from", "to"] {
            if rng.chance(20) {
                question.add(name, name, json!(moment(rng).to_string()));
            }
        }
        if rng.chance(40) {
            question.add("orderBy", "order", json!(rng.pick(&["published", "updated"])));
        }
        question.random_page(rng, strange_cursor);
        question
    }

    fn random_place(&mut self, rng: &mut Rng, portal: &Portal) {
        let wrong = rng.chance(3);
        let host = rng.pick(&HOSTS);
        if wrong || rng.chance(25) {
            let id = GlobalId::new(NodeType::Site, portal.seeded.site(host).id.as_uuid()).to_string();
            self.add("site", "site", json!(if rng.chance(30) { &id } else { host }));
        } else if rng.chance(35) {
            let unit = if rng.chance(5) { "99" } else { rng.pick(&UNITS) };
            self.add("unit", "unit", json!(unit));
        } else if rng.chance(50) {
            let slug = rng.pick(&CATEGORIES);
            let id = GlobalId::new(NodeType::Category, portal.seeded.category(host, slug).id.as_uuid()).to_string();
            self.add("category", "category", json!(if rng.chance(30) { id } else { format!("{host}/{slug}") }));
        }
        if wrong {
            self.add("category", "category", json!("x/y"));
        }
        if rng.chance(25) {
            self.add("exact", "exact", json!(true));
        }
    }

    fn random_page(&mut self, rng: &mut Rng, strange_cursor: Option<Value>) {
        if rng.chance(70) {
            let name = if rng.chance(50) { "first" } else { "last" };
            let size = if rng.chance(5) { 0 } else { 1 + rng.below(102) };
            self.add(name, name, json!(size));
        }
        if let (Some(cursor), true) = (strange_cursor, rng.chance(4)) {
            self.add("after", "after", cursor);
        }
    }

    fn add(&mut self, graphql: &'static str, rest: &'static str, value: Value) {
        self.arguments.retain(|(name, ..)| *name != graphql);
        self.arguments.push((graphql, rest, value));
    }

    /// The page after this one, or before it when it was taken from the end.
    fn turned(&self, page: &Value) -> Option<Self> {
        let from_end = self.arguments.iter().any(|(name, ..)| *name == "last");
        let (more, cursor, name) =
            if from_end { ("hasPrevious", "startCursor", "before") } else { ("hasNext", "endCursor", "after") };
        if page[more] != true {
            return None;
        }
        let mut next = self.clone();
        next.add(name, name, page[cursor].clone());
        Some(next)
    }
}

async fn over_graphql(portal: &Portal, question: &Question) -> Reply {
    let body = if question.full { "body" } else { "" };
    let document = format!(
        "query($site: String, $unit: String, $category: String, $exact: Boolean! = false, $topic: String, $tag: String, \
         $text: String, $kind: ArticleKind, $language: String, $from: DateTime, $to: DateTime, $orderBy: ArticleOrder! = PUBLISHED, \
         $first: Int, $after: String, $last: Int, $before: String) {{ \
         articles(site: $site, unit: $unit, category: $category, exact: $exact, topic: $topic, tag: $tag, text: $text, kind: $kind, \
         language: $language, from: $from, to: $to, orderBy: $orderBy, first: $first, after: $after, last: $last, \
         before: $before) {{ nodes {{ {body} {ARTICLE} }} \
         pageInfo {{ hasNext: hasNextPage hasPrevious: hasPreviousPage startCursor endCursor }} \
         totalCount {{ value more }} }} }}"
    );
    let variable = |(name, _, value): &(&str, &str, Value)| {
        let value = if matches!(*name, "kind" | "orderBy") {
            json!(value.as_str().unwrap().to_uppercase())
        } else {
            value.clone()
        };
        ((*name).to_owned(), value)
    };
    let variables: serde_json::Map<_, _> = question.arguments.iter().map(variable).collect();
    let answer = portal.graphql(&document, Value::Object(variables)).await;
    let Some(error) = answer["errors"].get(0) else {
        let list = &answer["data"]["articles"];
        let articles = list["nodes"].as_array().unwrap().iter().cloned().map(lower_kind).collect();
        return Reply::Page { articles, page: list["pageInfo"].clone(), total: list["totalCount"].clone() };
    };
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let parameter = match text(&error["extensions"]["argument"]).as_str() {
        "language" => "lang".to_owned(),
        "text" => "q".to_owned(),
        other => other.to_owned(),
    };
    Reply::Refused { code: text(&error["extensions"]["code"]), parameter }
}

async fn over_rest(portal: &Portal, question: &Question) -> Reply {
    let mut query = Serializer::new(String::new());
    for (_, name, value) in &question.arguments {
        query.append_pair(name, &value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    }
    query.append_pair("include", "total");
    if question.full {
        query.append_pair("view", "full");
    }
    let answer = portal.get(&format!("/v1/articles?{}", query.finish())).await;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    if answer.status != 200 {
        let parameter = text(&answer.body["errors"][0]["name"]);
        return Reply::Refused { code: text(&answer.body["code"]), parameter };
    }
    let articles = answer.body["data"].as_array().unwrap().clone();
    Reply::Page { articles, page: answer.body["page"].clone(), total: answer.body["total"].clone() }
}

/// GraphQL spells enum values in capitals; the kind of a unit is a Vietnamese word in both.
fn lower_kind(mut value: Value) -> Value {
    match &mut value {
        Value::Array(items) => items.iter_mut().for_each(|item| *item = lower_kind(item.take())),
        Value::Object(fields) => {
            for name in ["kind", "stage"] {
                if let Some(Value::String(word)) = fields.get_mut(name) {
                    *word = word.to_lowercase();
                }
            }
            for name in ["activity", "data"] {
                if let Some(part) = fields.get_mut(name) {
                    *part = lower_kind(part.take());
                }
            }
        }
        _ => {}
    }
    value
}
