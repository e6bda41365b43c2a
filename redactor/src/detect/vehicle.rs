//! Vehicle identifiers, 45 CFR 164.514(b)(2)(i)(L): VIN and number plates.
//!
//! VIN: 49 CFR 565.15, 17 characters without I, O, Q, check digit in place nine. Vehicles made for other
//! markets have none (ISO 3779): those, and plates, need a keyword.

use std::sync::LazyLock;

use super::keywords::Key;
use super::lexicon::{self, WordSet};
use super::seen::Seen;
use super::text::{Shape, Text, Word};
use super::value::shape_at;
use super::words::Words;
use super::{Category, Detector, Hit, Needs, value};

/// Finds VINs and plates.
pub(super) struct Vehicle;

/// What a VIN looks like.
const SEVENTEEN: Seen = Seen::codes(17, 17);
/// The same of a plate of one word.
const PLATE: Seen = Seen::codes(6, 8);
/// The first group with a digit of a plate in groups.
const GROUP: Seen = Seen::digits(2, 5).or(Seen::codes(2, 8));

/// Makes of cars, by registrations in Europe and North America.
#[rustfmt::skip]
const MAKES: &[&str] = &[
    "toyota", "honda", "ford", "chevrolet", "chevy", "nissan", "hyundai", "kia", "subaru", "mazda", "volkswagen", "vw", "bmw", "mercedes",
    "audi", "lexus", "acura", "infiniti", "jeep", "dodge", "gmc", "buick", "cadillac", "lincoln", "chrysler", "tesla", "volvo", "saab",
    "skoda", "opel", "vauxhall", "peugeot", "renault", "citroen", "dacia", "fiat", "porsche", "mitsubishi", "suzuki",
    "jaguar", "pontiac",
];

/// Words for vehicles and for their plates, folded, in the languages held.
const VEHICLES: &str = "car,vehicle,van,truck,lorry,motorcycle,motorbike,scooter,moped,taxi,cab,trailer,reg,registration,index,tag,\
    kfz,pkw,lkw,fahrzeug,auto,wagen,motorrad,anhanger,voiture,vehicule,camionnette,camion,moto,remorque,immatricule,immatriculee,\
    coche,vehiculo,furgoneta,camioneta,motocicleta,carro,matricula,macchina,veicolo,motociclo,vettura,furgone,targa,tg,targata,\
    targato,voertuig,bestelwagen,nummerplaat,kenteken,viatura,veiculo,automovel,mota,carrinha,segura,pojazd,pojazdem,pojazdu,\
    samochod,samochodem,samochodu,rejestracja,rejestracji,motocykl,motocykla,motocyklem,rej,bil,bilen,bilens,fordon,fordonet,kjoretoy,koretoj,regnr,auton,\
    ajoneuvo,ajoneuvon,vozidlo,vozidla,vuz,rz,spz,ecv,masina,autoturism,autoturismul,autovehicul,autovehiculul,inmatriculare,\
    plaka,immat,immatriculation,rego,kombi,bakkie,ute,golf,polo,passat,corolla,yaris,hilux,transit,clio,fiesta,astra,corsa,octavia,\
    fabia,sprinter,caddy,megane,kangoo,berlingo,vito,qashqai,\
    gepkocsi,vozilo,vozila,automobil,oznaka,οχημα,αυτοκινητο,πινακιδα";

/// Plates by the national ways of writing them: `a` a capital, `d` a digit, a space for a space, hyphen or dot. Vehicle
/// registration plates of Europe, by the states' regulations; and of California.
const PLATES: &[&str] = &[
    "aadd aaa",
    "addd aaa",
    "aaa ddda",
    "aa ddd aa",
    "dddd aaa",
    "a dddd aa",
    "aa dd aa",
    "dd aa dd",
    "dd dd aa",
    "aa ddd a",
    "a ddd aa",
    "aaa dd a",
    "a dd aaa",
    "dd aa aa",
    "aa aa dd",
    "d aaa dd",
    "dd aaa d",
    "d aaa ddd",
    "aaa ddd",
    "aaa dda",
    "aa ddddd",
    "aa dd ddd",
    "a a dd",
    "a a ddd",
    "a a dddd",
    "a aa dd",
    "a aa ddd",
    "a aa dddd",
    "aa a dd",
    "aa a ddd",
    "aa a dddd",
    "aa aa ddd",
    "aa aa dddd",
    "aaa a dd",
    "aaa a ddd",
    "aaa a dddd",
    "aaa aa dd",
    "aaa aa ddd",
    "aa dddd",
    "aa dddda",
    "aa ddda",
    "aaa ddaa",
    "aaa dddd",
    "aaa dad",
    "aaa daad",
    "aa daddd",
    "aa ddadd",
    "dad dddd",
    "daa dddd",
    "aa dddaa",
    "a dd aaa",
    "a ddd aaa",
    "aa dd aaa",
    "aa ddd aaa",
    "aa dddd a",
    "aa dddd aa",
    "ddd aaa",
    "ddd aaa a",
    "daaaddd",
    "aadddaa",
    "ddddaaa",
    "aaddaaa",
    "aaddddd",
    "dddd d dd",
    // Turkey, South Africa, Ireland, states of Australia.
    "dd a dddd",
    "dd a ddddd",
    "dd aa ddd",
    "dd aa dddd",
    "dd aaa dd",
    "dd aaa ddd",
    "aa dd aa aa",
    "aaa ddd aa",
    "ddd a dddd",
    "ddd a ddddd",
    "ddd aa dddd",
    "ddd aad",
];

