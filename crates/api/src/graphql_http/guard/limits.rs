//! The limits, and how a counted shape is held against them.

use super::GuardError;
use super::tally::Shape;
use crate::graphql_http::error::GraphqlErrorCode as Code;

/// What a document may not exceed. Every figure is inclusive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the document text.
    pub document_bytes: u64,
    /// Lexical tokens of the document.
    pub tokens: u64,
    /// Open brackets of any kind at once; bounds the recursion of the parser.
    pub bracket_nesting: u64,
    /// Lists and objects inside each other in the variables.
    pub variables_nesting: u64,
    /// Operations in one document.
    pub operations: u64,
    /// Fragment definitions.
    pub fragments: u64,
    /// Fragment spreads after expansion.
    pub spreads: u64,
    /// Fields after expansion; bounds what validation has to look at.
    pub fields: u64,
    /// Fields at the root after expansion.
    pub root_fields: u64,
    /// Levels of fields outside introspection.
    pub depth: u64,
    /// Selection sets inside each other, those of fragments and of introspection included. The engine itself allows 32.
    pub levels: u64,
    /// Aliases after expansion.
    pub aliases: u64,
    /// Directives after expansion.
    pub directives: u64,
    /// Levels of fields from `__schema` or `__type` down. The query of `GraphiQL` and other tools has 15.
    pub introspection_depth: u64,
    /// Fields from `__schema` or `__type` down, after expansion. That query has about 200.
    pub introspection_fields: u64,
    /// `fields`, `inputFields`, `interfaces` and `possibleTypes` inside each other: each multiplies the answer by the
    /// size of the schema. Tools need 1; graphql-js allows 2.
    pub introspection_lists: u64,
    /// Objects in the answer.
    pub nodes: u64,
    /// Points by the price list.
    pub points: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            document_bytes: 64 * 1024,
            tokens: 4_000,
            bracket_nesting: 40,
            variables_nesting: 16,
            operations: 20,
            fragments: 20,
            spreads: 1_000,
            fields: 4_000,
            root_fields: 50,
            depth: 12,
            levels: 32,
            aliases: 50,
            directives: 50,
            introspection_depth: 20,
            introspection_fields: 500,
            introspection_lists: 2,
            nodes: 10_000,
            points: 1_000,
        }
    }
}

impl Limits {
    /// Hold the shape of one operation against the limits.
    pub(super) fn check_shape(&self, shape: &Shape) -> Result<(), GuardError> {
        let checks = [
            (Code::TooManySpreads, shape.spreads, self.spreads),
            (Code::TooManyRootFields, shape.width, self.root_fields),
            (Code::TooDeep, shape.depth, self.depth),
            (Code::TooDeep, shape.levels, self.levels),
            (Code::TooManyAliases, shape.aliases, self.aliases),
            (Code::TooManyDirectives, shape.directives, self.directives),
            (Code::TooManyFields, shape.fields, self.fields),
            (Code::IntrospectionTooLarge, shape.meta_depth, self.introspection_depth),
            (Code::IntrospectionTooLarge, shape.meta_fields, self.introspection_fields),
            (Code::IntrospectionTooLarge, shape.meta_lists, self.introspection_lists),
        ];
        checks.into_iter().try_for_each(|(code, actual, limit)| GuardError::check(code, actual, limit))
    }
}
