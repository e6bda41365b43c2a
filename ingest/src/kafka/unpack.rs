//! How much memory compressed batches may unpack to.
//!
//! librdkafka unpacks every compressed batch that a fetch brings as a whole, before anybody sees its size: a kilobyte can
//! become a megabyte (gzip), or anything (zstd), and a fetch has many. Of its codecs it bounds zstd alone, by
//! `receive.message.max.bytes`, and no sum. So its functions that unpack are wrapped here when the program is linked
//! (`build.rs`):
//!
//! - What is unpacked and not yet read is counted, and never more than the limit together. A batch that does not fit
//!   beside the others is refused *for now*: librdkafka asks for it again half a second later, when there may be room.
//!   Until it had its turn no other batch is unpacked, so that small ones do not keep it out for ever.
//! - A batch that does not fit alone is refused *for good*, and remembered, so that it is not unpacked again each time
//!   that librdkafka asks for it.
//!
//! To librdkafka both look like damaged data: it reports `BAD_COMPRESSION` at the batch's offset, hands out nothing of it,
//! and does not move past it. [`refusals_for_now`] helps to tell which it was.
//!
//! gzip and zstd are unpacked here, since librdkafka's functions take no limit; for LZ4 and Snappy, whose sizes can be
//! known before, its own go on.

use std::cell::Cell;
use std::collections::{BTreeMap, VecDeque};
use std::ffi::{c_char, c_int, c_void};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::bindings::rd_kafka_resp_err_t::{
    self, RD_KAFKA_RESP_ERR__BAD_COMPRESSION, RD_KAFKA_RESP_ERR_NO_ERROR,
};
use sha2::{Digest, Sha256};

/// Batches that are remembered as refused for good. An older one is unpacked once more when it comes again.
const REMEMBERED_MAX: usize = 64;
/// For how long a batch that was refused for now keeps the others out; librdkafka asks again after half a second.
const TURN_MAX: Duration = Duration::from_secs(2);
/// LZ4 makes of a byte at most so many (lz4_Block_format.md: each further byte of a length counts 255).
const LZ4_RATIO_MAX: usize = 255;
/// How a member of gzip begins (RFC 1952, 2.3.1).
const GZIP_MAGIC: [u8; 2] = [0x1F, 0x8B];
/// The first guess how large a batch is, as a multiple of its compressed size.
const RATIO_GUESS: usize = 4;
/// What zstd.h casts: the size of a frame that does not say it, and that of what is no frame.
const ZSTD_CONTENTSIZE_UNKNOWN: u64 = zstd_sys::ZSTD_CONTENTSIZE_UNKNOWN as u64;
const ZSTD_CONTENTSIZE_ERROR: u64 = zstd_sys::ZSTD_CONTENTSIZE_ERROR as u64;
/// The smallest buffer that is tried.
const BUFFER_BYTES_MIN: usize = 64 << 10;

/// Sets the most bytes that compressed batches may unpack to, all of the process together.
pub(super) fn set_limit(bytes: usize) {
    unpacker().limit = bytes;
    // A linker that looks into each library once takes these from ours only if they are asked for.
    std::hint::black_box([
        __wrap_rd_gz_decompress as *const c_void,
        __wrap_rd_kafka_buf_new_shadow as *const c_void,
        __wrap_rd_kafka_lz4_decompress as *const c_void,
        __wrap_rd_kafka_snappy_java_uncompress as *const c_void,
        __wrap_rd_kafka_snappy_uncompressed_length as *const c_void,
        __wrap_rd_kafka_zstd_decompress as *const c_void,
    ]);
}

/// How often a batch was refused for now. Where this has not changed, a refusal was for good.
pub(super) fn refusals_for_now() -> u64 {
    unpacker().refused_for_now
}

/// What is unpacked, and what was refused.
struct Unpacker {
    limit: usize,
    /// Bytes that are unpacked and not yet released.
    held_bytes: usize,
    /// Where they lie, with how librdkafka releases them.
    held: BTreeMap<usize, Held>,
    /// Hashes of the batches that were refused for good, the newest last.
    refused: VecDeque<[u8; 32]>,
    refused_for_now: u64,
    /// The batch whose turn it is, since when.
    turn: Option<([u8; 32], Instant)>,
}

struct Held {
    bytes: usize,
    release: unsafe extern "C" fn(*mut c_void),
}

