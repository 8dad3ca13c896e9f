//! One live entry as the index holds it, and how lists and searches become queries over that.

use tantivy::query::{BooleanQuery, PhraseQuery, Query, TermQuery, TermSetQuery};
use tantivy::schema::{BytesOptions, FAST, Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{TokenizerManager, WhitespaceTokenizer};
use tantivy::{TantivyDocument, Term};

use lienthong_domain::ids::EntryId;
use lienthong_domain::scope::ScopeKey;
use lienthong_domain::time::Timestamp;
use lienthong_persistence::live_entries::Listing;
use lienthong_persistence::live_texts::LiveText;
use lienthong_syndication::plain_text;

use super::query::{Run, TextQuery};
use super::words::words;

/// Counts the layouts of the index and of the words in it: an index of another layout is built anew.
pub(super) const LAYOUT: u32 = 1;

/// Our words come folded and set apart by single spaces; the index only splits them.
const TOKENIZER: &str = "folded";

/// The fields of a document.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields {
    /// Words of title, summary, body and tags, each a value of its own, so that no phrase reaches from one into another.
    words: Field,
    /// The entry, its lists and its properties as exact terms, told apart by their first byte.
    marks: Field,
}

/// Fast fields, by name because that is how tantivy opens them.
pub(super) const PUBLISHED: &str = "published";
pub(super) const UPDATED: &str = "updated";
/// When the entry ends; the far future when it does not.
pub(super) const UNTIL: &str = "until";
/// The two halves of the entry's id, which decides among equal times.
pub(super) const ID_HIGH: &str = "id_high";
pub(super) const ID_LOW: &str = "id_low";

/// A property by which documents are found or left out.
enum Mark<'a> {
    Entry(EntryId),
    Scope(ScopeKey),
    Language(&'a str),
    Kind(&'a str),
    Category(uuid::Uuid),
    Topic(uuid::Uuid),
}

/// The schema, and the fields of it that are used by number.
pub(super) fn schema() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let indexing = TextFieldIndexing::default().set_tokenizer(TOKENIZER).set_fieldnorms(false);
    let indexing = indexing.set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let words = schema.add_text_field("words", TextOptions::default().set_indexing_options(indexing));
    let marks = schema.add_bytes_field("marks", BytesOptions::default().set_indexed());
    for time in [PUBLISHED, UPDATED, UNTIL] {
        schema.add_i64_field(time, FAST);
    }
    for half in [ID_HIGH, ID_LOW] {
        schema.add_u64_field(half, FAST);
    }
    (schema.build(), Fields { words, marks })
}

/// The tokenizers that [`schema`] names; fields that are no text name tantivy's default.
pub(super) fn tokenizers() -> TokenizerManager {
    let tokenizers = TokenizerManager::default();
    tokenizers.register(TOKENIZER, WhitespaceTokenizer::default());
    tokenizers
}

impl Fields {
    /// The document of a live entry, and how many bytes of words it holds.
    pub(super) fn document(self, schema: &Schema, live: &LiveText) -> tantivy::Result<(TantivyDocument, usize)> {
        let mut document = TantivyDocument::default();
        let mut bytes = 0;
        for part in parts(live) {
            bytes += part.len();
            document.add_text(self.words, part);
        }
        for mark in marks(live) {
            document.add_bytes(self.marks, &mark.term());
        }
        let until = live.visible_until.map_or(i64::MAX, Timestamp::as_micros);
        for (name, time) in
            [(PUBLISHED, live.published_at.as_micros()), (UPDATED, live.updated_at.as_micros()), (UNTIL, until)]
        {
            document.add_i64(schema.get_field(name)?, time);
        }
        let (high, low) = live.entry.as_uuid().as_u64_pair();
        document.add_u64(schema.get_field(ID_HIGH)?, high);
        document.add_u64(schema.get_field(ID_LOW)?, low);
        Ok((document, bytes))
    }

    /// The term that only the document of `entry` has.
    pub(super) fn entry(self, entry: EntryId) -> Term {
        self.mark(&Mark::Entry(entry))
    }

