//! One walk over a document. Every selection is looked at once, however often fragments repeat it.

use std::collections::{BTreeMap, HashMap};

use async_graphql::parser::types::{
    ExecutableDocument, Field, FragmentSpread, InlineFragment, OperationDefinition, OperationType, Selection,
    SelectionSet,
};

use super::GuardError;
use super::model::{CostModel, FieldModel, Times};
use super::page_size::PageSizes;
use super::tally::{Load, Shape, Tally};

/// Points of `__schema` and of `__type`; what they may select has its own limits.
pub(super) const INTROSPECTION_POINTS: u64 = 10;

/// Parent of what stands below introspection fields; all its types have names that begin so.
const META: &str = "__";

/// Lists a part of the schema, and so multiplies what stands below it.
const META_LISTS: [&str; 4] = ["fields", "inputFields", "interfaces", "possibleTypes"];

/// State of one walk; the results of fragments are kept for the lifetime of it.
pub(super) struct Walk<'a> {
    model: &'a CostModel,
    document: &'a ExecutableDocument,
    pages: PageSizes<'a>,
    fragments: HashMap<&'a str, Tally>,
    /// Selections and arguments looked at.
    pub(super) steps: u64,
}

impl<'a> Walk<'a> {
    pub(super) fn new(model: &'a CostModel, document: &'a ExecutableDocument, pages: PageSizes<'a>) -> Self {
        Self { model, document, pages, fragments: HashMap::new(), steps: 0 }
    }

