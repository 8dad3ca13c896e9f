//! The files that are made from the code and committed.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use lienthong_app::ErrorCode;
use lienthong_domain::access::Role;

/// Every such file: its path from the root of the repository, and its content.
pub fn generated_files() -> BTreeMap<&'static str, String> {
    BTreeMap::from([
        ("schema/schema.graphql", crate::graphql::sdl()),
        ("openapi/openapi.json", openapi()),
        ("docs/errors.md", errors()),
        ("docs/roles.md", roles()),
    ])
}

fn openapi() -> String {
    crate::rest::openapi().to_pretty_json().unwrap_or_default() + "\n"
}

fn errors() -> String {
    let mut page = String::from(
        "# Error codes\n\nMade from `app::ErrorCode` by `cargo xtask codegen`. GraphQL has the code in \
         `extensions.code`, REST in `code` of an RFC 9457 problem. `requestId` beside it is the `X-Request-Id` of the answer, \
         by which the log finds the cause; answers that caches may keep (404, 410) have it in the header alone.\n\n\
         | code | HTTP | Vietnamese | English |\n|---|---|---|---|\n",
    );
    for code in ErrorCode::ALL {
        let (name, status, vi, en) = (code.as_str(), code.status(), code.message_vi(), code.message_en());
        let _ = writeln!(page, "| `{name}` | {status} | {vi} | {en} |");
    }
    page.push_str("\nBefore a GraphQL request is executed it can also be refused with one of these:\n\n");
    page.push_str("| code | Vietnamese | English |\n|---|---|---|\n");
    for code in crate::graphql_http::GraphqlErrorCode::ALL {
        let _ = writeln!(page, "| `{}` | {} | {} |", code.as_str(), code.message_vi(), code.message_en());
    }
    page
}

fn roles() -> String {
    format!(
        "# Roles\n\nMade from `domain::access::Role` by `cargo xtask codegen`. A role is held on one site, on all sites \
         of a unit and the units below it, or on the whole instance; it is read from the database for each request.\n\n{}",
        Role::table()
    )
}
