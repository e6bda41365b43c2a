use super::super::tests::{assert_finds, assert_silent, found_under};
use super::*;

#[test]
fn titles() {
    assert_finds(
        "name",
        &[
            ("seen by Dr. Alvarez today", &["Dr. Alvarez"]),
            ("Dr. Emily Carter-Jones, MD", &["Dr. Emily Carter-Jones"]),
            ("Mrs. van der Berg left", &["Mrs. van der Berg"]),
            ("Mr. John.", &["Mr. John"]),
            ("by Dr. A. at noon", &["Dr. A."]),
            ("mr smith came", &["mr smith"]),
            ("Herr Dr. med. Weber", &["Herr Dr. med. Weber"]),
            ("DR SMITH WAS HERE", &["DR SMITH"]),
        ],
    );
}

#[test]
fn labels() {
    assert_finds(
        "name",
        &[
            ("Patient: Xiomara Quezada", &["Xiomara Quezada"]),
            ("my name is oluwaseun adeyemi", &["oluwaseun adeyemi"]),
            ("Name: KOWALSKI, ADAM", &["KOWALSKI, ADAM"]),
            ("pt john smith, dob", &["john smith"]),
        ],
    );
}

#[test]
fn pairs() {
    assert_finds(
        "name",
        &[
            ("like Anna S., seen", &["Anna S."]),
            ("with Mary Ann Kowalski again", &["Mary Ann Kowalski"]),
            ("by L. Wang and", &["L. Wang"]),
            ("JOHN Q SMITH ARRIVED", &["JOHN Q SMITH"]),
            ("SMITH, JOHN A was", &["SMITH, JOHN A"]),
            ("O'Brien, Kathleen", &["O'Brien, Kathleen"]),
            ("ask maria gonzalez about", &["maria gonzalez"]),
            ("José García came", &["José García"]),
        ],
    );
}

#[test]
fn lone_names_need_company() {
    let text = Text::new("then Nguyen was moved", None, 0);
    let mut hits = Vec::new();
    Name.detect(&text, &mut hits);
    assert_eq!(hits.len(), 1);
    assert!(hits[0].score < super::super::NEEDS_COMPANY);
}

#[test]
fn keys_of_persons() {
    assert_eq!(
        found_under("name", Some("patient_name"), "Zzyzx Qworp"),
        [(Category::Name, "Zzyzx Qworp".to_string())]
    );
    assert_eq!(found_under("name", Some("firstName"), "may"), [(Category::Name, "may".to_string())]);
    assert_eq!(found_under("name", Some("name"), "get_weather"), []);
    assert_eq!(found_under("name", Some("name"), "lookup"), []);
}

#[test]
fn terms_stay() {
    assert_silent(
        "name",
        &[
            "Wilson's disease",
            "Gleason score of 7",
            "Lou Gehrig’s disease",
            "Foley catheter",
            "Apache Kafka",
            "vitamin D. Then",
            "Hepatitis B.",
            "name: HashSet<PathId>",
            "MS patients",
            "provider, Dict",
            "in April",
            "use std::client::ClientContext",
        ],
    );
}

