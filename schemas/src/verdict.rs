//! The verdicts of `sealake verify`: what can be said of an object or of the whole lake.
//!
//! To add one: a line in [`VERDICTS`] here, and the step of the verifier that gives it.

use serde::{Deserialize, Serialize};

macro_rules! verdicts {
    ($($variant:ident = $code:literal, $sound:literal, $doc:literal;)*) => {
        /// What a check found.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Verdict {
            $(#[doc = $doc] #[serde(rename = $code)] $variant,)*
        }

        /// Every verdict with its code and meaning.
        pub const VERDICTS: &[(Verdict, &str, &str)] = &[$((Verdict::$variant, $code, $doc),)*];

        impl Verdict {
            /// The code as printed.
            pub fn code(self) -> &'static str {
                match self { $(Verdict::$variant => $code,)* }
            }

            /// Whether a lake with this verdict is still sound.
            pub fn is_sound(self) -> bool {
                match self { $(Verdict::$variant => $sound,)* }
            }
        }
    };
}

verdicts! {
    Ok = "OK", true, "Everything that was checked is as the log says.";
    OkDeletedLawful = "OK_DELETED_LAWFUL", true, "The object is gone, and a signed certificate says why.";
    OkKeyDestroyed = "OK_KEY_DESTROYED", true, "The object's key was destroyed, and a signed certificate says why.";
    Missing = "MISSING", false, "An object that the log names is not there.";
    Modified = "MODIFIED", false, "An object's bytes are not those that the log names.";
    Truncated = "TRUNCATED", false, "An object is shorter than the log says, and a prefix of what it should be as far as can be told.";
    Appended = "APPENDED", false, "An object is longer than the log says; its beginning is as the log says.";
    Moved = "MOVED", false, "An object holds the bytes of another one.";
    ExtraVersion = "EXTRA_VERSION", false, "The store holds a second version of an object.";
    DeleteMarker = "DELETE_MARKER", false, "The store holds a delete marker on an object.";
    OffsetGap = "OFFSET_GAP", false, "Offsets are missing between two batches, or inside one without a reason.";
    OffsetOverlap = "OFFSET_OVERLAP", false, "Two batches claim the same offsets.";
    CountMismatch = "COUNT_MISMATCH", false, "Counts in a manifest do not add up, or differ from the rows.";
    RootMismatch = "ROOT_MISMATCH", false, "A Merkle root is not that of its leaves.";
    ChainBreak = "CHAIN_BREAK", false, "An entry of the log is missing, or does not follow from those before it.";
    InvalidEntry = "INVALID_ENTRY", false, "An object in the log is no valid entry and was judged so, or awaits judgement.";
    Fork = "FORK", false, "An entry is rightly signed and its root does not fit: two histories exist.";
    Rollback = "ROLLBACK", false, "The log is shorter than a checkpoint that was seen before.";
    StaleHead = "STALE_HEAD", false, "The published checkpoint is behind the log by more than it may be.";
    AnchorMismatch = "ANCHOR_MISMATCH", false, "A kept checkpoint, snapshot or the other log names a root that the log does not have.";
    BadSig = "BAD_SIG", false, "A signature of a known key does not verify.";
    UnknownKey = "UNKNOWN_KEY", false, "Signed by a key that the lake does not know or the caller does not trust.";
    KeyWindow = "KEY_WINDOW", false, "Signed by a key outside the entries for which it was valid.";
    Quorum = "QUORUM", false, "Fewer witnesses cosigned than the policy asks for.";
    UnderRetained = "UNDER_RETAINED", false, "An object may go before its retention ends.";
    LockWeaker = "LOCK_WEAKER", false, "The store's lock is weaker than the manifest says.";
    HoldMissing = "HOLD_MISSING", false, "A legal hold of the log is not set in the store.";
    HoldStray = "HOLD_STRAY", false, "The store has a hold that the log does not know.";
    ExpiredNotDeleted = "EXPIRED_NOT_DELETED", false, "An object outlived its retention.";
    Orphan = "ORPHAN", true, "An object that no entry names: a running writer's that is not committed yet, or left by one that crashed or lost a race.";
    Unreadable = "UNREADABLE", false, "An object could not be read, so nothing can be said of it.";
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.code())
    }
}
