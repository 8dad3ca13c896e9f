//! The guard against a second implementation that knows no memory: it writes every fragment out and then counts.

use std::fmt::Write as _;
use std::sync::LazyLock;

use async_graphql::parser::types::{ExecutableDocument, Field, Selection, SelectionSet};
use proptest::prelude::*;

use super::*;
use crate::graphql_http::guard::fragments::FragmentGraph;
use crate::graphql_http::guard::page_size::PageSizes;
use crate::graphql_http::guard::walk::Walk;

/// A document as a tree; printing gives the text, so that both sides start from the same thing.
#[derive(Debug, Clone)]
enum Item {
    Leaf { alias: bool },
    Object { field: usize, page: Option<u8>, inner: Vec<Item> },
    Inline { on: usize, inner: Vec<Item> },
    Spread(usize),
}

static MODEL: LazyLock<CostModel> = LazyLock::new(model);

const FRAGMENTS: usize = 3;
const OBJECTS: [&str; 9] = ["article", "articles", "nodes", "edges", "node", "site", "comments", "content", "related"];
const TYPES: [&str; 5] = ["Article", "Page", "Node", "ArticleConnection", "Content"];

fn items() -> impl Strategy<Value = Vec<Item>> {
    let leaf =
        prop_oneof![any::<bool>().prop_map(|alias| Item::Leaf { alias }), (0..FRAGMENTS).prop_map(Item::Spread),];
    let item =
        leaf.prop_recursive(4, 24, 3, |inner| {
            let inner = prop::collection::vec(inner, 1..3);
            prop_oneof![
                (any::<usize>(), prop::option::of(1..6_u8), inner.clone())
                    .prop_map(|(field, page, inner)| Item::Object { field, page, inner }),
                (0..TYPES.len(), inner).prop_map(|(on, inner)| Item::Inline { on, inner }),
            ]
        });
    prop::collection::vec(item, 1..4)
}

/// The field that an arbitrary number stands for: mostly one that the parent has, sometimes any.
fn choose(model: &CostModel, parent: &str, number: usize) -> (String, String) {
    let fields = model.types.get(parent).map(|found| &found.fields);
    let mut known: Vec<_> = fields.into_iter().flatten().filter(|(_, f)| model.types.contains_key(&f.target)).collect();
    known.sort_by_key(|(name, _)| *name);
    match known.get(number % (known.len() + 1)) {
        Some((name, field)) => ((*name).clone(), field.target.clone()),
        None => (OBJECTS[number % OBJECTS.len()].to_owned(), "Article".to_owned()),
    }
}

/// Print; a fragment may only spread later ones, so there are no circles. `skip` is the first that may be spread.
fn print(items: &[Item], (parent, skip): (&str, usize), out: &mut String) {
    out.push('{');
    for item in items {
        match item {
            Item::Leaf { alias: true } => out.push_str("x:title @a "),
            Item::Leaf { alias: false } => out.push_str("title "),
            Item::Object { field, page, inner } => {
                let (name, target) = choose(&MODEL, parent, *field);
                out.push_str(&name);
                if let Some(page) = page {
                    write!(out, "(first:{page})").unwrap();
                }
                print(inner, (&target, skip), out);
            }
            Item::Inline { on, inner } => {
                write!(out, "... on {} ", TYPES[*on]).unwrap();
                print(inner, (TYPES[*on], skip), out);
            }
            Item::Spread(n) if *n >= skip => write!(out, "...F{n} ").unwrap(),
            Item::Spread(_) => out.push_str("__typename "),
        }
    }
    out.push('}');
}

/// Every fragment written out as an inline fragment.
fn expand(document: &ExecutableDocument, set: &SelectionSet, spreads: &mut u64) -> SelectionSet {
    let mut set = set.clone();
    for item in &mut set.items {
        match &mut item.node {
            Selection::Field(field) => {
                field.node.selection_set.node = expand(document, &field.node.selection_set.node, spreads);
            }
            Selection::InlineFragment(inline) => {
                inline.node.selection_set.node = expand(document, &inline.node.selection_set.node, spreads);
            }
            Selection::FragmentSpread(spread) => {
                *spreads += 1;
                let fragment = &document.fragments[&spread.node.fragment_name.node].node;
                let source = format!("{{... on {}{{x}}}}", fragment.type_condition.node.on.node);
                let Selection::InlineFragment(mut inline) = only_selection(&source) else { unreachable!() };
                inline.node.selection_set.node = expand(document, &fragment.selection_set.node, spreads);
                item.node = Selection::InlineFragment(inline);
            }
        }
    }
    set
}

fn only_selection(source: &str) -> Selection {
    let document = parse_query(source).unwrap();
    let (_, operation) = document.operations.iter().next().unwrap();
    operation.node.selection_set.node.items[0].node.clone()
}

#[derive(Default, Clone, Copy, PartialEq, Eq, Debug)]
struct Count {
    points: u64,
    nodes: u64,
    depth: u64,
    fields: u64,
    aliases: u64,
    directives: u64,
}