/// The number that opens a plate of Ireland, or stands in one of South Africa.
const YEAR: Seen = Seen::digits(2, 3);

static MAKE_SET: LazyLock<WordSet> = LazyLock::new(|| lexicon::set(MAKES));
/// [`MAKES`] and [`VEHICLES`].
static TOLD_SET: LazyLock<WordSet> =
    LazyLock::new(|| VEHICLES.split(',').chain(MAKES.iter().copied()).map(lexicon::hash).collect());

impl Detector for Vehicle {
    fn id(&self) -> &'static str {
        "vehicle"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::Vehicle]
    }

    fn example(&self) -> &'static str {
        "drove a car, VIN 1M8GDM9AXKP042788"
    }

    fn needs(&self) -> Needs {
        Needs::seen(SEVENTEEN.or(PLATE).or(GROUP).or(YEAR))
            .or(Needs::key(Key::Vin))
            .or(Needs::key(Key::Plate))
    }

    fn needs_too(&self) -> Needs {
        Needs::NUMBERS
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        value::keyed(text, &[Key::Vin], 5, Category::Vehicle, "vehicle.vin_keyword", hits);
        value::keyed(text, &[Key::Plate], 2, Category::Vehicle, "vehicle.plate", hits);
        if text.has_key(Key::Plate) {
            grouped(text, hits);
        }
        for (start, end) in text.numbers_like(PLATE).filter_map(|(index, _)| behind_make(text, index)) {
            hits.push(Hit { start, end, category: Category::Vehicle, rule: "vehicle.make", score: 0.75 });
        }
        for (start, end) in text.numbers_like(GROUP).filter_map(|(index, _)| behind_vehicle(text, index)) {
            hits.push(Hit { start, end, category: Category::Vehicle, rule: "vehicle.national", score: 0.75 });
        }
        for (start, end) in text.numbers_like(YEAR).filter_map(|(index, _)| by_form(text, index)) {
            hits.push(Hit { start, end, category: Category::Vehicle, rule: "vehicle.form", score: 0.75 });
        }
        for (index, _) in text.numbers_like(SEVENTEEN) {
            let start = text.words()[index].start as usize;
            if let Some(end) =
                shape_at(text.text, start, "xxxxxxxxxxxxxxxxx").filter(|end| is_vin(&text.text[start..*end]))
            {
                hits.push(Hit { start, end, category: Category::Vehicle, rule: "vehicle.vin", score: 0.9 });
            }
        }
    }
}

/// Plates of two or three groups behind their keyword: `ZP43 JNK`, `X-JP 1602`, `ABC 1234`.
fn grouped(text: &Text<'_>, hits: &mut Vec<Hit>) {
    if text.keyed(Key::Plate)
        && let Some((start, end)) = groups(text, 0)
        && text.text.trim().len() == end - start
    {
        hits.push(Hit { start, end, category: Category::Vehicle, rule: "vehicle.groups", score: 0.85 });
    }
    // "Kennzeichen für den Parkplatz KI-JW 908": Germany's way of writing tells it anywhere beside the keyword.
    for (index, _) in text.numbers_like(Seen::digits(2, 4)) {
        let Some(letters) = index.checked_sub(2).filter(|_| text.gap(index - 1) == " ") else { continue };
        let capitals = |at: usize, most: usize| {
            text.words()[at].len() <= most && text.spelled(at).bytes().all(|byte| byte.is_ascii_uppercase())
        };
        if text.gap(letters) == "-" && capitals(letters, 3) && capitals(letters + 1, 2) {
            let (start, end) = (text.words()[letters].start as usize, text.words()[index].end as usize);
            hits.push(Hit { start, end, category: Category::Vehicle, rule: "vehicle.german", score: 0.8 });
        }
    }
    for hit in text.keys().iter().filter(|hit| hit.key == Key::Plate) {
        let filler =
            |at: usize| matches!(text.spelled(at), "is" | "was" | "number" | "no" | "reads" | "reading");
        let first = hit.last + 1 + usize::from(filler(hit.last + 1));
        if !text.gap(first - 1).chars().all(|c| matches!(c, ' ' | ':' | '#' | '.' | '(' | '"')) {
            continue;
        }
        if let Some((start, end)) = groups(text, first) {
            hits.push(Hit { start, end, category: Category::Vehicle, rule: "vehicle.groups", score: 0.85 });
        }
    }
}

