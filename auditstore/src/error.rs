//! What can go wrong, sorted by what the caller can do about it.
//!
//! Messages name the object, what was expected and what happens now. They never hold row content: nothing that
//! is read from a segment or a Kafka message may reach a log line by way of an error.

use std::path::PathBuf;

/// The code by which S3 says that the bucket is not there: it comes with the same status as a missing object.
pub(crate) const NO_BUCKET: &str = "NoSuchBucket";

const CREDENTIALS: &str = "the store does not take the credentials; check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or \
                           access_key_id and secret_access_key_file in [lake.s3]";

/// What the same request will not get better by later, by a word of what the store or its connection says, and what to do.
/// Codes are S3's (docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html), the rest is said of certificates by
/// rustls. One that has expired is not here: its server may get a new one at any time.
const FOR_GOOD: &[(&str, &str)] = &[
    (NO_BUCKET, "there is no such bucket; create it, or correct the URL"),
    ("InvalidAccessKeyId", CREDENTIALS),
    ("SignatureDoesNotMatch", CREDENTIALS),
    (
        "AccessDenied",
        "the store knows the credentials and they lack the right; allow them s3:GetObject, s3:ListBucket and, for writers, \
         s3:PutObject on the bucket",
    ),
    (
        "UnknownIssuer",
        "nobody who is trusted has signed the store's certificate; name the certificate of its authority, ca_file in \
         [lake.s3] (`init`: --s3-ca-file)",
    ),
    (
        "not valid for name",
        "the store's certificate is for another host; correct `endpoint` in [lake.s3], or give the store a certificate for \
         its name",
    ),
];

/// Where a machine in AWS finds its credentials; asked for where none are set.
const METADATA_SERVICE: &str = "169.254.169.254";

/// An error of the lake.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The store did not answer, or could not write (a full disk). Nothing is known to have been committed; the
    /// same call may succeed later.
    #[error("{what}: {cause}; nothing is lost, try again later")]
    Unreachable {
        /// What was tried, with the object's name.
        what: String,
        /// The store's own words.
        cause: String,
    },
    /// The store refused for good: credentials, rights, or an operation that it does not have.
    #[error("{what}: refused: {cause}")]
    Denied {
        /// What was tried, with the object's name.
        what: String,
        /// The store's own words.
        cause: String,
    },
    /// There is no lake at the URL.
    #[error("{url} holds no lake (no {object}); check the URL, or make one with `sealake init`")]
    NotALake {
        /// The URL that was opened.
        url: String,
        /// The object that should be there.
        object: String,
    },
    /// There is a lake already.
    #[error("{url} holds a lake already ({found}); {advice}")]
    AlreadyALake {
        /// The URL.
        url: String,
        /// Whose lake it is.
        found: String,
        /// The way out.
        advice: String,
    },
    /// The lake was written by a newer version of this program.
    #[error("{object} is of {found}, and this program knows {known}; use a newer sealake")]
    NewerFormat {
        /// The object that says so.
        object: String,
        /// What it is.
        found: String,
        /// What this program can read.
        known: String,
    },
    /// Going on could damage the lake or hide damage: a clock that is off, a head that went back. A person has
    /// to look.
    #[error("refused: {0}")]
    Refused(String),
    /// An entry is rightly signed and its root does not fit: two histories exist.
    #[error(
        "{object}: rightly signed, but {detail}; two histories exist, nothing is written until a person has looked (run `sealake verify`)"
    )]
    Fork {
        /// The entry.
        object: String,
        /// What does not fit.
        detail: String,
    },
    /// An object is not what the log, or its own format, says.
    #[error("{object}: {detail}")]
    Invalid {
        /// The object.
        object: String,
        /// What was expected.
        detail: String,
    },
    /// An object that the log names is not there.
    #[error("{object} is missing, and the log names it")]
    Missing {
        /// The object.
        object: String,
    },
    /// A batch's manifest would not fit an entry. The batch was not written.
    #[error(
        "the manifest of the batch has {bytes} bytes and may have {bytes_max}; commit fewer partitions at once"
    )]
    TooLarge {
        /// Bytes of the manifest.
        bytes: usize,
        /// The limit, [`schemas::manifest::MANIFEST_BYTES_MAX`].
        bytes_max: usize,
    },
    /// A key cannot be used: its file, its format, or it is not a key of this lake.
    #[error("{0}")]
    Key(String),
    /// A local file (key, state, CA) could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

impl Error {
    /// Whether the same call may succeed later without anybody's help but the network's or the disk's.
    pub fn is_retryable(&self) -> bool {
        use std::io::ErrorKind;
        match self {
            Error::Unreachable { .. } => true,
            // A full disk under the state file, as one under the lake.
            Error::Io { source, .. } => {
                matches!(source.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded)
            }
            _ => false,
        }
    }

    pub(crate) fn invalid(object: impl Into<String>, detail: impl Into<String>) -> Error {
        Error::Invalid { object: object.into(), detail: detail.into() }
    }

    pub(crate) fn io(path: impl Into<PathBuf>, source: std::io::Error) -> Error {
        Error::Io { path: path.into(), source }
    }

    /// Translates what object_store says of `what` into what a caller can do.
    pub(crate) fn store(what: impl Into<String>, error: object_store::Error) -> Error {
        use object_store::Error as E;
        let (what, cause) = (what.into(), with_sources(&error));
        if let Some((_, advice)) = FOR_GOOD.iter().find(|(word, _)| cause.contains(word)) {
            return Error::Denied { what, cause: format!("{advice} ({cause})") };
        }
        match error {
            E::PermissionDenied { .. }
            | E::Unauthenticated { .. }
            | E::NotSupported { .. }
            | E::NotImplemented { .. }
            | E::InvalidPath { .. }
            | E::UnknownConfigurationKey { .. } => Error::Denied { what, cause },
            _ if cause.contains(METADATA_SERVICE) => {
                let advice = "no credentials are set, so those of a machine in AWS were asked for: set AWS_ACCESS_KEY_ID \
                              and AWS_SECRET_ACCESS_KEY, or access_key_id and secret_access_key_file in [lake.s3]";
                Error::Unreachable { what, cause: format!("{advice} ({cause})") }
            }
            _ => Error::Unreachable { what, cause },
        }
    }
}

/// An error and those below it that it does not repeat: "error sending request" alone does not say whether the
/// certificate, the name or the port is wrong.
fn with_sources(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut below = error.source();
    while let Some(source) = below {
        let source_text = source.to_string();
        if !text.contains(&source_text) {
            text = format!("{text}: {source_text}");
        }
        below = source.source();
    }
    text
}
