//! The console over a three-field schema, to work on the pages and to run `tests/browser` without the product:
//! `cargo run -p lienthong-api --example console -- 127.0.0.1:8099`.

use std::error::Error;

use async_graphql::{EmptyMutation, EmptySubscription, Object, Schema, SimpleObject};
use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use chrono::{DateTime, Utc};
use lienthong_api::console::{self, SecurityContact};
use serde_json::{Value, json};
use url::Url;

type ExampleSchema = Schema<Query, EmptyMutation, EmptySubscription>;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8099".to_owned());
    let listener = tokio::net::TcpListener::bind(&address).await?;
    let base = format!("http://{}", listener.local_addr()?);
    println!("{base}/graphiql\n{base}/docs");
    axum::serve(listener, router(&base)?).await?;
    Ok(())
}

fn router(base: &str) -> Result<Router, Box<dyn Error>> {
    let sitemap = Url::parse(base)?.join("/sitemap.xml")?;
    let contact: SecurityContact = "mailto:an-toan@example.gov.vn".parse()?;
    let started = Utc::now();
    Ok(console::router()
        .route("/graphql", post(execute))
        .route("/openapi.json", get(|| async { Json(document()) }))
        .route("/v1/articles", get(|| async { Json(json!({ "nodes": articles(2) })) }))
        .route("/robots.txt", get(move || async move { console::robots_txt(std::slice::from_ref(&sitemap)) }))
        .route("/.well-known/security.txt", get(move || async move { console::security_txt(&contact, started) }))
        .with_state(Schema::new(Query, EmptyMutation, EmptySubscription)))
}

async fn execute(
    State(schema): State<ExampleSchema>,
    Json(request): Json<async_graphql::Request>,
) -> Json<async_graphql::Response> {
    Json(schema.execute(request).await)
}

/// Cổng thông tin mẫu.
struct Query;

#[Object]
impl Query {
    /// Tin bài mới nhất, theo thời điểm xuất bản.
    async fn articles(
        &self, #[graphql(desc = "Số tin bài, từ 1 đến 100.", default = 20)] first: usize
    ) -> Articles {
        Articles { nodes: articles(first.min(100)) }
    }
}

/// Một trang của danh sách tin bài.
#[derive(SimpleObject)]
struct Articles {
    nodes: Vec<Article>,
}

/// Tin bài đã xuất bản.
#[derive(SimpleObject, serde::Serialize)]
struct Article {
    /// Tiêu đề.
    title: String,
    /// Thời điểm xuất bản, UTC.
    published_at: DateTime<Utc>,
    /// Trang đã xuất bản.
    site: Site,
    /// Trường cũ.
    #[graphql(deprecation = "Dùng `title`.")]
    headline: String,
}

/// Cổng hoặc trang thông tin điện tử.
#[derive(SimpleObject, serde::Serialize)]
struct Site {
    /// Tên đầy đủ.
    name: String,
}

fn articles(count: usize) -> Vec<Article> {
    let article = |number: usize| Article {
        title: format!("Lịch tiếp công dân tuần {}", number + 1),
        published_at: DateTime::UNIX_EPOCH,
        site: Site { name: "Trang thông tin điện tử xã Tiên Điền".to_owned() },
        headline: "Lịch tiếp công dân".to_owned(),
    };
    (0..count).map(article).collect()
}

/// One operation of each look that Swagger UI has: parameters, body, security, deprecation, deletion.
fn document() -> Value {
    let problem = json!({ "description": "Không tìm thấy", "content": { "application/problem+json": {
        "schema": { "$ref": "#/components/schemas/Problem" } } } });
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Liên Thông", "version": "0.1.0", "description": "API nội dung của cổng thông tin điện tử.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" } },
        "tags": [{ "name": "articles", "description": "Tin bài" }],
        "paths": { "/v1/articles": {
            "get": { "tags": ["articles"], "operationId": "listArticles", "summary": "Danh sách tin bài",
                "parameters": [
                    { "name": "first", "in": "query", "description": "Số tin bài", "schema": { "type": "integer", "minimum": 1, "maximum": 100, "default": 20 } },
                    { "name": "kind", "in": "query", "required": true, "schema": { "type": "string", "enum": ["news", "notice"] } }],
                "responses": { "200": ok(), "404": problem } },
            "post": { "tags": ["articles"], "operationId": "createArticle", "summary": "Tạo tin bài", "security": [{ "bearer": [] }],
                "requestBody": { "required": true, "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Article" } } } },
                "responses": { "201": ok() } },
            "put": { "tags": ["articles"], "summary": "Sửa tin bài", "deprecated": true, "responses": { "200": ok() } },
            "delete": { "tags": ["articles"], "summary": "Gỡ tin bài", "responses": { "204": { "description": "Đã gỡ" } } },
            "patch": { "tags": ["articles"], "summary": "Sửa một phần", "responses": { "200": ok() } } } },
        "components": { "securitySchemes": { "bearer": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT" } },
            "schemas": {
                "Article": { "type": "object", "required": ["title"], "properties": {
                    "title": { "type": "string", "description": "Tiêu đề", "maxLength": 300 },
                    "published_at": { "type": "string", "format": "date-time" } } },
                "Problem": { "type": "object", "properties": { "title": { "type": "string" }, "status": { "type": "integer" } } } } }
    })
}

fn ok() -> Value {
    json!({ "description": "Tin bài", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Article" } } } })
}
