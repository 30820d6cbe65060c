//! An index of one market on this node: a folder of its own, a state that searches see, and a writer while there is something to
//! write.
//!
//! What the folder holds is remembered with each commit: the place in the market's log up to which its products are in. A folder that
//! cannot be opened, fails its checksums, has another form or knows a log that is not this database's is thrown away and built anew.

use super::columns::{Snapshot, Unpacked};
use super::fault;
use super::schema::{self, Fields, Stock};
use crate::platform::problem::Fault;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use tantivy::directory::MmapDirectory;
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, TantivyDocument, Term};

/// How far in the log an index is: the place, and the event there, which tells one log from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reached {
    /// Place in the market's log; 0 before the first event.
    pub seq: i64,
    /// The event at that place; 0 before the first.
    pub event: u128,
}

impl Reached {
    fn read(text: &str) -> Option<Self> {
        let (seq, event) = text.split_once(' ')?;
        Some(Self { seq: seq.parse().ok()?, event: u128::from_str_radix(event, 16).ok()? })
    }

    fn written(self) -> String {
        format!("{} {:032x}", self.seq, self.event)
    }
}

/// A change of the index.
pub enum Change {
    /// A product or supplier as it is now.
    Put(u128, TantivyDocument),
    /// One that is not there yet.
    Add(TantivyDocument),
    /// One that is not offered, or does not sell, any more.
    Remove(u128),
    /// All at once: what was there before is dropped.
    Clear,
}

/// One market's index.
pub struct Shelf {
    /// Its fields.
    pub fields: Fields,
    stock: Stock,
    index: Index,
    reader: IndexReader,
    unpacked: Unpacked,
    snapshot: RwLock<Arc<Snapshot>>,
    writer: Mutex<Option<IndexWriter>>,
    reached: Mutex<Option<Reached>>,
    complete: AtomicBool,
}

fn held<T>(lock: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shelf {
    /// Opens the index in `folder`, or begins a new one there when it is missing or broken.
    pub fn open(folder: &Path, stock: Stock) -> Result<Self, Fault> {
        match Self::try_open(folder, stock) {
            Ok(shelf) => Ok(shelf),
            Err(broken) => {
                tracing::warn!(folder = %folder.display(), error = %broken, "the search index cannot be used and is built anew");
                std::fs::remove_dir_all(folder).map_err(fault)?;
                Self::try_open(folder, stock)
            }
        }
    }

    fn try_open(folder: &Path, stock: Stock) -> Result<Self, Fault> {
        std::fs::create_dir_all(folder).map_err(fault)?;
        let (schema, fields) = schema::schema();
        let directory = MmapDirectory::open(folder).map_err(fault)?;
        let index = Index::open_or_create(directory, schema).map_err(fault)?;
        let broken = index.validate_checksum().map_err(fault)?;
        if let Some(file) = broken.iter().next() {
            return Err(Fault::new(format!("file {} of the search index is damaged", file.display())));
        }
        let reached = index.load_metas().map_err(fault)?.payload.as_deref().and_then(Reached::read);
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into().map_err(fault)?;
        let unpacked = Unpacked::default();
        let snapshot = RwLock::new(Arc::new(unpacked.snapshot(reader.searcher())?));
        let complete = AtomicBool::new(reached.is_some());
        let (writer, reached) = (Mutex::new(None), Mutex::new(reached));
        Ok(Self { fields, stock, index, reader, unpacked, snapshot, writer, reached, complete })
    }

    /// The state searches see now.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.snapshot.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// How far in the log it is; `None` while it was never built to its end.
    pub fn reached(&self) -> Option<Reached> {
        *held(&self.reached)
    }

    /// False while it is being built: what it finds is right, but not all.
    pub fn is_complete(&self) -> bool {
        self.complete.load(Ordering::Acquire)
    }

    /// It must be built from the beginning.
    pub fn doubt(&self) {
        *held(&self.reached) = None;
        self.complete.store(false, Ordering::Release);
    }

    /// Moves on in the log where nothing concerned the index; kept with the next commit.
    pub fn pass(&self, reached: Reached) {
        *held(&self.reached) = Some(reached);
    }

    /// Writes changes; with `commit` they are kept and seen, together with how far in the log they reach (`None`: still being built).
    /// Blocks.
    pub fn write(&self, changes: Vec<Change>, commit: Option<Option<Reached>>) -> Result<(), Fault> {
        let mut place = held(&self.writer);
        let writer = match place.as_mut() {
            Some(writer) => writer,
            None => place.insert(self.index.writer_with_num_threads(1, self.stock.buffer()).map_err(fault)?),
        };
        match self.put(writer, changes, commit) {
            Ok(()) => Ok(()),
            Err(failed) => {
                // A writer that failed once refuses everything; the next one begins at the last commit.
                *place = None;
                Err(failed)
            }
        }
    }

    fn put(
        &self,
        writer: &mut IndexWriter,
        changes: Vec<Change>,
        commit: Option<Option<Reached>>,
    ) -> Result<(), Fault> {
        for change in changes {
            match change {
                Change::Clear => {
                    writer.delete_all_documents().map_err(fault)?;
                }
                Change::Add(document) => {
                    writer.add_document(document).map_err(fault)?;
                }
                Change::Remove(id) => {
                    writer.delete_term(Term::from_field_text(self.fields.id, &format!("{id:032x}")));
                }
                Change::Put(id, document) => {
                    writer.delete_term(Term::from_field_text(self.fields.id, &format!("{id:032x}")));
                    writer.add_document(document).map_err(fault)?;
                }
            }
        }
        let Some(reached) = commit else { return Ok(()) };
        let mut prepared = writer.prepare_commit().map_err(fault)?;
        prepared.set_payload(&reached.map(Reached::written).unwrap_or_default());
        prepared.commit().map_err(fault)?;
        *held(&self.reached) = reached;
        self.complete.store(reached.is_some(), Ordering::Release);
        self.renew()
    }

    fn renew(&self) -> Result<(), Fault> {
        self.reader.reload().map_err(fault)?;
        let fresh = Arc::new(self.unpacked.snapshot(self.reader.searcher())?);
        *self.snapshot.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }

    /// Gives the writer's memory and threads back; merges under way are finished first. Blocks.
    pub fn rest(&self) -> Result<(), Fault> {
        let Some(writer) = held(&self.writer).take() else { return Ok(()) };
        writer.wait_merging_threads().map_err(fault)?;
        self.renew()
    }
}

/// The folder of this node: `search/0`, or the next one that no other process holds.
pub struct Room {
    /// Where.
    pub folder: PathBuf,
    /// Held as long as the process lives.
    _lock: std::fs::File,
}

/// Nodes that may share a machine and a folder.
const NODES_MAX: u32 = 64;

impl Room {
    /// Takes a folder below `base`.
    pub fn take(base: &Path) -> Result<Self, Fault> {
        for node in 0..NODES_MAX {
            let folder = base.join(node.to_string());
            std::fs::create_dir_all(&folder).map_err(fault)?;
            let lock = std::fs::File::create(folder.join("held")).map_err(fault)?;
            match lock.try_lock() {
                Ok(()) => return Ok(Self { folder, _lock: lock }),
                Err(std::fs::TryLockError::WouldBlock) => {}
                Err(std::fs::TryLockError::Error(error)) => return Err(fault(error)),
            }
        }
        Err(Fault::new(format!("{NODES_MAX} processes keep a search index below {} already", base.display())))
    }
}
