//! Durable creation in a local directory: temporary file, fsync, link, fsync of the directory, unlink.
//!
//! link(2) fails if the name exists, which is the atomic create; the bytes are on the disk before the name is, so
//! that power loss never leaves an empty entry; the directory is synced before the call returns, so that what
//! was reported as committed stays. A crash can leave a `.<ulid>.tmp`, which verify lists as an orphan.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use bytes::Bytes;

use super::{Create, Listed, Listing};

/// Length of the ULID in the name of a temporary file.
const TEMPORARY_ID_LEN: usize = 26;

/// Creates a file with these bytes below `root`; [`Create::Exists`] if the name is taken.
pub(super) fn create(root: &Path, path: &Path, bytes: &[u8]) -> io::Result<Create> {
    let directory = parent(path)?;
    make_directory_below(root, directory)?;
    let temporary = write_temporary(directory, bytes)?;
    let linked = fs::hard_link(&temporary, path);
    let outcome = match linked {
        Ok(()) => sync(directory).map(|()| Create::New),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(Create::Exists),
        Err(error) => Err(error),
    };
    // The link holds the bytes now, or nobody needs them. Failing to unlink leaves an orphan, nothing worse.
    let _ = fs::remove_file(&temporary);
    outcome
}

/// Replaces a file, atomically and durably.
pub(super) fn replace(root: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let directory = parent(path)?;
    make_directory_below(root, directory)?;
    let temporary = write_temporary(directory, bytes)?;
    fs::rename(&temporary, path).inspect_err(|_| {
        let _ = fs::remove_file(&temporary);
    })?;
    sync(directory)
}

/// Replaces a file by what `change` makes of it, holding a lock on its directory: processes that update the same
/// file wait for each other, readers do not wait.
pub(super) fn update(
    root: &Path,
    path: &Path,
    bytes_max: u64,
    change: impl Fn(Option<&[u8]>) -> Option<Bytes>,
) -> io::Result<bool> {
    let directory = parent(path)?;
    make_directory_below(root, directory)?;
    let lock = File::open(directory)?;
    lock.lock()?;
    let current = match fs::metadata(path) {
        Ok(found) if found.len() > bytes_max => Some(Vec::new()),
        Ok(_) => Some(crate::files::read_kept(path, bytes_max)?),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    let Some(bytes) = change(current.as_deref()) else { return Ok(false) };
    replace(root, path, &bytes)?;
    Ok(true)
}

/// Whether an object is a temporary file, left by a crash or still being written.
pub(crate) fn is_temporary(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.strip_prefix('.')
        .and_then(|name| name.strip_suffix(".tmp"))
        .is_some_and(|id| id.len() == TEMPORARY_ID_LEN)
}

/// Refuses what is there and no regular file: opening a pipe waits for ever, a device never ends.
pub(super) fn refuse_special(path: &Path) -> io::Result<()> {
    match fs::metadata(path) {
        Ok(found) if !found.is_file() && !found.is_dir() => Err(io::Error::new(
            io::ErrorKind::Unsupported,
            "it is a pipe or a device and no file; it was not opened",
        )),
        // What cannot be looked at cannot be opened either; that error is the one to report.
        _ => Ok(()),
    }
}

/// Whether something that is no regular file is at a path, which nothing can be created over nor read: a directory, a
/// pipe, a link that leads nowhere.
pub(super) fn is_blocked(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok() && !fs::metadata(path).is_ok_and(|found| found.is_file())
}

/// Everything below a folder of `root` that is no directory, whatever it is and is called: what a log does not name is
/// somebody's, and has to be said. Links are followed, but not into a folder that they lie in. Characters that are no
/// UTF-8 are replaced. What is in a folder that cannot be read nobody knows, so it is said too.
pub(super) fn list(root: &Path, folder: &Path) -> io::Result<Listing> {
    let mut listing = Listing::default();
    let mut around = Vec::new();
    match walk(root, folder, false, &mut around, &mut listing) {
        // As in a bucket, a folder that is not there is empty.
        Err(error) if error.kind() == io::ErrorKind::NotFound && root.is_dir() => Ok(Listing::default()),
        walked => walked.map(|()| listing),
    }
}

fn walk(
    root: &Path,
    folder: &Path,
    linked: bool,
    around: &mut Vec<(u64, u64)>,
    listing: &mut Listing,
) -> io::Result<()> {
    let named = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", folder.display()));
    let place = fs::metadata(folder).map(|found| (found.dev(), found.ino())).map_err(named)?;
    if around.contains(&place) {
        return Ok(());
    }
    around.push(place);
    for entry in fs::read_dir(folder).map_err(named)? {
        let path = entry.map_err(named)?.path();
        let found = match fs::metadata(&path).or_else(|_| fs::symlink_metadata(&path)) {
            Ok(found) => found,
            // It went meanwhile.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => {
                listing.unreadable.push((name_below(root, &path), error.to_string()));
                continue;
            }
        };
        if found.is_dir() {
            let depth = around.len();
            let linked = linked || fs::symlink_metadata(&path).is_ok_and(|found| found.is_symlink());
            match walk(root, &path, linked, around, listing) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    around.truncate(depth);
                    listing.unreadable.push((name_below(root, &path), error.to_string()));
                }
                _ => {}
            }
            continue;
        }
        let stored = found.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default().as_micros();
        listing.objects.push(Listed {
            path: name_below(root, &path),
            bytes: found.len(),
            stored: i64::try_from(stored).unwrap_or(i64::MAX),
            linked,
        });
    }
    around.pop();
    Ok(())
}

