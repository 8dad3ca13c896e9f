//! The schema as the guard sees it: which fields lead where, how many, and at what price.

use std::collections::HashMap;

/// Prices and sizes of every field of a schema. Made by [`super::CostModelBuilder`].
#[derive(Debug, Clone)]
pub struct CostModel {
    pub(super) types: HashMap<String, TypeModel>,
    pub(super) query: String,
    pub(super) mutation: Option<String>,
    pub(super) subscription: Option<String>,
    pub(super) page: PageRule,
}

/// Page sizes of connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRule {
    /// Size when neither `first` nor `last` is given and the schema names no default.
    pub default: u64,
    /// The largest size that may be asked for.
    pub max: u64,
}

#[derive(Debug, Clone, Default)]
pub(super) struct TypeModel {
    /// Interface or union: a value has one of several object types.
    pub(super) is_abstract: bool,
    pub(super) fields: HashMap<String, FieldModel>,
}

#[derive(Debug, Clone)]
pub(super) struct FieldModel {
    /// The named type behind lists and non-null marks.
    pub(super) target: String,
    /// Points for one occurrence.
    pub(super) price: u64,
    /// Points more for each of these arguments that is given.
    pub(super) argument_prices: Vec<(String, u64)>,
    /// Objects counted for one occurrence: 1, or 0 for scalars and for wrappers without content of their own.
    pub(super) nodes: u64,
    pub(super) times: Times,
}

/// How often what stands below a field can occur.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Times {
    /// One value.
    Once,
    /// A plain list with an assumed length.
    Assumed(u64),
    /// A connection: its `edges` and `nodes` occur as often as the page is long, the rest once.
    Connection { default: u64 },
    /// `edges` or `nodes` of a connection; the page length is known one level up.
    PageItem,
    /// A list with `first` or `last` but without a connection around it.
    SizedList { default: u64 },
}

impl CostModel {
    /// Page sizes of this model.
    pub const fn page(&self) -> PageRule {
        self.page
    }

    pub(super) fn field(&self, parent: &str, field: &str) -> Option<&FieldModel> {
        self.types.get(parent)?.fields.get(field)
    }

    pub(super) fn is_abstract(&self, name: &str) -> bool {
        self.types.get(name).is_some_and(|found| found.is_abstract)
    }
}
