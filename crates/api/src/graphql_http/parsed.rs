//! Documents that have been parsed: a front end sends the same few again and again with other variables, and parsing is a
//! tenth of an answer's cost (docs/benchmarks.md).

use std::sync::Arc;

use async_graphql::parser::types::ExecutableDocument;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::document;
use super::error::Refusal;
use super::guard::Limits;

/// Text of all documents kept, in bytes. A parsed document takes some twenty times its text.
const KEPT_BYTES: u64 = 512 * 1024;

/// Length of a usual document, to estimate how many there will be.
const TYPICAL_BYTES: usize = 512;

/// Parsed documents by their whole text, so that no document can pass for another. The least used go first.
pub(super) struct ParsedDocuments {
    kept: Cache<Arc<str>, Arc<ExecutableDocument>, ByText>,
}

#[derive(Clone)]
struct ByText;

impl Weighter<Arc<str>, Arc<ExecutableDocument>> for ByText {
    fn weight(&self, text: &Arc<str>, _: &Arc<ExecutableDocument>) -> u64 {
        text.len() as u64 + 64
    }
}

impl ParsedDocuments {
    pub(super) fn new() -> Self {
        let items = usize::try_from(KEPT_BYTES).unwrap_or_default() / TYPICAL_BYTES;
        Self { kept: Cache::with_weighter(items, KEPT_BYTES, ByText) }
    }

    /// The document of `text`, which is looked at under the limits only the first time: they do not change.
    ///
    /// # Errors
    /// As [`document::parse`]; a refused text is not kept.
    pub(super) fn of(&self, text: &Arc<str>, limits: &Limits) -> Result<Arc<ExecutableDocument>, Refusal> {
        self.kept.get_or_insert_with(text, || document::parse(text, limits).map(Arc::new))
    }
}

impl std::fmt::Debug for ParsedDocuments {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("ParsedDocuments").field("documents", &self.kept.len()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_parsed_once_and_a_refused_one_is_refused_each_time() {
        let documents = ParsedDocuments::new();
        let of = |text: &str| documents.of(&text.into(), &Limits::default());
        assert!(Arc::ptr_eq(&of("{ a }").unwrap(), &of("{ a }").unwrap()));
        assert!(!Arc::ptr_eq(&of("{ a }").unwrap(), &of("{ a  }").unwrap()));
        for _ in 0..2 {
            assert!(of("{ a").is_err());
        }
    }

    #[test]
    fn however_many_documents_come_the_kept_ones_stay_within_their_bounds() {
        let documents = ParsedDocuments::new();
        for number in 0..20_000 {
            documents.of(&format!("{{ a{number} }}").into(), &Limits::default()).unwrap();
        }
        assert!(documents.kept.weight() <= KEPT_BYTES);
    }
}
