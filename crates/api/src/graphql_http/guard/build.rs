//! Reading the exported SDL once into a [`CostModel`].

use std::collections::{HashMap, HashSet};

use async_graphql::Positioned;
use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, FieldDefinition, InputValueDefinition, SchemaDefinition, ServiceDocument, Type, TypeKind,
    TypeSystemDefinition,
};
use async_graphql_value::ConstValue;
use thiserror::Error;

use super::model::{CostModel, FieldModel, PageRule, Times, TypeModel};

/// Why a schema text gives no cost model.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ModelError {
    /// The text is not a GraphQL schema.
    #[error("the schema does not parse: {0}")]
    Sdl(String),
    /// There is no query type.
    #[error("the schema has no query type")]
    NoQueryType,
    /// A price or list size names no field of the schema; most likely the field was renamed.
    #[error("the price list names {0}, which the schema does not have")]
    UnknownField(String),
}

/// Builds a [`CostModel`] from an SDL and a price list.
///
/// Without an entry in the price list a field costs 1 point per object and 0 per scalar; `edges` and `pageInfo` of a
/// connection are free. A connection is a type with `pageInfo` and a list called `edges` or `nodes`.
#[derive(Debug, Clone)]
pub struct CostModelBuilder {
    page: PageRule,
    assumed_list: u64,
    prices: Vec<(String, u64)>,
    argument_prices: Vec<(String, String, u64)>,
    list_sizes: Vec<(String, u64)>,
}

impl Default for CostModelBuilder {
    fn default() -> Self {
        Self {
            page: PageRule { default: 20, max: 100 },
            assumed_list: 10,
            prices: Vec::new(),
            argument_prices: Vec::new(),
            list_sizes: Vec::new(),
        }
    }
}

impl CostModelBuilder {
    /// Page sizes 20 and 100, plain lists of objects assumed to have 10 items, no price list.
    pub fn new() -> Self {
        Self::default()
    }

    /// Default and largest page size.
    #[must_use]
    pub const fn page(mut self, default: u64, max: u64) -> Self {
        self.page = PageRule { default, max };
        self
    }

    /// Length assumed for lists of objects that are no connection and are not named by [`Self::list_size`].
    #[must_use]
    pub const fn assumed_list(mut self, length: u64) -> Self {
        self.assumed_list = length;
        self
    }

    /// The price of one occurrence of `Type.field`, in points. It replaces the default, also for scalars.
    #[must_use]
    pub fn price(mut self, field: &str, points: u64) -> Self {
        self.prices.push((field.to_owned(), points));
        self
    }

    /// What one occurrence of `Type.field` costs besides, in points, when the argument is given and not null.
    #[must_use]
    pub fn argument_price(mut self, field: &str, argument: &str, points: u64) -> Self {
        self.argument_prices.push((field.to_owned(), argument.to_owned(), points));
        self
    }

    /// The length assumed for the plain list `Type.field`.
    #[must_use]
    pub fn list_size(mut self, field: &str, length: u64) -> Self {
        self.list_sizes.push((field.to_owned(), length));
        self
    }

    /// Read the SDL.
    ///
    /// # Errors
    /// [`ModelError`]; meant to stop the start of the server.
    pub fn build(&self, sdl: &str) -> Result<CostModel, ModelError> {
        let document = parse_schema(sdl).map_err(|error| ModelError::Sdl(error.to_string()))?;
        let schema = SchemaText::read(&document);
        let mut types = self.types(&schema);
        self.apply_price_list(&mut types)?;
        lift_to_interfaces(&schema, &mut types);
        let query = schema.root("Query", |roots| roots.query.as_ref()).ok_or(ModelError::NoQueryType)?;
        let mutation = schema.root("Mutation", |roots| roots.mutation.as_ref());
        let subscription = schema.root("Subscription", |roots| roots.subscription.as_ref());
        Ok(CostModel { types, query, mutation, subscription, page: self.page })
    }

    fn types(&self, schema: &SchemaText<'_>) -> HashMap<String, TypeModel> {
        let connections = schema.connections();
        let mut types = HashMap::new();
        for (name, text) in &schema.composites {
            let parent_is_connection = connections.contains(name);
            let fields = text.fields.iter().map(|field| {
                let facts = FieldFacts::read(field, schema, &connections);
                (field.name.node.to_string(), self.field(&facts, parent_is_connection))
            });
            let model = TypeModel { is_abstract: text.is_abstract, fields: fields.collect() };
            types.insert((*name).to_owned(), model);
        }
        types
    }

    fn field(&self, facts: &FieldFacts<'_>, in_connection: bool) -> FieldModel {
        let page_item = in_connection && facts.is_page_item();
        let is_wrapper = facts.target == "PageInfo" || (page_item && facts.name == "edges");
        let price = u64::from(facts.is_composite && !is_wrapper);
        let nodes = u64::from(facts.is_composite && !is_wrapper && !facts.to_connection);
        let default = facts.default_size.unwrap_or(self.page.default);
        let times = if page_item {
            Times::PageItem
        } else if facts.to_connection {
            Times::Connection { default }
        } else if facts.is_sized && facts.list_levels > 0 {
            Times::SizedList { default }
        } else if facts.is_composite && facts.list_levels > 0 {
            Times::Assumed(self.assumed_list.saturating_pow(facts.list_levels))
        } else {
            Times::Once
        };
        FieldModel { target: facts.target.to_owned(), price, argument_prices: Vec::new(), nodes, times }
    }

    fn apply_price_list(&self, types: &mut HashMap<String, TypeModel>) -> Result<(), ModelError> {
        for (path, points) in &self.prices {
            lookup(types, path)?.price = *points;
        }
        for (path, argument, points) in &self.argument_prices {
            lookup(types, path)?.argument_prices.push((argument.clone(), *points));
        }
        for (path, length) in &self.list_sizes {
            lookup(types, path)?.times = Times::Assumed(*length);
        }
        Ok(())
    }
}

