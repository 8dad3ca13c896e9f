//! What a document may cost, decided from the request alone before anything is executed.
//!
//! Three passes, each linear: [`scan`] counts tokens and brackets in the raw text; the walk counts shape and load over
//! the parsed document with one result per fragment, so that a fragment spread a million times is looked at once; the
//! limits are compared at the end with saturating figures. `@skip` and `@include` are ignored: a figure is the worst
//! case, and the same document with the same variables always has the same cost.

mod build;
mod fragments;
mod lexer;
mod limits;
mod model;
mod page_size;
mod tally;
#[cfg(test)]
mod tests;
mod walk;

use async_graphql::parser::types::ExecutableDocument;
use async_graphql::{Value, Variables};
use serde::Serialize;
use thiserror::Error;

use super::document::select_operation;
use super::error::{Exceeded, GraphqlErrorCode, Refusal};
pub use build::{CostModelBuilder, ModelError};
use fragments::FragmentGraph;
pub use lexer::{SourceStats, scan};
pub use limits::Limits;
pub use model::CostModel;
use page_size::PageSizes;
use tally::{Shape, Tally};
use walk::Walk;

/// What an operation costs at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Cost {
    /// Points by the price list, each multiplied by the page sizes around it.
    pub points: u64,
    /// Objects the answer can hold, not counting connections, edges and page info.
    pub nodes: u64,
    /// Levels of fields, introspection included.
    pub depth: u64,
    /// Selected fields after every fragment is put in its place, introspection included.
    pub fields: u64,
}

/// Why the guard refuses a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum GuardError {
    /// A count is above its limit; the code says which.
    #[error("{}: {} exceeds {}", code.as_str(), exceeded.actual, exceeded.limit)]
    Exceeded {
        /// Which limit.
        code: GraphqlErrorCode,
        /// Limit and count.
        exceeded: Exceeded,
    },
    /// A string that is not closed or holds what no string may hold: nothing after it could be counted reliably.
    #[error("unterminated string")]
    UnterminatedString,
    /// Fragments in a circle.
    #[error("fragment cycle")]
    FragmentCycle,
    /// `first` or `last` outside of the page size.
    #[error("page size {requested} outside of 1 to {max}")]
    PageSizeOutOfRange {
        /// What was asked for; negative sizes read as 0.
        requested: u64,
        /// The largest page.
        max: u64,
    },
    /// No such operation, or several and none named.
    #[error("{}", .0.as_str())]
    Operation(GraphqlErrorCode),
}

impl GuardError {
    /// The stable code.
    pub const fn code(self) -> GraphqlErrorCode {
        match self {
            Self::Exceeded { code, .. } | Self::Operation(code) => code,
            Self::UnterminatedString => GraphqlErrorCode::DocumentSyntaxError,
            Self::FragmentCycle => GraphqlErrorCode::FragmentCycle,
            Self::PageSizeOutOfRange { .. } => GraphqlErrorCode::PageSizeOutOfRange,
        }
    }

    /// `Ok` if `actual` is within `limit`.
    pub(super) const fn check(code: GraphqlErrorCode, actual: u64, limit: u64) -> Result<(), Self> {
        if actual > limit { Err(Self::Exceeded { code, exceeded: Exceeded { limit, actual } }) } else { Ok(()) }
    }
}

impl From<GuardError> for Refusal {
    fn from(error: GuardError) -> Self {
        let exceeded = match error {
            GuardError::Exceeded { exceeded, .. } => Some(exceeded),
            GuardError::PageSizeOutOfRange { requested, max } => Some(Exceeded { limit: max, actual: requested }),
            _ => None,
        };
        Self { exceeded, ..error.code().into() }
    }
}

/// A document about to be executed.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    /// The parsed document.
    pub document: &'a ExecutableDocument,
    /// The operation asked for.
    pub operation_name: Option<&'a str>,
    /// The variables sent.
    pub variables: &'a Variables,
}

/// Cost model and limits; built once, shared by all requests.
#[derive(Debug, Clone)]
pub struct Guard {
    model: CostModel,
    limits: Limits,
}

