//! What a writer has not saved yet.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use lienthong_app::commands::desk::autosaves as commands;
use lienthong_domain::access::act;
use lienthong_domain::autosave::{self, Scratch};
use lienthong_domain::entry::Version;

use crate::error::ApiError;
use crate::graphql::mutation::{UserError, entry_id, mendable};
use crate::graphql::scalar::DateTime;
use crate::reading::Reading;

/// Writes of scratch copies.
pub(crate) struct AutosaveMutation;

/// What is typed, as it is typed.
#[derive(InputObject)]
pub(crate) struct AutosaveInput {
    /// Title; at most 500 characters.
    #[graphql(default)]
    title: String,
    /// Summary; at most 2,000 characters.
    #[graphql(default)]
    summary: String,
    /// HTML; at most 1 MiB.
    #[graphql(default)]
    body: String,
}

/// What you have typed into an article and not saved. Only you see it.
#[derive(SimpleObject)]
pub(crate) struct Autosave {
    /// Title.
    title: String,
    /// Summary.
    summary: String,
    /// HTML exactly as it came from you, **neither sanitised nor scanned**: put it back into the editor you wrote it with, and show
    /// it nowhere.
    body: String,
    /// The version of the article that you were writing on.
    version: u32,
    /// Whether somebody has changed the article since.
    is_stale: bool,
    /// When it was kept.
    saved_at: DateTime,
    /// From when on it is forgotten.
    expires_at: DateTime,
}

/// The outcome of keeping a scratch copy.
#[derive(SimpleObject)]
pub(crate) struct AutosavePayload {
    /// When it was kept; none when there are errors.
    saved_at: Option<DateTime>,
    /// From when on it is forgotten.
    expires_at: Option<DateTime>,
    /// What is to be mended; empty after a success.
    errors: Vec<UserError>,
}

/// The outcome of forgetting a scratch copy.
#[derive(SimpleObject)]
pub(crate) struct AutosaveForgottenPayload {
    /// Whether there was one.
    forgotten: bool,
    /// What is to be mended; empty after a success.
    errors: Vec<UserError>,
}

#[Object]
impl AutosaveMutation {
    /// Keeps what you are typing for 14 days, in place of what you kept before. It is no write: no version changes, nobody else
    /// sees it, and nothing shows it. Refused while the text is handed in, approved or waiting for its time, because it could not
    /// be saved then. It is forgotten when you save the draft, and when the article is thrown away.
    async fn autosave(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the article.")] id: ID,
        #[graphql(desc = "The version that you are writing on.")] version: u32,
        #[graphql(desc = "What is typed.")] input: AutosaveInput,
    ) -> Result<AutosavePayload, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit_or_own::<act::Edit>()?;
        let keep = async {
            let seen = (entry_id(&id)?, Version::new(version));
            commands::keep(&reading.app, &permit, (seen, input.into()), reading.now).await
        };
        Ok(match keep.await {
            Ok(autosave::Autosave { saved_at, expires_at, .. }) => AutosavePayload {
                saved_at: Some(DateTime(saved_at)),
                expires_at: Some(DateTime(expires_at)),
                errors: Vec::new(),
            },
            Err(error) => AutosavePayload { saved_at: None, expires_at: None, errors: mendable(error)? },
        })
    }

    /// Forgets what you have typed into an article and not saved.
    async fn discard_autosave(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the article.")] id: ID,
    ) -> Result<AutosaveForgottenPayload, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit_or_own::<act::Edit>()?;
        let forget = async { commands::forget(&reading.app, &permit, entry_id(&id)?).await };
        Ok(match forget.await {
            Ok(forgotten) => AutosaveForgottenPayload { forgotten, errors: Vec::new() },
            Err(error) => AutosaveForgottenPayload { forgotten: false, errors: mendable(error)? },
        })
    }
}

impl Autosave {
    pub(crate) fn of(kept: autosave::Autosave, current: Version) -> Self {
        let autosave::Autosave { entry: _, actor: _, version, scratch, saved_at, expires_at } = kept;
        let Scratch { title, summary, body } = scratch;
        Self {
            title,
            summary,
            body,
            version: version.get(),
            is_stale: version != current,
            saved_at: DateTime(saved_at),
            expires_at: DateTime(expires_at),
        }
    }
}

impl From<AutosaveInput> for Scratch {
    fn from(input: AutosaveInput) -> Self {
        let AutosaveInput { title, summary, body } = input;
        Self { title, summary, body }
    }
}
