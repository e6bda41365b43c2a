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
    assert!(fits_number(Category::Ssn, "ssn", "123456789"));
    assert!(fits_number(Category::Age, "age", "93"));
    assert!(!fits_number(Category::Age, "age", "64"));
    assert!(!fits_number(Category::Ssn, "ssn", "333") && fits_number(Category::Ssn, "ssn_last4", "333"));
    assert!(!fits_number(Category::Card, "creditCard", "123") && fits_number(Category::Card, "cvc", "123"));
    assert!(!fits_number(Category::Zip, "zip", "0.5"));
    assert!(!fits_number(Category::Name, "name", "12345"));
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
    assert!(fits_number(Category::NationalId, "pesel", "44051401358"));
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

#[test]
fn one_of_several_values() {
    for (key, category) in [
        ("ssn1", Category::Ssn),
        ("ssn_raw", Category::Ssn),
        ("mrns", Category::Mrn),
        ("mrnList", Category::Mrn),
        ("mrn2", Category::Mrn),
        ("mrn_old", Category::Mrn),
        ("phone1", Category::Phone),
        ("phone_home", Category::Phone),
        ("ＳＳＮ", Category::Ssn),
        ("claimNumber", Category::UniqueId),
        ("visit_id", Category::Mrn),
        ("rx_number", Category::UniqueId),
        ("first_nm", Category::Name),
        ("LastNm", Category::Name),
        ("fname", Category::Name),
        ("age_at_visit", Category::Age),
        ("aadhaar", Category::NationalId),
    ] {
        assert_eq!(telling(key), Some(category), "{key}");
    }
    for key in [
        "passwords_raw",
        "city1",
        "ssn123",
        "customer_id",
        "client_id",
        "user_id",
        "classes",
        "network",
        "har",
    ] {
        assert_eq!(telling(key), None, "{key}");
    }
}

#[test]
fn parts_and_what_describes_them() {
    for (category, key, value) in [
        (Category::Phone, "area", "512"),
        (Category::Phone, "home", "5125550143"),
        (Category::Ssn, "value", "219099431"),
        (Category::Date, "year", "61"),
        (Category::Card, "number", "4111111111111111"),
        (Category::Age, "value", "93"),
        (Category::Name, "first", "Maria"),
    ] {
        assert!(is_part(category, key, value), "{key} {value}");
    }
    for (category, key, value) in [
        (Category::Phone, "minLength", "10"),
        (Category::Phone, "home", "12"),
        (Category::Ssn, "doc_count", "1234"),
        (Category::Ssn, "start", "33"),
        (Category::Ssn, "value", "1204"),
        (Category::Account, "balance", "1200"),
        (Category::Date, "maxLength", "10"),
        (Category::Date, "start", "120433"),
        (Category::Card, "exp_month", "12"),
        (Category::Age, "value", "64"),
    ] {
        assert!(!is_part(category, key, value), "{key} {value}");
    }
}

#[test]
fn what_has_the_look_of_a_secret() {
    for value in ["0123456789abcdef0123456789abcdef", "hunter2hunter2hunter2", "user:a8Kd02mPq7Zx+w=="] {
        assert!(looks_secret(value), "{value}");
    }
    for value in
        ["true", "none", "oauth2", "AWS4-HMAC-SHA256", "https://example.org/a8kd02mpq7zx44", "required"]
    {
        assert!(!looks_secret(value), "{value}");
    }
    assert!(is_code("443921") && !is_code("443") && !is_code("44.3921"));
    assert!(Says::of("Ocp-Apim-Subscription-Key").any(Says::CREDENTIAL));
    assert!(!Says::of("session_id").any(Says::CREDENTIAL) && !Says::of("author").any(Says::CREDENTIAL));
}
