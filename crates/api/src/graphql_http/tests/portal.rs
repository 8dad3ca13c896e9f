//! A small schema behind a gateway.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_graphql::{EmptySubscription, Object, Schema, SimpleObject};

use super::*;

#[derive(SimpleObject, Clone)]
struct Article {
    title: String,
}

#[derive(SimpleObject)]
struct PageInfo {
    has_next_page: bool,
}

#[derive(SimpleObject)]
struct ArticleConnection {
    nodes: Vec<Article>,
    page_info: PageInfo,
}

/// Holds the message of every field that fails.
struct Query(&'static str);

#[Object]
impl Query {
    async fn version(&self) -> &str {
        "1"
    }

    async fn articles(&self, first: Option<u32>) -> ArticleConnection {
        let article = Article { title: "Lịch tiếp công dân".to_owned() };
        let nodes = vec![article; first.unwrap_or(20) as usize];
        ArticleConnection { nodes, page_info: PageInfo { has_next_page: false } }
    }

    /// `Option` outside: its error becomes `null` here.
    async fn broken(&self) -> Option<async_graphql::Result<String>> {
        Some(Err(self.0.into()))
    }

    /// `Result` outside: its error takes the parent with it, although the field is nullable.
    fn destructive(&self) -> async_graphql::Result<Option<String>> {
        Err(self.0.into())
    }

    fn must(&self) -> async_graphql::Result<String> {
        Err(self.0.into())
    }
}

struct Mutation(Arc<AtomicU32>);

#[Object]
impl Mutation {
    async fn bump(&self) -> u32 {
        self.0.fetch_add(1, Ordering::SeqCst) + 1
    }
}

/// Schema, gateway, and a count of the writes that were executed.
pub(super) struct Portal {
    schema: Schema<Query, Mutation, EmptySubscription>,
    gateway: Gateway,
    writes: Arc<AtomicU32>,
}

impl Portal {
    pub(super) fn new() -> Self {
        Self::with(StatusProfile::Established, TrustedDocuments::default(), TrustMode::Off)
    }

    pub(super) fn with(profile: StatusProfile, trusted: TrustedDocuments, mode: TrustMode) -> Self {
        let writes = Arc::new(AtomicU32::new(0));
        let schema = Schema::build(Query("broken"), Mutation(Arc::clone(&writes)), EmptySubscription).finish();
        let model = CostModelBuilder::new().build(&schema.sdl()).unwrap();
        let documents = DocumentStore::new(trusted, mode, Some(StoreLimits::default()));
        let gateway = Gateway::new(Guard::new(model, Limits::default()), documents, Responder::new(profile));
        Self { schema, gateway, writes }
    }

    pub(super) fn writes(&self) -> u32 {
        self.writes.load(Ordering::SeqCst)
    }

    pub(super) async fn send(&self, sent: Sent) -> Got {
        let input = HttpInput {
            method: &sent.method,
            headers: &sent.headers,
            query_string: sent.query_string.as_deref(),
            body: &sent.body,
            path_document: sent.path_document.as_deref(),
        };
        let rendered = match self.gateway.admit(&input, &RequestLimits::default()) {
            Err(refused) => *refused,
            Ok(admitted) => {
                let (request, settlement) = admitted.split();
                let response = self.schema.execute(request).await;
                self.gateway.finish(settlement, response, &ClientKey::new("test"))
            }
        };
        let json = serde_json::from_slice(&rendered.body).unwrap();
        Got { status: rendered.status.as_u16(), headers: rendered.headers, json }
    }
}