impl Guard {
    /// A guard for one schema.
    pub const fn new(model: CostModel, limits: Limits) -> Self {
        Self { model, limits }
    }

    /// The limits, for [`super::document::parse`].
    pub const fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The worst-case cost of the chosen operation.
    ///
    /// The shape of *every* operation is checked, because the engine validates them all.
    ///
    /// # Errors
    /// [`GuardError`] with the first limit that the document exceeds.
    pub fn assess(&self, candidate: &Candidate<'_>) -> Result<Cost, GuardError> {
        self.assess_counting(candidate).0
    }

    /// As [`Self::assess`], with the number of steps taken: selections and arguments looked at.
    pub(crate) fn assess_counting(&self, candidate: &Candidate<'_>) -> (Result<Cost, GuardError>, u64) {
        let mut steps = 0;
        let result = self.check_all(candidate, &mut steps);
        (result, steps)
    }

    fn check_all(&self, candidate: &Candidate<'_>, steps: &mut u64) -> Result<Cost, GuardError> {
        let Candidate { document, operation_name, variables } = *candidate;
        let limits = &self.limits;
        GuardError::check(GraphqlErrorCode::VariablesTooNested, nesting(variables), limits.variables_nesting)?;
        let fragments = document.fragments.len() as u64;
        GuardError::check(GraphqlErrorCode::TooManyFragments, fragments, limits.fragments)?;
        let operations = document.operations.iter().len() as u64;
        GuardError::check(GraphqlErrorCode::TooManyOperations, operations, limits.operations)?;

        let graph = FragmentGraph::read(document, steps)?;
        let mut shapes = Walk::new(&self.model, document, PageSizes::defaults(self.model.page()));
        let checked = self.check_shapes(&mut shapes, &graph);
        *steps += shapes.steps;
        checked?;

        let chosen = &select_operation(document, operation_name).map_err(GuardError::Operation)?.node;
        let reachable = graph.reachable(&chosen.selection_set.node, steps);
        let mut loads = Walk::new(&self.model, document, PageSizes::of(self.model.page(), chosen, variables));
        let tally = loads.fragments(&reachable).and_then(|()| loads.operation(chosen));
        *steps += loads.steps;
        self.check_load(&tally?)
    }

    /// Hold every operation against the limits, in the order of their names: the first refusal must not depend on the
    /// order of a hash map.
    fn check_shapes<'a>(&self, walk: &mut Walk<'a>, graph: &FragmentGraph<'a>) -> Result<(), GuardError> {
        walk.fragments(graph.order())?;
        let mut operations: Vec<_> = walk.document().operations.iter().collect();
        operations.sort_unstable_by_key(|(name, _)| *name);
        operations.into_iter().try_for_each(|(_, operation)| {
            let tally = walk.operation(&operation.node)?;
            self.limits.check_shape(&tally.shape)
        })
    }

    fn check_load(&self, tally: &Tally) -> Result<Cost, GuardError> {
        let load = tally.settled(self.model.page().default);
        GuardError::check(GraphqlErrorCode::TooManyNodes, load.nodes, self.limits.nodes)?;
        GuardError::check(GraphqlErrorCode::CostExceeded, load.points, self.limits.points)?;
        let Shape { depth, meta_depth, fields, meta_fields, .. } = tally.shape;
        Ok(Cost {
            points: load.points,
            nodes: load.nodes,
            depth: depth.max(meta_depth),
            fields: fields.saturating_add(meta_fields),
        })
    }
}

/// Levels of lists and objects in the variables, counted without recursion.
fn nesting(variables: &Variables) -> u64 {
    let mut deepest = 0;
    let mut open: Vec<(&Value, u64)> = variables.values().map(|value| (value, 1)).collect();
    while let Some((value, level)) = open.pop() {
        match value {
            Value::List(items) => open.extend(items.iter().map(|item| (item, level + 1))),
            Value::Object(fields) => open.extend(fields.values().map(|field| (field, level + 1))),
            _ => continue,
        }
        deepest = deepest.max(level);
    }
    deepest
}
