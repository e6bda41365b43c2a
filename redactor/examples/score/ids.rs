//! Numbers with the right check digits, made up: what stands on cards, forms and in registers.
//!
//! The rules are those of the issuers (ISO 7064, ISO 13616, 45 CFR 162.406 for the NPI, 49 CFR 565 for the VIN, the
//! population registers of the European states). They are written here a second time, apart from the detectors, so
//! that a detector's mistake does not hide in the set that measures it.

use super::random::Random;

/// A day of birth, as a register would code it.
struct Born {
    year: u32,
    month: u32,
    day: u32,
}

impl Born {
    fn new(random: &mut Random) -> Born {
        Born {
            year: random.between(1931, 1999) as u32,
            month: random.between(1, 12) as u32,
            day: random.between(1, 28) as u32,
        }
    }

    fn two(&self) -> u32 {
        self.year % 100
    }

    fn ymd(&self) -> String {
        format!("{:02}{:02}{:02}", self.two(), self.month, self.day)
    }

    fn dmy(&self) -> String {
        format!("{:02}{:02}{:02}", self.day, self.month, self.two())
    }
}

fn numbers(text: &str) -> Vec<u32> {
    text.chars().filter_map(|c| c.to_digit(10)).collect()
}

fn text(digits: &[u32]) -> String {
    digits.iter().filter_map(|digit| char::from_digit(*digit, 10)).collect()
}

fn weighted(digits: &[u32], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum()
}

fn modulo(digits: &str, modulus: u64) -> u64 {
    numbers(digits).iter().fold(0, |rest, digit| (rest * 10 + u64::from(*digit)) % modulus)
}

/// The Luhn check digit (ISO/IEC 7812-1).
fn luhn(digits: &[u32]) -> u32 {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, digit)| if at % 2 == 0 { digit * 2 / 10 + digit * 2 % 10 } else { *digit })
        .sum();
    (10 - sum % 10) % 10
}

