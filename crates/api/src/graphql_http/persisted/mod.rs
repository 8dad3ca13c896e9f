//! Documents the server holds, so that a request can name one instead of sending it.
//!
//! Two kinds, never mixed: *trusted* documents come from a manifest that the operator loads and are the fast, cacheable
//! road; *automatic* ones are registered by clients and live in bounded memory. Registration is a second step after a
//! document has passed validation, so that nobody can fill the store with text that can never run.

mod automatic;
#[cfg(test)]
mod tests;
mod trusted;

use std::sync::{Arc, Mutex, PoisonError};

use thiserror::Error;

use super::error::{GraphqlErrorCode, Refusal};
use super::hash::DocumentHash;
use super::request::{DocumentRef, GraphqlRequest};
use automatic::AutomaticDocuments;
pub use automatic::{ClientKey, Quota, StoreLimits};
pub use trusted::{ManifestError, TrustedDocuments};

/// How strictly documents must be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TrustMode {
    /// Trusted documents work; nothing is said about others.
    #[default]
    Off,
    /// As off, but [`Resolved::origin`] tells whether the text would have passed, to be counted before enforcing.
    Observe,
    /// Only trusted documents run, whether they are named or sent in full.
    Enforce,
}

/// Where the text of a document came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentOrigin {
    /// The registry of trusted documents, or text that is equal to one of them.
    Trusted,
    /// Text that was sent or registered automatically.
    Untrusted,
}

/// A document found for a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// The document text.
    pub text: Arc<str>,
    /// Trusted or not. With [`TrustMode::Off`], text sent in full is not hashed and counts as untrusted.
    pub origin: DocumentOrigin,
    /// Pass this to [`DocumentStore::register`] once the document has passed validation.
    pub register_after: Option<DocumentHash>,
}

/// Why no document was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PersistedError {
    /// The client must send hash and text together.
    #[error("persisted query not found")]
    NotFound,
    /// Automatic registration is switched off.
    #[error("persisted queries are not supported")]
    NotSupported,
    /// The text sent is not the one the hash names.
    #[error("hash mismatch")]
    HashMismatch,
    /// No such trusted document.
    #[error("unknown document id")]
    UnknownDocument,
    /// Not trusted, under [`TrustMode::Enforce`].
    #[error("document not trusted")]
    NotTrusted,
    /// The request names no document at all.
    #[error("no document")]
    NoDocument,
}

impl PersistedError {
    /// The stable code.
    pub const fn code(self) -> GraphqlErrorCode {
        match self {
            Self::NotFound => GraphqlErrorCode::PersistedQueryNotFound,
            Self::NotSupported => GraphqlErrorCode::PersistedQueryNotSupported,
            Self::HashMismatch => GraphqlErrorCode::PersistedQueryHashMismatch,
            Self::UnknownDocument => GraphqlErrorCode::DocumentIdUnknown,
            Self::NotTrusted => GraphqlErrorCode::DocumentNotTrusted,
            Self::NoDocument => GraphqlErrorCode::QueryMissing,
        }
    }
}

impl From<PersistedError> for Refusal {
    fn from(error: PersistedError) -> Self {
        error.code().into()
    }
}

/// All documents of one endpoint.
#[derive(Debug)]
pub struct DocumentStore {
    trusted: TrustedDocuments,
    mode: TrustMode,
    automatic: Option<Mutex<AutomaticDocuments>>,
}

impl DocumentStore {
    /// A store; `None` for `automatic` switches automatic registration off.
    pub fn new(trusted: TrustedDocuments, mode: TrustMode, automatic: Option<StoreLimits>) -> Self {
        Self { trusted, mode, automatic: automatic.map(|limits| Mutex::new(AutomaticDocuments::new(limits))) }
    }

    /// Find the document of a request. Registers nothing.
    ///
    /// # Errors
    /// [`PersistedError`]; its answers must not be cached.
    pub fn resolve(&self, request: &GraphqlRequest) -> Result<Resolved, PersistedError> {
        match (request.document, &request.query) {
            (Some(DocumentRef::Trusted(hash)), _) => self.trusted(hash).ok_or(PersistedError::UnknownDocument),
            (Some(DocumentRef::Automatic(hash)), None) => self.named(hash),
            (Some(DocumentRef::Automatic(hash)), Some(text)) => self.sent_with_hash(hash, text),
            (None, Some(text)) => self.sent(text),
            (None, None) => Err(PersistedError::NoDocument),
        }
    }

    /// Keep a document that has passed validation. A client over its quota replaces its own oldest documents.
    ///
    /// Returns whether the document is held now; one that exceeds a quota by itself is not.
    pub fn register(&self, hash: DocumentHash, text: &Arc<str>, client: &ClientKey) -> bool {
        self.automatic.as_ref().is_some_and(|automatic| lock(automatic).insert(hash, text, client))
    }

    /// The trusted documents, to be checked against the schema at start.
    pub const fn trusted_documents(&self) -> &TrustedDocuments {
        &self.trusted
    }

    fn trusted(&self, hash: DocumentHash) -> Option<Resolved> {
        let text = self.trusted.get(hash)?;
        Some(Resolved { text: Arc::clone(text), origin: DocumentOrigin::Trusted, register_after: None })
    }

    fn named(&self, hash: DocumentHash) -> Result<Resolved, PersistedError> {
        if let Some(found) = self.trusted(hash) {
            return Ok(found);
        }
        self.require_untrusted_allowed()?;
        let automatic = self.automatic.as_ref().ok_or(PersistedError::NotSupported)?;
        let text = lock(automatic).get(hash).ok_or(PersistedError::NotFound)?;
        Ok(Resolved { text, origin: DocumentOrigin::Untrusted, register_after: None })
    }

    fn sent_with_hash(&self, hash: DocumentHash, text: &str) -> Result<Resolved, PersistedError> {
        if DocumentHash::of(text) != hash {
            return Err(PersistedError::HashMismatch);
        }
        if let Some(found) = self.trusted(hash) {
            return Ok(found);
        }
        self.require_untrusted_allowed()?;
        let register_after = self.automatic.as_ref().map(|_| hash);
        Ok(Resolved { text: text.into(), origin: DocumentOrigin::Untrusted, register_after })
    }

    fn sent(&self, text: &str) -> Result<Resolved, PersistedError> {
        if self.mode != TrustMode::Off
            && let Some(found) = self.trusted(DocumentHash::of(text))
        {
            return Ok(found);
        }
        self.require_untrusted_allowed()?;
        Ok(Resolved { text: text.into(), origin: DocumentOrigin::Untrusted, register_after: None })
    }

    fn require_untrusted_allowed(&self) -> Result<(), PersistedError> {
        if self.mode == TrustMode::Enforce { Err(PersistedError::NotTrusted) } else { Ok(()) }
    }
}

/// The store stays consistent between any two statements that can panic, so a poisoned lock is as good as any.
fn lock(automatic: &Mutex<AutomaticDocuments>) -> std::sync::MutexGuard<'_, AutomaticDocuments> {
    automatic.lock().unwrap_or_else(PoisonError::into_inner)
}
