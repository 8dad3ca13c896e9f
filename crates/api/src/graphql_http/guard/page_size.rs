//! `first` and `last`: from a literal, a variable, the default of a variable, or the default of the schema. And which arguments are
//! given at all.

use std::collections::HashMap;

use async_graphql::parser::types::{Field, OperationDefinition};
use async_graphql::{Value as ConstValue, Variables};
use async_graphql_value::Value;

use super::GuardError;
use super::model::PageRule;

/// Page sizes under one operation and its variables.
pub(super) struct PageSizes<'a> {
    rule: PageRule,
    scope: Option<Scope<'a>>,
}

struct Scope<'a> {
    sent: &'a Variables,
    defaults: HashMap<&'a str, &'a ConstValue>,
}

impl<'a> PageSizes<'a> {
    /// For a walk whose loads nobody reads: every page has its default size and no size is refused.
    pub(super) const fn defaults(rule: PageRule) -> Self {
        Self { rule, scope: None }
    }

    /// For the operation that will be executed.
    pub(super) fn of(rule: PageRule, operation: &'a OperationDefinition, sent: &'a Variables) -> Self {
        let definitions = operation.variable_definitions.iter().map(|definition| &definition.node);
        let defaults = definitions.filter_map(|d| Some((d.name.node.as_str(), &d.default_value.as_ref()?.node)));
        Self { rule, scope: Some(Scope { sent, defaults: defaults.collect() }) }
    }

    pub(super) const fn rule(&self) -> PageRule {
        self.rule
    }

    /// The page size of a field. With both arguments the larger counts; refusing the pair is left to the resolver.
    pub(super) fn resolve(&self, field: &Field, default: u64) -> Result<u64, GuardError> {
        let Some(scope) = &self.scope else { return Ok(default) };
        let first = self.argument(scope, field, "first")?;
        let last = self.argument(scope, field, "last")?;
        Ok(first.max(last).unwrap_or(default))
    }

    /// Whether an argument is given and not null. Without an operation nobody reads what it costs.
    pub(super) fn is_given(&self, field: &Field, name: &str) -> bool {
        match field.get_argument(name).map(|value| &value.node) {
            None | Some(Value::Null) => false,
            Some(Value::Variable(variable)) => {
                let value = self.scope.as_ref().and_then(|scope| scope.value(variable));
                !matches!(value, None | Some(ConstValue::Null))
            }
            Some(_) => true,
        }
    }

    fn argument(&self, scope: &Scope<'_>, field: &Field, name: &str) -> Result<Option<u64>, GuardError> {
        let given = match field.get_argument(name).map(|value| &value.node) {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::Variable(variable)) => match scope.value(variable) {
                None | Some(ConstValue::Null) => return Ok(None),
                Some(ConstValue::Number(number)) => Some(number),
                Some(_) => None,
            },
            Some(Value::Number(number)) => Some(number),
            Some(_) => None,
        };
        // Validation will refuse anything that is no integer; until then it counts as the largest page.
        given.filter(|number| !number.is_f64()).map_or(Ok(Some(self.rule.max)), |number| {
            let requested = number.as_u64().unwrap_or(0);
            if (1..=self.rule.max).contains(&requested) {
                Ok(Some(requested))
            } else {
                Err(GuardError::PageSizeOutOfRange { requested, max: self.rule.max })
            }
        })
    }
}

impl Scope<'_> {
    fn value(&self, variable: &str) -> Option<&ConstValue> {
        self.sent.get(variable).or_else(|| self.defaults.get(variable).copied())
    }
}
