//! Statements of royalties.

use lienthong_domain::royalty;
use serde::Serialize;
use utoipa::ToSchema;

use crate::ids::{GlobalId, NodeType};

/// The royalties of a site in a period.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct RoyaltyStatement {
    /// The lines above the table.
    title: [String; 3],
    /// One for each person and work, by day of publication.
    rows: Vec<RoyaltyStatementRow>,
    /// How many works there are.
    works: usize,
    /// All amounts together, in đồng.
    sum: i64,
    /// What the rates rest on, each once.
    legal_bases: Vec<String>,
}

/// One line of a statement.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct RoyaltyStatementRow {
    /// TT.
    rank: u32,
    /// Id of the article.
    article: String,
    /// Ngày đăng: day of first publication.
    #[schema(format = Date)]
    published_on: String,
    /// Tên tác phẩm.
    title: String,
    /// Thể loại.
    class: String,
    /// Người hưởng.
    payee: String,
    /// Hệ số.
    coefficient: f64,
    /// Giá trị đơn vị hệ số, in đồng.
    unit_value: i64,
    /// Thành tiền, in đồng.
    amount: i64,
    /// Ghi chú.
    note: Option<String>,
}

impl From<royalty::Statement> for RoyaltyStatement {
    fn from(statement: royalty::Statement) -> Self {
        let royalty::Statement { title, rows, works, sum, legal_bases } = statement;
        Self { title, rows: rows.into_iter().map(Into::into).collect(), works, sum, legal_bases }
    }
}

impl From<royalty::StatementRow> for RoyaltyStatementRow {
    fn from(row: royalty::StatementRow) -> Self {
        let royalty::StatementRow {
            rank,
            entry,
            published_on,
            title,
            class,
            payee,
            coefficient,
            unit_value,
            amount,
            note,
        } = row;
        Self {
            rank,
            article: GlobalId::new(NodeType::Article, entry.as_uuid()).to_string(),
            published_on: published_on.to_string(),
            title,
            class,
            payee,
            coefficient: coefficient.number(),
            unit_value,
            amount,
            note,
        }
    }
}
