//! The order of the steps, in one place.

use std::sync::Arc;

use async_graphql::Response;
use async_graphql::parser::types::OperationType;

use super::document;
use super::error::Refusal;
use super::guard::{Candidate, Cost, Guard};
use super::hash::DocumentHash;
use super::negotiate::{MediaType, negotiate};
use super::parsed::ParsedDocuments;
use super::persisted::{ClientKey, DocumentOrigin, DocumentStore};
use super::request::{self, GraphqlRequest, HttpInput, RequestLimits};
use super::response::{Rendered, Responder, reached_execution};

/// Everything between the raw request and the engine, for one endpoint.
#[derive(Debug)]
pub struct Gateway {
    guard: Guard,
    documents: DocumentStore,
    parsed: ParsedDocuments,
    responder: Responder,
}

/// A request that may be executed.
#[derive(Debug)]
pub struct Admitted {
    /// To be executed; it carries the parsed document.
    pub engine_request: async_graphql::Request,
    /// Query or mutation.
    pub operation_type: OperationType,
    /// The worst-case cost, to be charged before execution.
    pub cost: Cost,
    /// Whether the document is a trusted one, which costs the caller nothing.
    pub origin: DocumentOrigin,
    media: MediaType,
    registration: Option<(DocumentHash, Arc<str>)>,
}

impl Gateway {
    /// A gateway.
    pub fn new(guard: Guard, documents: DocumentStore, responder: Responder) -> Self {
        Self { guard, documents, parsed: ParsedDocuments::new(), responder }
    }

    /// Read, find, count, parse, price.
    ///
    /// # Errors
    /// The finished refusal, ready to be sent.
    pub fn admit(&self, input: &HttpInput<'_>, limits: &RequestLimits) -> Result<Admitted, Box<Rendered>> {
        let profile = self.responder.profile();
        let media = negotiate(input.headers, profile)
            .map_err(|code| Box::new(self.responder.refuse(MediaType::Json, &code.into())))?;
        let admitted = request::parse(input, limits).map_err(Refusal::from).and_then(|read| self.check(read, media));
        admitted.map_err(|refusal| Box::new(self.responder.refuse(media, &refusal)))
    }

    /// Render the answer of the engine, and keep the document if the client asked for it and it passed validation.
    pub fn finish(&self, context: Settlement, response: Response, client: &ClientKey) -> Rendered {
        let Settlement { cost, media, registration } = context;
        if let Some((hash, text)) = registration.filter(|_| reached_execution(&response)) {
            self.documents.register(hash, &text, client);
        }
        self.responder.answer(media, response, Some(&cost))
    }

    fn check(&self, request: GraphqlRequest, media: MediaType) -> Result<Admitted, Refusal> {
        let found = self.documents.resolve(&request)?;
        let document = self.parsed.of(&found.text, self.guard.limits())?;
        let operation_name = request.operation_name.as_deref();
        let operation = &document::select_operation(&document, operation_name)?.node;
        let operation_type = operation.ty;
        request.check_operation(operation_type)?;
        document::check_variables(operation, &request.variables)?;
        let cost =
            self.guard.assess(&Candidate { document: &document, operation_name, variables: &request.variables })?;
        let registration = found.register_after.map(|hash| (hash, found.text));
        let engine_request = request.into_engine_request(document.as_ref().clone());
        Ok(Admitted { engine_request, operation_type, cost, origin: found.origin, media, registration })
    }
}

/// What is needed to finish an answer once the engine has run.
#[derive(Debug, Clone)]
pub struct Settlement {
    cost: Cost,
    media: MediaType,
    registration: Option<(DocumentHash, Arc<str>)>,
}

impl Admitted {
    /// Part the request for the engine from what is needed afterwards.
    pub fn split(self) -> (async_graphql::Request, Settlement) {
        let Self { engine_request, cost, media, registration, .. } = self;
        (engine_request, Settlement { cost, media, registration })
    }
}
