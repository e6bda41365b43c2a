//! Tells the linker that librdkafka's functions that open compressed batches are ours (`src/kafka/unpack.rs`), which
//! bound the memory that they take. The root package, whose programs are linked too, runs this file as well.

/// `__wrap_<name>` is called in place of each; `__real_<name>` is librdkafka's own.
const WRAPPED: &[&str] = &[
    "rd_gz_decompress",
    "rd_kafka_buf_new_shadow",
    "rd_kafka_lz4_decompress",
    "rd_kafka_snappy_java_uncompress",
    "rd_kafka_snappy_uncompressed_length",
    "rd_kafka_zstd_decompress",
];

fn main() {
    // Of nothing else; without it, each change of a file of the package would run this anew.
    println!("cargo:rerun-if-env-changed=CARGO_CFG_TARGET_OS");
    // Other systems' linkers do not have it.
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "linux") {
        for name in WRAPPED {
            println!("cargo:rustc-link-arg=-Wl,--wrap={name}");
        }
    }
}