/// ISO 7064 MOD 11,10.
fn mod_11_10(digits: &[u32]) -> u32 {
    let rest = digits.iter().fold(10, |product, digit| {
        let sum = (digit + product) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    (11 - rest) % 10
}

/// Spaces between groups of so many characters.
pub(crate) fn grouped(text: &str, sizes: &[usize], by: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let mut rest = characters.as_slice();
    let mut groups = Vec::new();
    for size in sizes.iter().copied().chain(std::iter::repeat(usize::MAX)) {
        if rest.is_empty() {
            break;
        }
        let (group, behind) = rest.split_at(size.min(rest.len()));
        groups.push(group.iter().collect::<String>());
        rest = behind;
    }
    groups.join(by)
}

pub(crate) fn ssn(random: &mut Random) -> String {
    match random.below(10) {
        0 => "123-45-6789".to_string(),
        1 => random.shape("987-65-43##"),
        2 => random.shape("5## 4# #@##"),
        _ => format!(
            "{:03}-{:02}-{:04}",
            random.between(1, 665),
            random.between(1, 99),
            random.between(1, 9999)
        ),
    }
}

pub(crate) fn card(random: &mut Random) -> String {
    let shape = *random.pick(&["4", "51", "54", "37"]);
    let length = if shape == "37" { 14 } else { 15 };
    let mut digits = numbers(shape);
    digits.extend(random.digits(length - digits.len()));
    digits.push(luhn(&digits));
    let plain = text(&digits);
    let sizes: &[usize] = if length == 14 { &[4, 6, 5] } else { &[4, 4, 4, 4] };
    match random.below(3) {
        0 => plain,
        1 => grouped(&plain, sizes, " "),
        _ => grouped(&plain, sizes, "-"),
    }
}

pub(crate) fn routing(random: &mut Random) -> String {
    let region = *random.pick(&["02", "06", "07", "11", "12", "32"]);
    let mut digits = numbers(region);
    digits.extend(random.digits(6));
    let sum = weighted(&digits, &[3, 7, 1, 3, 7, 1, 3, 7]);
    digits.push((10 - sum % 10) % 10);
    text(&digits)
}

pub(crate) fn npi(random: &mut Random) -> String {
    let mut digits = vec![1];
    digits.extend(random.digits(8));
    let mut full = numbers("80840");
    full.extend(&digits);
    digits.push(luhn(&full));
    text(&digits)
}

pub(crate) fn dea(random: &mut Random) -> String {
    let digits = random.digits(6);
    let check = (digits[0] + digits[2] + digits[4] + 2 * (digits[1] + digits[3] + digits[5])) % 10;
    format!("{}{}{check}", random.shape("BA"), text(&digits))
}

pub(crate) fn mbi(random: &mut Random) -> String {
    const LETTERS: &[u8] = b"ACDEFGHJKMNPQRTUVWXY";
    let mut number = String::new();
    for class in "CAXNAXNAANN".chars() {
        number.push(match class {
            'C' => char::from(b'1' + random.below(9) as u8),
            'N' => char::from(b'0' + random.below(10) as u8),
            'X' if random.chance(50) => char::from(b'0' + random.below(10) as u8),
            _ => char::from(*random.pick(LETTERS)),
        });
    }
    if random.chance(50) { number } else { grouped(&number, &[4, 3, 4], "-") }
}

pub(crate) fn vin(random: &mut Random) -> String {
    const LETTERS: &str = "ABCDEFGHJKLMNPRSTUVWXYZ";
    const VALUES: [u32; 23] = [1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9];
    const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
    let mut number: Vec<char> = random.shape("1AA&&&&&0&A######").chars().collect();
    let value = |c: &char| {
        c.to_digit(10).unwrap_or_else(|| LETTERS.find(*c).and_then(|at| VALUES.get(at)).copied().unwrap_or(0))
    };
    let sum: u32 = number.iter().zip(WEIGHTS).map(|(c, weight)| value(c) * weight).sum();
    number[8] = if sum % 11 == 10 { 'X' } else { char::from_digit(sum % 11, 10).unwrap_or('0') };
    number.into_iter().collect()
}

pub(crate) fn iban(random: &mut Random, country: &str) -> String {
    let shape = match country {
        "gb" => "AAAA##############",
        "ie" => "AAAA##############",
        "fr" => "#######################",
        "nl" => "AAAA##########",
        _ => "##################",
    };
    let account = random.shape(shape);
    let turned: String = format!("{account}{}00", country.to_uppercase())
        .chars()
        .map(|c| c.to_digit(36).unwrap_or(0).to_string())
        .collect();
    let check = 98 - modulo(&turned, 97);
    let plain = format!("{}{check:02}{account}", country.to_uppercase());
    if random.chance(50) { plain } else { grouped(&plain, &[4, 4, 4, 4, 4, 4, 4], " ") }
}

/// The number that a state gives its people: `country`, or `country-kind` where there are several.
pub(crate) fn national(random: &mut Random, country: &str) -> String {
    loop {
        if let Some(number) = try_national(random, country) {
            return number;
        }
    }
}

/// None if the digits drawn have no check digit.
fn try_national(random: &mut Random, country: &str) -> Option<String> {
    let born = Born::new(random);
    match country {
        "de" | "hr" => return mod_11_10_number(random, country),
        "de-kv" => return Some(kvnr(random)),
        "es" => return Some(dni(random)),
        "it" => return Some(codice_fiscale(random, &born)),
        "gb" => return nhs(random),
        "gb-ni" => return Some(nino(random)),
        "fr" => return Some(nir(random, &born)),
        "nl" => return bsn(random),
        "pt" => return Some(nif(random)),
        "ch" => return Some(ahv(random)),
        "ie" => return Some(pps(random)),
        "hu" => return Some(taj(random)),
        _ => {}
    }
    by_birth(random, &born, country)
}

fn mod_11_10_number(random: &mut Random, country: &str) -> Option<String> {
    if country == "hr" {
        let mut digits = random.digits(10);
        digits.push(mod_11_10(&digits));
        return Some(text(&digits));
    }
    // Of the first ten digits of a Steuer-ID one stands twice, one is missing, and the first is no zero.
    let mut pool: Vec<u32> = (0..10).collect();
    for at in (1..pool.len()).rev() {
        pool.swap(at, random.below(at as u64 + 1) as usize);
    }
    pool[9] = pool[random.below(9) as usize];
    if pool[0] == 0 || pool[8] == pool[9] && pool[7] == pool[9] {
        return None;
    }
    pool.push(mod_11_10(&pool));
    let plain = text(&pool);
    Some(if random.chance(50) { plain } else { grouped(&plain, &[2, 3, 3, 3], " ") })
}

fn kvnr(random: &mut Random) -> String {
    let letter = random.below(26) as u32;
    let mut digits = vec![(letter + 1) / 10, (letter + 1) % 10];
    digits.extend(random.digits(8));
    let sum: u32 = digits
        .iter()
        .enumerate()
        .map(|(at, digit)| {
            let product = if at % 2 == 0 { *digit } else { digit * 2 };
            product / 10 + product % 10
        })
        .sum();
    format!("{}{}{}", char::from(b'A' + letter as u8), text(&digits[2..]), sum % 10)
}

fn dni(random: &mut Random) -> String {
    const LETTERS: &[u8] = b"TRWAGMYFPDXBNJZSQVHLCKE";
    let foreign = random.chance(25);
    let (lead, number) = if foreign {
        (random.below(3), random.below(10_000_000))
    } else {
        (0, random.between(10_000_000, 99_999_999))
    };
    let letter = char::from(LETTERS[((lead * 10_000_000 + number) % 23) as usize]);
    if foreign {
        format!("{}{number:07}{letter}", ['X', 'Y', 'Z'][lead as usize])
    } else {
        format!("{number:08}{}{letter}", if random.chance(30) { "-" } else { "" })
    }
}

fn codice_fiscale(random: &mut Random, born: &Born) -> String {
    const ODD: [u32; 26] =
        [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
    const MONTHS: &[u8] = b"ABCDEHLMPRST";
    let day = born.day + if random.chance(50) { 40 } else { 0 };
    let mut code: String = (0..6).map(|_| char::from(*random.pick(b"BCDFGLMNPRSTVZ"))).collect();
    code += &format!("{:02}{}{day:02}", born.two(), char::from(MONTHS[born.month as usize - 1]));
    code += &format!("{}{:03}", char::from(*random.pick(b"ABCDEFGHL")), random.between(1, 999));
    let sum: u32 = code
        .chars()
        .enumerate()
        .map(|(at, c)| {
            let value = c.to_digit(10).unwrap_or_else(|| u32::from(c) - u32::from('A'));
            if at % 2 == 0 { ODD[value as usize] } else { value }
        })
        .sum();
    code.push(char::from(b'A' + (sum % 26) as u8));
    code
}

fn nhs(random: &mut Random) -> Option<String> {
    let mut digits = random.digits(9);
    let check = (11 - weighted(&digits, &[10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11) % 11;
    digits.push((check < 10).then_some(check)?);
    let plain = text(&digits);
    Some(if random.chance(40) { plain } else { grouped(&plain, &[3, 3, 4], " ") })
}

fn nino(random: &mut Random) -> String {
    let first = char::from(*random.pick(b"ABCEGHJLMNPRSTWX"));
    let second = char::from(*random.pick(b"AEHJLMPRSWXY"));
    let digits = random.shape("######");
    let last = char::from(*random.pick(b"ABCD"));
    if random.chance(50) {
        format!("{first}{second}{digits}{last}")
    } else {
        format!("{first}{second} {} {last}", grouped(&digits, &[2, 2, 2], " "))
    }
}

fn nir(random: &mut Random, born: &Born) -> String {
    let body = format!(
        "{}{:02}{:02}{:02}{:03}{:03}",
        random.between(1, 2),
        born.two(),
        born.month,
        random.between(1, 95),
        random.between(1, 900),
        random.between(1, 999)
    );
    let full = format!("{body}{:02}", 97 - modulo(&body, 97));
    if random.chance(40) { full } else { grouped(&full, &[1, 2, 2, 2, 3, 3, 2], " ") }
}

fn bsn(random: &mut Random) -> Option<String> {
    let digits = random.digits(8);
    let check = weighted(&digits, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    (check < 10 && digits[0] > 0).then(|| format!("{}{check}", text(&digits)))
}

fn nif(random: &mut Random) -> String {
    let mut digits = vec![random.between(1, 2) as u32];
    digits.extend(random.digits(7));
    let rest = weighted(&digits, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    digits.push(if rest < 2 { 0 } else { 11 - rest });
    let plain = text(&digits);
    if random.chance(60) { plain } else { grouped(&plain, &[3, 3, 3], " ") }
}

fn ahv(random: &mut Random) -> String {
    let mut digits = numbers("756");
    digits.extend(random.digits(9));
    let sum = weighted(&digits, &[1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3]);
    digits.push((10 - sum % 10) % 10);
    grouped(&text(&digits), &[3, 4, 4, 2], ".")
}

fn pps(random: &mut Random) -> String {
    let digits = random.digits(7);
    let rest = weighted(&digits, &[8, 7, 6, 5, 4, 3, 2]) % 23;
    let letter = if rest == 0 { 'W' } else { char::from(b'A' + rest as u8 - 1) };
    format!("{}{letter}", text(&digits))
}

fn taj(random: &mut Random) -> String {
    let mut digits = random.digits(8);
    digits.push(weighted(&digits, &[3, 7, 3, 7, 3, 7, 3, 7]) % 10);
    grouped(&text(&digits), &[3, 3, 3], if random.chance(70) { " " } else { "-" })
}

/// Numbers that open with the day of birth.
fn by_birth(random: &mut Random, born: &Born, country: &str) -> Option<String> {
    let (ymd, dmy) = (born.ymd(), born.dmy());
    match country {
        "at" => {
            let serial = random.between(100, 999).to_string();
            let sum = weighted(&numbers(&serial), &[3, 7, 9]) + weighted(&numbers(&dmy), &[5, 8, 4, 2, 1, 6]);
            (sum % 11 < 10).then(|| format!("{serial}{} {dmy}", sum % 11))
        }
        "pl" => {
            let body = format!("{ymd}{:04}", random.below(10_000));
            let sum = weighted(&numbers(&body), &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3]);
            Some(format!("{body}{}", (10 - sum % 10) % 10))
        }
        "se" => {
            let serial = format!("{:03}", random.below(1000));
            let check = luhn(&numbers(&format!("{ymd}{serial}")));
            let century = if random.chance(40) { (born.year / 100).to_string() } else { String::new() };
            Some(format!("{century}{ymd}-{serial}{check}"))
        }
        "dk" => {
            let serial = format!("{:03}", random.below(400));
            let sum = weighted(&numbers(&format!("{dmy}{serial}")), &[4, 3, 2, 7, 6, 5, 4, 3, 2]);
            let check = (11 - sum % 11) % 11;
            (check < 10).then(|| format!("{dmy}-{serial}{check}"))
        }
        "no" => {
            let mut digits = numbers(&format!("{dmy}{:03}", random.below(500)));
            for weights in [&[3, 7, 6, 1, 8, 9, 4, 5, 2][..], &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2][..]] {
                let check = (11 - weighted(&digits, weights) % 11) % 11;
                digits.push((check < 10).then_some(check)?);
            }
            Some(grouped(&text(&digits), &[6, 5], if random.chance(50) { " " } else { "" }))
        }
        "fi" => {
            const CHECKS: &[u8] = b"0123456789ABCDEFHJKLMNPRSTUVWXY";
            let serial = format!("{:03}", random.between(2, 899));
            let check = CHECKS[modulo(&format!("{dmy}{serial}"), 31) as usize];
            Some(format!("{dmy}-{serial}{}", char::from(check)))
        }
        "cz" | "sk" => {
            let month = born.month + if random.chance(50) { 50 } else { 0 };
            let body = format!("{:02}{month:02}{:02}{:03}", born.two(), born.day, random.below(1000));
            let check = (11 - modulo(&format!("{body}0"), 11)) % 11;
            (check < 10 && born.year > 1953).then(|| format!("{}/{}{check}", &body[..6], &body[6..]))
        }
        _ => by_birth_further(random, born, country),
    }
}

fn by_birth_further(random: &mut Random, born: &Born, country: &str) -> Option<String> {
    let (ymd, dmy) = (born.ymd(), born.dmy());
    match country {
        "ro" => {
            let body = format!(
                "{}{ymd}{:02}{:03}",
                random.between(1, 2),
                random.between(1, 46),
                random.between(1, 999)
            );
            let rest = weighted(&numbers(&body), &[2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
            Some(format!("{body}{}", if rest == 10 { 1 } else { rest }))
        }
        "be" => {
            let serial = format!("{:03}", random.between(1, 997));
            let check = 97 - modulo(&format!("{ymd}{serial}"), 97);
            Some(format!("{}-{serial}.{check:02}", grouped(&ymd, &[2, 2, 2], ".")))
        }
        "bg" => {
            let body = format!("{ymd}{:03}", random.below(1000));
            let sum = weighted(&numbers(&body), &[2, 4, 8, 5, 10, 9, 7, 3, 6]);
            Some(format!("{body}{}", sum % 11 % 10))
        }
        "ee" | "lt" => {
            let body = format!("{}{ymd}{:03}", random.between(3, 4), random.below(1000));
            let digits = numbers(&body);
            let first = weighted(&digits, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11;
            let second = weighted(&digits, &[3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11;
            Some(format!("{body}{}", if first < 10 { first } else { second % 10 }))
        }
        "lv" => {
            let body = format!("{dmy}1{:03}", random.below(1000));
            let sum = weighted(&numbers(&body), &[10, 5, 8, 4, 2, 1, 6, 3, 7, 9]);
            Some(format!("{dmy}-{}{}", &body[6..], (1 + sum) % 11 % 10))
        }
        "si" => {
            let body = format!("{}{:03}50{:03}", &dmy[..4], born.year % 1000, random.below(1000));
            let check = (11 - weighted(&numbers(&body), &[7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 11;
            (check < 10).then(|| format!("{body}{check}"))
        }
        "gr" => {
            let body = format!("{dmy}{:04}", random.below(10_000));
            Some(format!("{body}{}", luhn(&numbers(&body))))
        }
        _ => {
            let body = format!("{dmy}{:02}", random.between(20, 99));
            let check = (11 - weighted(&numbers(&body), &[3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 11;
            (check < 10).then(|| format!("{dmy}-{}{check}9", &body[6..]))
        }
    }
}
