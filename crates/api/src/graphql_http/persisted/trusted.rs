//! The registry of trusted documents: a manifest `{ "<sha256 in hex>": "query …" }`, verified when it is loaded.

use std::collections::HashMap;
use std::sync::Arc;

use thiserror::Error;

use crate::graphql_http::hash::DocumentHash;

/// Documents that the operator has approved.
#[derive(Debug, Clone, Default)]
pub struct TrustedDocuments {
    documents: HashMap<DocumentHash, Arc<str>>,
}

/// Why a manifest cannot be used. None of it is used then.
#[derive(Debug, Error)]
pub enum ManifestError {
    /// Not a JSON object of strings.
    #[error("the manifest is not a JSON object of strings: {0}")]
    NotJson(#[from] serde_json::Error),
    /// A key that is not 64 hexadecimal digits, with or without `sha256:` before it.
    #[error("{0:?} is not a SHA-256 in hexadecimal digits")]
    NotAHash(String),
    /// A text that was changed after it was hashed, or hashed in another form than it is stored.
    #[error("the document under {stated} has the hash {actual}")]
    HashMismatch {
        /// The key in the manifest.
        stated: DocumentHash,
        /// The hash of the text.
        actual: DocumentHash,
    },
}

impl TrustedDocuments {
    /// Read and verify a manifest.
    ///
    /// # Errors
    /// [`ManifestError`] with the first entry that does not hold.
    pub fn from_manifest(json: &str) -> Result<Self, ManifestError> {
        let entries: HashMap<String, String> = serde_json::from_str(json)?;
        let documents = entries.into_iter().map(|(key, text)| verify(&key, text.into())).collect::<Result<_, _>>()?;
        Ok(Self { documents })
    }

    /// The text under this hash.
    pub fn get(&self, hash: DocumentHash) -> Option<&Arc<str>> {
        self.documents.get(&hash)
    }

    /// All documents, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (DocumentHash, &Arc<str>)> {
        self.documents.iter().map(|(hash, text)| (*hash, text))
    }
}

fn verify(key: &str, text: Arc<str>) -> Result<(DocumentHash, Arc<str>), ManifestError> {
    let hex = key.strip_prefix("sha256:").unwrap_or(key);
    let stated = DocumentHash::parse_hex(hex).ok_or_else(|| ManifestError::NotAHash(key.to_owned()))?;
    let actual = DocumentHash::of(&text);
    if stated == actual { Ok((actual, text)) } else { Err(ManifestError::HashMismatch { stated, actual }) }
}
