//! Statements as text with `$1…` placeholders, which `SQLite` and `PostgreSQL` both understand, and their values.

use std::borrow::Cow;
use std::fmt::Write as _;

use sea_orm::{DbBackend, Statement, Value};

/// A statement under construction. Values are numbered in the order in which they are bound.
#[derive(Debug, Clone)]
pub(crate) struct Sql {
    pub(crate) text: Cow<'static, str>,
    pub(crate) values: Vec<Value>,
}

impl Sql {
    pub(crate) fn new(text: impl Into<Cow<'static, str>>) -> Self {
        Self { text: text.into(), values: Vec::new() }
    }

    /// Appends text.
    pub(crate) fn push(mut self, text: &str) -> Self {
        self.text.to_mut().push_str(text);
        self
    }

    /// Binds a value to a placeholder that already stands in the text.
    pub(crate) fn value(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Appends a placeholder and binds it.
    pub(crate) fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        let number = self.values.len();
        let _ = write!(self.text.to_mut(), "${number}");
        self
    }

    /// Appends `($1, $2, …)` for a list that must not be empty.
    pub(crate) fn bind_list<V: Into<Value>>(mut self, values: impl IntoIterator<Item = V>) -> Self {
        for (index, value) in values.into_iter().enumerate() {
            self = self.push(if index == 0 { "(" } else { ", " }).bind(value);
        }
        self.push(")")
    }

    pub(crate) fn statement(self, backend: DbBackend) -> Statement {
        Statement::from_sql_and_values(backend, self.text.into_owned(), self.values)
    }
}
