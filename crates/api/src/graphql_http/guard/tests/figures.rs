use super::*;
use crate::graphql_http::guard::ModelError;

fn load(source: &str) -> (u64, u64) {
    let Cost { points, nodes, .. } = cost(source);
    (points, nodes)
}

#[test]
fn prices_are_exactly_these() {
    let table = [
        ("{version}", (0, 0)),
        ("{version __typename}", (0, 0)),
        ("{article(id:1){title}}", (1, 1)),
        ("{article(id:1){site{name}}}", (2, 2)),
        // The connection is one point and no node; its items are both.
        ("{articles(first:10){nodes{title}}}", (11, 10)),
        ("{articles(last:10){nodes{title}}}", (11, 10)),
        ("{articles(first:10,last:30){nodes{title}}}", (31, 30)),
        ("{articles{nodes{title}}}", (21, 20)),
        ("{articles(first:null){nodes{title}}}", (21, 20)),
        ("{sites{nodes{name}}}", (51, 50)),
        ("{articles(first:10){edges{cursor node{title}} pageInfo{endCursor}}}", (11, 10)),
        ("{articles(first:10){nodes{title} edges{node{title}}}}", (21, 20)),
        ("{articles(first:10){totalCount}}", (6, 0)),
        ("{articles(first:10){nodes{site{name} tags{name}}}}", (1 + 10 * (1 + 1 + 3), 10 * 5)),
        ("{articles(first:10){nodes{comments(first:5){nodes{text}}}}}", (1 + 10 * (1 + 1 + 5), 10 * 6)),
        ("{newest(first:7){title}}", (7, 7)),
        // Plain lists without a stated size count ten.
        ("{node{related{id}}}", (1 + 10, 1 + 10)),
        ("mutation{publish(id:1){site{name}}}", (2, 2)),
        // Directives do not make anything cheaper.
        ("{article(id:1) @skip(if:true){title}}", (1, 1)),
        ("{__schema{types{name}}}", (10, 0)),
    ];
    for (source, expected) in table {
        assert_eq!(load(source), expected, "{source}");
    }
}

#[test]
fn of_fragments_on_object_types_below_an_abstract_type_the_dearest_counts() {
    let table = [
        ("{content(id:1){... on Article{site{name}} ... on Page{title}}}", (2, 2)),
        ("{content(id:1){... on Article{site{name}} ... on Page{sections{name}}}}", (11, 11)),
        // Two fragments on one type are summed, as are conditions on an interface.
        ("{content(id:1){... on Article{site{name}} ... on Article{s:site{name}}}}", (3, 3)),
        ("{content(id:1){... on Node{related{id}} ... on Page{sections{name}}}}", (21, 21)),
        ("{search(first:4){nodes{...A ...P}}} fragment A on Article{site{name}} fragment P on Page{id}", (9, 8)),
    ];
    for (source, expected) in table {
        assert_eq!(load(source), expected, "{source}");
    }
}

#[test]
fn a_fragment_on_a_connection_takes_the_page_size_of_each_place_it_stands_in() {
    let source = "{a:articles(first:2){...C} b:articles(first:9){...C}} fragment C on ArticleConnection{nodes{title}}";
    assert_eq!(load(source), (2 + 2 + 9, 11));
}

#[test]
fn page_sizes_come_from_variables_and_their_defaults() {
    let source = "query($n:Int=30){articles(first:$n){...C}} fragment C on ArticleConnection{nodes{comments(first:$n){nodes{text}}}}";
    let nodes = |variables| assess(generous(), source, variables).0.map(|cost| cost.nodes);
    assert_eq!(nodes(json!({})), Ok(30 + 900));
    assert_eq!(nodes(json!({"n": 3})), Ok(3 + 9));
    assert_eq!(nodes(json!({"n": null})), Ok(20 + 400));
    assert_eq!(nodes(json!({"n": "many"})), Ok(100 + 10_000), "what is no number counts as the largest page");
    assert_eq!(nodes(json!({"n": 101})), Err(GuardError::PageSizeOutOfRange { requested: 101, max: 100 }));
    assert_eq!(nodes(json!({"n": 0})), Err(GuardError::PageSizeOutOfRange { requested: 0, max: 100 }));
    assert_eq!(nodes(json!({"n": -1})), Err(GuardError::PageSizeOutOfRange { requested: 0, max: 100 }));
}

