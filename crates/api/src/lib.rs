//! The public interface over HTTP: GraphQL, REST, feeds.