/// The groups of a plate that begin at a word.
fn groups(text: &Text<'_>, first: usize) -> Option<(usize, usize)> {
    const GROUPS_MAX: usize = 3;
    let group = |at: usize| {
        // German districts have umlauts: "GÖ-TS 417".
        let capital = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, 'Ä' | 'Ö' | 'Ü');
        text.word_at(at).is_some_and(|word| word.len() <= 5 && text.spelled(at).chars().all(capital))
    };
    let mut last = first;
    while last + 1 - first < GROUPS_MAX && matches!(text.gap(last), " " | "-" | "·") && group(last + 1) {
        last += 1;
    }
    if !group(first) || last == first {
        return None;
    }
    let (start, end) = (text.words()[first].start as usize, text.words()[last].end as usize);
    let (digits, letters) = counts(&text.text[start..end]);
    (digits > 0 && letters > 0 && digits + letters <= 9).then_some((start, end))
}

/// How many digits and capitals.
fn counts(spelled: &str) -> (usize, usize) {
    let count = |class: fn(&u8) -> bool| spelled.bytes().filter(class).count();
    (count(u8::is_ascii_digit), count(u8::is_ascii_uppercase))
}

/// `HE 86 LY GP`, `211-D-26399`: what only plates of South Africa (National Road Traffic Regulations 2000, reg. 27) and of
/// Ireland (S.I. 318/1992, since 2013 with the half of the year) are written like, by the province or the county.
fn by_form(text: &Text<'_>, number: usize) -> Option<(usize, usize)> {
    static PROVINCES: Words<9> = Words::new(["gp", "wp", "ec", "nc", "nw", "mp", "l", "zn", "fs"]);
    static COUNTIES: Words<29> = Words::new([
        "c", "ce", "cn", "cw", "d", "dl", "g", "ke", "kk", "ky", "l", "ld", "lh", "lk", "lm", "ls", "mh",
        "mn", "mo", "oy", "rn", "so", "t", "tn", "ts", "w", "wh", "ww", "wx",
    ]);
    let words = text.words();
    let capitals =
        |at: usize| words.get(at).is_some_and(|word| word.len() == 2 && word.shape == Shape::Upper);
    let alone = |start: u32, end: u32| {
        let bytes = text.text.as_bytes();
        let joins = |byte: Option<&u8>| matches!(byte, Some(b'-' | b'_' | b'/' | b'.'));
        let goes_on = bytes.get(end as usize + 1).is_some_and(u8::is_ascii_alphanumeric);
        let before = (start as usize).checked_sub(1).map(|before| &bytes[before]);
        !(joins(before) || goes_on && joins(bytes.get(end as usize)))
    };
    let spaced = |at: usize| text.joint(at) == b' ';
    if words[number].len() == 2
        && number > 0
        && capitals(number - 1)
        && capitals(number + 1)
        && (number - 1..number + 2).all(spaced)
        && PROVINCES.hold(text.spelled(number + 2))
    {
        return Some((words[number - 1].start as usize, words[number + 2].end as usize));
    }
    let county = words.get(number + 1)?;
    let serial = words.get(number + 2)?;
    let year: u32 = text.spelled(number).parse().ok()?;
    let dated = matches!(year, 87..=99) || matches!(year / 10, 13..=39) && matches!(year % 10, 1 | 2);
    (dated
        && (number..number + 2).all(|at| text.joint(at) == b'-')
        && COUNTIES.hold(text.spelled(number + 1))
        && county.shape != Shape::Lower
        && serial.shape == Shape::Digits
        && (1..=6).contains(&serial.len())
        && alone(words[number].start, serial.end))
    .then(|| (words[number].start as usize, serial.end as usize))
}

