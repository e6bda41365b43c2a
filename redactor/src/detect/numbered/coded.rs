//! Codes behind a noun of records, without a word that says "number": `Schade AV-2024-118827`, `Sygn. III RC 417/23`.
//!
//! Courts, police, insurers, laboratories and couriers write the record's noun, in the language of the country, and its code
//! right behind. The code tells itself: capitals among its digits, or digits with joints, as no count, date or amount has.
//! Behind nouns that mean much else it goes only beside another identifier.

use std::sync::LazyLock;

use super::super::lexicon::{self, ByWord, Lex, WordSet};
use super::super::text::{Shape, Text, Word};
use super::super::value::{self, Value, value_at};
use super::super::{Category, NEEDS_COMPANY};

/// Nouns of records, folded, with commas between, and how sure a code behind them is.
struct Nouns {
    words: &'static str,
    category: Category,
    score: f32,
    /// How many digits a code without letters and joints has at least.
    bare_min: usize,
    /// How many digits one has in which letters are.
    digits_min: usize,
}

/// Behind these a code is a record of somebody.
const SURE: f32 = 0.7;
/// Behind these it may be anything's.
pub(super) const COMPANY: f32 = NEEDS_COMPANY - 0.05;
/// The shortest code with letters, in bytes.
const CODE_BYTES_MIN: usize = 5;
/// No code of digits alone.
const NEVER: usize = usize::MAX;

const NOUNS: &[Nouns] = &[
    // Courts, offices and police: files, their signs, complaints, reports.
    Nouns {
        words: "docket,datix,pcn,receipt,aktenzeichen,geschaftszeichen,az,gz,geschaftszahl,aktenzahl,vorgang,aangifte,\
                kenmerk,dossier,expediente,expte,diligencias,atestado,protocollo,pratica,prot,procedimento,processo,proc,\
                azr,rg,ecli,sumario,ricorso,verbale,reclamacao,sygn,sygnatura,akt,sprawy,znak,diarienummer,dnr,arende,sagsnr,saksnr,diaarinumero,asianumero,dosar,\
                dosarul,ugyszam,iktatoszam,predmet,klasa,urbroj,pv,proces,sag,sak,decedent,safeguarding,docket,\
                υποθεση,φακελος,πρωτοκολλο",
        category: Category::UniqueId,
        score: SURE,
        bare_min: 6,
        digits_min: 3,
    },
    // Insurers: policies, claims, damages.
    Nouns {
        words: "schaden,schadenfall,polizze,schade,schadenummer,polis,sinistre,police,sinistro,siniestro,poliza,polizza,\
                mutuelle,apolice,polisa,polisy,szkoda,szkody,skadeanmalan,skada,skade,skadesag,vahinkoilmoitus,vahinko,vakuutus,\
                karszam,kotvenyszam,kotveny,dauna,polita,steta,steti,skoda,pojistka,smlouvy,smlouva,zmluvy,umowy,umowa,\
                szerzodesszam,contrat,contrato,contratto,contract,vertrag,ugovor,συμβολαιο,ζημια,sinistri,asigurare,\
                afiliacion,afiliado,allocataire,adherent",
        category: Category::HealthPlan,
        score: SURE,
        bare_min: 6,
        digits_min: 3,
    },
    // Hospitals and laboratories.
    Nouns {
        words: "pid,ipp,nda,nhi,nhc,accession,specimen,spec,acc,enc,encounter,biopsy,pathology,histology,cytology,cyto,flow,\
                pap,utente,fallnr,episode,episodio,cip,req,requisition,unos,ptan,edipi,intake,sanc,prontuario,ksiegi,eingang",
        category: Category::Mrn,
        score: SURE,
        bare_min: 7,
        digits_min: 3,
    },
    // Papers of persons and what they belong to.
    Nouns {
        words: "buletin,legitymacja,legitymacji,pasaporte,pasaportul,passaporte,passeport,paspoort,paszport,paszportu,pas,\
                utlevel,pass,reisepass,ausweis,identita,identite,soggiorno,permiso,nric,licence,permis,patente,conducao,\
                ridicak,ridicaku,prukaz,prukazu,obcanka,rijbewijs,korkort,korekort,forerkort,igazolvany,igazolvanya,\
                jogositvany,seria,mbr,socio,matr,marca,tessera,lidnr",
        category: Category::NationalId,
        score: SURE,
        bare_min: 8,
        digits_min: 3,
    },
    // Parcels, orders, bookings, customers; and nouns of records that mean much else.
    Nouns {
        words: "tracking,sendung,paket,paczka,przesylka,colis,paquete,envio,pacco,spedizione,pakket,zending,paket,zasilka,\
                zasielka,colet,csomag,encomenda,cde,commande,pedido,ordine,bestelling,bestellung,zamowienie,zamowienia,zlecenie,\
                bestallning,bestilling,ordre,tilaus,objednavka,objednavky,comanda,rendeles,narudzba,παραγγελια,\
                case,ref,refs,referenz,\
                referencia,riferimento,reference,report,incident,file,claim,member,membership,customer,cust,run,mooring,\
                check,vat,etkt,eticket,registro,id,application,applications,appeal,petition,decision,judgment,judgement,\
                exp,complaint,reclamo,reclamacion,reclamation,reklamacja,reklamacji,reklamation,recours,rechnung,facture,\
                factura,fattura,faktura,faktury,fatura,invoice,factuur",
        category: Category::UniqueId,
        score: COMPANY,
        bare_min: 10,
        digits_min: 3,
    },
    // Bookings, by the six letters and digits of the airlines.
    Nouns {
        words: "reserva,prenotazione,reservation,reservering,rezerwacja,rezerwacji,rezervace,buchung,varaus,bokning,booking,pnr,\
                localizador,rezervare",
        category: Category::UniqueId,
        score: SURE,
        bare_min: 8,
        digits_min: 2,
    },
    // Machines by their place in an inventory.
    Nouns {
        words: "asset,laptop,laptopa,notebook,workstation,rechner,pc,portatil,drucker,computer,ordinateur,komputer,komputera,inventar",
        category: Category::Device,
        score: COMPANY,
        bare_min: NEVER,
        digits_min: 2,
    },
];

