//! The files of the index: opened, written and committed here, always by the one process that holds their lock.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tantivy::directory::MmapDirectory;
use tantivy::indexer::{IndexWriterOptions, LogMergePolicy};
use tantivy::schema::Schema;
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, Searcher, TantivyError};
use tempfile::TempDir;

use lienthong_domain::change::LogPosition;
use lienthong_domain::ids::EntryId;
use lienthong_persistence::live_texts::LiveText;

use super::document::{Fields, LAYOUT, schema, tokenizers};

/// Bytes in which the writer gathers postings before it writes a segment.
const WRITER_BYTES: usize = 50_000_000;

/// Bytes of words that may wait for the writer: its own queue counts documents, whatever their size. A full queue is
/// emptied by a commit.
const WAITING_BYTES: usize = 32_000_000;

/// Part of a segment's documents that may be deleted before it is written anew.
const DELETED_PART: f32 = 0.25;

/// Where the index lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SearchPlace {
    /// A folder that belongs to the index alone. Made when missing.
    Folder(PathBuf),
    /// A folder of the system's temporary ones, gone with the process.
    Temporary,
}

/// What is wrong with the files of the index.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The folder cannot be made or written.
    #[error("cannot use the search index in {}: {reason}", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// Another process writes it.
    #[error("the search index in {} is used by another process", .0.display())]
    InUse(PathBuf),
    /// It cannot be read or written.
    #[error("search index: {0}")]
    Index(#[from] TantivyError),
}

/// The open index.
pub(super) struct Disk {
    index: Index,
    reader: IndexReader,
    schema: Schema,
    fields: Fields,
    /// `None` after a failure: the next use opens it anew, from the last commit.
    writer: Mutex<Option<Writer>>,
    _temporary: Option<TempDir>,
}

struct Writer {
    inner: IndexWriter,
    waiting: usize,
}

/// Which entries to take out, and what to put in.
pub(super) struct Changed {
    pub(super) out: Vec<EntryId>,
    pub(super) into: Vec<LiveText>,
}

impl Disk {
    /// Opens the index; one that is broken or of another layout is emptied. Takes the writer's lock.
    pub(super) fn open(place: &SearchPlace) -> Result<Self, SearchError> {
        let (folder, temporary) = match place {
            SearchPlace::Folder(folder) => (folder.clone(), None),
            SearchPlace::Temporary => {
                let folder = TempDir::with_prefix("lienthong-search-");
                let folder = folder.map_err(|error| unusable(&std::env::temp_dir(), &error))?;
                (folder.path().to_owned(), Some(folder))
            }
        };
        std::fs::create_dir_all(&folder).map_err(|error| unusable(&folder, &error))?;
        let (schema, fields) = schema();
        let index = match open_index(&folder, schema.clone()) {
            Ok(index) => index,
            Err(error) => {
                tracing::warn!(%error, folder = %folder.display(), "the search index cannot be read and is built anew");
                empty(&folder)?;
                open_index(&folder, schema.clone())?
            }
        };
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let writer = Mutex::new(Some(Writer::open(&index).map_err(|error| locked(&folder, error))?));
        Ok(Self { index, reader, schema, fields, writer, _temporary: temporary })
    }

    /// The fields, to make queries of.
    pub(super) const fn fields(&self) -> Fields {
        self.fields
    }

    /// The last commit.
    pub(super) fn searcher(&self) -> Searcher {
        self.reader.searcher()
    }

    /// The position in the change log at the last commit; `None` when that was in the middle of a build.
    pub(super) fn position(&self) -> Result<Option<LogPosition>, SearchError> {
        Ok(self.index.load_metas()?.payload.as_deref().and_then(read_position))
    }

    /// Takes everything out. Until the next commit with a position the index counts as being built.
    pub(super) fn clear(&self) -> Result<(), SearchError> {
        self.write(|writer| {
            writer.inner.delete_all_documents()?;
            writer.commit("")
        })
    }

