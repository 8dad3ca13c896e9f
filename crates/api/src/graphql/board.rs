//! Editorial boards.

use async_graphql::{Context, InputObject, Object, SimpleObject};

use lienthong_app::commands::boards;
use lienthong_app::{Error, queries};
use lienthong_domain::access::act;
use lienthong_domain::board::{self, Member};
use lienthong_domain::golive::Requirement;

use crate::error::ApiError;
use crate::graphql::mutation::{SiteDecisionInput, SiteDecisionPayload};
use crate::graphql::report::SiteDecision;
use crate::reading::Reading;

/// Reads about boards.
pub(crate) struct BoardQuery;

/// Writes about boards.
pub(crate) struct BoardMutation;

/// The editorial board of a site (Ban biên tập).
#[derive(SimpleObject)]
pub(crate) struct EditorialBoard {
    /// The decision that set it up.
    decision: SiteDecision,
    /// Its members, in the order of the decision.
    members: Vec<BoardMember>,
}

/// Somebody on an editorial board.
#[derive(SimpleObject)]
pub(crate) struct BoardMember {
    /// Full name.
    name: String,
    /// Place on the board, such as `Trưởng ban`.
    position: String,
    /// What the member does.
    duties: Option<String>,
    /// Whether it is the person who answers for the site.
    is_accountable: bool,
}

/// Somebody on an editorial board. No text may hold an e-mail address: all of it is published.
#[derive(InputObject)]
pub(crate) struct BoardMemberInput {
    /// Full name: one line of at most 200 characters.
    name: String,
    /// Place on the board, such as `Trưởng ban`: one line of at most 200 characters.
    position: String,
    /// What the member does: one line of at most 300 characters.
    duties: Option<String>,
    /// Whether it is the person who answers for the site. Exactly one is.
    #[graphql(default)]
    is_accountable: bool,
}

#[Object]
impl BoardQuery {
    /// The editorial board of a site; none when it has not been recorded.
    async fn editorial_board(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Host or id of the site.")] site: String,
    ) -> Option<async_graphql::Result<EditorialBoard>> {
        let reading = Reading::of(ctx);
        let site = reading.named().site(&site)?.id;
        let found = queries::boards::of_site(&reading.app, site, &reading.tags).await;
        found.map(|board| board.map(Into::into)).map_err(|error| ApiError::from(error).into()).transpose()
    }
}

#[Object]
impl BoardMutation {
    /// Records the editorial board of a site with its decision, in the place of an earlier one. Needs the right to record
    /// decisions on the site.
    async fn record_editorial_board(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Host or id of the site.")] site: String,
        #[graphql(desc = "The decision that set it up.")] decision: SiteDecisionInput,
        #[graphql(desc = "Its members in order, at most 50; exactly one is accountable.")] members: Vec<
            BoardMemberInput,
        >,
    ) -> Result<SiteDecisionPayload, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::RecordDecision>()?;
        let record = async {
            let site = reading.named().site(&site).ok_or(Error::NotFound("site"))?.id;
            let members = members.into_iter().map(Into::into).collect();
            let board = board::Board { decision: decision.into(), members };
            boards::record(&reading.app, &permit, (site, board), reading.now).await
        };
        SiteDecisionPayload::of(record.await)
    }
}

impl From<board::Board> for EditorialBoard {
    fn from(board: board::Board) -> Self {
        let board::Board { decision, members } = board;
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

impl From<BoardMemberInput> for Member {
    fn from(input: BoardMemberInput) -> Self {
        let BoardMemberInput { name, position, duties, is_accountable } = input;
        Self { name, position, duties, is_accountable }
    }
}