/// The nouns.
pub(super) fn nouns() -> impl Iterator<Item = &'static str> {
    NOUNS.iter().flat_map(|nouns| nouns.words.split(',').map(str::trim))
}

/// The nouns by their hashes.
static BY_NOUN: LazyLock<ByWord<&'static Nouns>> = LazyLock::new(|| {
    let words = NOUNS.iter().flat_map(|nouns| nouns.words.split(',').map(move |word| (word, nouns)));
    words.map(|(word, nouns)| (lexicon::hash(word.trim()), nouns)).collect()
});
/// The same as a set, which tells nearly every other word at once.
static NOUN_SET: LazyLock<WordSet> = LazyLock::new(|| BY_NOUN.keys().copied().collect());

/// What may stand between a noun and its code: "number" and "is" as they are cut short.
static BETWEEN: LazyLock<WordSet> = LazyLock::new(|| {
    lexicon::set(&[
        "n", "nr", "no", "nos", "num", "number", "numero", "numer", "nummer", "br", "broj", "c", "cislo",
        "is", "was", "ref", "id", "est", "es", "ist", "lautet", "jest", "je", "este", "seria", "kb", "rg",
        "s", "gl",
    ])
});

/// How many words may stand between the noun and the last word of its code that has a digit.
pub(super) const REACH_WORDS: usize = 5;

/// The code that holds this number, if a noun of records stands before it.
pub(super) fn behind_noun(text: &Text<'_>, number: usize) -> Option<(Value, Category, f32)> {
    let words = text.words();
    let first = number.saturating_sub(REACH_WORDS);
    let is_noun = |word: &super::Word| NOUN_SET.contains(&word.hash);
    let noun = first + words[first..number].iter().rposition(is_noun)?;
    let nouns = BY_NOUN.get(&words[noun].hash)?;
    let (mut index, mut bare_min) = (noun, nouns.bare_min);
    let between = |index: usize| joined(text.gap(index)) && joined(text.gap(index + 1));
    while index + 1 < number && BETWEEN.contains(&words[index + 1].hash) && between(index) {
        index += 1;
    }
    // One word says which: "passaporte nepalês PA0448172".
    if nouns.score > NEEDS_COMPANY
        && index + 1 < number
        && words[index + 1].shape == Shape::Lower
        && between(index)
    {
        (index, bare_min) = (index + 1, NEVER);
    }
    let code = |index| code_at(text, index, bare_min, nouns.digits_min);
    let found = joined(text.gap(index)).then(|| code(index + 1)).flatten()?;
    let fits = (found.start..found.end).contains(&(words[number].start as usize))
        && !value::measured(text.text, &found)
        && !text.blots.stand_in(&text.text[found.start..found.end]);
    fits.then_some((found, nouns.category, nouns.score))
}