/// Locked while a batch is unpacked: two at once could not know of each other's size.
static UNPACKER: Mutex<Unpacker> = Mutex::new(Unpacker {
    limit: usize::MAX,
    held_bytes: 0,
    held: BTreeMap::new(),
    refused: VecDeque::new(),
    refused_for_now: 0,
    turn: None,
});

thread_local! {
    /// Bytes that this thread has unpacked and librdkafka has not yet made a buffer of.
    static UNPACKED: Cell<usize> = const { Cell::new(0) };
    /// Whether this thread is in librdkafka's function for a snappy-java stream, which asks for the size of each chunk by
    /// the function that is wrapped here too.
    static IN_STREAM: Cell<bool> = const { Cell::new(false) };
}

fn unpacker() -> MutexGuard<'static, Unpacker> {
    UNPACKER.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Why a batch was not unpacked.
#[derive(Debug, PartialEq)]
enum Not {
    /// It is larger than was allowed.
    Fitting,
    /// Its bytes are no valid compression, or the system had no memory: librdkafka's own functions do not tell these
    /// apart either, and ask again.
    Readable,
}

impl Unpacker {
    /// Unpacks a batch if it fits. `unpack` gets the most bytes that it may take and gives how many it took.
    fn admit(&mut self, packed: &[u8], unpack: impl FnOnce(usize) -> Result<usize, Not>) -> bool {
        // What librdkafka unpacked last on this thread and could not use.
        self.held_bytes -= UNPACKED.take();
        let known = (self.turn.is_some() || !self.refused.is_empty()).then(|| hash(packed));
        if let Some(known) = known {
            if self.refused.contains(&known) {
                return false;
            }
            if self.turn.is_some_and(|(turn, since)| turn != known && since.elapsed() < TURN_MAX) {
                self.refused_for_now += 1;
                return false;
            }
            self.turn = None;
        }
        match unpack(self.limit.saturating_sub(self.held_bytes)) {
            // librdkafka asserts that a batch that is packed holds something, and would end the process.
            Ok(0) => false,
            Ok(bytes) => {
                self.held_bytes += bytes;
                UNPACKED.set(bytes);
                true
            }
            Err(Not::Readable) => false,
            Err(Not::Fitting) => {
                let batch = known.unwrap_or_else(|| hash(packed));
                if self.held_bytes > 0 {
                    self.refused_for_now += 1;
                    self.turn = Some((batch, Instant::now()));
                } else {
                    self.refused.push_back(batch);
                    if self.refused.len() > REMEMBERED_MAX {
                        self.refused.pop_front();
                    }
                }
                false
            }
        }
    }
}

fn hash(packed: &[u8]) -> [u8; 32] {
    Sha256::digest(packed).into()
}

/// Memory of the C library, since librdkafka releases it.
struct Buffer {
    start: *mut u8,
    bytes: usize,
}

impl Buffer {
    fn new(bytes: usize) -> Result<Buffer, Not> {
        let mut buffer = Buffer { start: std::ptr::null_mut(), bytes: 0 };
        buffer.resize(bytes)?;
        Ok(buffer)
    }

    /// Makes it this large, keeping what is in it.
    fn resize(&mut self, bytes: usize) -> Result<(), Not> {
        // SAFETY: null or what realloc gave. Of no bytes realloc may give null, which would look like no memory.
        let start = unsafe { libc::realloc(self.start.cast(), bytes.max(1)) };
        if start.is_null() {
            return Err(Not::Readable);
        }
        (self.start, self.bytes) = (start.cast(), bytes);
        Ok(())
    }

    /// Gives it to librdkafka.
    fn into_raw(self) -> *mut c_void {
        std::mem::ManuallyDrop::new(self).start.cast()
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        // SAFETY: what realloc gave, and nobody else has it.
        unsafe { libc::free(self.start.cast()) }
    }
}

/// The size to begin with for a batch of which only the compressed size is known.
fn guess(packed: &[u8], allowed: usize) -> usize {
    packed.len().saturating_mul(RATIO_GUESS).max(BUFFER_BYTES_MIN).min(allowed)
}

