//! What a name may lead to.

use std::process::{Command, Stdio};

use super::*;

fn says(read: io::Result<Vec<u8>>, want: &str) {
    let error = read.expect_err(want).to_string();
    assert!(error.contains(want), "{error:?} lacks {want:?}");
}

#[test]
fn a_file_is_read_up_to_its_limit_and_not_beyond() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("file");
    std::fs::write(&path, b"12345").unwrap();
    assert_eq!(read(&path, 5).unwrap(), b"12345");
    assert_eq!(read_kept(&path, 5).unwrap(), b"12345");
    says(read(&path, 4), "it has 5 bytes, and may have 4 at most");
    // As large as no disk: nothing of it is read.
    std::fs::File::create(&path).unwrap().set_len(1 << 40).unwrap();
    says(read_kept(&path, 4096), "it has 1099511627776 bytes, and may have 4096 at most");
    std::fs::write(&path, b"\xff").unwrap();
    assert!(read_text(&path, 5).unwrap_err().to_string().contains("UTF-8"));
    assert_eq!(read(&dir.path().join("absent"), 5).unwrap_err().kind(), io::ErrorKind::NotFound);
}

#[test]
fn a_device_or_a_directory_is_refused() {
    for path in ["/dev/zero", "/dev/null", "/dev/random"] {
        says(read(Path::new(path), 4096), "it is a device and no file");
        says(read_kept(Path::new(path), 4096), "it is a device and no file");
    }
    says(read(Path::new("/"), 4096), "it is a directory and no file");
}

#[test]
fn a_pipe_is_read_where_it_may_be_one_and_waits_for_no_writer() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    says(read_kept(&path, 4096), "it is a pipe and no file");
    // Its writer comes later, and writes slowly.
    let write = |script: &str| {
        let mut shell = Command::new("sh");
        shell.args(["-c", script]).env("PIPE", &path).stdout(Stdio::null()).spawn().unwrap()
    };
    let mut writer = write("sleep 0.2; { echo one; sleep 0.2; echo two; } > $PIPE");
    assert_eq!(read(&path, 4096).unwrap(), b"one\ntwo\n");
    writer.wait().unwrap();
    let mut writer = write("yes > $PIPE 2>&1");
    says(read(&path, 4096), "it has more bytes, and may have 4096 at most");
    writer.wait().unwrap();
}