/// The code that follows the one that ends at `end`: `nos. 20718/11 and 33906/12`.
pub(super) fn further(text: &Text<'_>, number: usize, end: usize) -> Option<Value> {
    const AND: [&str; 10] = [" and ", " & ", ", ", " und ", " et ", " y ", " e ", " i ", " och ", " / "];
    let start = text.words()[number].start as usize;
    // A code may begin with letters.
    let between = text.text.get(end..start).filter(|between| between.len() <= 12)?;
    let lead = AND.iter().find(|and| between.starts_with(**and))?;
    let found = value_at(text.text, end + lead.len())?;
    let spelled = &text.text[found.start..found.end];
    let fits =
        found.end > start && is_code(spelled, &found, usize::MAX, 3) && !value::measured(text.text, &found);
    fits.then_some(found)
}

/// Whether [`by_shape`] may find anything there, behind `end`: the cheap look before the dear ones.
#[inline]
pub(super) fn may_be_by_shape(text: &Text<'_>, number: usize, end: usize) -> bool {
    let word = &text.words()[number];
    let joined = match (word.shape, word.len()) {
        (Shape::Alnum, 3..=6) => text.byte_behind(word) == b'/',
        (Shape::Alnum, 7..=12) => true,
        (Shape::Digits, 3..=10) => {
            let before =
                || word.start > 0 && matches!(text.text.as_bytes()[word.start as usize - 1], b'-' | b'\n');
            word.len() == 3 && text.byte_behind(word) == b'-' || before()
        }
        _ => false,
    };
    joined && word.start as usize >= end
}