/// Unpacks gzip, or zlib, into at most so many bytes.
fn gunzip(packed: &[u8], allowed: usize) -> Result<Buffer, Not> {
    /// Ends the stream however its use ends.
    struct Stream(Box<std::mem::MaybeUninit<libz_sys::z_stream>>);
    impl Drop for Stream {
        fn drop(&mut self) {
            // SAFETY: made by inflateInit2_ and not moved since, which zlib checks.
            unsafe { libz_sys::inflateEnd(self.0.as_mut_ptr()) };
        }
    }
    // One more than is allowed, to see that there is more.
    let most = allowed.saturating_add(1);
    let mut out = Buffer::new(guess(packed, most))?;
    let mut stream = Stream(Box::new(std::mem::MaybeUninit::zeroed()));
    let stream_bytes = c_int::try_from(size_of::<libz_sys::z_stream>()).unwrap_or(0);
    // SAFETY: zeroed memory is a stream with the standard allocator; 15 + 32 takes both headers, as librdkafka does.
    let made = unsafe {
        libz_sys::inflateInit2_(stream.0.as_mut_ptr(), 15 + 32, libz_sys::zlibVersion(), stream_bytes)
    };
    if made != libz_sys::Z_OK {
        return Err(Not::Readable);
    }
    let (mut read, mut written) = (0, 0);
    loop {
        if written == out.bytes {
            if written == most {
                return Err(Not::Fitting);
            }
            out.resize(written.saturating_mul(2).min(most))?;
        }
        let window = |bytes: usize| libz_sys::uInt::try_from(bytes).unwrap_or(libz_sys::uInt::MAX);
        let (available_in, available_out) = (window(packed.len() - read), window(out.bytes - written));
        // SAFETY: the stream is alive; it reads and writes at most what is said to be available, which lies inside both.
        let (answer, left_in, left_out) = unsafe {
            let stream = &mut *stream.0.as_mut_ptr();
            stream.next_in = packed.as_ptr().add(read).cast_mut();
            stream.avail_in = available_in;
            stream.next_out = out.start.add(written);
            stream.avail_out = available_out;
            (libz_sys::inflate(stream, libz_sys::Z_NO_FLUSH), stream.avail_in, stream.avail_out)
        };
        read += (available_in - left_in) as usize;
        written += (available_out - left_out) as usize;
        match answer {
            libz_sys::Z_STREAM_END if written == most => return Err(Not::Fitting),
            // Another member follows (RFC 1952, 2.2), which Java's consumers read too; anything else is padding.
            libz_sys::Z_STREAM_END if packed[read..].starts_with(&GZIP_MAGIC) => {
                // SAFETY: the stream is alive.
                if unsafe { libz_sys::inflateReset(stream.0.as_mut_ptr()) } != libz_sys::Z_OK {
                    return Err(Not::Readable);
                }
            }
            libz_sys::Z_STREAM_END => break,
            libz_sys::Z_OK => {}
            // No progress for want of room is cured above; for want of bytes the batch is cut off.
            libz_sys::Z_BUF_ERROR if written == out.bytes => {}
            _ => return Err(Not::Readable),
        }
    }
    out.resize(written)?;
    Ok(out)
}

/// Unpacks zstd into at most so many bytes.
fn unzstd(packed: &[u8], allowed: usize) -> Result<Buffer, Not> {
    // SAFETY: reads at most the bytes given.
    let told = unsafe { zstd_sys::ZSTD_getFrameContentSize(packed.as_ptr().cast(), packed.len()) };
    let mut bytes = match told {
        ZSTD_CONTENTSIZE_ERROR => return Err(Not::Readable),
        ZSTD_CONTENTSIZE_UNKNOWN => guess(packed, allowed),
        told => usize::try_from(told).ok().filter(|told| *told <= allowed).ok_or(Not::Fitting)?,
    };
    // Of a stream of unknown size the whole is tried each time, as librdkafka does: in parts, zstd would keep a window of
    // its own beside the result.
    loop {
        let mut out = Buffer::new(bytes)?;
        // SAFETY: reads and writes at most the bytes given.
        let written = unsafe {
            let written =
                zstd_sys::ZSTD_decompress(out.start.cast(), out.bytes, packed.as_ptr().cast(), packed.len());
            (zstd_sys::ZSTD_isError(written) == 0)
                .then_some(written)
                .ok_or(zstd_sys::ZSTD_getErrorCode(written))
        };
        match written {
            Ok(written) => {
                out.resize(written)?;
                return Ok(out);
            }
            Err(zstd_sys::ZSTD_ErrorCode::ZSTD_error_dstSize_tooSmall) if bytes == allowed => {
                return Err(Not::Fitting);
            }
            Err(zstd_sys::ZSTD_ErrorCode::ZSTD_error_dstSize_tooSmall) => {
                bytes = bytes.saturating_mul(3).max(BUFFER_BYTES_MIN).min(allowed);
            }
            Err(_) => return Err(Not::Readable),
        }
    }
}