/// `Toyota Camry, 7TRX551`: a plate in one word behind a make, its model and a comma or bracket; right behind the make stands
/// a model.
fn behind_make(text: &Text<'_>, index: usize) -> Option<(usize, usize)> {
    const REACH_WORDS: usize = 4;
    let word = &text.words()[index];
    let (digits, letters) = counts(text.spelled(index));
    let plate = digits >= 3 && letters >= 2 && digits + letters == word.len();
    if !plate || !matches!(text.gap(index.checked_sub(1)?), ", " | " (" | "; ") {
        return None;
    }
    let near = &text.words()[index.saturating_sub(REACH_WORDS)..index];
    near.iter()
        .any(|word| MAKE_SET.contains(&word.hash) && word.capital(text.text))
        .then_some((word.start as usize, word.end as usize))
}

/// `fahrzeug GM-417 FX`, `voiture (EZ-441-QW)`, `viatura segura AB-77-XT`: a plate as some state writes it, at most two words
/// behind one for a vehicle. Gives it for the first of its groups that has a digit.
fn behind_vehicle(text: &Text<'_>, number: usize) -> Option<(usize, usize)> {
    const LETTERS_MAX: usize = 2;
    const REACH_WORDS: usize = 2;
    let words = text.words();
    let told = |word: &Word| TOLD_SET.contains(&word.hash);
    // Nearly every number has no vehicle before it.
    let furthest = number.saturating_sub(LETTERS_MAX + REACH_WORDS + 1);
    if !words[furthest..number].iter().any(told) {
        return None;
    }
    let capitals =
        |at: usize| text.spelled(at).bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    if !capitals(number) {
        return None;
    }
    let joint = |at: usize| matches!(text.gap(at), " " | "-" | "." | " - " | "·");
    let mut first = number;
    while first > 0
        && number - first < LETTERS_MAX
        && joint(first - 1)
        && words[first - 1].len() <= 3
        && capitals(first - 1)
    {
        first -= 1;
    }
    let near = |first: usize| {
        let from = first.saturating_sub(REACH_WORDS + 1);
        let gap = first.checked_sub(1).map_or("", |before| text.gap(before));
        let near = gap.len() <= 4 && !gap.contains(['\n', '/', '_', '-']);
        let at = words[from..first].iter().rposition(told).filter(|_| near)?;
        // Right behind a make stands a model.
        let make = MAKE_SET.contains(&words[from + at].hash);
        (!make || gap.contains([',', '('])).then_some(())
    };
    // "Fahrzeug KR AB 1234": letters before the plate may be no part of it.
    (first..=number).find_map(|first| {
        near(first)?;
        if STANDARDS.contains(&text.spelled(first)) || text.blots.stand_in(text.spelled(number)) {
            return None;
        }
        Some((words[first].start as usize, plate_end(text.text, words[first].start as usize)?))
    })
}

/// What stands before the numbers of standards and advisories.
const STANDARDS: [&str; 6] = ["RFC", "ISO", "DIN", "IEC", "CVE", "EN"];

/// Where the plate ends that begins there: the longest way of writing that fits.
fn plate_end(text: &str, start: usize) -> Option<usize> {
    let rest = &text.as_bytes()[start..];
    let fits = |shape: &&&str| {
        let window = rest.get(..shape.len());
        let fits = |(byte, want): (&u8, u8)| match want {
            b'a' => byte.is_ascii_uppercase(),
            b'd' => byte.is_ascii_digit(),
            _ => matches!(byte, b' ' | b'-' | b'.'),
        };
        window.is_some_and(|window| window.iter().zip(shape.bytes()).all(fits))
            && !rest
                .get(shape.len())
                .is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'%'))
    };
    PLATES.iter().filter(fits).map(|shape| start + shape.len()).max()
}

/// The check of 49 CFR 565.15(c). All digits are no VIN, though some would pass.
fn is_vin(vin: &str) -> bool {
    const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
    let mut sum = 0;
    for (byte, weight) in vin.bytes().zip(WEIGHTS) {
        let Some(worth) = worth(byte) else { return false };
        sum += worth * weight;
    }
    let check = match sum % 11 {
        10 => b'X',
        digit => b'0' + digit as u8,
    };
    vin.as_bytes()[8] == check && vin.bytes().any(|byte| byte.is_ascii_uppercase())
}

/// What a character counts, 49 CFR 565.15 table III.
fn worth(byte: u8) -> Option<u32> {
    Some(u32::from(match byte {
        b'0'..=b'9' => byte - b'0',
        b'A'..=b'H' => byte - b'A' + 1,
        b'J'..=b'N' => byte - b'J' + 1,
        b'P' => 7,
        b'R' => 9,
        b'S'..=b'Z' => byte - b'S' + 2,
        _ => return None,
    }))
}

#[cfg(test)]
mod tests;
