//! The bounds of unpacking: of each codec exactly at the limit, and whose turn it is when there is no room.

use super::*;

/// What is packed: more than the smallest buffer, so that it has to grow.
const PLAIN_BYTES: usize = 300_000;

type Unpack = fn(&[u8], usize) -> Result<usize, Not>;

fn plain() -> Vec<u8> {
    (0..PLAIN_BYTES).map(|nth| (nth / 1000 % 251) as u8).collect()
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut packed = vec![0; plain.len() + 1024];
    let mut bytes = packed.len() as libz_sys::uLong;
    // SAFETY: both lie within what is given.
    let made = unsafe {
        libz_sys::compress(packed.as_mut_ptr(), &mut bytes, plain.as_ptr(), plain.len() as libz_sys::uLong)
    };
    assert_eq!(made, libz_sys::Z_OK);
    packed.truncate(bytes as usize);
    packed
}

fn zstd(plain: &[u8]) -> Vec<u8> {
    let mut packed = vec![0; plain.len() + 1024];
    // SAFETY: both lie within what is given.
    let bytes = unsafe {
        zstd_sys::ZSTD_compress(
            packed.as_mut_ptr().cast(),
            packed.len(),
            plain.as_ptr().cast(),
            plain.len(),
            3,
        )
    };
    packed.truncate(bytes);
    packed
}

/// A frame that does not say how large it is, as Java's producers write them: in frames one behind the other only the
/// first is asked for its size, and an empty first one says 0.
fn zstd_of_unknown_size(plain: &[u8]) -> Vec<u8> {
    [zstd(b""), zstd(plain)].concat()
}

fn lz4(plain: &[u8]) -> Vec<u8> {
    unsafe extern "C" {
        fn LZ4F_compressFrame(
            out: *mut c_void,
            out_bytes: usize,
            plain: *const c_void,
            plain_bytes: usize,
            preferences: *const c_void,
        ) -> usize;
    }
    let mut packed = vec![0; plain.len() + 1024];
    // SAFETY: both lie within what is given; null are the standard preferences.
    let bytes = unsafe {
        LZ4F_compressFrame(
            packed.as_mut_ptr().cast(),
            packed.len(),
            plain.as_ptr().cast(),
            plain.len(),
            std::ptr::null(),
        )
    };
    packed.truncate(bytes);
    packed
}

/// Two chunks that say how large they are; only that is read before they are unpacked.
fn snappy_java(plain: &[u8]) -> Vec<u8> {
    let chunk = |mut bytes: usize| {
        let mut chunk = Vec::new();
        while bytes >= 128 {
            chunk.push((bytes % 128) as u8 | 128);
            bytes /= 128;
        }
        chunk.push(bytes as u8);
        [&(chunk.len() as u32).to_be_bytes()[..], &chunk].concat()
    };
    [chunk(1000), chunk(plain.len() - 1000)].concat()
}

#[test]
fn each_codec_unpacks_what_just_fits_and_no_byte_more() {
    let plain = plain();
    let codecs: [(&str, Vec<u8>, Unpack); 5] = [
        ("gzip", gzip(&plain), |packed, allowed| gunzip(packed, allowed).map(|buffer| buffer.bytes)),
        ("zstd", zstd(&plain), |packed, allowed| unzstd(packed, allowed).map(|buffer| buffer.bytes)),
        ("zstd of unknown size", zstd_of_unknown_size(&plain), |packed, allowed| {
            unzstd(packed, allowed).map(|buffer| buffer.bytes)
        }),
        ("lz4", lz4(&plain), |packed, allowed| lz4_fits(packed, allowed).map(|()| PLAIN_BYTES)),
        ("snappy", snappy_java(&plain), snappy_java_bytes),
    ];
    for (name, packed, unpack) in codecs {
        assert!(packed.len() * 10 < PLAIN_BYTES, "{name} packs to {} bytes", packed.len());
        for allowed in [PLAIN_BYTES, PLAIN_BYTES + 1, 10 * PLAIN_BYTES, usize::MAX] {
            assert_eq!(unpack(&packed, allowed), Ok(PLAIN_BYTES), "{name}, {allowed}");
        }
        for allowed in [0, 1, 1000, PLAIN_BYTES / 2, PLAIN_BYTES - 1] {
            assert_eq!(unpack(&packed, allowed), Err(Not::Fitting), "{name}, {allowed}");
        }
        for damaged in [&packed[1..], b"no compression at all".as_slice()] {
            assert_eq!(unpack(damaged, 1000), Err(Not::Readable), "{name}");
        }
    }
}