    /// What is in the list and meets the search. The list's times are judged where its order is.
    pub(super) fn query(self, listing: &Listing, text: &TextQuery) -> BooleanQuery {
        let mut all: Vec<Box<dyn Query>> = vec![self.exactly(&Mark::Scope(listing.scope))];
        all.extend(listing.language.as_deref().map(|language| self.exactly(&Mark::Language(language))));
        all.extend(listing.article_kind.map(|kind| self.exactly(&Mark::Kind(kind.as_str()))));
        if !listing.topics.is_empty() {
            let topics = listing.topics.iter().map(|topic| self.mark(&Mark::Topic(topic.as_uuid())));
            all.push(Box::new(TermSetQuery::new(topics)));
        }
        if !listing.categories.is_empty() {
            let categories = listing.categories.iter().map(|category| self.mark(&Mark::Category(category.as_uuid())));
            all.push(Box::new(TermSetQuery::new(categories)));
        }
        for clause in &text.clauses {
            all.push(any_of(clause.0.iter().map(|runs| self.alternative(runs, listing)).collect()));
        }
        BooleanQuery::intersection(all)
    }

    /// What has several words is looked for in the list alone: where there are alternatives, it would be looked for
    /// everywhere.
    fn alternative(self, runs: &[Run], listing: &Listing) -> Box<dyn Query> {
        let is_costly = runs.len() > 1 || runs.iter().any(|run| run.0.len() > 1);
        let scope = is_costly.then(|| self.exactly(&Mark::Scope(listing.scope)));
        all_of(scope.into_iter().chain(runs.iter().map(|run| self.run(run))).collect())
    }

    fn run(self, run: &Run) -> Box<dyn Query> {
        let mut terms: Vec<Term> = run.0.iter().map(|word| Term::from_field_text(self.words, word)).collect();
        match (terms.pop(), terms.is_empty()) {
            (Some(term), true) => Box::new(TermQuery::new(term, IndexRecordOption::Basic)),
            (last, _) => {
                terms.extend(last);
                Box::new(PhraseQuery::new(terms))
            }
        }
    }

    fn exactly(self, mark: &Mark<'_>) -> Box<dyn Query> {
        Box::new(TermQuery::new(self.mark(mark), IndexRecordOption::Basic))
    }

    fn mark(self, mark: &Mark<'_>) -> Term {
        Term::from_field_bytes(self.marks, &mark.term())
    }
}

impl Mark<'_> {
    fn term(&self) -> Vec<u8> {
        let (letter, value): (u8, &[u8]) = match self {
            Self::Entry(id) => (b'e', &id.as_uuid().into_bytes()),
            Self::Scope(key) => (b's', key.as_bytes()),
            Self::Language(tag) => (b'l', tag.as_bytes()),
            Self::Kind(name) => (b'k', name.as_bytes()),
            Self::Category(id) => (b'c', id.as_bytes()),
            Self::Topic(id) => (b't', id.as_bytes()),
        };
        [&[letter], value].concat()
    }
}

/// The parts of an entry's text in which words are found, folded.
fn parts(live: &LiveText) -> impl Iterator<Item = String> + '_ {
    let body = plain_text(&live.html);
    let texts = [words(&live.title), words(&live.summary), words(&body)];
    texts.into_iter().chain(live.tags.iter().map(|tag| words(tag))).filter(|part| !part.is_empty())
}

fn marks(live: &LiveText) -> Vec<Mark<'_>> {
    let mut marks = vec![Mark::Entry(live.entry), Mark::Language(&live.language)];
    marks.extend(live.scopes.iter().map(Mark::Scope));
    marks.extend(live.article_kind.map(|kind| Mark::Kind(kind.as_str())));
    marks.extend(live.category.map(|category| Mark::Category(category.as_uuid())));
    marks.extend(live.topic.map(|topic| Mark::Topic(topic.as_uuid())));
    marks
}

fn all_of(mut queries: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    match (queries.pop(), queries.is_empty()) {
        (Some(only), true) => only,
        (last, _) => Box::new(BooleanQuery::intersection(queries.into_iter().chain(last).collect())),
    }
}

fn any_of(mut queries: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    match (queries.pop(), queries.is_empty()) {
        (Some(only), true) => only,
        (last, _) => Box::new(BooleanQuery::union(queries.into_iter().chain(last).collect())),
    }
}
