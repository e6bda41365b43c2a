use super::super::tests::{assert_finds, assert_silent};

#[test]
fn persons() {
    assert_finds(
        "file_name",
        &[
            ("Attached: Smith_John_MRI_2023.pdf, thanks", &["Smith_John"]),
            ("DOE-JANE-1961-03-02-CT.dcm", &["DOE-JANE"]),
            ("/scans/kowalski_anna_xray_20230412.png", &["kowalski_anna"]),
            ("MariaGonzalez_discharge.pdf", &["MariaGonzalez"]),
            ("Qorbeta_Lumzel_labs.docx", &["Qorbeta_Lumzel"]),
            ("Kowalski-MRI.pdf", &["Kowalski"]),
            ("Qorbeta_Lumzel_DOB1961.pdf", &["Qorbeta_Lumzel"]),
            ("Brisk_Quen_DOB1961.pdf", &["Brisk_Quen"]),
            ("smith_john_mri.dcm", &["smith_john"]),
            ("Lab_results_Maria_Gonzalez_2024.pdf", &["Maria_Gonzalez"]),
        ],
    );
    assert_silent(
        "file_name",
        &[
            "monthly_report_2023.pdf",
            "john_smith.rs",
            "chest_ct_protocol.pdf",
            "Grant_Proposal.docx",
            "lab_results.csv",
            "see the letter.pdf and notes.txt",
            "data.train.json",
            "quarterly-budget-march.xlsx",
        ],
    );
}

#[test]
fn numbers_of_persons_beside_their_names() {
    assert_finds(
        "file_name",
        &[
            ("zoltan_vekes_70444321.pdf", &["zoltan_vekes", "70444321"]),
            ("/data/Vekes_Zoltan_19610304.pdf", &["Vekes_Zoltan"]),
        ],
    );
    assert_silent("file_name", &["backup_db_20240101.csv", "export_users_70444321.csv"]);
}
