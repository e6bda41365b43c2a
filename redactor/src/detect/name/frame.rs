//! Sentences in which only a person can stand: `remind … to fast`, `the chart of …`, `… reports poor sleep`.
//!
//! Two words that are in no list are a name where the words around say so. Weighed here by what stands right before and
//! right behind; either is enough, since both halves of the frame are verbs and nouns of people.

use std::sync::LazyLock;

use super::super::lexicon::{self, Lex, WordSet};
use super::super::text::{Shape, Text, Word};
use super::super::words::Words;

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
    "counsel",
    "counseled",
    "counselled",
    "advise",
    "advised",
    "remove",
    "evaluate",
    "evaluated",
    "examine",
    "examined",
    "interviewed",
    "refer",
    "escorted",
    "reassure",
    "reassured",
    "comforted",
    "baby",
    "infant",
    "toddler",
    "twin",
    "page",
    "paged",
    "per",
    "cc",
    "attn",
];

/// Nouns and verbs before "of", "for", "to", "by", "with", "from" that make them stand before a person.
const LINKS: &[&str] = &[
    "met",
    "meet",
    "ct",
    "mri",
    "echo",
    "placement",
    "discussed",
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
    "u",
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
    "reviewed",
    "signed",
    "dictated",
    "performed",
    "ordered",
    "recommends",
    "recommended",
    "agrees",
    "agreed",
    "confirmed",
    "wrote",
    "saw",
    "cried",
    "carries",
    "attended",
    "bled",
    "broke",
    "burned",
    "choked",
    "coughed",
    "drove",
    "fainted",
    "hurt",
    "injured",
    "moved",
    "seized",
    "speaks",
    "spoke",
    "stepped",
    "vomited",
    "voided",
    "woke",
    "returns",
    "returned",
    "keeps",
    "kept",
    "resting",
    "vomiting",
    "sleeping",
    "eating",
    "drinking",
    "ambulating",
    "crying",
    "coughing",
    "wheezing",
    "desatting",
    "seizing",
    "refusing",
    "wandering",
    "speaking",
    "driving",
    "doing",
    "tolerating",
];

/// What only persons are, behind "is" and "was", and have, behind "has" and "had".
const PERSONS_ARE: &[&str] = &[
    "admitted",
    "afebrile",
    "afraid",
    "alert",
    "allergic",
    "anxious",
    "asking",
    "awake",
    "born",
    "complaining",
    "coughing",
    "crying",
    "discharged",
    "divorced",
    "doing",
    "dying",
    "extubated",
    "febrile",
    "feeling",
    "going",
    "hospitalised",
    "hospitalized",
    "ill",
    "intubated",
    "living",
    "married",
    "npo",
    "pregnant",
    "refusing",
    "retired",
    "sick",
    "sleeping",
    "smoking",
    "taking",
    "tearful",
    "unable",
    "upset",
    "vomiting",
    "widowed",
    "worried",
];

/// See [`PERSONS_ARE`].
const PERSONS_HAVE: &[&str] = &[
    "asthma",
    "cancer",
    "chf",
    "copd",
    "depression",
    "diabetes",
    "epilepsy",
    "fever",
    "fevers",
    "gout",
    "headache",
    "headaches",
    "htn",
    "hypertension",
    "lupus",
    "migraines",
    "pneumonia",
    "psoriasis",
    "scabies",
    "seizures",
    "trouble",
];

/// [`BEFORE`] by their hashes.
static BEFORE_SET: LazyLock<WordSet> = LazyLock::new(|| lexicon::set(BEFORE));
/// [`LINKS`] by their hashes.
static LINK_SET: LazyLock<WordSet> = LazyLock::new(|| lexicon::set(LINKS));
/// [`BEHIND`] by their hashes.
static BEHIND_SET: LazyLock<WordSet> = LazyLock::new(|| lexicon::set(BEHIND));

/// [`PERSONS_ARE`] and [`PERSONS_HAVE`] by their hashes.
static ARE_SET: LazyLock<WordSet> = LazyLock::new(|| lexicon::set(PERSONS_ARE));
static HAVE_SET: LazyLock<WordSet> = LazyLock::new(|| lexicon::set(PERSONS_HAVE));

/// Verbs of [`BEHIND`] that stand behind things too.
fn loose(verb: &str) -> bool {
    static LOOSE: Words<19> = Words::new([
        "is", "was", "has", "had", "will", "should", "would", "started", "stopped", "received", "called",
        "comes", "calls", "works", "returns", "returned", "keeps", "kept", "doing",
    ]);
    LOOSE.hold(verb)
}

/// Whether what stands behind such a verb is said of persons only: `was admitted`, `has asthma`, `has a history`.
pub(super) fn said_of_persons(text: &Text<'_>, verb: usize) -> bool {
    static ARE: Words<2> = Words::new(["is", "was"]);
    static HAVE: Words<2> = Words::new(["has", "had"]);
    let Some(next) = text.word_at(verb + 1).filter(|_| text.joint(verb) == b' ') else { return false };
    let spelled = text.spelled(verb);
    if ARE.hold(spelled) {
        let article = matches!(text.spelled(verb + 1), "a" | "an") && text.joint(verb + 1) == b' ';
        return ARE_SET.contains(&next.hash)
            || age_word(text, verb + 1)
            || article && age_word(text, verb + 2);
    }
    HAVE.hold(spelled)
        && (HAVE_SET.contains(&next.hash)
            || text.spelled(verb + 1).eq_ignore_ascii_case("a")
                && matches!(text.spelled(verb + 2), "history" | "rash" | "fever" | "cough" | "seizure"))
}

