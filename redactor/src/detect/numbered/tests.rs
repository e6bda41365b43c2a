use super::super::tests::{assert_finds, assert_silent};

#[test]
fn numbers_of_any_noun() {
    assert_finds(
        "numbered",
        &[
            ("incident number 2023-04177 of the patient", &["2023-04177"]),
            ("docket no. AB-1123", &["AB-1123"]),
            ("Kit ID: QX7781", &["QX7781"]),
            ("locker code is 884213", &["884213"]),
            ("Slide S21-44021 of the patient", &["S21-44021"]),
            ("the visitor badge: 44102", &["44102"]),
            ("badge 2291", &["2291"]),
            ("Personalnummer 229188", &["229188"]),
            ("meine kundennr 12345678 bitte", &["12345678"]),
            ("Pasientnr: 4471203", &["4471203"]),
            ("patiëntnummer 55120987", &["55120987"]),
            ("Vertragsnr. AB-330091", &["AB-330091"]),
        ],
    );
    assert_silent(
        "numbered",
        &[
            "ICD code E11901",
            "error code 500123",
            "the number 12345",
            "part no. AB-1123",
            "a number of patients, 12345 in all, were seen",
            "ticket number 12",
            "in order 40000 patients",
            "a kit of 12345",
            "order: 10240, ticket = 55555",
            "Reference: 150000-400000 /uL",
            "employee: 25000 employees",
            "badge 2024, badge 12",
            "build number 20231",
            "Artikelnr. 1234567, Hausnummer 12345",
            "Versionsnummer 202311",
        ],
    );
}

#[test]
fn codes_behind_nouns_of_records() {
    assert_finds(
        "numbered",
        &[
            ("Schaden KH-2023-55812 vom Montag", &["KH-2023-55812"]),
            ("Sygn. akt IV KC 882/21", &["IV KC 882/21"]),
            ("Az. 71/3-2298-23", &["71/3-2298-23"]),
            ("le sinistre n° 2023-MRH-20418 est clos", &["2023-MRH-20418"]),
            ("la póliza 0071-3382-19", &["0071-3382-19"]),
            ("znak: WGK.6620.71.2023", &["WGK.6620.71.2023"]),
            ("Dosar daună BV-23-0071120", &["BV-23-0071120"]),
            ("Ügyszám: BAZ/5512-3/2023", &["BAZ/5512-3/2023"]),
            ("Skadeanmälan S-23-558120", &["S-23-558120"]),
            ("the case (ME23-1182)", &["ME23-1182"]),
            ("legitymacja KR 55120", &["KR 55120"]),
            ("il passaporto, o passaporte nepalês PK0553812", &["PK0553812"]),
            ("Reserva KT22LP", &["KT22LP"]),
            ("in Sachen Beispiel, 7 F 552/22, wird", &["7 F 552/22"]),
            ("das Aktenzeichen lautet 4471-KP-88", &["4471-KP-88"]),
        ],
    );
    assert_silent(
        "numbered",
        &[
            "the file RFC2616.txt",
            "a report of 2019-2023",
            "the contract of 1200000 euros",
            "case 12 of 40000",
            "the police came at 12-15",
            "Vertrag vom 12.03.2024",
            "le contrat de 2023",
            "laptop with 16GB and an RTX3080",
            "version 1.2.3 of the file 10-20",
            "polis 2024/2025",
            "at 4 F 21",
            "2 C 12/24/2023",
        ],
    );
}

#[test]
fn codes_of_courts_complaints_and_by_their_shape() {
    assert_finds(
        "numbered",
        &[
            ("patients in two applications (nos. 20718/11 and 33906/12) against", &["20718/11", "33906/12"]),
            ("Az. S 12 KR 884/21, durch", &["S 12 KR 884/21"]),
            ("il suo reclamo n. 2024-REC-0917 del paziente", &["2024-REC-0917"]),
            ("Verbale di pronto soccorso n. 2024/118820 paziente", &["2024/118820"]),
            ("her badge (no. B-20917) and the patient", &["B-20917"]),
            ("my student number at Lindenhurst College is 2204471", &["2204471"]),
            ("monitor TX-88201934 of the patient", &["TX-88201934"]),
            ("A-number A 208-774-119, filed", &["A 208-774-119"]),
            ("VIRGIL   885-41-07-3   VISIT", &["885-41-07-3"]),
            ("____\nFX221/80913\nsigned", &["FX221/80913"]),
        ],
    );
    assert_silent(
        "numbered",
        &[
            "la legge n. 104/1992 e il decreto n. 12345/2020",
            "ISO-270012 and RFC-123456",
            "n = 45000 of them",
            "AB12/3456/7",
            "the patient is 1045 days old",
        ],
    );
}

#[test]
fn codes_of_letters_and_numbers_below_a_name() {
    assert_finds(
        "numbered",
        &[
            ("Patient Margery Kalinowski (X2207719) will", &["X2207719"]),
            ("stored under IMG-8016-3510.", &["IMG-8016-3510"]),
            ("auth AU-559-0032, patient", &["AU-559-0032"]),
            ("Sandoval-Pike, Minerva\n5590312\n\nseen", &["5590312"]),
        ],
    );
    assert_silent(
        "numbered",
        &["CVE-2024-123456", "GPT-4-0613", "COVID-19-2021", "Results\n5590312\n", "AB1234567Z"],
    );
}
