//! United Kingdom: NHS number, CHI number, National Insurance number, Unique Taxpayer Reference.
//!
//! NHS: NHS Data Dictionary, "NHS NUMBER": weights 10 to 2, 11 less the sum modulo 11. CHI (Scotland): the same over a
//! number that begins with DDMMYY. NINO: HMRC manual NIM39110: two letters without D F I Q U V and a second without O,
//! never BG GB KN NK NT TN ZZ, six digits, A to D. UTR: HMRC "UTR check digit": weights 6 7 8 9 10 5 4 3 2 modulo 11.

use super::check::{digit, number, short_date, weighted};
use super::{COMPANY, Category, KEYWORD, LIKELY, SURE, Scheme};

pub(super) const SCHEMES: &[Scheme] = &[
    Scheme {
        rule: "eu.gb.chi",
        category: Category::NationalId,
        forms: &["dddddddddd", "dddddd dddd", "ddd ddd dddd"],
        fits: chi,
        bare: COMPANY,
        written: COMPANY,
        words: "community health index,community health index number",
        hints: "",
    },
    Scheme {
        rule: "eu.gb.nhs",
        category: Category::NationalId,
        forms: &["ddd ddd dddd", "ddd-ddd-dddd", "dddddddddd"],
        fits: nhs,
        bare: KEYWORD,
        written: LIKELY,
        words: "nhs number,nhs no,nhs,nhs num,nhsnumber,nhs id,health and care number,h c number,hsc number",
        hints: "",
    },
    Scheme {
        rule: "eu.gb.nino",
        category: Category::NationalId,
        forms: &["aa dd dd dd a", "aa dddddd a", "aadddddda", "aa-dd-dd-dd-a", "aadddddd"],
        fits: nino,
        bare: LIKELY,
        written: SURE,
        words: "national insurance number,national insurance no,national insurance,nino,ni number,ni no",
        hints: "",
    },
    Scheme {
        rule: "eu.gb.utr",
        category: Category::NationalId,
        forms: &["ddddd ddddd", "dddddddddd"],
        fits: utr,
        bare: KEYWORD,
        written: KEYWORD,
        words: "utr,unique taxpayer reference,utr number,utr no",
        hints: "",
    },
];

fn nhs(digits: &[u8]) -> bool {
    let check = 11 - weighted(digits, &[10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    check % 11 == digit(digits[9]) && check != 10
}

fn chi(digits: &[u8]) -> bool {
    short_date(number(&digits[4..6]), number(&digits[2..4]), number(&digits[..2])) && nhs(digits)
}

fn nino(text: &[u8]) -> bool {
    let never = [b"BG", b"GB", b"KN", b"NK", b"NT", b"TN", b"ZZ"].iter().any(|pair| text.starts_with(*pair));
    // Without its suffix it needs its keyword.
    let suffix = text.get(8).is_some_and(|last| (b'A'..=b'D').contains(last));
    !never && suffix && !b"DFIQUV".contains(&text[0]) && !b"DFIOQUV".contains(&text[1])
}

fn utr(text: &[u8]) -> bool {
    let sum = weighted(&text[1..], &[6, 7, 8, 9, 10, 5, 4, 3, 2]) % 11;
    text[0] == b"21987654321"[sum as usize]
}
