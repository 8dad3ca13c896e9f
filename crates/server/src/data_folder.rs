//! The data folder: what lies in it, and who may serve it.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use lienthong_app::search::SearchPlace;

use crate::failure::Failure;

/// A folder with the database, its seal key, and the lock of the server.
pub(crate) struct DataFolder {
    path: PathBuf,
}

/// Held by the one server of a folder. The operating system gives it back when the process ends, however it ends.
pub(crate) struct ServeLock {
    _file: File,
}

impl DataFolder {
    /// Opens the folder; a missing one is made for its owner alone.
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
        made.map_err(|error| Failure::while_doing(format!("cannot use the data folder {}", path.display()), error))?;
        Ok(Self::at(path))
    }

    /// The folder, whether there is one or not.
    pub(crate) fn at(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    /// The `SQLite` database.
    pub(crate) fn database(&self) -> PathBuf {
        self.path.join("lienthong.db")
    }

    /// The search index of this node. It can be made again from the database at any time.
    pub(crate) fn search(&self) -> SearchPlace {
        SearchPlace::Folder(self.path.join("search"))
    }

    /// The files of libraries, unless the configuration names another folder.
    pub(crate) fn media(&self) -> PathBuf {
        self.path.join("media")
    }

    /// Where files lie while they arrive at this node.
    pub(crate) fn spool(&self) -> PathBuf {
        self.path.join("spool")
    }

    /// The key that seals the secrets in it.
    pub(crate) fn seal_key(&self) -> PathBuf {
        self.path.join("seal.key")
    }

    /// Takes the folder for this process.
    pub(crate) fn lock(&self) -> Result<ServeLock, Failure> {
        let path = self.path.join("serve.lock");
        let cannot =
            |error| Failure::while_doing(format!("cannot write to the data folder {}", self.path.display()), error);
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path).map_err(cannot)?;
        match file.try_lock() {
            Ok(()) => {
                name_ourselves(&mut file).map_err(cannot)?;
                Ok(ServeLock { _file: file })
            }
            Err(TryLockError::WouldBlock) => Err(self.taken(&mut file)),
            Err(TryLockError::Error(error)) => Err(cannot(error)),
        }
    }

    fn taken(&self, file: &mut File) -> Failure {
        let mut holder = String::new();
        // The number only helps to find the other one.
        let _ = file.read_to_string(&mut holder);
        let folder = self.path.display();
        Failure::new(format!("the data folder {folder} is in use by another lienthong (process {})", holder.trim()))
    }
}

fn name_ourselves(file: &mut File) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{}", std::process::id())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_one_holder_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let folder = DataFolder::open(&folder.path().join("a/b")).unwrap();
        let first = folder.lock().unwrap();
        let refused = folder.lock().err().unwrap().to_string();
        assert!(refused.contains(&format!("process {}", std::process::id())), "{refused}");
        drop(first);
        assert!(folder.lock().is_ok());
    }
}