/// Whether a frame of LZ4 unpacks to no more than is allowed.
fn lz4_fits(packed: &[u8], allowed: usize) -> Result<(), Not> {
    if packed.len().saturating_mul(LZ4_RATIO_MAX) <= allowed {
        return Ok(());
    }
    let mut context = std::ptr::null_mut();
    // SAFETY: makes a context, which is released below on every way out.
    if unsafe { LZ4F_isError(LZ4F_createDecompressionContext(&mut context, LZ4F_VERSION)) } != 0 {
        return Err(Not::Readable);
    }
    let mut scratch = vec![0_u8; BUFFER_BYTES_MIN];
    let (mut read, mut written) = (0, 0_usize);
    let fits = loop {
        let (mut out_bytes, mut in_bytes) = (scratch.len(), packed.len() - read);
        // SAFETY: reads and writes at most the bytes given, and says how many of each it was.
        let answer = unsafe {
            LZ4F_decompress(
                context,
                scratch.as_mut_ptr().cast(),
                &mut out_bytes,
                packed.as_ptr().add(read).cast(),
                &mut in_bytes,
                std::ptr::null(),
            )
        };
        // SAFETY: judges a number.
        if unsafe { LZ4F_isError(answer) } != 0 {
            break Err(Not::Readable);
        }
        read += in_bytes;
        written += out_bytes;
        if written > allowed {
            break Err(Not::Fitting);
        }
        // Done, or cut off, which librdkafka's own function judges.
        if answer == 0 || (in_bytes == 0 && out_bytes == 0) {
            break Ok(());
        }
    };
    // SAFETY: made above, and used no more.
    unsafe { LZ4F_freeDecompressionContext(context) };
    fits
}

/// What the chunks of a snappy-java stream say that they unpack to: each is `u32-BE length || snappy`.
fn snappy_java_bytes(mut chunks: &[u8], allowed: usize) -> Result<usize, Not> {
    let mut bytes = 0_usize;
    while let Some((length, rest)) = chunks.split_first_chunk::<4>() {
        let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
        let (chunk, rest) = rest.split_at_checked(length).ok_or(Not::Readable)?;
        bytes = bytes.saturating_add(snappy_bytes(chunk)?);
        chunks = rest;
    }
    (bytes <= allowed).then_some(bytes).ok_or(Not::Fitting)
}

/// What a block of snappy says that it unpacks to; a block that says less or more than is true is refused when it is
/// unpacked.
fn snappy_bytes(block: &[u8]) -> Result<usize, Not> {
    let mut bytes = 0;
    // SAFETY: reads at most the bytes given and writes the number if it is true.
    let told =
        unsafe { __real_rd_kafka_snappy_uncompressed_length(block.as_ptr().cast(), block.len(), &mut bytes) };
    told.then_some(bytes).ok_or(Not::Readable)
}

/// # Safety
/// `start` must point to `bytes` bytes, or be null where there are none.
unsafe fn slice<'a>(start: *const c_void, bytes: usize) -> &'a [u8] {
    if start.is_null() {
        return &[];
    }
    // SAFETY: the caller vouches for it.
    unsafe { std::slice::from_raw_parts(start.cast(), bytes) }
}

/// Lets one of our functions unpack a batch, if it fits.
fn unpacked(packed: &[u8], unpack: fn(&[u8], usize) -> Result<Buffer, Not>) -> Option<Buffer> {
    let mut unpacked = None;
    let admitted = unpacker().admit(packed, |allowed| Ok(unpacked.insert(unpack(packed, allowed)?).bytes));
    unpacked.filter(|_| admitted)
}

