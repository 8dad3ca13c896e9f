//! Creates that can be sent again: a client that lost the answer repeats the request under the same key, and nothing is
//! made twice.

use lienthong_domain::access::{Permit, act};
use lienthong_domain::article::ArticleInput;
use lienthong_domain::entry::{Edition, Entry};
use lienthong_persistence::idempotency_keys::{self, Made};
use lienthong_persistence::{Tx, entries};

use crate::commands::articles::NewArticle;
use crate::error::Error;

/// How long a key is remembered.
const REMEMBERED_SECONDS: i64 = 24 * 60 * 60;

/// A client's name for one request, unique among the requests of its account within 24 hours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// Longest key, in bytes; a UUID has 36.
    pub const MAX_LEN: usize = 200;

    /// Reads a key: 1 to [`Self::MAX_LEN`] visible ASCII characters.
    ///
    /// # Errors
    /// [`Error::BadRequest`] for anything else.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let fits = (1..=Self::MAX_LEN).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        if fits {
            return Ok(Self(text.to_owned()));
        }
        let rule = format!("a key is 1 to {} visible ASCII characters, such as a UUID", Self::MAX_LEN);
        Err(Error::bad_request("idempotencyKey", rule))
    }
}

/// A request that has a key.
pub(super) struct Attempt {
    key: IdempotencyKey,
    /// Of what is asked for, not of the bytes that asked: a repetition may come with other spaces or over another API.
    digest: [u8; 32],
}

impl Attempt {
    /// The attempt behind a request; `None` when it has no key.
    pub(super) fn of(new: &NewArticle) -> Result<Option<Self>, Error> {
        let NewArticle { site, slug, corrects, input, idempotency } = new;
        let Some(key) = idempotency else { return Ok(None) };
        let ArticleInput {
            kind,
            audience,
            category,
            topic,
            series,
            title,
            summary,
            body,
            language,
            tags,
            author,
            source,
            cover,
            attachments,
        } = input;
        let place = (category, topic, series);
        let text = (kind, audience, place, title, summary, body, language, tags, author, source, cover, attachments);
        let mut hasher = blake3::Hasher::new();
        serde_json::to_writer(&mut hasher, &(site, slug, corrects, text))
            .map_err(|error| Error::Internal(format!("a request cannot be digested: {error}")))?;
        Ok(Some(Self { key: key.clone(), digest: *hasher.finalize().as_bytes() }))
    }

    /// Takes the key for `entry`, which is about to be saved by this transaction. When the request was fulfilled before,
    /// returns the entry as it was made then, and nothing may be saved.
    pub(super) async fn claim(
        self,
        tx: &Tx,
        permit: &Permit<act::Create>,
        entry: &Entry,
    ) -> Result<Option<Entry>, Error> {
        let Some(draft) = &entry.draft else { return Ok(None) };
        let new = Made {
            actor: permit.actor(),
            key: self.key.0,
            digest: self.digest,
            site: entry.site,
            entry: entry.id,
            edition: draft.id,
            at: entry.created_at,
        };
        let expired = entry.created_at.plus_seconds(-REMEMBERED_SECONDS);
        let Some(earlier) = idempotency_keys::claim(tx, &new, expired).await? else { return Ok(None) };
        if earlier.digest != self.digest {
            return Err(Error::IdempotencyKeyReused);
        }
        let found = entries::lock(tx, permit.scope(), earlier.entry).await?.ok_or(Error::NotFound("article"))?;
        Ok(Some(as_made(found, &earlier, entry)))
    }
}

/// The entry as it was made, whatever has become of it. Identity, address and time were decided then and are read back;
/// the text follows from the request, which is the same.
fn as_made(found: Entry, earlier: &Made, repeated: &Entry) -> Entry {
    let draft = repeated.draft.clone().map(|draft| Edition { id: earlier.edition, created_at: earlier.at, ..draft });
    let Entry { id, slug, tag_uri, created_at, .. } = found;
    Entry { id, slug, tag_uri, created_at, draft, ..repeated.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_visible_ascii_of_bounded_length() {
        let longest = "k".repeat(IdempotencyKey::MAX_LEN);
        for key in ["x", "8e03978e-40d5-43e8-bc93-6894a57f9324", longest.as_str()] {
            assert!(IdempotencyKey::parse(key).is_ok(), "{key}");
        }
        let too_long = format!("{longest}k");
        for key in ["", "a b", "khóa", "a\n", too_long.as_str()] {
            assert!(matches!(IdempotencyKey::parse(key), Err(Error::BadRequest { .. })), "{key:?}");
        }
    }
}