#[test]
fn a_field_selected_through_an_interface_costs_as_much_as_on_its_dearest_object() {
    let model = CostModelBuilder::new().price("Page.related", 50).list_size("Page.related", 2).build(SDL).unwrap();
    let document = parse_query("{node{related{id}}}").unwrap();
    let candidate = Candidate { document: &document, operation_name: None, variables: &Variables::default() };
    let cost = Guard::new(model, generous()).assess(&candidate).unwrap();
    assert_eq!(cost.points, 1 + 10 * 50);
}

#[test]
fn an_argument_costs_when_it_is_given_and_not_null() {
    let model = CostModelBuilder::new().argument_price("Query.articles", "last", 7).build(SDL).unwrap();
    let guard = Guard::new(model, generous());
    let points = |source: &str, variables: serde_json::Value| {
        let document = parse_query(source).unwrap();
        let variables = Variables::from_json(variables);
        guard.assess(&Candidate { document: &document, operation_name: None, variables: &variables }).unwrap().points
    };
    let plain = points("{articles{nodes{id}}}", json!({}));
    assert_eq!(points("{articles(last:20){nodes{id}}}", json!({})), plain + 7);
    assert_eq!(points("{articles(last:null){nodes{id}}}", json!({})), plain);
    let by_variable = "query($n:Int){articles(last:$n){nodes{id}}}";
    assert_eq!(points(by_variable, json!({"n": 20})), plain + 7);
    assert_eq!(points(by_variable, json!({})), plain);
    assert_eq!(points(by_variable, json!({"n": null})), plain);
    assert_eq!(points("query($n:Int=20){articles(last:$n){nodes{id}}}", json!({})), plain + 7);
}

#[test]
fn a_price_list_that_does_not_fit_the_schema_is_refused() {
    let build = |field: &str| CostModelBuilder::new().price(field, 1).build(SDL).map(|_| ());
    assert_eq!(build("Article.title"), Ok(()));
    for field in ["Article.tittle", "Artikel.title", "Article", ""] {
        assert_eq!(build(field), Err(ModelError::UnknownField(field.to_owned())));
    }
    assert!(matches!(CostModelBuilder::new().build("type {"), Err(ModelError::Sdl(_))));
    assert_eq!(CostModelBuilder::new().build("type A { b: Int }").map(|_| ()), Err(ModelError::NoQueryType));
}

#[test]
fn depth_and_fields_are_counted_after_expansion() {
    let cost = cost("{article(id:1){...A ... {title}}} fragment A on Article{site{parent{name}} title}");
    assert_eq!((cost.depth, cost.fields), (4, 6));
}

#[test]
fn the_other_operations_of_a_document_must_keep_the_shape_limits_too() {
    let aliases = numbered(51, |n| format!("a{n}:version "));
    let source = format!("query A{{version}} query B{{{aliases}}}");
    let document = parse_query(&source).unwrap();
    let candidate = Candidate { document: &document, operation_name: Some("A"), variables: &Variables::default() };
    let refusal = Guard::new(model(), Limits::default()).assess(&candidate).unwrap_err();
    assert_eq!(refusal.code(), Code::TooManyRootFields);
}

#[test]
fn a_page_size_in_a_fragment_of_another_operation_is_nobody_s_business() {
    let source = "query A{version} query B{...F} fragment F on Query{articles(first:500){nodes{title}}}";
    let document = parse_query(source).unwrap();
    let assess = |name| {
        let candidate = Candidate { document: &document, operation_name: Some(name), variables: &Variables::default() };
        Guard::new(model(), Limits::default()).assess(&candidate).map(|cost| cost.points)
    };
    assert_eq!(assess("A"), Ok(0));
    assert_eq!(assess("B"), Err(GuardError::PageSizeOutOfRange { requested: 500, max: 100 }));
}