/// In place of `rdgz.c`'s: null is refused.
///
/// # Safety
/// Called by librdkafka with a batch and a place for its size.
#[unsafe(no_mangle)]
unsafe extern "C" fn __wrap_rd_gz_decompress(
    packed: *const c_void,
    packed_bytes: c_int,
    out_bytes: *mut u64,
) -> *mut c_void {
    // SAFETY: librdkafka vouches for it.
    let packed = unsafe { slice(packed, usize::try_from(packed_bytes).unwrap_or(0)) };
    let Some(buffer) = unpacked(packed, gunzip) else { return std::ptr::null_mut() };
    // SAFETY: librdkafka vouches for it.
    unsafe { *out_bytes = buffer.bytes as u64 };
    buffer.into_raw()
}

/// In place of `rdkafka_zstd.c`'s.
///
/// # Safety
/// Called by librdkafka with a batch and places for the result.
#[unsafe(no_mangle)]
unsafe extern "C" fn __wrap_rd_kafka_zstd_decompress(
    _broker: *mut c_void,
    packed: *mut c_char,
    packed_bytes: usize,
    out: *mut *mut c_void,
    out_bytes: *mut usize,
) -> rd_kafka_resp_err_t {
    // SAFETY: librdkafka vouches for it.
    let packed = unsafe { slice(packed.cast(), packed_bytes) };
    let Some(buffer) = unpacked(packed, unzstd) else { return RD_KAFKA_RESP_ERR__BAD_COMPRESSION };
    // SAFETY: librdkafka vouches for it.
    unsafe {
        *out_bytes = buffer.bytes;
        *out = buffer.into_raw();
    }
    RD_KAFKA_RESP_ERR_NO_ERROR
}

/// Before `rdkafka_lz4.c`'s.
///
/// # Safety
/// Called by librdkafka with a batch and places for the result.
#[unsafe(no_mangle)]
unsafe extern "C" fn __wrap_rd_kafka_lz4_decompress(
    broker: *mut c_void,
    proper_checksum: c_int,
    offset: i64,
    packed: *mut c_char,
    packed_bytes: usize,
    out: *mut *mut c_void,
    out_bytes: *mut usize,
) -> rd_kafka_resp_err_t {
    let mut answer = RD_KAFKA_RESP_ERR__BAD_COMPRESSION;
    // SAFETY: librdkafka vouches for it. It may mend the header, so the slice ends before it is called.
    let fits = |allowed| lz4_fits(unsafe { slice(packed.cast(), packed_bytes) }, allowed);
    // SAFETY: the same.
    let batch = hash(unsafe { slice(packed.cast(), packed_bytes) });
    unpacker().admit(&batch, |allowed| {
        fits(allowed)?;
        // SAFETY: librdkafka's own call, passed on.
        unsafe {
            answer = __real_rd_kafka_lz4_decompress(
                broker,
                proper_checksum,
                offset,
                packed,
                packed_bytes,
                out,
                out_bytes,
            );
            if answer != RD_KAFKA_RESP_ERR_NO_ERROR {
                return Err(Not::Readable);
            }
            if *out_bytes == 0 {
                libc::free(*out);
                answer = RD_KAFKA_RESP_ERR__BAD_COMPRESSION;
            }
            Ok(*out_bytes)
        }
    });
    answer
}

/// Before `snappy.c`'s, which the reader of batches asks for the size before it takes the memory.
///
/// # Safety
/// Called by librdkafka with a batch and a place for its size.
#[unsafe(no_mangle)]
unsafe extern "C" fn __wrap_rd_kafka_snappy_uncompressed_length(
    packed: *const c_char,
    packed_bytes: usize,
    out_bytes: *mut usize,
) -> bool {
    if IN_STREAM.get() {
        // The stream was admitted as a whole, and the lock is held for it.
        // SAFETY: librdkafka's own call, passed on.
        return unsafe { __real_rd_kafka_snappy_uncompressed_length(packed, packed_bytes, out_bytes) };
    }
    // SAFETY: librdkafka vouches for it.
    let packed = unsafe { slice(packed.cast(), packed_bytes) };
    unpacker().admit(packed, |allowed| {
        let bytes = snappy_bytes(packed)?;
        // SAFETY: librdkafka vouches for it.
        unsafe { *out_bytes = bytes };
        (bytes <= allowed).then_some(bytes).ok_or(Not::Fitting)
    })
}

