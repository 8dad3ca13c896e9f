//! A secret of somebody else's system in a file.

use std::fs::File;
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::config::Secret;
use crate::failure::Failure;

/// Longest secret, in bytes.
const LONGEST: u64 = 4096;

/// Reads the file of a setting, which has to be closed to other users.
pub(crate) fn read(setting: &str, file: &Path) -> Result<Secret, Failure> {
    let failed = |error| Failure::while_doing(format!("{setting}: {}", file.display()), error);
    let opened = File::open(file).map_err(failed)?;
    if opened.metadata().map_err(failed)?.permissions().mode() & 0o007 != 0 {
        let shown = file.display();
        return Err(Failure::new(format!("{shown} can be read by every user of the machine; run chmod 600 on it")));
    }
    let mut text = String::new();
    opened.take(LONGEST).read_to_string(&mut text).map_err(failed)?;
    let text = text.trim();
    if text.is_empty() { Err(Failure::new(format!("{} is empty", file.display()))) } else { Ok(Secret::new(text)) }
}
