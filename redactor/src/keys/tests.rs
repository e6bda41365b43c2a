//! Telling keys, and those that must tell nothing.

use super::*;

#[test]
fn spellings_of_one_key() {
    for key in ["ssn", "SSN", "patient_ssn", "patientSSN", "patient-ssn", "patient.ssn"] {
        assert_eq!(telling(key), Some(Category::Ssn), "{key}");
    }
    assert_eq!(telling("x-api-key"), Some(Category::Secret));
    assert_eq!(telling("medicalRecordNumber"), Some(Category::Mrn));
}

#[test]
fn counts_times_and_hashes_tell_nothing() {
    for key in [
        "prompt_tokens",
        "completion_tokens",
        "cache_key",
        "created",
        "created_at",
        "timestamp",
        "startTimeUnixNano",
        "model",
        "name",
        "content",
        "id",
        "index",
        "max_tokens",
        "token",
        "pages",
        "message",
        "language",
        "usage",
        "",
        "a",
        &"x".repeat(1000),
    ] {
        assert_eq!(telling(key), None, "{key}");
    }
}

#[test]
fn numbers_need_the_right_size() {
    assert!(fits_number(Category::Ssn, "123456789"));
    assert!(fits_number(Category::Age, "93"));
    assert!(!fits_number(Category::Age, "64"));
    assert!(!fits_number(Category::Zip, "0.5"));
    assert!(!fits_number(Category::Name, "12345"));
}

#[test]
fn stand_ins_for_nothing_stay() {
    assert!(!fits(Category::Name, "unknown"));
    assert!(!fits(Category::Secret, "None"));
    assert!(!fits(Category::Secret, "litellm_proxy_master_key"));
    assert!(!fits(Category::Secret, &"ab12".repeat(16)));
    assert!(fits(Category::Secret, "my-raw-key"));
    assert!(fits(Category::Name, "anna sorel"));
    assert!(!fits(Category::Name, "gpt-4o"));
}

#[test]
fn plain_keys() {
    let plain = |key: &str| facts(key).plain;
    assert!(plain("gen_ai.usage.input_tokens") && plain("finishReason") && plain(""));
    assert!(!plain("John Smith") && !plain("123-45-6789") && !plain("a@b.org") && !plain("John"));
}

#[test]
fn what_is_left_of_zip_codes_is_none() {
    for value in ["62704", "62704-1234", "100-0001", " D-10115 "] {
        assert!(fits(Category::Zip, value), "{value}");
    }
    for value in ["627, 627 and", "627 627", "627", "6270"] {
        assert!(!fits(Category::Zip, value), "{value}");
    }
}

#[test]
fn european_numbers_as_json_numbers() {
    for key in ["bsn", "patient_pesel", "codiceFiscale", "nhs_number", "rodne-cislo", "steuerId"] {
        assert_eq!(telling(key), Some(Category::NationalId), "{key}");
    }
    assert_eq!(telling("kvnr"), Some(Category::HealthPlan));
    assert!(fits_number(Category::NationalId, "44051401358"));
}

#[test]
fn names_of_columns_are_shortened() {
    for (key, category) in [
        ("medRecNo", Category::Mrn),
        ("medRecNum", Category::Mrn),
        ("mrNumber", Category::Mrn),
        ("MRNo", Category::Mrn),
        ("chartNo", Category::Mrn),
        ("patnr", Category::Mrn),
        ("fallNr", Category::Mrn),
        ("AHV-Nr", Category::NationalId),
        ("hospitalNumber", Category::Mrn),
        ("patient_no", Category::Mrn),
        ("PAT_NBR", Category::Mrn),
        ("policyNo", Category::HealthPlan),
        ("SSNumber", Category::Ssn),
        ("ssn_last4", Category::Ssn),
        ("tel", Category::Phone),
        ("mobileNo", Category::Phone),
        ("faxNo", Category::Fax),
        ("acct_no", Category::Account),
        ("birth_dt", Category::Date),
        ("BIRTH_DTTM", Category::Date),
        ("dischargeDt", Category::Date),
        ("visitDate", Category::Date),
        ("DATE_OF_SERVICE", Category::Date),
        ("encounter_dt", Category::Date),
    ] {
        assert_eq!(telling(key), Some(category), "{key}");
    }
    for key in [
        "classNo",
        "addressNumber",
        "accessNum",
        "hotelNo",
        "pageNo",
        "portNo",
        "seqNum",
        "lineNumber",
        "updt",
        "no",
        "piano",
        "retryNo",
        "orderNo",
        "created_dt",
        "token_nr",
    ] {
        assert_eq!(telling(key), None, "{key}");
    }
}