fn name_below(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().into_owned()
}

fn parent(path: &Path) -> io::Result<&Path> {
    path.parent().ok_or_else(|| io::Error::other("a path without directory"))
}

fn write_temporary(directory: &Path, bytes: &[u8]) -> io::Result<PathBuf> {
    let temporary = directory.join(format!(".{}.tmp", ulid::Ulid::new()));
    let written = File::create_new(&temporary).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    if let Err(error) = written {
        let _ = fs::remove_file(&temporary);
        return Err(error);
    }
    Ok(temporary)
}

/// Makes the directory of a lake, which only its owner may enter: it holds ePHI, whatever the umask says. One that is there
/// stays as it is.
pub(super) fn make_lake(directory: &Path) -> io::Result<()> {
    if let Some(parent) = directory.parent() {
        make_directory(parent)?;
    }
    match fs::DirBuilder::new().mode(0o700).create(directory) {
        Ok(()) => sync_directory_of(directory),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

/// Makes a directory with its parents, each durable in its own parent.
fn make_directory(directory: &Path) -> io::Result<()> {
    if directory.as_os_str().is_empty() || directory.is_dir() {
        return Ok(());
    }
    if let Some(parent) = directory.parent() {
        make_directory(parent)?;
    }
    match fs::create_dir(directory) {
        Ok(()) => sync_directory_of(directory),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

/// The same for a directory below `root`, which must be there: one that was moved away or is not mounted is not made
/// anew, or what is written next would lie where nobody looks for it.
fn make_directory_below(root: &Path, directory: &Path) -> io::Result<()> {
    require_root(root)?;
    make_directory(directory)
}

/// Whether the directory of a store is there.
pub(super) fn require_root(root: &Path) -> io::Result<()> {
    if root.is_dir() {
        return Ok(());
    }
    let what = format!("there is no directory {}; was it moved, or is it not mounted?", root.display());
    Err(io::Error::new(io::ErrorKind::NotFound, what))
}

fn sync(directory: &Path) -> io::Result<()> {
    File::open(directory)?.sync_all()
}

/// Makes the entry of a file in its directory durable.
pub(crate) fn sync_directory_of(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(directory) if !directory.as_os_str().is_empty() => sync(directory),
        _ => sync(Path::new(".")),
    }
}