/// `44 years`, `44-year-old`, `66F`, `11 and weighs`: an age of more than a number.
fn age_word(text: &Text<'_>, number: usize) -> bool {
    let unit =
        matches!(text.spelled(number + 1), "year" | "years" | "yo" | "y" | "month" | "months" | "weeks");
    is_age(text, number)
        && (unit || text.spelled(number + 1) == "and" && text.word_at(number + 2).is_some_and(is_verb))
        || coded_age(text, number)
}

fn is_age(text: &Text<'_>, number: usize) -> bool {
    text.word_at(number).is_some_and(|word| word.shape == Shape::Digits && word.len() <= 3)
}

/// An age with a sex or a unit as one word: `44F`, `15M`, `9mo`.
fn coded_age(text: &Text<'_>, index: usize) -> bool {
    let spelled = text.spelled(index);
    let digits = spelled.bytes().take_while(u8::is_ascii_digit).count();
    (1..=3).contains(&digits)
        && matches!(&spelled[digits..], "F" | "M" | "f" | "m" | "yo" | "mo" | "yF" | "yM")
}

/// Whether an age stands beside these words: `Zdenka, 44F`, `Mark Weaver, 51, has`, `71M Torsten`.
pub(super) fn aged(text: &Text<'_>, first: usize, last: usize) -> bool {
    // "Schwarzkopf 96M", "Noor (23F)"
    let sexed = || text.spelled(last + 1).ends_with(['F', 'M']);
    let bracketed =
        (text.gap(last) == " (" || text.joint(last) == b' ' && sexed()) && coded_age(text, last + 1);
    let behind = text.gap(last) == ", "
        && (coded_age(text, last + 1)
            || is_age(text, last + 1)
                && text.gap(last + 1) == ", "
                && text.word_at(last + 2).is_some_and(|next| next.shape == Shape::Lower)
                && (BEHIND_SET.contains(&text.words()[last + 2].hash)
                    || matches!(text.spelled(last + 2), "with" | "on" | "presenting" | "from")));
    let before = first.checked_sub(1).filter(|before| text.joint(*before) == b' ');
    // "71M Torsten", "3-month-old Aarav"
    let old = |at: usize| {
        text.spelled(at) == "old"
            && at > 1
            && text.joint(at - 1) == b'-'
            && matches!(text.spelled(at - 1), "year" | "yr" | "month" | "week" | "day")
    };
    bracketed || behind || before.is_some_and(|before| coded_age(text, before) || old(before))
}

/// Whether a word in small letters stands behind, or one in capitals behind capitals.
fn goes_with(text: &Text<'_>, last: usize, next: &Word) -> bool {
    next.shape == Shape::Lower || next.shape == Shape::Upper && text.words()[last].shape == Shape::Upper
}

/// Whether a word is a verb of [`BEHIND`].
pub(super) fn is_verb(word: &Word) -> bool {
    BEHIND_SET.contains(&word.hash)
}

/// How surely a person stands from word `first` to word `last`: 0 nothing says so, 1 one side, 2 for sure.
pub(super) fn weigh(text: &Text<'_>, first: usize, last: usize) -> u8 {
    let behind = text
        .word_at(last + 1)
        .filter(|next| text.gap(last) == " " && next.len() <= 11 && goes_with(text, last, next));
    let joined = || {
        text.spelled(last + 1) == "and"
            && matches!(text.spelled(last + 2), "I" | "me" | "my" | "her" | "his" | "their")
    };
    let verb = behind.is_some_and(|next| BEHIND_SET.contains(&next.hash) || joined());
    let possessive =
        || matches!(text.gap(last), "'" | "’") && text.spelled(last + 1) == "s" && text.holds(Lex::PERSON);
    let mut weight = match verb {
        true if loose(text.spelled(last + 1)) => 1 + u8::from(said_of_persons(text, last + 1)),
        true => 2,
        false if aged(text, first, last) || super::is_degree(text, last) => 2,
        false => u8::from(possessive()),
    };
    let Some(before) = first.checked_sub(1).filter(|before| {
        BEFORE_SET.contains(&text.words()[*before].hash) && matches!(text.gap(*before), " " | ", ")
    }) else {
        return weight;
    };
    static SMALL: Words<12> =
        Words::new(["for", "with", "to", "of", "by", "from", "and", "is", "about", "see", "page", "per"]);
    let small = SMALL.hold(text.spelled(before));
    let linked = small
        && before
            .checked_sub(1)
            .is_some_and(|link| text.gap(link) == " " && LINK_SET.contains(&text.words()[link].hash));
    weight += match (small, linked) {
        (true, false) => {
            u8::from(matches!(text.spelled(before), "for" | "with" | "by" | "to" | "per" | "Page" | "Per"))
        }
        _ => 2,
    };
    weight
}
