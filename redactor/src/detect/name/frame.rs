//! Sentences in which only a person can stand: `remind … to fast`, `the chart of …`, `… reports poor sleep`.
//!
//! Two words that are in no list are a name where the words around say so. Weighed here by what stands right before and
//! right behind; either is enough, since both halves of the frame are verbs and nouns of people.

use std::sync::LazyLock;

use super::super::lexicon::{self, Lex, WordSet};
use super::super::text::{Shape, Text};

/// Words behind which a person stands.
const BEFORE: &[&str] = &[
    "for",
    "with",
    "remind",
    "reminded",
    "tell",
    "told",
    "ask",
    "asked",
    "call",
    "called",
    "phone",
    "phoned",
    "text",
    "texted",
    "email",
    "emailed",
    "met",
    "meet",
    "saw",
    "see",
    "suit",
    "suits",
    "treat",
    "treating",
    "treated",
    "help",
    "helped",
    "help",
    "about",
    "regarding",
    "re",
    "named",
    "neighbor",
    "neighbour",
    "husband",
    "wife",
    "patient",
    "pt",
    "resident",
    "partner",
    "friend",
    "colleague",
    "coworker",
    "son",
    "daughter",
    "brother",
    "sister",
    "mother",
    "father",
    "mom",
    "dad",
    "aunt",
    "uncle",
    "cousin",
    "niece",
    "nephew",
    "grandson",
    "granddaughter",
    "grandmother",
    "grandfather",
    "roommate",
    "caregiver",
    "boss",
    "manager",
    "client",
    "colleague",
    "told",
    "by",
    "give",
    "gave",
    "giving",
    "to",
    "of",
    "from",
    "and",
    "is",
    "contact",
    "buried",
    "admitted",
    "discharge",
    "discharged",
    "transfer",
    "transferred",
    "schedule",
    "scheduled",
    "notify",
    "notified",
    "inform",
    "informed",
    "found",
    "sending",
    "thank",
    "invite",
    "pay",
    "paid",
    "owes",
];

/// Nouns and verbs before "of", "for", "to", "by", "with", "from" that make them stand before a person.
const LINKS: &[&str] = &[
    "argument",
    "fight",
    "conversation",
    "session",
    "meeting",
    "child",
    "divorced",
    "relationship",
    "living",
    "chart",
    "letter",
    "note",
    "notes",
    "record",
    "records",
    "results",
    "labs",
    "appointment",
    "visit",
    "family",
    "case",
    "file",
    "history",
    "care",
    "follow",
    "up",
    "spoke",
    "speak",
    "talk",
    "talked",
    "spoken",
    "contrast",
    "referral",
    "prescription",
    "refill",
    "rx",
    "plan",
    "message",
    "call",
    "email",
    "referred",
    "seen",
    "signed",
    "written",
    "dictated",
    "reviewed",
    "ordered",
    "accompanied",
    "brought",
    "driven",
    "raised",
    "married",
    "divorce",
    "divorced",
    "lives",
    "living",
    "right",
    "safe",
    "appropriate",
    "infusion",
    "dose",
    "regimen",
    "options",
    "summary",
    "schedule",
    "draft",
    "consent",
    "mother",
    "father",
    "parent",
    "behalf",
    "wife",
    "husband",
    "brother",
    "sister",
    "daughter",
    "son",
    "report",
    "complaint",
    "letters",
    "wire",
    "payment",
    "payments",
    "claim",
    "specimen",
    "biopsy",
    "scan",
];

/// Verbs behind a person.
const BEHIND: &[&str] = &[
    "reports",
    "reported",
    "denies",
    "denied",
    "presents",
    "presented",
    "complains",
    "complained",
    "states",
    "stated",
    "says",
    "said",
    "asks",
    "asked",
    "wants",
    "wanted",
    "needs",
    "needed",
    "refused",
    "refuses",
    "declined",
    "declines",
    "takes",
    "took",
    "developed",
    "underwent",
    "came",
    "comes",
    "called",
    "calls",
    "went",
    "lives",
    "lived",
    "works",
    "worked",
    "was",
    "is",
    "has",
    "had",
    "would",
    "will",
    "should",
    "feels",
    "felt",
    "tolerated",
    "received",
    "started",
    "stopped",
    "missed",
    "arrived",
    "fell",
    "died",
    "passed",
    "turned",
    "picked",
    "prefers",
    "requests",
    "requested",
    "lost",
    "gained",
    "sleeps",
    "slept",
    "walks",
    "walked",
    "cannot",
    "tells",
    "told",
    "smokes",
    "drinks",
    "who",
    "whose",
    "remains",
    "improved",
    "weighs",
    "thinks",
    "believes",
    "wonders",
];

/// [`BEFORE`] by their hashes.
static BEFORE_SET: LazyLock<WordSet> = LazyLock::new(|| lexicon::set(BEFORE));
/// [`LINKS`] by their hashes.
static LINK_SET: LazyLock<WordSet> = LazyLock::new(|| lexicon::set(LINKS));
/// [`BEHIND`] by their hashes.
static BEHIND_SET: LazyLock<WordSet> = LazyLock::new(|| lexicon::set(BEHIND));

/// Verbs of [`BEHIND`] that stand behind things too.
fn loose(verb: &str) -> bool {
    matches!(
        verb,
        "is" | "was"
            | "has"
            | "had"
            | "will"
            | "should"
            | "would"
            | "started"
            | "stopped"
            | "received"
            | "called"
            | "comes"
            | "calls"
            | "works"
    )
}

/// How surely a person stands from word `first` to word `last`: 0 nothing says so, 1 one side, 2 for sure.
pub(super) fn weigh(text: &Text<'_>, first: usize, last: usize) -> u8 {
    let behind = text
        .word_at(last + 1)
        .filter(|next| text.gap(last) == " " && next.shape == Shape::Lower && next.len() <= 10);
    let joined = || {
        text.spelled(last + 1) == "and"
            && matches!(text.spelled(last + 2), "I" | "me" | "my" | "her" | "his" | "their")
    };
    let verb = behind.is_some_and(|next| BEHIND_SET.contains(&next.hash) || joined());
    let possessive =
        || matches!(text.gap(last), "'" | "’") && text.spelled(last + 1) == "s" && text.holds(Lex::PERSON);
    let mut weight = match verb {
        true if loose(text.spelled(last + 1)) => 1,
        true => 2,
        false => u8::from(possessive()),
    };
    let Some(before) = first.checked_sub(1).filter(|before| {
        BEFORE_SET.contains(&text.words()[*before].hash) && matches!(text.gap(*before), " " | ", ")
    }) else {
        return weight;
    };
    let small = matches!(
        text.spelled(before),
        "for" | "with" | "to" | "of" | "by" | "from" | "and" | "is" | "about" | "see"
    );
    let linked = small
        && before
            .checked_sub(1)
            .is_some_and(|link| text.gap(link) == " " && LINK_SET.contains(&text.words()[link].hash));
    weight += match (small, linked) {
        (true, false) => u8::from(matches!(text.spelled(before), "for" | "with" | "by" | "to")),
        _ => 2,
    };
    weight
}
