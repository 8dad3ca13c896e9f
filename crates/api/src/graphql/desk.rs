//! What becomes of a text between its writers and the public, and afterwards.

use async_graphql::{Context, Enum, ID, Object, SimpleObject};

use lienthong_app::Error;
use lienthong_app::commands::articles;
use lienthong_app::commands::desk::previews::{self, NewPreview};
use lienthong_app::commands::desk::{self, Seen};
use lienthong_domain::access::act;
use lienthong_domain::entry::{
    self, Destination, Major, Publication, PublicationInput, RemarkKind as DomainRemarkKind, TakeDown, Version,
};

use crate::error::ApiError;
use crate::graphql::mutation::{ArticlePayload, UserError, entry_id, mendable};
use crate::graphql::scalar::DateTime;
use crate::reading::Reading;

/// The work of the editorial desk.
pub(crate) struct DeskWork;

/// Whether a publication changes what the text says.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "Major")]
pub(crate) enum ChangeWeight {
    /// Readers should hear of it: moves `updatedAt`, lists and feeds.
    Major,
    /// Housekeeping, which must not look like news.
    Minor,
}

/// What a remark belongs to.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "DomainRemarkKind")]
pub(crate) enum RemarkKind {
    /// Said of a draft, without consequence.
    Comment,
    /// Why an edition was sent back.
    Return,
    /// Why an article was taken down.
    TakeDown,
}

/// What somebody said about an article on its way.
pub(crate) struct Remark(pub(crate) entry::Remark);

/// The outcome of a comment.
#[derive(SimpleObject)]
pub(crate) struct CommentPayload {
    /// What was said; none when there are errors.
    remark: Option<Remark>,
    /// What is to be mended; empty after a success.
    errors: Vec<UserError>,
}

/// The outcome of a record about a site's rule of four eyes.
#[derive(SimpleObject)]
pub(crate) struct FourEyesPayload {
    /// What is to be mended; empty after a success.
    errors: Vec<UserError>,
}

/// A link that shows a draft. It is told only once.
#[derive(SimpleObject)]
pub(crate) struct Preview {
    /// Absolute address; whoever has it needs no account.
    url: String,
    /// From when on it shows nothing.
    expires_at: DateTime,
}

/// The outcome of making a link to a draft.
#[derive(SimpleObject)]
pub(crate) struct PreviewPayload {
    /// The link; none when there are errors.
    preview: Option<Preview>,
    /// What is to be mended; empty after a success.
    errors: Vec<UserError>,
}

/// The outcome of taking links back.
#[derive(SimpleObject)]
pub(crate) struct RevokedPayload {
    /// How many there were.
    revoked: u64,
    /// What is to be mended; empty after a success.
    errors: Vec<UserError>,
}

#[Object]
impl Remark {
    /// What it belongs to.
    async fn kind(&self) -> RemarkKind {
        self.0.kind.into()
    }

    /// What was said: plain text with line breaks.
    async fn text(&self) -> &str {
        self.0.text.as_str()
    }

    /// Who decided, for a take-down.
    async fn decided_by(&self) -> Option<&str> {
        self.0.decided_by.as_deref()
    }

    /// When.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }
}