/// Before `snappy.c`'s: null is refused.
///
/// # Safety
/// Called by librdkafka with a batch, a place for its size and one for a text.
#[unsafe(no_mangle)]
unsafe extern "C" fn __wrap_rd_kafka_snappy_java_uncompress(
    packed: *const c_char,
    packed_bytes: usize,
    out_bytes: *mut usize,
    text: *mut c_char,
    text_bytes: usize,
) -> *mut c_char {
    // SAFETY: librdkafka vouches for it.
    let chunks = unsafe { slice(packed.cast(), packed_bytes) };
    let mut start = std::ptr::null_mut();
    // librdkafka prints the text, which its own function writes only where it fails itself.
    if text_bytes > 0 {
        // SAFETY: librdkafka vouches for it.
        unsafe { *text = 0 };
    }
    unpacker().admit(chunks, |allowed| {
        let bytes = snappy_java_bytes(chunks, allowed)?;
        if bytes == 0 {
            return Err(Not::Readable);
        }
        // SAFETY: librdkafka's own call, passed on.
        IN_STREAM.set(true);
        start = unsafe {
            __real_rd_kafka_snappy_java_uncompress(packed, packed_bytes, out_bytes, text, text_bytes)
        };
        IN_STREAM.set(false);
        if start.is_null() { Err(Not::Readable) } else { Ok(bytes) }
    });
    start
}

/// Before `rdkafka_buf.c`'s: the buffer of an unpacked batch lives as long as its last message.
///
/// # Safety
/// Called by librdkafka with memory and how to release it.
#[unsafe(no_mangle)]
unsafe extern "C" fn __wrap_rd_kafka_buf_new_shadow(
    start: *const c_void,
    bytes: usize,
    release: Option<unsafe extern "C" fn(*mut c_void)>,
) -> *mut c_void {
    let unpacked = UNPACKED.take();
    let release = match release {
        Some(release) if unpacked > 0 => {
            unpacker().held.insert(start as usize, Held { bytes: unpacked, release });
            Some(release_held as unsafe extern "C" fn(*mut c_void))
        }
        release => release,
    };
    // SAFETY: librdkafka's own call, passed on.
    unsafe { __real_rd_kafka_buf_new_shadow(start, bytes, release) }
}

/// # Safety
/// Called by librdkafka, once, with the memory of a buffer whose last message was read.
unsafe extern "C" fn release_held(start: *mut c_void) {
    let held = {
        let mut unpacker = unpacker();
        let held = unpacker.held.remove(&(start as usize));
        unpacker.held_bytes -= held.as_ref().map_or(0, |held| held.bytes);
        held
    };
    if let Some(held) = held {
        // SAFETY: the function that came with this memory.
        unsafe { (held.release)(start) };
    }
}

/// `LZ4F_VERSION` of lz4frame.h.
const LZ4F_VERSION: u32 = 100;

unsafe extern "C" {
    fn __real_rd_kafka_lz4_decompress(
        broker: *mut c_void,
        proper_checksum: c_int,
        offset: i64,
        packed: *mut c_char,
        packed_bytes: usize,
        out: *mut *mut c_void,
        out_bytes: *mut usize,
    ) -> rd_kafka_resp_err_t;
    fn __real_rd_kafka_snappy_uncompressed_length(
        packed: *const c_char,
        packed_bytes: usize,
        out_bytes: *mut usize,
    ) -> bool;
    fn __real_rd_kafka_snappy_java_uncompress(
        packed: *const c_char,
        packed_bytes: usize,
        out_bytes: *mut usize,
        text: *mut c_char,
        text_bytes: usize,
    ) -> *mut c_char;
    fn __real_rd_kafka_buf_new_shadow(
        start: *const c_void,
        bytes: usize,
        release: Option<unsafe extern "C" fn(*mut c_void)>,
    ) -> *mut c_void;
    // Of the LZ4 that is built into librdkafka.
    fn LZ4F_createDecompressionContext(context: *mut *mut c_void, version: u32) -> usize;
    fn LZ4F_freeDecompressionContext(context: *mut c_void) -> usize;
    fn LZ4F_decompress(
        context: *mut c_void,
        out: *mut c_void,
        out_bytes: *mut usize,
        packed: *const c_void,
        packed_bytes: *mut usize,
        options: *const c_void,
    ) -> usize;
    fn LZ4F_isError(code: usize) -> u32;
}

#[cfg(test)]
mod tests;
