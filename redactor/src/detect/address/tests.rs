use super::super::tests::{assert_finds, assert_silent};

#[test]
fn american() {
    assert_finds(
        "address",
        &[
            ("lives at 789 Pine Street, San Francisco, CA.", &["789 Pine Street, San Francisco, CA"]),
            ("1234 N. Elm St., Apt 4B, Springfield, IL", &["1234 N. Elm St., Apt 4B, Springfield, IL"]),
            ("at 55 Martin Luther King Blvd today", &["55 Martin Luther King Blvd"]),
            ("mail to P.O. Box 4711 please", &["P.O. Box 4711"]),
            ("123 5th Avenue", &["123 5th Avenue"]),
            ("she lives at 42 maple ave", &["42 maple ave"]),
            ("6 Hessel Radial, then", &["6 Hessel Radial"]),
            ("at 22b Baker's Yard and 3 Quarry Steps.", &["22b Baker's Yard", "3 Quarry Steps"]),
            ("to 88 Rolfson Manors, Apt 211", &["88 Rolfson Manors, Apt 211"]),
            ("14 Otter Mill Creek", &["14 Otter Mill Creek"]),
        ],
    );
}

#[test]
fn european() {
    assert_finds(
        "address",
        &[
            ("wohnt Hauptstraße 12 in Ulm", &["Hauptstraße 12"]),
            ("habite 12 rue de la Paix, Paris", &["12 rue de la Paix"]),
            ("vive en Calle Serrano 42", &["Calle Serrano 42"]),
            ("abita in Via Roma 12", &["Via Roma 12"]),
            ("Keizersgracht 123", &["Keizersgracht 123"]),
        ],
    );
}

#[test]
fn near_misses_stay() {
    assert_silent(
        "address",
        &[
            "take 2 main meals",
            "3 weeks on the road",
            "via PEP 660",
            "10 mg drive",
            "at 5 in court",
            "a 12 lead ECG st changes",
            "Room 5 Oak Park, Stage 2 Heart Falls",
            "2 recent falls, 3 Falls, 5 Day Pass, 3 mg Green",
            "Figure 3 Sea View",
        ],
    );
}

#[test]
fn numbers_of_houses_abroad() {
    assert_finds(
        "address",
        &[
            ("str. Zorilor nr. 9, Sibiu", &["str. Zorilor nr. 9, Sibiu"]),
            ("bd. Unirii 10, Iași", &["bd. Unirii 10, Iași"]),
            ("au 3 ter, impasse des Lilas", &["3 ter, impasse des Lilas"]),
            ("12 bis rue Victor Hugo", &["12 bis rue Victor Hugo"]),
        ],
    );
    assert_silent("address", &["str Zorilor 9", "fn f(s: str) 3", "a str. Then 9 of them", "take 3 ter die"]);
}

#[test]
fn streets_by_their_own_words() {
    assert_finds(
        "address",
        &[
            ("bor på Granstigen 14 A i", &["Granstigen 14 A"]),
            ("hun bor Kildevej 22, 1. tv.", &["Kildevej 22, 1. tv"]),
            ("Otterkatu 4 B", &["Otterkatu 4 B"]),
            ("in der Langen Gasse 5/3", &["Langen Gasse 5/3"]),
            ("a Petrence utca 14. alatt", &["Petrence utca 14"]),
            ("új cím: Kaszinó u. 3.", &["Kaszinó u. 3"]),
            ("v bytě Bramborova 88.", &["Bramborova 88"]),
            ("al. Lipowa Dolna 88/4", &["al. Lipowa Dolna 88/4"]),
            ("abita in C.so Pellegrino 21", &["C.so Pellegrino 21"]),
            ("piso en c/ Molinos, 3", &["c/ Molinos, 3"]),
            ("14 montée des Tilleuls", &["14 montée des Tilleuls"]),
            ("vivo en calle molinos 14", &["calle molinos 14"]),
            ("12 impasse des tilleuls", &["12 impasse des tilleuls"]),
            ("tamponata in via Pellegrina", &["via Pellegrina"]),
            ("sur le quai de la Tannerie", &["quai de la Tannerie"]),
            ("the pharmacy on Hazel Drive", &["Hazel Drive"]),
            ("off Route 9, by", &["Route 9"]),
            ("at 3 Kiln Row, Ballinrobe, since", &["3 Kiln Row, Ballinrobe"]),
        ],
    );
    assert_silent(
        "address",
        &[
            "Smith et al. Nature 2019",
            "Der Weg 3 ist",
            "on a Hard drive",
            "send via Grafana",
            "Route 9",
            "Nováková 45",
            "a/c/ Mayor, 3",
            "rue the day",
            "u. 14",
        ],
    );
}

#[test]
fn longer_names_and_numbers_of_two_parts() {
    assert_finds(
        "address",
        &[
            ("indirizzo: via dei Cappellari 88", &["via dei Cappellari 88"]),
            ("Calle de los Olmos, 45, 3.º izda., 50009", &["Calle de los Olmos, 45, 3.º izda"]),
            ("Rua das Giestas, 9, 2.º Dto, 3000-214", &["Rua das Giestas, 9, 2.º Dto"]),
            ("12 bis, rue du Four-à-Chaux, 29200", &["12 bis, rue du Four-à-Chaux"]),
            ("in viale delle Magnolie 5/B.", &["viale delle Magnolie 5/B"]),
            ("wrong: 94-1180 Kuahelani Loop", &["94-1180 Kuahelani Loop"]),
            ("seen at the 2200 block of Sycamore Ave.", &["2200 block of Sycamore Ave."]),
            ("his camp on Alder Lake Road", &["Alder Lake Road"]),
            ("moved to 5 Tern Landing, Half Moon Bay 94019.", &["5 Tern Landing, Half Moon Bay 94019"]),
            ("at 11 Quay Terrace, Flat 2, Whitehaven)", &["11 Quay Terrace, Flat 2, Whitehaven"]),
        ],
    );
}

#[test]
fn words_behind_a_label() {
    assert_finds(
        "address",
        &[
            ("Name: x\nAddress: Willow Creek Farm, Elmstead\nZIP: x", &["Willow Creek Farm, Elmstead"]),
            ("Home address: The Gatehouse.", &["The Gatehouse"]),
        ],
    );
    assert_silent(
        "address",
        &[
            "Address: Not Provided",
            "IP address: Private Range",
            "Address: to be seen",
            "address: Ethernet0",
            "Address: He Said so. Then he left",
        ],
    );
}

#[test]
fn houses_by_name_flats_and_numbers_on_a_grid() {
    assert_finds(
        "address",
        &[
            ("He lives at W2207 Qorbe Rd.", &["W2207 Qorbe Rd."]),
            ("ship to 3517 S Redwood Spur #8.", &["3517 S Redwood Spur #8"]),
            ("12 Sawmill Cottages, 22 Constable Wynd", &["12 Sawmill Cottages", "22 Constable Wynd"]),
            ("at 1418 Calle Piñon, Bernalillo 87004.", &["1418 Calle Piñon, Bernalillo 87004"]),
            ("5, venelle des Corderies, 22500", &["5, venelle des Corderies"]),
            ("to 104 Rātā Road, Whanganui 4501.", &["104 Rātā Road, Whanganui 4501"]),
        ],
    );
}

#[test]
fn an_abbreviation_may_end_the_text() {
    assert_silent("address", &["Str. ", "sos. ", "bd. "]);
    assert_finds("address", &[("12 Oak Street #", &["12 Oak Street"]), ("12 Oak St, #", &["12 Oak St"])]);
}
