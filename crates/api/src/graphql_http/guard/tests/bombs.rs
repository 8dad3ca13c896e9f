use std::fmt::Write as _;

use super::*;
use crate::graphql_http::guard::lexer::scan_counting;

/// At most this many steps per token: a selection is at least one token, and is looked at to order the fragments and
/// in each of the two walks; brackets and names make up for the third time.
const STEPS_PER_TOKEN: u64 = 2;

/// What both passes say about a document, and how many steps they took.
fn all_passes(source: &str) -> (Code, u64) {
    match scan_counting(source, &Limits::default()) {
        (Err(error), looked_at) => (error.code(), looked_at as u64),
        (Ok(stats), _) => {
            let (result, steps) = assess(Limits::default(), source, json!({}));
            assert!(steps <= stats.tokens * STEPS_PER_TOKEN, "{steps} steps for {} tokens", stats.tokens);
            (result.unwrap_err().code(), steps)
        }
    }
}

fn doubling(fragments: usize) -> String {
    let mut source = String::from("{article(id:1){...F0}}");
    for n in 0..fragments - 1 {
        write!(source, " fragment F{n} on Article{{...F{m} ...F{m}}}", m = n + 1).unwrap();
    }
    write!(source, " fragment F{} on Article{{title}}", fragments - 1).unwrap();
    source
}

fn eight_by_eight() -> String {
    let mut source = String::from("{article(id:1){...F0}}");
    for n in 0..7 {
        let spreads = format!("...F{} ", n + 1).repeat(8);
        write!(source, " fragment F{n} on Article{{{spreads}}}").unwrap();
    }
    source + " fragment F7 on Article{title}"
}

#[test]
fn known_bombs_are_refused_within_their_step_budget() {
    let nested = |size: u32| {
        format!(
            "{{articles(first:{size}){{nodes{{site{{articles(first:{size}){{nodes{{site{{articles(first:{size})\
                 {{nodes{{title}}}}}}}}}}}}}}}}}}"
        )
    };
    let aliases = numbered(20_000, |n| format!("a{n}:version "));
    let fewer_aliases = numbered(1_000, |n| format!("a{n}:version "));
    let directives = "@skip(if:true)".repeat(20_000);
    let table = [
        ("24 doubling fragments", doubling(24), Code::TooManyFragments, 10),
        ("20 doubling fragments", doubling(20), Code::TooManySpreads, 200),
        ("8x8 fragments", eight_by_eight(), Code::TooManySpreads, 300),
        ("nested pages", nested(100), Code::TooManyNodes, 100),
        ("20,000 aliases", format!("{{{aliases}}}"), Code::DocumentTooLarge, 0),
        ("1,000 aliases", format!("{{{fewer_aliases}}}"), Code::TooManyRootFields, 4_000),
        ("20,000 directives", format!("{{version {directives}}}"), Code::DocumentTooLarge, 0),
        ("600 directives", format!("{{version {}}}", "@skip(if:true)".repeat(600)), Code::DocumentTooManyTokens, 9_000),
        ("400 directives", format!("{{version {}}}", "@a ".repeat(400)), Code::TooManyDirectives, 10),
        ("100,000 braces", "{a".repeat(100_000), Code::DocumentTooLarge, 0),
        ("30,000 braces", "{a".repeat(30_000), Code::DocumentTooNested, 100),
        ("30,000 list brackets", format!("{{a(b:{}", "[".repeat(30_000)), Code::DocumentTooNested, 100),
        ("30,000 objects", format!("{{a(b:{}", "{a:".repeat(15_000)), Code::DocumentTooNested, 200),
        ("30,000 type brackets", format!("query($a:{}", "[".repeat(30_000)), Code::DocumentTooNested, 100),
    ];
    for (name, source, expected, budget) in table {
        let (code, steps) = all_passes(&source);
        assert_eq!(code, expected, "{name}");
        assert!(steps <= budget, "{name}: {steps} steps");
    }
}

#[test]
fn steps_grow_with_the_text_and_not_with_the_expansion() {
    let steps = |fragments| assess(generous(), &doubling(fragments), json!({})).1;
    let per_fragment = steps(11) - steps(10);
    assert_eq!(steps(60) - steps(10), 50 * per_fragment);
}

#[test]
fn figures_saturate_instead_of_wrapping() {
    let mut source = String::from("{newest{...F0}}");
    for n in 0..100 {
        write!(
            source,
            " fragment F{n} on Article{{comments(first:100){{nodes{{article{{...F{m} ...F{m}}}}}}}}}",
            m = n + 1
        )
        .unwrap();
    }
    source += " fragment F100 on Article{title}";
    let cost = cost(&source);
    assert_eq!((cost.points, cost.nodes, cost.fields), (u64::MAX, u64::MAX, u64::MAX));
}

#[test]
fn fragments_in_a_circle_are_refused_without_looping() {
    for source in [
        "{article(id:1){...A}} fragment A on Article{...A}",
        "{article(id:1){...A}} fragment A on Article{site{...B}} fragment B on Site{articles{nodes{...A ...A}}}",
        "{version} fragment A on Article{...B} fragment B on Article{...A}",
    ] {
        assert_eq!(refused(source), Code::FragmentCycle, "{source}");
    }
}