// The work of each lies on the heap: the engine's function for all these fields has room for each of their futures at once, and
// without optimisation it took a third of a thread's stack.
#[Object]
impl DeskWork {
    /// Hands the draft in; its text is fixed from then on, and writing on begins the next edition. Needs the right to edit
    /// on the site, or to create there for one's own text. What comes from somebody without the right to submit waits for
    /// an intermediary first.
    async fn submit_article(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the article.")] id: ID,
        #[graphql(desc = "The version that was read.")] version: u32,
    ) -> Result<ArticlePayload, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit_or_own::<act::Edit>()?;
        let direct = reading.permit::<act::Submit>().ok();
        let submit =
            async { desk::submit(&reading.app, &permit, (seen(&id, version)?, direct.as_ref()), reading.now).await };
        ArticlePayload::of_entry(Box::pin(submit).await)
    }

    /// Passes an agency's contribution on to the board. Needs the right to screen on the site.
    async fn screen_article(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the article.")] id: ID,
        #[graphql(desc = "The version that was read.")] version: u32,
    ) -> Result<ArticlePayload, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::Screen>()?;
        let screen = async { desk::screen(&reading.app, &permit, seen(&id, version)?, reading.now).await };
        ArticlePayload::of_entry(Box::pin(screen).await)
    }

    /// Sends what was handed in, approved or scheduled back to its writers. Needs the right to return on the site.
    async fn return_article(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the article.")] id: ID,
        #[graphql(desc = "The version that was read.")] version: u32,
        #[graphql(desc = "What is to be mended; at most 2,000 characters.")] reason: String,
    ) -> Result<ArticlePayload, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::Return>()?;
        let send_back =
            async { desk::send_back(&reading.app, &permit, (seen(&id, version)?, &reason), reading.now).await };
        ArticlePayload::of_entry(Box::pin(send_back).await)
    }

    /// Approves what was handed in; whoever has written on it may not. Needs the right to approve on the site.
    async fn approve_article(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the article.")] id: ID,
        #[graphql(desc = "The version that was read.")] version: u32,
    ) -> Result<ArticlePayload, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::Approve>()?;
        let approve = async { desk::approve(&reading.app, &permit, seen(&id, version)?, reading.now).await };
        ArticlePayload::of_entry(Box::pin(approve).await)
    }

    /// Makes the open edition public, at once or at a time, and approves it where nobody has yet; whoever has written on
    /// it may not do that. Needs the right to publish on the site.
    #[expect(clippy::too_many_arguments, reason = "each is an argument of the mutation")]
    async fn publish_article(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the article.")] id: ID,
        #[graphql(desc = "The version that was read.")] version: u32,
        #[graphql(default_with = "ChangeWeight::Major", desc = "Whether readers should hear of it.")]
        change: ChangeWeight,
        #[graphql(desc = "What has changed, for the public: one line, at most 500 characters.")] note: Option<String>,
        #[graphql(desc = "From when; at once when absent or past.")] at: Option<DateTime>,
        #[graphql(desc = "Until when; for good when absent.")] until: Option<DateTime>,
    ) -> Result<ArticlePayload, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::Publish>()?;
        let (at, until) = (at.map(|time| time.0), until.map(|time| time.0));
        let publish = async {
            let input = PublicationInput { weight: change.into(), note, at, until };
            let publication = Publication::check(input, reading.now).map_err(Error::Invalid)?;
            desk::publish(&reading.app, &permit, (seen(&id, version)?, publication), reading.now).await
        };
        ArticlePayload::of_entry(Box::pin(publish).await)
    }

    /// Begins a new draft with the text of an earlier edition. Needs the right to edit on the site, or to create there for
    /// one's own text.
    async fn restore_edition(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the article.")] id: ID,
        #[graphql(desc = "The version that was read.")] version: u32,
        #[graphql(desc = "Number of the edition.")] number: u32,
    ) -> Result<ArticlePayload, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit_or_own::<act::Edit>()?;
        let restore =
            async { articles::restore(&reading.app, &permit, (seen(&id, version)?, number), reading.now).await };
        ArticlePayload::of_entry(Box::pin(restore).await)
    }

    /// Takes back the time that was set for a publication; the edition stays approved. Needs the right to publish on the
    /// site.
    async fn unschedule_article(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the article.")] id: ID,
        #[graphql(desc = "The version that was read.")] version: u32,
    ) -> Result<ArticlePayload, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::Publish>()?;
        let unschedule = async { desk::unschedule(&reading.app, &permit, seen(&id, version)?, reading.now).await };
        ArticlePayload::of_entry(Box::pin(unschedule).await)
    }

    /// Takes a public article back; its address answers 410 from then on. Needs the right to withdraw on the site.
    async fn withdraw_article(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the article.")] id: ID,
        #[graphql(desc = "The version that was read.")] version: u32,
    ) -> Result<ArticlePayload, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::Withdraw>()?;
        let withdraw = async { desk::withdraw(&reading.app, &permit, seen(&id, version)?, reading.now).await };
        ArticlePayload::of_entry(Box::pin(withdraw).await)
    }

    /// Takes a public article down by a decision; its address answers 410 from then on. Needs the right to take down on the
    /// site.
    async fn take_down_article(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the article.")] id: ID,
        #[graphql(desc = "The version that was read.")] version: u32,
        #[graphql(desc = "Why; at most 2,000 characters.")] reason: String,
        #[graphql(desc = "The office or person that decided, as a letter would name it.")] decided_by: String,
    ) -> Result<ArticlePayload, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::TakeDown>()?;
        let take_down = async {
            let decision = TakeDown::check(&reason, &decided_by).map_err(Error::Invalid)?;
            desk::take_down(&reading.app, &permit, (seen(&id, version)?, decision), reading.now).await
        };
        ArticlePayload::of_entry(Box::pin(take_down).await)
    }

    /// Takes a public article back and lets its address lead elsewhere: asking for it is answered `MOVED` with `location`.
    /// Needs the right to withdraw on the site.
    async fn redirect_article(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the article.")] id: ID,
        #[graphql(desc = "The version that was read.")] version: u32,
        #[graphql(desc = "Absolute http or https address.")] to: String,
    ) -> Result<ArticlePayload, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::Withdraw>()?;
        let redirect = async {
            let to = Destination::check(&to).map_err(Error::Invalid)?;
            desk::redirect(&reading.app, &permit, (seen(&id, version)?, to), reading.now).await
        };
        ArticlePayload::of_entry(Box::pin(redirect).await)
    }

    /// Takes a public article out of all lists, or brings it back into them; it stays readable at its address. Needs the
    /// right to withdraw on the site.
    async fn archive_article(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the article.")] id: ID,
        #[graphql(desc = "The version that was read.")] version: u32,
        #[graphql(default = true, desc = "False brings it back.")] archived: bool,
    ) -> Result<ArticlePayload, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::Withdraw>()?;
        let archive =
            async { desk::archive(&reading.app, &permit, (seen(&id, version)?, archived), reading.now).await };
        ArticlePayload::of_entry(Box::pin(archive).await)
    }

    /// Puts an article that is not public into the trash, or takes it out. Needs the right to discard on the site.
    async fn discard_article(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the article.")] id: ID,
        #[graphql(desc = "The version that was read.")] version: u32,
        #[graphql(default = true, desc = "False takes it out.")] discarded: bool,
    ) -> Result<ArticlePayload, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::Discard>()?;
        let discard =
            async { desk::discard(&reading.app, &permit, (seen(&id, version)?, discarded), reading.now).await };
        ArticlePayload::of_entry(Box::pin(discard).await)
    }

    /// Says something about an article, for those who work on it. Needs the right to comment on the site, or to create
    /// there for one's own text.
    async fn comment_on_article(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the article.")] id: ID,
        #[graphql(desc = "Plain text; at most 2,000 characters.")] text: String,
    ) -> Result<CommentPayload, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit_or_own::<act::Comment>()?;
        let comment = async { desk::comment(&reading.app, &permit, (entry_id(&id)?, &text), reading.now).await };
        match Box::pin(comment).await {
            Ok(remark) => Ok(CommentPayload { remark: Some(Remark(remark)), errors: Vec::new() }),
            Err(error) => Ok(CommentPayload { remark: None, errors: mendable(error)? }),
        }
    }

    /// Makes a link that shows the open edition of an article to somebody without an account. Needs the right to share
    /// previews on the site.
    async fn share_preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the article.")] id: ID,
        #[graphql(default = 24, desc = "How long it shows it, 1 to 168 hours.")] hours: u32,
    ) -> Result<PreviewPayload, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::SharePreview>()?;
        let share = async { previews::share(&reading.app, &permit, (entry_id(&id)?, hours), reading.now).await };
        match Box::pin(share).await {
            Ok(NewPreview { secret, expires_at }) => {
                let base = reading.public_url.as_str().trim_end_matches('/');
                let preview = Preview { url: format!("{base}/v1/previews/{secret}"), expires_at: DateTime(expires_at) };
                Ok(PreviewPayload { preview: Some(preview), errors: Vec::new() })
            }
            Err(error) => Ok(PreviewPayload { preview: None, errors: mendable(error)? }),
        }
    }

    /// Takes back all links to drafts of an article. Needs the right to share previews on the site.
    async fn revoke_previews(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the article.")] id: ID,
    ) -> Result<RevokedPayload, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::SharePreview>()?;
        let revoke = async { previews::revoke(&reading.app, &permit, entry_id(&id)?, reading.now).await };
        match Box::pin(revoke).await {
            Ok(revoked) => Ok(RevokedPayload { revoked, errors: Vec::new() }),
            Err(error) => Ok(RevokedPayload { revoked: 0, errors: mendable(error)? }),
        }
    }

    /// Lets whoever writes on a site approve their own texts, with a reason that monitors see. Needs the right to record
    /// exceptions on the site.
    async fn record_four_eyes_exception(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Host or id of the site.")] site: String,
        #[graphql(desc = "Why; at most 2,000 characters.")] reason: String,
    ) -> Result<FourEyesPayload, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::RecordException>()?;
        let record = async {
            let site = reading.named().site(&site).ok_or(Error::NotFound("site"))?.id;
            desk::record_exception(&reading.app, &permit, (site, &reason), reading.now).await
        };
        FourEyesPayload::of(Box::pin(record).await)
    }

    /// Lets the rule of four eyes hold on a site again. Needs the right to record exceptions on the site.
    async fn end_four_eyes_exception(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Host or id of the site.")] site: String,
    ) -> Result<FourEyesPayload, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::RecordException>()?;
        let end = async {
            let site = reading.named().site(&site).ok_or(Error::NotFound("site"))?.id;
            desk::end_exception(&reading.app, &permit, site, reading.now).await
        };
        FourEyesPayload::of(Box::pin(end).await)
    }
}

impl FourEyesPayload {
    fn of(outcome: Result<(), Error>) -> Result<Self, ApiError> {
        match outcome {
            Ok(()) => Ok(Self { errors: Vec::new() }),
            Err(error) => Ok(Self { errors: mendable(error)? }),
        }
    }
}

fn seen(id: &ID, version: u32) -> Result<Seen, Error> {
    Ok((entry_id(id)?, Version::new(version)))
}
