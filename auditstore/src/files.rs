//! Local files that a person names: configuration, policies, keys, state. Each is small, so each has a limit; and a name
//! may lead to anything, a device without an end or a pipe into which nobody writes.

use std::io::{self, Read as _};
use std::os::unix::fs::{FileTypeExt as _, OpenOptionsExt as _};
use std::path::Path;
use std::time::{Duration, Instant};

/// The largest configuration file, or file with certificates, that is read, in bytes.
pub const CONFIG_BYTES_MAX: u64 = 4 << 20;

/// For how long nothing may come out of a pipe until it is given up.
const PIPE_TIMEOUT: Duration = Duration::from_secs(30);

/// How long the wait is between two looks into a pipe that is empty.
const PIPE_WAIT: Duration = Duration::from_millis(10);

/// Reads a file of at most so many bytes. A pipe is read too, as a shell makes one of `<(command)` or `/dev/stdin`.
///
/// # Errors
/// Those of the system; the file is larger, which is said with both sizes; it is a device or a directory; nothing came out
/// of a pipe for 30 seconds.
pub fn read(path: &Path, bytes_max: u64) -> io::Result<Vec<u8>> {
    read_opened(open(path)?, bytes_max)
}

/// As [`read`], of what [`open`] gave.
pub(crate) fn read_opened(file: std::fs::File, bytes_max: u64) -> io::Result<Vec<u8>> {
    let found = file.metadata()?;
    if found.file_type().is_fifo() {
        read_pipe(file, bytes_max)
    } else {
        read_regular(&file, &found, bytes_max)
    }
}

/// As [`read`], where the file is one that is kept: a pipe is refused.
///
/// # Errors
/// As [`read`].
pub fn read_kept(path: &Path, bytes_max: u64) -> io::Result<Vec<u8>> {
    let file = open(path)?;
    read_regular(&file, &file.metadata()?, bytes_max)
}

/// As [`read`], as text.
///
/// # Errors
/// As [`read`]; it is not UTF-8.
pub fn read_text(path: &Path, bytes_max: u64) -> io::Result<String> {
    let bytes = read(path, bytes_max)?;
    String::from_utf8(bytes).map_err(|_| refuse("it is no text: not every byte of it is UTF-8".to_owned()))
}

/// Opens without waiting for somebody at the other end of a pipe.
pub(crate) fn open(path: &Path) -> io::Result<std::fs::File> {
    std::fs::OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK).open(path)
}

fn read_regular(file: &std::fs::File, found: &std::fs::Metadata, bytes_max: u64) -> io::Result<Vec<u8>> {
    require_file(found)?;
    if found.len() > bytes_max {
        return Err(too_large(&found.len().to_string(), bytes_max));
    }
    let mut bytes = Vec::new();
    // One more than is allowed: it may have grown, and some files of the system have no size.
    file.take(bytes_max.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > bytes_max {
        return Err(too_large("more", bytes_max));
    }
    Ok(bytes)
}

fn require_file(found: &std::fs::Metadata) -> io::Result<()> {
    let kind = found.file_type();
    let what = match () {
        () if kind.is_file() => return Ok(()),
        () if kind.is_dir() => "a directory",
        () if kind.is_fifo() => "a pipe",
        () => "a device",
    };
    Err(refuse(format!("it is {what} and no file; it was not read")))
}

/// Refuses what [`read`] refuses for what it is.
pub(crate) fn require_readable(found: &std::fs::Metadata) -> io::Result<()> {
    if found.file_type().is_fifo() { Ok(()) } else { require_file(found) }
}

fn read_pipe(mut pipe: std::fs::File, bytes_max: u64) -> io::Result<Vec<u8>> {
    let (mut bytes, mut piece, mut since) = (Vec::new(), [0; 4096], Instant::now());
    loop {
        match pipe.read(&mut piece) {
            // Until the first byte, nobody may have opened the other end yet.
            Ok(0) if !bytes.is_empty() => return Ok(bytes),
            Ok(0) => {}
            Ok(read) => {
                bytes.extend_from_slice(&piece[..read]);
                since = Instant::now();
                if bytes.len() as u64 > bytes_max {
                    return Err(too_large("more", bytes_max));
                }
                continue;
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        }
        if since.elapsed() >= PIPE_TIMEOUT {
            let seconds = PIPE_TIMEOUT.as_secs();
            return Err(refuse(format!("it is a pipe, and nothing came out of it for {seconds} seconds")));
        }
        std::thread::sleep(PIPE_WAIT);
    }
}

fn too_large(bytes: &str, bytes_max: u64) -> io::Error {
    refuse(format!(
        "it has {bytes} bytes, and may have {bytes_max} at most; it was not read. Is it the right file?"
    ))
}

fn refuse(what: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, what)
}

#[cfg(test)]
mod tests;