/// Codes that their shape tells, beside another identifier: `TX-88201934`, `IMG-8016-3510`, `H4418610`, `A 208-774-119` of an
/// alien's file, `885-41-07-3` as hospitals number records, `FX221/80913` as they number dictations, and a number on the line
/// below a name.
pub(super) fn by_shape(text: &Text<'_>, number: usize) -> Option<(Value, Category)> {
    const STANDARDS: [&str; 14] =
        ["ISO", "RFC", "DIN", "IEC", "CVE", "CWE", "EN", "IEEE", "ANSI", "ASTM", "UTF", "SKU", "EAN", "ICD"];
    const DIGITS_MIN: usize = 6;
    const DIGITS_MAX: usize = 10;
    let words = text.words();
    let word = &words[number];
    let start = word.start as usize;
    let alone = |end: usize| {
        !text
            .text
            .as_bytes()
            .get(end)
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'/'))
    };
    let opened = |at: usize| {
        at.checked_sub(1)
            .is_none_or(|before| text.gap(before).ends_with([' ', '(', '\n', '"', '\t', '#', ',']))
    };
    let value = |start: usize, end: usize| {
        let digits = text.text[start..end].bytes().filter(u8::is_ascii_digit).count();
        Value { start, end, digits, letters: usize::from(start < word.start as usize) }
    };
    match word.shape {
        Shape::Alnum if text.joint(number) == b'/' => {
            let spelled = text.spelled(number).as_bytes();
            let letters = spelled.iter().take_while(|byte| byte.is_ascii_uppercase()).count();
            let next = text
                .word_at(number + 1)
                .filter(|next| next.shape == Shape::Digits && (4..=6).contains(&next.len()))?;
            let fits = (2..=3).contains(&letters)
                && (letters + 1..=letters + 4).contains(&spelled.len())
                && spelled[letters..].iter().all(u8::is_ascii_digit)
                && opened(number)
                && alone(next.end as usize);
            fits.then(|| (value(start, next.end as usize), Category::UniqueId))
        }
        Shape::Alnum => {
            let spelled = text.spelled(number).as_bytes();
            let letters = spelled.iter().take_while(|byte| byte.is_ascii_uppercase()).count();
            let digits = spelled.len() - letters;
            let fits = (1..=3).contains(&letters)
                && (DIGITS_MIN..=DIGITS_MAX).contains(&digits)
                && spelled[letters..].iter().all(u8::is_ascii_digit)
                && !STANDARDS.iter().any(|name| name.as_bytes() == &spelled[..letters])
                && opened(number)
                && alone(word.end as usize);
            fits.then(|| (value(start, word.end as usize), Category::UniqueId))
        }
        Shape::Digits if word.len() == 3 && text.joint(number) == b'-' && !follows_letters(text, number) => {
            let end = value::shape_at(text.text, start, "ddd-dd-dd-d");
            let record = end.filter(|end| opened(number) && alone(*end));
            if let Some(end) = record {
                return Some((value(start, end), Category::Mrn));
            }
            let before = number.checked_sub(1).filter(|before| {
                text.spelled(*before) == "A" && matches!(text.gap(*before), " " | "-" | "#" | " #")
            })?;
            let end = value::shape_at(text.text, start, "ddd-ddd-ddd").filter(|end| alone(*end))?;
            Some((value(words[before].start as usize, end), Category::NationalId))
        }
        Shape::Digits if follows_letters(text, number) => {
            let before = number - 1;
            let next = text.word_at(number + 1).filter(|next| {
                text.joint(number) == b'-' && next.shape == Shape::Digits && (2..=6).contains(&next.len())
            });
            let (digits, end) = (word.len() + next.map_or(0, Word::len), next.unwrap_or(word).end as usize);
            let prefix = text.spelled(before);
            let fits = (DIGITS_MIN..=DIGITS_MAX).contains(&digits)
                && !STANDARDS.contains(&prefix)
                && opened(before)
                && alone(end);
            fits.then(|| (value(words[before].start as usize, end), Category::UniqueId))
        }
        Shape::Digits if (DIGITS_MIN..=DIGITS_MAX).contains(&word.len()) => {
            let name = number.checked_sub(1).map(|before| &words[before])?;
            let fits = text.gap(number - 1) == "\n"
                && matches!(text.byte_behind(word), 0 | b'\n' | b'\r')
                && matches!(name.shape, Shape::Capital | Shape::Upper)
                && name.lex.any(Lex::FIRST_ANY.or(Lex::LAST_ANY))
                && !name.lex.any(Lex::NEVER);
            fits.then(|| (value(start, word.end as usize), Category::Mrn))
        }
        _ => None,
    }
}

/// Whether up to four capitals and a hyphen stand right before a number.
fn follows_letters(text: &Text<'_>, number: usize) -> bool {
    const PREFIX_BYTES_MAX: usize = 4;
    number.checked_sub(1).is_some_and(|before| {
        text.gap(before) == "-"
            && text.words()[before].len() <= PREFIX_BYTES_MAX
            && text.spelled(before).bytes().all(|byte| byte.is_ascii_uppercase())
    })
}

/// Whether nothing but signs that lead to a value stands between two words: ` `, `: `, `. `, ` (`, `#`, `n.º `.
fn joined(gap: &str) -> bool {
    const GAP_BYTES_MAX: usize = 16;
    let of_gap =
        |c: char| matches!(c, ' ' | ':' | '=' | '#' | '.' | '(' | '"' | '\'' | '°' | 'º' | '|' | '\t' | '*');
    !gap.is_empty() && gap.len() <= GAP_BYTES_MAX && gap.chars().all(of_gap) && gap != "."
}

/// The code that begins with that word: `UHS-25-001874`, `III RC 417/23`, `0029-8841-77`.
fn code_at(text: &Text<'_>, index: usize, bare_min: usize, digits_min: usize) -> Option<Value> {
    const PREFIXES_MAX: usize = 3;
    const PREFIX_BYTES_MAX: usize = 4;
    let start = text.word_at(index)?.start as usize;
    let (mut at, mut letters) = (start, 0);
    for _ in 0..PREFIXES_MAX {
        let value = value_at(text.text, at)?;
        if value.digits > 0 {
            let found = Value { start, letters: value.letters + letters, ..value };
            return is_code(&text.text[start..found.end], &found, bare_min, digits_min).then_some(found);
        }
        // A court's chamber and its register, an issuer: capitals a space before the digits.
        let prefix = &text.text[at..value.end];
        let goes_on = prefix.len() <= PREFIX_BYTES_MAX
            && prefix.bytes().all(|byte| byte.is_ascii_uppercase())
            && text.text[value.end..].starts_with(' ');
        if !goes_on {
            return None;
        }
        letters += value.letters;
        at = value.end + 1;
        if !text.text.as_bytes().get(at).is_some_and(u8::is_ascii_alphanumeric) {
            return None;
        }
    }
    None
}

