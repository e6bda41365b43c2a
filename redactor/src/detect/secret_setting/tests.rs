use super::super::tests::{assert_finds, assert_silent};

#[test]
fn directives() {
    assert_finds(
        "secret_setting",
        &[
            ("#define WIFI_SSID \"barn-2g\"\n#define WIFI_PASS \"haybale1968\"\n", &["haybale1968"]),
            ("  AuthLDAPBindPassword \"L4dderBind_03\"\n  Require valid-user", &["L4dderBind_03"]),
            (
                "    proxy_set_header X-Api-Key \"MaxCFKczF6hhJoPoQ5FtdFibyH83wDJI\";",
                &["MaxCFKczF6hhJoPoQ5FtdFibyH83wDJI"],
            ),
            ("CREATE USER 'r'@'%' IDENTIFIED BY 'R3p0rt!ng_mule';", &["R3p0rt!ng_mule"]),
            ("ALTER USER app WITH PASSWORD 'lantern-44';", &["lantern-44"]),
        ],
    );
}

#[test]
fn password_files() {
    assert_finds(
        "secret_setting",
        &[(
            "pg-main.internal:5432:*:reporter:t1ny-teapot\nlocalhost:5433:dev:dev:UAqGHxLANnz0",
            &["t1ny-teapot", "UAqGHxLANnz0"],
        )],
    );
}

#[test]
fn keys_in_digits() {
    assert_finds(
        "secret_setting",
        &[
            (
                "static const uint8_t dev_key[16] = {\n    0x71, 0x57, 0x4d, 0xb4, 0x62, 0xc2, 0x64, 0xaa\n};",
                &["0x71, 0x57, 0x4d, 0xb4, 0x62, 0xc2, 0x64, 0xaa"],
            ),
            (
                "iv    = bd14e06356c861659982f85b3fa37bc3\nmode  = aes-256-cbc",
                &["bd14e06356c861659982f85b3fa37bc3"],
            ),
            ("- routing_key: d47e468dcce5dac971e4944644220630", &["d47e468dcce5dac971e4944644220630"]),
            (
                "decryptionKey=\"E6D2C873F924E04BE32DFB2FE87398178DFAB5C5D7F224B0\"",
                &["E6D2C873F924E04BE32DFB2FE87398178DFAB5C5D7F224B0"],
            ),
        ],
    );
}

#[test]
fn other_settings() {
    assert_silent(
        "secret_setting",
        &[
            "#define WIFI_PASS \"<your password>\"",
            "The password \"hunter42\" was seen by the patient.",
            "password 'string' is required",
            "She was identified by 'name'",
            "key: d47e468dcce5dac971e4944644220630",
            "cache_key = d47e468dcce5dac971e4944644220630",
            "commit = 18f6b23f88b15fc69cde101c73f8b00bf83a9a88",
            "src/main.rs:10:5:error:unused",
            "10:22:33:44:55",
            "00:1b:44:11:3a:b7",
            "uint8_t key[8] = { 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00 };",
            "uint8_t table[8] = { 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08 };",
            "{",
            "key = {",
            // No bracket opens the size, and what is looked through ends inside a letter.
            &format!("{}] = {{ 0x71, 0x57 }}", "é".repeat(25)),
        ],
    );
}

#[test]
fn arguments_and_properties() {
    assert_finds(
        "secret_setting",
        &[
            (
                "Purchases.configure(withAPIKey: \"appl_mrwiKqfckPOVUfGzvkLBVGqJaDL\")",
                &["appl_mrwiKqfckPOVUfGzvkLBVGqJaDL"],
            ),
            (
                "Analytics.start(writeKey: \"vWpAyqu0nM8Hj1wCAJNL8IU4ofKFPOmY\", flushAt: 20)",
                &["vWpAyqu0nM8Hj1wCAJNL8IU4ofKFPOmY"],
            ),
            ("nexus.user=gradle\nnexusPassword=b0nsai_Tree\n", &["b0nsai_Tree"]),
            ("echo \"db-eu:5432:ledger:ledger_ro:h3hB.nNaOa4di\" >> ~/.pgpass", &["h3hB.nNaOa4di"]),
            (
                "realm=\"nvr\", nonce=\"81227f1ce80362960ae21132e658d87a\", uri=\"/private\"",
                &["81227f1ce80362960ae21132e658d87a"],
            ),
            ("    salt = \"0764df89ac84fde3f542ce96a457bfb0\"", &["0764df89ac84fde3f542ce96a457bfb0"]),
        ],
    );
    assert_silent(
        "secret_setting",
        &[
            "load(cacheKey: \"vWpAyqu0nM8Hj1wCAJNL8IU4ofKFPOmY\")",
            "start(writeKey: \"events/2024/sessions\")",
            "mail(to: \"vWpAyqu0nM8Hj1wCAJNL8IU4ofKFPOmY\")",
            "isPassword=true",
            "showPassword={visible}",
            "response = 81227f1ce80362960ae21132e658d87a",
        ],
    );
}