#[test]
fn where_only_a_person_stands() {
    assert_finds(
        "name",
        &[
            ("Oddvar takes metformin", &["Oddvar"]),
            ("Oddvar was admitted", &["Oddvar"]),
            ("Oddvar, 61M, has gout", &["Oddvar"]),
            ("Summary: 38F Oddvar with", &["Oddvar"]),
            ("Should Marcus stop the drug", &["Marcus"]),
            ("Marcus is 44.", &["Marcus"]),
            ("Ivy Rivers has a history of", &["Ivy Rivers"]),
            ("T Brown reviewed the film", &["T Brown"]),
            ("ask r. gomez about the consent", &["r. gomez"]),
            ("we told fatima to stop the insulin, doctor", &["fatima"]),
            ("Patient L.W. with asthma", &["L.W."]),
            ("K.T. is a 44-year-old", &["K.T."]),
            ("Oddvar is a 6yo boy", &["Oddvar"]),
            ("Oddvar (6yo) presents", &["Oddvar"]),
            ("Does 3-month-old Oddvar need", &["Oddvar"]),
            ("Hyun-woo, 17M, now", &["Hyun-woo"]),
            ("Xu Jing is allergic to", &["Xu Jing"]),
            ("Tran T. was seen", &["Tran T."]),
            ("Page Dr. Ostrow", &["Dr. Ostrow"]),
            ("Khalid al-Tamimi was seen", &["Khalid al-Tamimi"]),
            ("Kind regards, Ingeborg", &["Ingeborg"]),
        ],
    );
    assert_silent(
        "name",
        &[
            "Xarelto takes hours to work in this patient",
            "die Hauptstadt von Bayern",
            "Bürgermeister von Hamburg",
            "Präsident von Frankreich",
            "Docker takes a while, says the nurse's note",
            "Troponin was 5 and the patient is well",
            "Ubuntu, 22, with a kernel",
            "Should Tylenol be stopped",
            "Patient I.V. access, patient P.O. intake",
            "T Cell count was reviewed",
            "Factor V Leiden mutation",
            "moderate MR. Normal RV",
            "May I have it",
            "Mi padre toma omeprazol",
            "Frank hematuria noted",
        ],
    );
}

#[test]
fn eponyms_of_two_need_company() {
    for text in ["Kirby-Bauer disc diffusion", "the Frank-Starling curve", "Floyd-Warshall complexity"] {
        let mut hits = Vec::new();
        Name.detect(&Text::new(text, None, 0), &mut hits);
        assert!(hits.iter().all(|hit| hit.score < super::super::NEEDS_COMPANY), "{text}: {hits:?}");
    }
}

#[test]
fn in_capitals() {
    assert_finds(
        "name",
        &[
            ("PLEASE NOTIFY GERALDINE OF RESULT", &["GERALDINE"]),
            ("MORROW,K ROOM 4", &["MORROW,K"]),
            ("Borrower: LEWIS K. ANYANWU", &["LEWIS K. ANYANWU"]),
            ("KESTREL, DAMIAN J, MD", &["KESTREL, DAMIAN J"]),
        ],
    );
    assert_silent("name", &["CALL LIGHT WITHIN REACH", "CHEST TUBE WAS REMOVED", "NOTES,K IS LOW"]);
}

#[test]
fn names_that_people_give_in_other_languages() {
    assert_finds(
        "name",
        &[
            ("Me llamo Nerea y tengo fiebre.", &["Nerea"]),
            ("Ich heiße Gundula.", &["Gundula"]),
            ("Jag heter Torsten.", &["Torsten"]),
            ("Jmenuji se Bohdana.", &["Bohdana"]),
            ("Mă numesc Ionela.", &["Ionela"]),
            ("Je m'appelle Maëlys.", &["Maëlys"]),
            ("Nazywam się Bogumiła.", &["Bogumiła"]),
            ("je suis Odile", &["Odile"]),
            ("Nom : Kerguelen, Prénom : Enora", &["Kerguelen", "Enora"]),
            ("Nome: Zulmira; Data de nascimento: 1/2/1980", &["Zulmira"]),
        ],
    );
    assert_silent(
        "name",
        &["Je suis Française.", "ich heiße nicht so", "Nome: Configurazione", "jag är trött"],
    );
    let named = super::super::tests::found_under("name", Some("Nom"), "Vasseur");
    assert_eq!(named, [(super::Category::Name, "Vasseur".to_string())]);
    assert_eq!(super::super::tests::found_under("name", Some("nom"), "Imprimante Canon"), []);
}

#[test]
fn words_of_other_languages_are_no_names() {
    assert_silent(
        "name",
        &[
            "Die Patientin klagt über Rückenschmerzen.",
            "De patiënt heeft pijn en jeuk.",
            "Paciente sem alterações.",
            "insuffisance rénale chronique",
            "Bitte bringen Sie das Rezept mit.",
            "Der Patient hat seit drei Tagen Fieber.",
        ],
    );
}