impl Count {
    fn shape_of(self, other: Self) -> Self {
        Self {
            depth: self.depth.max(other.depth),
            fields: self.fields + other.fields,
            aliases: self.aliases + other.aliases,
            directives: self.directives + other.directives,
            ..self
        }
    }
}

/// Count by definition, top down: the page size is handed down instead of a result handed up.
fn count(model: &CostModel, set: &SelectionSet, parent: &str, page: u64) -> Count {
    let (mut total, mut per_object) = (Count::default(), std::collections::HashMap::<String, (Count, Count)>::new());
    for item in &set.items {
        match &item.node {
            Selection::Field(field) => {
                let one = count_field(model, &field.node, parent, page);
                total =
                    Count { points: total.points + one.points, nodes: total.nodes + one.nodes, ..total.shape_of(one) };
            }
            Selection::InlineFragment(inline) => {
                let on = inline.node.type_condition.as_ref().unwrap().node.on.node.as_str();
                let inner = &inline.node.selection_set.node;
                let (one, at_zero) = (count(model, inner, on, page), count(model, inner, on, 0));
                total = total.shape_of(one);
                if model.is_abstract(parent) && !model.is_abstract(on) {
                    let entry = per_object.entry(on.to_owned()).or_default();
                    for (sum, part) in [(&mut entry.0, at_zero), (&mut entry.1, one)] {
                        sum.points += part.points;
                        sum.nodes += part.nodes;
                    }
                } else {
                    total.points += one.points;
                    total.nodes += one.nodes;
                }
            }
            Selection::FragmentSpread(_) => unreachable!("expanded"),
        }
    }
    let most = |pick: fn(&Count) -> u64| {
        let fixed = per_object.values().map(|(zero, _)| pick(zero)).max().unwrap_or(0);
        let paged = per_object.values().map(|(zero, full)| pick(full) - pick(zero)).max().unwrap_or(0);
        fixed + paged
    };
    Count { points: total.points + most(|c| c.points), nodes: total.nodes + most(|c| c.nodes), ..total }
}

fn count_field(model: &CostModel, field: &Field, parent: &str, page: u64) -> Count {
    use crate::graphql_http::guard::model::Times;
    let found = model.field(parent, field.name.node.as_str());
    let target = found.map_or("", |f| f.target.as_str());
    let asked = field.get_argument("first").map(|value| value.node.to_string().parse::<u64>().unwrap());
    let composite = !field.selection_set.node.items.is_empty();
    let (price, node, times, below_page) = match found {
        None => (u64::from(composite), u64::from(composite), 1, 20),
        Some(f) => match f.times {
            Times::Once => (f.price, f.nodes, 1, 20),
            Times::Assumed(n) => (f.price, f.nodes, n, 20),
            Times::Connection { default } => (f.price, f.nodes, 1, asked.unwrap_or(default)),
            Times::PageItem => (f.price, f.nodes, page, 20),
            Times::SizedList { default } => (f.price, f.nodes, asked.unwrap_or(default), 20),
        },
    };
    let inner = count(model, &field.selection_set.node, target, below_page);
    Count {
        points: times * (price + inner.points),
        nodes: times * (node + inner.nodes),
        depth: 1 + inner.depth,
        fields: 1 + inner.fields,
        aliases: inner.aliases + u64::from(field.alias.is_some()),
        directives: inner.directives + field.directives.len() as u64,
    }
}

proptest! {
    #[test]
    fn the_guard_counts_what_writing_every_fragment_out_would_count(
        root in items(),
        fragments in prop::collection::vec((0..TYPES.len(), items()), FRAGMENTS),
    ) {
        let mut source = String::from("query Q");
        print(&root, ("Query", 0), &mut source);
        for (n, (on, body)) in fragments.iter().enumerate() {
            write!(source, " fragment F{n} on {} ", TYPES[*on]).unwrap();
            print(body, (TYPES[*on], n + 1), &mut source);
        }
        let document = parse_query(&source).unwrap();
        let (_, operation) = document.operations.iter().next().unwrap();
        let mut spreads = 0;
        let expanded = expand(&document, &operation.node.selection_set.node, &mut spreads);
        let naive = count(&MODEL, &expanded, "Query", 20);

        let variables = Variables::default();
        let pages = PageSizes::of(MODEL.page(), &operation.node, &variables);
        let mut steps = 0;
        let graph = FragmentGraph::read(&document, &mut steps).unwrap();
        let mut walk = Walk::new(&MODEL, &document, pages);
        walk.fragments(&graph.reachable(&operation.node.selection_set.node, &mut steps)).unwrap();
        let tally = walk.operation(&operation.node).unwrap();
        let load = tally.settled(20);
        let guard = Count {
            points: load.points,
            nodes: load.nodes,
            depth: tally.shape.depth,
            fields: tally.shape.fields,
            aliases: tally.shape.aliases,
            directives: tally.shape.directives,
        };
        prop_assert_eq!(guard, naive, "{}", source);
        prop_assert_eq!(tally.shape.spreads, spreads, "{}", source);
    }
}