/// Whether it looks like a code of a register: three digits beside capitals, five in parts, or many.
fn is_code(spelled: &str, found: &Value, bare_min: usize, digits_min: usize) -> bool {
    let joints = spelled.bytes().filter(|byte| matches!(byte, b'-' | b'/' | b'.')).count();
    if found.letters > 0 {
        let lower = spelled.bytes().filter(u8::is_ascii_lowercase).count();
        // "RFC2616.txt" and "x86-64": a word in small letters belongs to no code, but a register may be "VerkR96-11827".
        return found.digits >= digits_min
            && spelled.len() >= CODE_BYTES_MIN
            && (lower == 0 || lower <= 4 && joints > 0 && found.digits >= 6);
    }
    // "2020-2024", "10-20", "192.168.0.1"
    let year = |part: &str| part.len() == 4 && (part.starts_with("19") || part.starts_with("20"));
    let parts = || spelled.split(['-', '/', '.']);
    // "1.5 88/02/08": a measure before a date.
    let spaced = spelled.contains(' ') && spelled.contains('.');
    let numbered = joints > 0
        && !spaced
        && found.digits >= 5
        && !parts().all(|part| year(part) || part.len() < 3)
        && !parts().any(|part| part.len() > 4 && part.ends_with("000"))
        && (spelled.bytes().all(|byte| byte != b'.') || found.digits >= 8);
    numbered || joints == 0 && found.digits >= bare_min && !spelled.ends_with("000")
}

/// `4 F 218/23`, `12 Js 4471/22`, `S 12 KR 884/21`: the chamber, the register and the year of a German court's file
/// (Aktenordnung), the social courts' behind the letter of their instance.
pub(super) fn court_file(text: &Text<'_>, number: usize) -> Option<Value> {
    const REGISTERS: [&str; 48] = [
        "C", "F", "O", "S", "T", "U", "W", "M", "K", "L", "N", "B", "A", "IN", "IK", "IE", "OH", "Ds", "Ls",
        "Cs", "Js", "Ks", "KLs", "Ns", "Qs", "Ws", "Ss", "Gs", "AR", "VI", "XVII", "StVK", "Ca", "Cg", "KR",
        "AS", "R", "P", "SB", "AL", "BA", "VG", "VS", "SO", "AY", "KA", "RJ", "Sa",
    ];
    let words = text.words();
    let [chamber, _, serial, year] = words.get(number..number + 4)? else { return None };
    let digits = |word: &super::Word, most: usize| word.shape == Shape::Digits && word.len() <= most;
    // Nearly every number is told by its shape and what stands behind it.
    let shaped = digits(chamber, 3)
        && digits(serial, 5)
        && digits(year, 4)
        && year.len() != 1
        && text.joint(number) == b' '
        && text.joint(number + 1) == b' '
        && text.joint(number + 2) == b'/'
        && REGISTERS.contains(&text.spelled(number + 1))
        && !matches!(text.byte_behind(year), b'/' | b'-' | b'.' if text.text.as_bytes().get(year.end as usize + 1).is_some_and(u8::is_ascii_digit));
    let digits = chamber.len() + serial.len() + year.len();
    let instance = number.checked_sub(1).filter(|before| {
        shaped
            && text.gap(*before) == " "
            && matches!(text.spelled(*before), "S" | "L" | "B" | "BSG" | "VG" | "OVG")
    });
    (shaped && serial.len() >= 2).then_some(Value {
        start: instance.map_or(chamber.start, |before| words[before].start) as usize,
        end: year.end as usize,
        digits,
        letters: words[number + 1].len(),
    })
}

/// Whether the text is about a person, so that a code which may be anything's is taken as theirs.
pub(super) fn surer(text: &Text<'_>, score: f32) -> f32 {
    if score < NEEDS_COMPANY && text.holds(Lex::PERSON) { NEEDS_COMPANY + 0.1 } else { score }
}