/// Names that few bear need company, but no sentence that announces them: a given name in any text, a family name and a word in
/// no list where a person is spoken of.
#[test]
fn rare_names_that_nothing_announces() {
    assert_finds(
        "name",
        &[
            ("The keys are with Thandiwe.", &["Thandiwe"]),
            ("Patient seen, reviewed by Bhattacharya today", &["Bhattacharya"]),
            ("the patient says Yiorgo was resting", &["Yiorgo"]),
        ],
    );
    assert_silent(
        "name",
        &[
            "the patient has a Shileyx tube",
            "patient on Xienced 3 now",
            "Der Patient hat seit drei Tagen Fieber.",
            "she said Don't worry",
            "seen on Thursdays by the patient's nurse",
        ],
    );
}

/// An article begins a sentence and no name; a family name that many bear stays one, beside another identifier.
#[test]
fn articles_are_no_names() {
    assert_silent("name", &["El Madrid empató, pero nunca se sabe hasta el final."]);
    assert_finds(
        "name",
        &[
            ("Der Müller mahlt, und es wird gebacken.", &["Müller"]),
            ("Die Tochter (Gudrun, Tel. 1) wurde informiert.", &["Gudrun"]),
        ],
    );
}

#[test]
fn names_in_shorthand() {
    assert_finds(
        "name",
        &[
            ("Bed 4 Mbeki, NSTEMI, heparin off", &["Mbeki"]),
            ("3. Okpara ORIF ankle", &["Okpara"]),
            ("12 Delacruz-Pope 69 TKA", &["Delacruz-Pope"]),
            ("PT INFORMED BY TECH YOLANDA.", &["YOLANDA"]),
            ("insulin, f/u with Bhattacharya in 2 wks", &["Bhattacharya"]),
            ("hep gtt off per sanjay. restarted", &["sanjay"]),
            ("prn order for lachlan for migraine", &["lachlan"]),
            ("ADMIT: TUPOU,S. NKDA.", &["TUPOU,S."]),
            ("DRG? acct 44, PRZYBYLSKI R, adm 05/19", &["PRZYBYLSKI R"]),
            ("specimen labeled \"Farrokhzad, M. - thyroid\"", &["Farrokhzad, M."]),
            ("cap yes. Schwarzkopf 96M dnr", &["Schwarzkopf"]),
        ],
    );
    // Nobody's: a method, a discoverer, a drug, a letter.
    assert_silent(
        "name",
        &[
            "treated with Mohs surgery",
            "pooled by the Hartung-Knapp method for stroke",
            "4. Metoprolol 25 mg",
            "HEPATITIS B, VITAMIN D, mg",
        ],
    );
}

#[test]
fn things_of_two_names() {
    assert_silent(
        "name",
        &["a Monte Carlo simulation", "Prader-Willi, Sturge-Weber", "MR brain without contrast"],
    );
}

#[test]
fn makers_and_devices_are_nobody() {
    assert_silent(
        "name",
        &[
            "Vaccines from Johnson & Johnson",
            "trial of Bristol Myers Squibb",
            "made by Pfizer",
            "Swan-Ganz catheter placed",
            "Jackson-Pratt drain removed",
        ],
    );
    assert_finds(
        "name",
        &[("Mr. Johnson called", &["Mr. Johnson"]), ("Mary Jackson-Pratt", &["Mary Jackson-Pratt"])],
    );
}

#[test]
fn words_before_family_names_and_terms_after_their_finders() {
    assert_finds("name", &[("we have appointed Verity Chowdhury of our team", &["Verity Chowdhury"])]);
    assert_silent(
        "name",
        &[
            "Malformazione di Chiari tipo I",
            "Conservar abaixo de 30 °C. Registro no rótulo",
            "a Jeeves-style butler",
        ],
    );
}

#[test]
fn names_on_tickets() {
    assert_finds(
        "name",
        &[
            ("PNR LX4RWB OKONKWO/CHIDI MR FRA-LOS", &["OKONKWO/CHIDI"]),
            ("1. OSEI-BROWN/DANTE PAUL MR", &["OSEI-BROWN/DANTE PAUL"]),
        ],
    );
    assert_silent("name", &["AND/OR MR", "READ/WRITE DR", "the CPU/GPU ratio"]);
}
