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
