//! Which fragment stands in which, and an order in which each comes after those it contains.
//!
//! Without recursion: a chain of fragments may be as long as the limits allow, each as deep as they allow, and a walk that
//! followed the chain on the stack would overflow it.

use std::collections::{BTreeMap, HashMap, HashSet};

use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};

use super::GuardError;

/// The fragments of a document and the spreads in them. Names without a definition are left out.
pub(super) struct FragmentGraph<'a> {
    spreads: BTreeMap<&'a str, Vec<&'a str>>,
    order: Vec<&'a str>,
}

impl<'a> FragmentGraph<'a> {
    /// Read the graph, adding one to `steps` for each selection and spread looked at.
    ///
    /// # Errors
    /// [`GuardError::FragmentCycle`], whether or not an operation uses the fragments in question.
    pub(super) fn read(document: &'a ExecutableDocument, steps: &mut u64) -> Result<Self, GuardError> {
        let definitions = document.fragments.iter();
        let spreads = definitions
            .map(|(name, fragment)| (name.as_str(), spreads_in(&fragment.node.selection_set.node, steps)))
            .collect();
        let order = inside_out(&spreads, steps)?;
        Ok(Self { spreads, order })
    }

    /// Every fragment, after those it contains.
    pub(super) fn order(&self) -> &[&'a str] {
        &self.order
    }

    /// The fragments that this selection set leads to, in the same order.
    pub(super) fn reachable(&self, from: &'a SelectionSet, steps: &mut u64) -> Vec<&'a str> {
        let mut open = spreads_in(from, steps);
        let mut found = HashSet::new();
        while let Some(name) = open.pop() {
            if found.insert(name) {
                open.extend(self.spreads.get(name).into_iter().flatten());
            }
            *steps += 1;
        }
        self.order.iter().copied().filter(|name| found.contains(name)).collect()
    }
}

fn spreads_in<'a>(set: &'a SelectionSet, steps: &mut u64) -> Vec<&'a str> {
    let (mut open, mut spreads) = (vec![set], Vec::new());
    while let Some(set) = open.pop() {
        for selection in &set.items {
            *steps += 1;
            match &selection.node {
                Selection::Field(field) => open.push(&field.node.selection_set.node),
                Selection::InlineFragment(inline) => open.push(&inline.node.selection_set.node),
                Selection::FragmentSpread(spread) => spreads.push(spread.node.fragment_name.node.as_str()),
            }
        }
    }
    spreads
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Visit {
    Begun,
    Done,
}

/// Depth first, with the path kept in a vector.
fn inside_out<'a>(spreads: &BTreeMap<&'a str, Vec<&'a str>>, steps: &mut u64) -> Result<Vec<&'a str>, GuardError> {
    let (mut visits, mut order) = (HashMap::new(), Vec::with_capacity(spreads.len()));
    for (root, inner) in spreads {
        let mut path = Vec::new();
        if !visits.contains_key(root) {
            visits.insert(*root, Visit::Begun);
            path.push((*root, inner.iter()));
        }
        while let Some((name, rest)) = path.last_mut() {
            *steps += 1;
            let Some(next) = rest.next() else {
                visits.insert(*name, Visit::Done);
                order.push(*name);
                path.pop();
                continue;
            };
            match (visits.get(next), spreads.get_key_value(next)) {
                (Some(Visit::Begun), _) => return Err(GuardError::FragmentCycle),
                (None, Some((name, inner))) => {
                    visits.insert(*name, Visit::Begun);
                    path.push((*name, inner.iter()));
                }
                _ => {}
            }
        }
    }
    Ok(order)
}
