//! Input that is UTF-16. Read as UTF-8 its ASCII is letters with control characters between, in which nothing would be
//! found, so it is refused.

use std::io::{self, BufRead, Read};

/// How much of the input is looked at before anything is written.
const OPENING_BYTES: usize = 16;

/// How many characters with an empty half must follow one another, where nothing else says that text is UTF-16.
const CHARACTERS_MIN: usize = 4;

/// Gives the input back with its first bytes read.
///
/// # Errors
/// It cannot be read, or it begins like UTF-16: with a byte order mark (Unicode 15.0, section 23.8), or with every
/// second byte zero.
pub(super) fn refused(
    input: &mut dyn BufRead,
) -> io::Result<io::Chain<io::Cursor<Vec<u8>>, &mut dyn BufRead>> {
    let mut opening = Vec::with_capacity(OPENING_BYTES);
    // A short line is not held back until the next one comes, unless it has the zeros of UTF-16.
    while opening.len() < OPENING_BYTES && (!opening.contains(&b'\n') || opening.contains(&0)) {
        let piece = match input.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            piece => piece?,
        };
        if piece.is_empty() {
            break;
        }
        let taken = piece.len().min(OPENING_BYTES - opening.len());
        opening.extend_from_slice(&piece[..taken]);
        input.consume(taken);
    }
    if opens(&opening) {
        let message = "the input is UTF-16, nothing of it is read or written; convert it to UTF-8 first: \
            iconv -f UTF-16 -t UTF-8 (-f UTF-16LE or UTF-16BE if it has no byte order mark)";
        return Err(io::Error::new(io::ErrorKind::InvalidData, message));
    }
    Ok(io::Cursor::new(opening).chain(input))
}

fn opens(opening: &[u8]) -> bool {
    let empty = |half: usize| {
        let mut halves = opening.chunks_exact(2).map(|pair| pair[half]);
        halves.len() > 1 && halves.all(|byte| byte == 0)
    };
    opening.starts_with(b"\xff\xfe") || opening.starts_with(b"\xfe\xff") || empty(0) != empty(1)
}

/// Whether a line holds UTF-16: some characters in a row of which one half is zero.
pub(super) fn holds(line: &[u8]) -> bool {
    memchr::memchr_iter(0, line).any(|zero| {
        let run = &line[zero..line.len().min(zero + 2 * CHARACTERS_MIN)];
        run.len() == 2 * CHARACTERS_MIN && run.chunks_exact(2).all(|pair| pair[0] == 0 && pair[1] != 0)
    })
}
