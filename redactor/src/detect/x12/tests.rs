use super::super::tests::{assert_finds, assert_silent};

#[test]
fn the_elements_of_a_transaction() {
    assert_finds(
        "x12",
        &[
            (
                "ST*270*0001~NM1*IL*1*GONZALEZ*MARIA*A***MI*70444444~N3*12 MAIN ST*APT 4~N4*AUSTIN*TX*78701~DMG*D8*19610302*F~REF*SY*512345671~",
                &[
                    "GONZALEZ*MARIA*A",
                    "70444444",
                    "12 MAIN ST*APT 4",
                    "AUSTIN",
                    "78701",
                    "19610302",
                    "512345671",
                ],
            ),
            (
                "NM1*85*2*CLINIC*****XX*1234567893~\nPER*IC*ANNA SOREL*TE*6175550123*EM*a@x.org~\nCLM*P4711*100~\nDTP*472*RD8*20230401-20230405~",
                &["1234567893", "ANNA SOREL", "6175550123", "a@x.org", "P4711", "20230401-20230405"],
            ),
        ],
    );
    assert_silent("x12", &["a * b * c", "N3*x", "REF*1*2", "NM1*PR*2*PAYER*****PI*12345~"]);
}