    pub(super) const fn document(&self) -> &'a ExecutableDocument {
        self.document
    }

    /// Count these fragments. Each must come after those it contains, so that none is looked into from another.
    pub(super) fn fragments(&mut self, inside_out: &[&'a str]) -> Result<(), GuardError> {
        inside_out.iter().try_for_each(|name| self.fragment(name))
    }

    /// The tally of one operation.
    pub(super) fn operation(&mut self, operation: &'a OperationDefinition) -> Result<Tally, GuardError> {
        let root = match operation.ty {
            OperationType::Query => Some(&self.model.query),
            OperationType::Mutation => self.model.mutation.as_ref(),
            OperationType::Subscription => self.model.subscription.as_ref(),
        };
        let mut tally = self.selection_set(&operation.selection_set.node, root.map_or("", String::as_str))?;
        let on_variables: usize = operation.variable_definitions.iter().map(|v| v.node.directives.len()).sum();
        tally.shape.directives += (operation.directives.len() + on_variables) as u64;
        Ok(tally)
    }

    fn selection_set(&mut self, set: &'a SelectionSet, parent: &str) -> Result<Tally, GuardError> {
        let mut sum = Branches::default();
        for selection in &set.items {
            self.steps += 1;
            match &selection.node {
                Selection::Field(field) => sum.add(None, self.field(&field.node, parent)?),
                Selection::FragmentSpread(spread) => {
                    let (condition, tally) = self.spread(&spread.node);
                    sum.add(self.branch(parent, condition), tally);
                }
                Selection::InlineFragment(inline) => {
                    let condition = inline.node.type_condition.as_ref().map(|c| c.node.on.node.as_str());
                    let tally = self.inline(&inline.node, condition.unwrap_or(parent))?;
                    sum.add(self.branch(parent, condition), tally);
                }
            }
        }
        Ok(sum.total())
    }

    /// The object type that a fragment is limited to, if its parent can be several.
    fn branch(&self, parent: &str, condition: Option<&'a str>) -> Option<&'a str> {
        condition.filter(|on| self.model.is_abstract(parent) && !self.model.is_abstract(on))
    }

    fn inline(&mut self, inline: &'a InlineFragment, parent: &str) -> Result<Tally, GuardError> {
        let mut tally = self.selection_set(&inline.selection_set.node, parent)?;
        tally.shape = tally.shape.enclosed();
        tally.shape.directives = tally.shape.directives.saturating_add(inline.directives.len() as u64);
        Ok(tally)
    }

    /// An unknown fragment counts nothing and is left to validation.
    fn spread(&self, spread: &'a FragmentSpread) -> (Option<&'a str>, Tally) {
        let name = spread.fragment_name.node.as_str();
        let condition = self.document.fragments.get(name).map(|f| f.node.type_condition.node.on.node.as_str());
        let mut tally = self.fragments.get(name).copied().unwrap_or_default();
        tally.shape = tally.shape.enclosed();
        tally.shape.spreads = tally.shape.spreads.saturating_add(1);
        tally.shape.directives = tally.shape.directives.saturating_add(spread.directives.len() as u64);
        (condition, tally)
    }

    fn fragment(&mut self, name: &'a str) -> Result<(), GuardError> {
        let Some(definition) = self.document.fragments.get(name).map(|fragment| &fragment.node) else { return Ok(()) };
        let on = definition.type_condition.node.on.node.as_str();
        let mut tally = self.selection_set(&definition.selection_set.node, on)?;
        tally.shape.directives = tally.shape.directives.saturating_add(definition.directives.len() as u64);
        self.fragments.insert(name, tally);
        Ok(())
    }

    fn field(&mut self, field: &'a Field, parent: &str) -> Result<Tally, GuardError> {
        let name = field.name.node.as_str();
        let model = self.model;
        let found = model.field(parent, name);
        let below_meta = parent.starts_with(META);
        let is_meta = below_meta || name == "__schema" || name == "__type";
        let target = if is_meta { META } else { found.map_or("", |found| found.target.as_str()) };
        let child = self.selection_set(&field.selection_set.node, target)?;
        let mut shape = if is_meta {
            meta_shape(child.shape, below_meta && META_LISTS.contains(&name))
        } else {
            plain_shape(child.shape)
        };
        shape.width = 1;
        shape.levels = if field.selection_set.node.items.is_empty() { 0 } else { shape.levels.saturating_add(1) };
        shape.aliases = shape.aliases.saturating_add(u64::from(field.alias.is_some()));
        shape.directives = shape.directives.saturating_add(field.directives.len() as u64);
        let load = match found {
            Some(found) => self.load(field, found, &child)?,
            None if below_meta => Tally::default(),
            None => self.unmodelled(field, is_meta, &child),
        };
        Ok(Tally { shape, ..load })
    }

    fn load(&mut self, field: &Field, found: &FieldModel, child: &Tally) -> Result<Tally, GuardError> {
        let given = found.argument_prices.iter().filter(|(argument, _)| self.pages.is_given(field, argument));
        let points = given.fold(found.price, |points, (_, more)| points.saturating_add(*more));
        let own = Load { points, nodes: found.nodes };
        let below = child.settled(self.pages.rule().default);
        let once = match found.times {
            Times::PageItem => return Ok(Tally { per_item: own.plus(below), ..Tally::default() }),
            Times::Once => own.plus(below),
            Times::Assumed(length) => own.plus(below).times(length),
            Times::Connection { default } => own.plus(child.settled(self.page_size(field, default)?)),
            Times::SizedList { default } => own.plus(below).times(self.page_size(field, default)?),
        };
        Ok(Tally { once, ..Tally::default() })
    }

    fn page_size(&mut self, field: &Field, default: u64) -> Result<u64, GuardError> {
        self.steps += field.arguments.len() as u64;
        self.pages.resolve(field, default)
    }

    /// A field the model does not have: introspection, `__typename`, or a mistake that validation will report.
    fn unmodelled(&self, field: &Field, opens_introspection: bool, child: &Tally) -> Tally {
        let below = child.settled(self.pages.rule().default);
        let own = if opens_introspection {
            Load { points: INTROSPECTION_POINTS, nodes: 0 }
        } else if field.selection_set.node.items.is_empty() || field.name.node.starts_with(META) {
            Load::default()
        } else {
            Load { points: 1, nodes: 1 }
        };
        Tally { once: own.plus(below), ..Tally::default() }
    }
}

fn plain_shape(child: Shape) -> Shape {
    Shape { fields: child.fields.saturating_add(1), depth: child.depth.saturating_add(1), ..child }
}

fn meta_shape(child: Shape, is_list: bool) -> Shape {
    Shape {
        meta_fields: child.meta_fields.saturating_add(1),
        meta_depth: child.meta_depth.saturating_add(1),
        meta_lists: child.meta_lists.saturating_add(u64::from(is_list)),
        ..child
    }
}

/// The sum over a selection set.
///
/// Below an interface or union an object has one type only, so of the fragments limited to object types the dearest type
/// counts; all others are summed, as are the shapes, which describe the text and not the answer. Where conditions on
/// interfaces overlap this is above the true cost, never below.
#[derive(Default)]
struct Branches<'a> {
    common: Tally,
    by_object: BTreeMap<&'a str, (Load, Load)>,
}

impl<'a> Branches<'a> {
    fn add(&mut self, object: Option<&'a str>, tally: Tally) {
        let Some(object) = object else {
            self.common = self.common.beside(tally);
            return;
        };
        self.common.shape = self.common.shape.beside(tally.shape);
        let (once, per_item) = self.by_object.entry(object).or_default();
        *once = once.plus(tally.once);
        *per_item = per_item.plus(tally.per_item);
    }

    fn total(self) -> Tally {
        let dearest = self.by_object.into_values().fold((Load::default(), Load::default()), |most, next| {
            (most.0.or_larger(next.0), most.1.or_larger(next.1))
        });
        Tally { once: self.common.once.plus(dearest.0), per_item: self.common.per_item.plus(dearest.1), ..self.common }
    }
}
