//! The parameters of a request, whichever way they came.

use std::collections::BTreeMap;

use async_graphql::{Name, Value, Variables};
use serde::Deserialize;

use super::{DocumentRef, GraphqlRequest, RequestError, Transport};
use crate::graphql_http::hash::DocumentHash;

/// The `extensions` of a request.
///
/// Held as engine values, not as `serde_json::Value`: with the `raw_value` feature that type parses text inside strings
/// again, each time with a fresh recursion limit.
pub type Extensions = BTreeMap<Name, Value>;

/// Parameters before the rules between them are checked. Unknown ones are dropped by serde.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Parameters {
    pub(super) query: Option<String>,
    pub(super) operation_name: Option<String>,
    pub(super) variables: Option<Variables>,
    pub(super) extensions: Option<Extensions>,
    pub(super) document_id: Option<String>,
}

impl Parameters {
    pub(super) fn into_request(self, transport: Transport) -> Result<GraphqlRequest, RequestError> {
        let extensions = self.extensions.unwrap_or_default();
        let query = present(self.query);
        let trusted = present(self.document_id).map(|id| trusted_reference(&id)).transpose()?;
        let automatic = automatic_reference(&extensions)?;
        let document = match (trusted, automatic, &query) {
            (None, None, None) => return Err(RequestError::QueryMissing),
            (Some(_), Some(_), _) | (Some(_), _, Some(_)) => return Err(RequestError::DocumentAmbiguous),
            (trusted, automatic, _) => trusted.or(automatic),
        };
        let operation_name = present(self.operation_name);
        let variables = self.variables.unwrap_or_default();
        Ok(GraphqlRequest { transport, query, operation_name, variables, extensions, document })
    }
}

fn present(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

fn trusted_reference(id: &str) -> Result<DocumentRef, RequestError> {
    DocumentHash::parse_id(id).map(DocumentRef::Trusted).ok_or(RequestError::DocumentIdMalformed)
}

/// `extensions.persistedQuery`, version 1 of the protocol; there is no other.
fn automatic_reference(extensions: &Extensions) -> Result<Option<DocumentRef>, RequestError> {
    let fields = match extensions.get("persistedQuery") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Object(fields)) => fields,
        Some(_) => return Err(RequestError::PersistedQueryMalformed),
    };
    let version = match fields.get("version") {
        Some(Value::Number(version)) => version.as_u64(),
        _ => None,
    };
    match (version, fields.get("sha256Hash")) {
        (Some(1), Some(Value::String(hex))) => {
            let hash = DocumentHash::parse_hex(hex).ok_or(RequestError::PersistedQueryMalformed)?;
            Ok(Some(DocumentRef::Automatic(hash)))
        }
        _ => Err(RequestError::PersistedQueryMalformed),
    }
}