#[test]
fn each_shape_limit_is_inclusive() {
    let aliases = |n: usize| numbered(n, |i| format!("a{i}:title "));
    let deep =
        |n: usize| format!("{{article(id:1){{site{}}}}}", "{parent".repeat(n - 3) + "{name}" + &"}".repeat(n - 3));
    let roots = |n: usize| format!("{{{}}}", "version ".repeat(n));
    let article = |inner: String| format!("{{article(id:1){{{inner}}}}}");
    let table = [
        (article(aliases(50)), article(aliases(51)), Code::TooManyAliases),
        (deep(12), deep(13), Code::TooDeep),
        (roots(50), roots(51), Code::TooManyRootFields),
        (article("title @a ".repeat(50)), article("title @a ".repeat(51)), Code::TooManyDirectives),
    ];
    for (within, beyond, code) in table {
        assert!(assess(Limits::default(), &within, json!({})).0.is_ok(), "{within}");
        assert_eq!(refused(&beyond), code, "{beyond}");
    }
}

#[test]
fn levels_are_counted_through_fields_fragments_and_inline_fragments() {
    let inline = |levels: usize| format!("{{{}version{}}}", "...{".repeat(levels), "}".repeat(levels));
    assert!(assess(Limits::default(), &inline(32), json!({})).0.is_ok());
    assert_eq!(refused(&inline(33)), Code::TooDeep);
    let mixed = |levels: usize| {
        let inner = "...{".repeat(levels - 3) + "title" + &"}".repeat(levels - 3);
        format!("{{article(id:1){{...A}}}} fragment A on Article{{...on Article{{{inner}}}}}")
    };
    assert!(assess(Limits::default(), &mixed(32), json!({})).0.is_ok());
    assert_eq!(refused(&mixed(33)), Code::TooDeep);
}

/// The longest chain the scan lets pass: 20 fragments, each as deep as brackets may be. It must not overflow the 2 MiB
/// stack of a worker thread, which is also what a test thread has.
#[test]
fn the_deepest_document_within_the_scan_limits_fits_the_stack() {
    let inner = |last: &str| format!("{}{last}{}", "...{".repeat(39), "}".repeat(39));
    let chain = numbered(19, |n| format!(" fragment F{n} on Query{{{}}}", inner(&format!("...F{}", n + 1))));
    let source = format!("{{...F0}}{chain} fragment F19 on Query{{{}}}", inner("version"));
    crate::graphql_http::document::parse(&source, &Limits::default()).unwrap();
    assert_eq!(refused(&source), Code::TooDeep);
}

#[test]
fn points_and_nodes_over_the_limit_are_refused_with_both_figures() {
    let (result, _) =
        assess(Limits::default(), "{articles(first:100){nodes{comments(first:100){nodes{text}}}}}", json!({}));
    assert_eq!(result.unwrap_err().to_string(), "TOO_MANY_NODES: 10100 exceeds 10000");
    assert_eq!(refused("{articles(first:100){nodes{comments(first:20){nodes{text}}}}}"), Code::CostExceeded);
}

#[test]
fn variables_nested_too_deeply_are_refused() {
    let nested = |levels: usize| (0..levels).fold(json!(1), |inner, _| json!([inner]));
    assert!(assess(Limits::default(), "{version}", json!({"a": nested(16)})).0.is_ok());
    let (result, _) = assess(Limits::default(), "{version}", json!({"a": nested(17)}));
    assert_eq!(result.unwrap_err().code(), Code::VariablesTooNested);
}

/// The query that `GraphiQL` and code generators send to learn a schema, with the customary nine levels of `ofType`.
pub(super) fn introspection_query() -> String {
    let of_type = (0..9).fold(String::from("kind name"), |inner, _| format!("kind name ofType{{{inner}}}"));
    format!(
        "query IntrospectionQuery{{__schema{{description queryType{{name kind}} mutationType{{name kind}}
         subscriptionType{{name kind}} types{{...FullType}} directives{{name description isRepeatable locations
         args(includeDeprecated:true){{...InputValue}}}}}}}}
         fragment FullType on __Type{{kind name description specifiedByURL isOneOf
         fields(includeDeprecated:true){{name description args(includeDeprecated:true){{...InputValue}}
         type{{...TypeRef}} isDeprecated deprecationReason}}
         inputFields(includeDeprecated:true){{...InputValue}} interfaces{{...TypeRef}}
         enumValues(includeDeprecated:true){{name description isDeprecated deprecationReason}}
         possibleTypes{{...TypeRef}}}}
         fragment InputValue on __InputValue{{name description type{{...TypeRef}} defaultValue isDeprecated
         deprecationReason}}
         fragment TypeRef on __Type{{{of_type}}}"
    )
}

#[test]
fn the_query_of_graphiql_passes_and_measures_fifteen_levels() {
    let source = introspection_query();
    crate::graphql_http::document::parse(&source, &Limits::default()).unwrap();
    let cost = assess(Limits::default(), &source, json!({})).0.unwrap();
    assert_eq!((cost.points, cost.nodes, cost.depth), (10, 0, 15));
    assert!(cost.fields <= Limits::default().introspection_fields / 2, "{} fields", cost.fields);
}

#[test]
fn introspection_that_multiplies_the_schema_with_itself_is_refused() {
    let nested = |levels: usize| {
        let inner = "fields{type{".repeat(levels) + "name" + &"}}".repeat(levels);
        format!("{{__schema{{types{{{inner}}}}}}}")
    };
    assert!(assess(Limits::default(), &nested(2), json!({})).0.is_ok());
    assert_eq!(refused(&nested(3)), Code::IntrospectionTooLarge);
    let chain = format!("{{__type(name:\"A\"){}name{}}}", "{ofType".repeat(20) + "{", "}".repeat(21));
    assert_eq!(refused(&chain), Code::IntrospectionTooLarge);
    let hidden = "{__schema{types{...F}}} fragment F on __Type{possibleTypes{...G}}
                  fragment G on __Type{interfaces{fields{name}}}";
    assert_eq!(refused(hidden), Code::IntrospectionTooLarge);
}
