//! What the configuration says of GraphQL documents.

use lienthong_api::Documents;
use lienthong_api::graphql_http::{StatusProfile, TrustMode, TrustedDocuments};

use crate::config::Graphql;
use crate::failure::Failure;

/// Reads and verifies the manifest that the configuration names.
///
/// # Errors
/// One line with the file and the first entry that does not hold; also when only trusted documents are to be answered
/// and there are none.
pub(crate) fn load(graphql: &Graphql) -> Result<Documents, Failure> {
    let mode = if graphql.trusted_only { TrustMode::Enforce } else { TrustMode::Off };
    let status = if graphql.draft_status_codes { StatusProfile::Draft2026 } else { StatusProfile::Established };
    let Some(file) = &graphql.trusted_documents else {
        return match mode {
            TrustMode::Enforce => Err(Failure::new(
                "graphql.trusted_only refuses every document without a manifest; set graphql.trusted_documents",
            )),
            _ => Ok(Documents { status, ..Documents::default() }),
        };
    };
    let in_file = |error: &dyn std::fmt::Display| Failure::while_doing(file.display(), error);
    let manifest = std::fs::read_to_string(file).map_err(|error| in_file(&error))?;
    let trusted = TrustedDocuments::from_manifest(&manifest).map_err(|error| in_file(&error))?;
    Ok(Documents { trusted, mode, status })
}