/// A member of gzip around what zlib packed: its header, the same deflated bytes, the check sum and the size.
fn member(plain: &[u8]) -> Vec<u8> {
    let packed = gzip(plain);
    // SAFETY: reads what is given.
    let sum = unsafe { libz_sys::crc32(0, plain.as_ptr(), plain.len() as libz_sys::uInt) };
    let header = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255];
    let deflated = &packed[2..packed.len() - 4];
    [&header, deflated, &(sum as u32).to_le_bytes(), &(plain.len() as u32).to_le_bytes()].concat()
}

/// What Java's `GZIPInputStream` reads: members one behind the other, an empty one too, and padding behind them.
#[test]
fn all_members_of_gzip_are_unpacked() {
    let plain = plain();
    let (head, tail) = plain.split_at(100_000);
    for packed in [
        [member(head), member(tail)].concat(),
        [member(b""), member(&plain)].concat(),
        [member(&plain), b"padding".to_vec()].concat(),
    ] {
        let buffer = gunzip(&packed, PLAIN_BYTES).unwrap();
        // SAFETY: what the buffer holds.
        assert_eq!(unsafe { slice(buffer.start.cast(), buffer.bytes) }, plain);
        assert_eq!(gunzip(&packed, PLAIN_BYTES - 1).map(|buffer| buffer.bytes), Err(Not::Fitting));
    }
}

#[test]
fn what_is_unpacked_is_what_was_packed() {
    let plain = plain();
    for buffer in [
        gunzip(&gzip(&plain), PLAIN_BYTES),
        unzstd(&zstd(&plain), PLAIN_BYTES),
        unzstd(&zstd_of_unknown_size(&plain), PLAIN_BYTES),
    ] {
        let buffer = buffer.unwrap();
        // SAFETY: the buffer has so many bytes.
        assert!(unsafe { slice(buffer.start.cast(), buffer.bytes) } == plain);
    }
    assert_eq!(gunzip(&gzip(b""), 0).unwrap().bytes, 0);
    assert_eq!(unzstd(&zstd(b""), 0).unwrap().bytes, 0);
    let cut = gzip(&plain);
    assert!(gunzip(&cut[..cut.len() - 1], PLAIN_BYTES).is_err(), "what was cut off is not taken for whole");
}

fn unpacker_of(limit: usize) -> Unpacker {
    Unpacker {
        limit,
        held_bytes: 0,
        held: BTreeMap::new(),
        refused: VecDeque::new(),
        refused_for_now: 0,
        turn: None,
    }
}

/// Unpacks a batch of this size, and lets librdkafka make a buffer of it.
fn takes(unpacker: &mut Unpacker, batch: &[u8], bytes: usize) -> bool {
    let taken = unpacker.admit(batch, |allowed| (bytes <= allowed).then_some(bytes).ok_or(Not::Fitting));
    UNPACKED.take();
    taken
}

#[test]
fn a_batch_without_room_gets_its_turn_and_keeps_the_small_ones_out_until_then() {
    let mut unpacker = unpacker_of(100);
    assert!(takes(&mut unpacker, b"a", 60));
    assert!(!takes(&mut unpacker, b"b", 50));
    assert!(!takes(&mut unpacker, b"c", 10), "it is the turn of b");
    assert_eq!((unpacker.refused_for_now, unpacker.held_bytes), (2, 60));
    unpacker.held_bytes = 0;
    assert!(takes(&mut unpacker, b"b", 50));
    assert!(takes(&mut unpacker, b"c", 10));
    assert_eq!((unpacker.refused_for_now, unpacker.held_bytes), (2, 60));
    assert!(unpacker.refused.is_empty());
}

#[test]
fn a_batch_that_does_not_come_back_loses_its_turn() {
    let mut unpacker = unpacker_of(100);
    assert!(takes(&mut unpacker, b"a", 60));
    assert!(!takes(&mut unpacker, b"b", 50));
    unpacker.turn = unpacker.turn.map(|(batch, since)| (batch, since - TURN_MAX));
    assert!(takes(&mut unpacker, b"c", 10));
}

#[test]
fn a_batch_that_does_not_fit_alone_is_refused_for_good_and_not_unpacked_again() {
    let mut unpacker = unpacker_of(100);
    assert!(!takes(&mut unpacker, b"a", 101));
    assert_eq!(unpacker.refused_for_now, 0);
    assert!(!unpacker.admit(b"a", |_| panic!("it is unpacked again")));
    assert!(takes(&mut unpacker, b"b", 100));
    for nth in 0..REMEMBERED_MAX {
        unpacker.held_bytes = 0;
        assert!(!takes(&mut unpacker, format!("large {nth}").as_bytes(), 101));
    }
    assert_eq!(unpacker.refused.len(), REMEMBERED_MAX);
}

#[test]
fn what_librdkafka_could_not_use_is_not_held() {
    let mut unpacker = unpacker_of(100);
    assert!(unpacker.admit(b"a", |_| Ok(80)));
    assert!(unpacker.admit(b"b", Ok));
    assert_eq!(unpacker.held_bytes, 100);
    UNPACKED.take();
}
