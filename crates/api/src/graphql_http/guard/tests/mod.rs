mod bombs;
mod figures;
mod naive;
mod scan;

use async_graphql::Variables;
use async_graphql::parser::parse_query;
use serde_json::json;

use super::{Candidate, Cost, CostModel, CostModelBuilder, Guard, GuardError, Limits};
use crate::graphql_http::error::GraphqlErrorCode as Code;
use crate::graphql_http::tests::numbered;

/// A small portal schema, in the form the engine exports.
const SDL: &str = r#"
"A description."
type Query {
  article(id: ID!): Article
  articles(first: Int, last: Int, after: String): ArticleConnection!
  sites(first: Int = 50): SiteConnection!
  newest(first: Int): [Article!]!
  content(id: ID!): Content
  search(first: Int): ContentConnection!
  node: Node
  version: String!
}
type Mutation { publish(id: ID!): Article! }
interface Node { id: ID! related: [Node!]! }
union Content = Article | Page
type Article implements Node {
  id: ID!
  title: String!
  site: Site!
  tags: [Tag!]!
  related: [Node!]!
  comments(first: Int): CommentConnection!
}
type Page implements Node { id: ID! title: String! related: [Node!]! sections: [Tag!]! }
type Site { id: ID! name: String! articles(first: Int): ArticleConnection! parent: Site }
type Tag { name: String! }
type Comment { text: String! article: Article! }
type PageInfo { hasNextPage: Boolean! endCursor: String }
type ArticleConnection { edges: [ArticleEdge!]! nodes: [Article!]! pageInfo: PageInfo! totalCount: Int! }
type ArticleEdge { cursor: String! node: Article! }
type SiteConnection { nodes: [Site!]! pageInfo: PageInfo! }
type CommentConnection { nodes: [Comment!]! pageInfo: PageInfo! }
type ContentConnection { nodes: [Content!]! pageInfo: PageInfo! }
directive @skip(if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT
schema { query: Query mutation: Mutation }
"#;

fn model() -> CostModel {
    CostModelBuilder::new().price("ArticleConnection.totalCount", 5).list_size("Article.tags", 3).build(SDL).unwrap()
}

fn generous() -> Limits {
    let most = u64::MAX;
    Limits {
        depth: most,
        aliases: most,
        directives: most,
        nodes: most,
        points: most,
        spreads: most,
        fields: most,
        root_fields: most,
        fragments: most,
        introspection_fields: most,
        introspection_depth: most,
        introspection_lists: most,
        levels: most,
        ..Limits::default()
    }
}

fn assess(limits: Limits, source: &str, variables: serde_json::Value) -> (Result<Cost, GuardError>, u64) {
    let document = parse_query(source).unwrap();
    let variables = Variables::from_json(variables);
    let candidate = Candidate { document: &document, operation_name: None, variables: &variables };
    Guard::new(model(), limits).assess_counting(&candidate)
}

fn cost(source: &str) -> Cost {
    assess(generous(), source, json!({})).0.unwrap()
}

fn refused(source: &str) -> Code {
    assess(Limits::default(), source, json!({})).0.unwrap_err().code()
}
