use lienthong_domain::board::{Board, Member};
use lienthong_domain::golive::Requirement;
use serde::Serialize;
use utoipa::ToSchema;

use super::report::SiteDecision;

/// The editorial board of a site (Ban biên tập).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct EditorialBoard {
    /// The decision that set it up.
    decision: SiteDecision,
    /// Its members, in the order of the decision.
    members: Vec<BoardMember>,
}

/// Somebody on an editorial board.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct BoardMember {
    /// Full name.
    #[schema(example = "Nguyễn Văn A")]
    name: String,
    /// Place on the board.
    #[schema(example = "Trưởng ban")]
    position: String,
    /// What the member does.
    #[schema(required)]
    duties: Option<String>,
    /// Whether it is the person who answers for the site.
    is_accountable: bool,
}

impl From<Board> for EditorialBoard {
    fn from(board: Board) -> Self {
        let Board { decision, members } = board;
        Self {
            decision: (Requirement::Board, &decision).into(),
            members: members.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Member> for BoardMember {
    fn from(member: Member) -> Self {
        let Member { name, position, duties, is_accountable } = member;
        Self { name, position, duties, is_accountable }
    }
}