    /// Replaces entries. Seen after the next commit.
    pub(super) fn change(&self, changed: &Changed) -> Result<(), SearchError> {
        self.write(|writer| {
            for entry in &changed.out {
                writer.inner.delete_term(self.fields.entry(*entry));
            }
            for live in &changed.into {
                let (document, bytes) = self.fields.document(&self.schema, live)?;
                writer.inner.add_document(document)?;
                writer.waiting += bytes;
            }
            Ok(())
        })
    }

    /// Whether so much waits for the writer that it has to be waited for.
    pub(super) fn is_full(&self) -> bool {
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        writer.as_ref().is_some_and(|writer| writer.waiting > WAITING_BYTES)
    }

    /// Makes all changes so far durable. `None` while a build goes on.
    pub(super) fn commit(&self, position: Option<LogPosition>) -> Result<(), SearchError> {
        self.write(|writer| writer.commit(&position.map(shown_position).unwrap_or_default()))?;
        Ok(self.reader.reload()?)
    }

    fn write<T>(&self, work: impl FnOnce(&mut Writer) -> tantivy::Result<T>) -> Result<T, SearchError> {
        let mut held = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let mut writer = match held.take() {
            Some(writer) => writer,
            None => Writer::open(&self.index)?,
        };
        // A writer that has failed is not put back.
        let done = work(&mut writer)?;
        *held = Some(writer);
        Ok(done)
    }
}

impl Writer {
    fn open(index: &Index) -> tantivy::Result<Self> {
        let options = IndexWriterOptions::builder().memory_budget_per_thread(WRITER_BYTES);
        let inner: IndexWriter =
            index.writer_with_options(options.num_worker_threads(1).num_merge_threads(1).build())?;
        let mut merging = LogMergePolicy::default();
        merging.set_del_docs_ratio_before_merge(DELETED_PART);
        inner.set_merge_policy(Box::new(merging));
        Ok(Self { inner, waiting: 0 })
    }

    fn commit(&mut self, payload: &str) -> tantivy::Result<()> {
        let mut prepared = self.inner.prepare_commit()?;
        prepared.set_payload(payload);
        prepared.commit()?;
        self.waiting = 0;
        Ok(())
    }
}

fn open_index(folder: &Path, schema: Schema) -> Result<Index, SearchError> {
    let directory = MmapDirectory::open(folder).map_err(TantivyError::from)?;
    Ok(Index::builder().schema(schema).tokenizers(tokenizers()).open_or_create(directory)?)
}

/// Removes the files of an index from a folder, and nothing else, should somebody have named the wrong one.
fn empty(folder: &Path) -> Result<(), SearchError> {
    let remove = || -> std::io::Result<()> {
        for file in std::fs::read_dir(folder)? {
            let file = file?;
            if file.file_name().to_str().is_some_and(is_of_index) {
                std::fs::remove_file(file.path())?;
            }
        }
        Ok(())
    };
    remove().map_err(|error| unusable(folder, &error))
}

/// Segments are named by 32 hexadecimal digits.
fn is_of_index(name: &str) -> bool {
    let segment = name.split('.').next().unwrap_or_default();
    let is_segment = segment.len() == 32 && segment.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_segment || matches!(name, "meta.json" | ".managed.json" | ".tantivy-writer.lock" | ".tantivy-meta.lock")
}

fn unusable(folder: &Path, error: &std::io::Error) -> SearchError {
    SearchError::Folder { folder: folder.to_owned(), reason: error.to_string() }
}

fn locked(folder: &Path, error: TantivyError) -> SearchError {
    match error {
        TantivyError::LockFailure(tantivy::directory::error::LockError::LockBusy, _) => {
            SearchError::InUse(folder.to_owned())
        }
        other => other.into(),
    }
}

/// What a commit says of itself: the layout and the position.
fn shown_position(LogPosition { epoch, seq }: LogPosition) -> String {
    format!("{LAYOUT} {epoch} {seq}")
}

fn read_position(payload: &str) -> Option<LogPosition> {
    let mut words = payload.split(' ');
    let layout: u32 = words.next()?.parse().ok()?;
    let epoch = words.next()?.parse().ok()?;
    let seq = words.next()?.parse().ok()?;
    (layout == LAYOUT).then_some(LogPosition { epoch, seq })
}