fn lookup<'a>(types: &'a mut HashMap<String, TypeModel>, path: &str) -> Result<&'a mut FieldModel, ModelError> {
    let found = path.split_once('.').and_then(|(parent, field)| types.get_mut(parent)?.fields.get_mut(field));
    found.ok_or_else(|| ModelError::UnknownField(path.to_owned()))
}

/// A field selected through an interface runs on some implementing object, so it costs as much as the dearest of them.
fn lift_to_interfaces(schema: &SchemaText<'_>, types: &mut HashMap<String, TypeModel>) {
    for (name, text) in &schema.composites {
        for interface in &text.implements {
            let Some(fields) = types.get(*name).map(|model| model.fields.clone()) else { continue };
            let Some(target) = types.get_mut(*interface) else { continue };
            for (field_name, field) in &mut target.fields {
                if let Some(own) = fields.get(field_name) {
                    field.price = field.price.max(own.price);
                    field.nodes = field.nodes.max(own.nodes);
                    if let (Times::Assumed(a), Times::Assumed(b)) = (field.times, own.times) {
                        field.times = Times::Assumed(a.max(b));
                    }
                }
            }
        }
    }
}

/// The composite types of a schema by name, extensions merged.
struct SchemaText<'a> {
    composites: HashMap<&'a str, TypeText<'a>>,
    roots: Option<&'a SchemaDefinition>,
}

#[derive(Default)]
struct TypeText<'a> {
    is_abstract: bool,
    implements: Vec<&'a str>,
    fields: Vec<&'a FieldDefinition>,
}

impl<'a> SchemaText<'a> {
    fn read(document: &'a ServiceDocument) -> Self {
        let mut text = Self { composites: HashMap::new(), roots: None };
        for definition in &document.definitions {
            match definition {
                TypeSystemDefinition::Schema(schema) => text.roots = Some(&schema.node),
                TypeSystemDefinition::Type(definition) => {
                    text.read_type(&definition.node.name.node, &definition.node.kind);
                }
                TypeSystemDefinition::Directive(_) => {}
            }
        }
        text
    }

    fn read_type(&mut self, name: &'a str, kind: &'a TypeKind) {
        let (implements, fields): (&'a [_], &'a [Positioned<FieldDefinition>]) = match kind {
            TypeKind::Object(object) => (&object.implements, &object.fields),
            TypeKind::Interface(interface) => (&interface.implements, &interface.fields),
            TypeKind::Union(_) => (&[], &[]),
            TypeKind::Scalar | TypeKind::Enum(_) | TypeKind::InputObject(_) => return,
        };
        let entry = self.composites.entry(name).or_default();
        entry.is_abstract = !matches!(kind, TypeKind::Object(_));
        entry.implements.extend(implements.iter().map(|name| name.node.as_str()));
        entry.fields.extend(fields.iter().map(|field| &field.node));
    }

    /// A root type: as the `schema` block names it, or by its conventional name if there is no such block.
    fn root(
        &self,
        conventional: &str,
        pick: impl Fn(&SchemaDefinition) -> Option<&Positioned<async_graphql::Name>>,
    ) -> Option<String> {
        let name = match self.roots {
            Some(roots) => pick(roots)?.node.as_str(),
            None => conventional,
        };
        self.composites.contains_key(name).then(|| name.to_owned())
    }

    fn connections(&self) -> HashSet<&'a str> {
        let is_connection = |text: &TypeText<'_>| {
            let page_info = text.fields.iter().any(|field| field.name.node == "pageInfo");
            page_info && text.fields.iter().any(|field| is_page_list(field))
        };
        self.composites.iter().filter(|(_, text)| is_connection(text)).map(|(name, _)| *name).collect()
    }
}

fn is_page_list(field: &FieldDefinition) -> bool {
    (field.name.node == "edges" || field.name.node == "nodes") && unwrap_lists(&field.ty.node).1 > 0
}

/// What the definition of a field says that matters here.
struct FieldFacts<'a> {
    name: &'a str,
    target: &'a str,
    list_levels: u32,
    is_composite: bool,
    to_connection: bool,
    is_sized: bool,
    default_size: Option<u64>,
}

impl<'a> FieldFacts<'a> {
    fn read(field: &'a FieldDefinition, schema: &SchemaText<'_>, connections: &HashSet<&str>) -> Self {
        let (target, list_levels) = unwrap_lists(&field.ty.node);
        let sizes = || field.arguments.iter().map(|argument| &argument.node).filter(|argument| is_size(argument));
        Self {
            name: field.name.node.as_str(),
            target,
            list_levels,
            is_composite: schema.composites.contains_key(target),
            to_connection: connections.contains(target) && list_levels == 0,
            is_sized: sizes().next().is_some(),
            default_size: sizes().filter_map(default_size).max(),
        }
    }

    fn is_page_item(&self) -> bool {
        self.list_levels > 0 && (self.name == "edges" || self.name == "nodes")
    }
}

fn is_size(argument: &InputValueDefinition) -> bool {
    argument.name.node == "first" || argument.name.node == "last"
}

fn default_size(argument: &InputValueDefinition) -> Option<u64> {
    match &argument.default_value.as_ref()?.node {
        ConstValue::Number(number) => number.as_u64(),
        _ => None,
    }
}

fn unwrap_lists(ty: &Type) -> (&str, u32) {
    let (mut base, mut levels) = (&ty.base, 0);
    loop {
        match base {
            BaseType::Named(name) => return (name.as_str(), levels),
            BaseType::List(inner) => (base, levels) = (&inner.base, levels + 1),
        }
    }
}
