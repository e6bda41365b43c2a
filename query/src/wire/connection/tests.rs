use super::*;

#[test]
fn options_of_the_start_up_packet() {
    let got = command_line(r"-c statement_timeout=5s --application-name=a\ b -cjit=off -x");
    let want = [("statement_timeout", "5s"), ("application_name", "a b"), ("jit", "off")];
    assert_eq!(got, want.map(|(name, value)| (name.to_owned(), value.to_owned())));
}

#[test]
fn only_some_tags_count_rows() {
    assert_eq!(with_count("SELECT", 3), "SELECT 3");
    assert_eq!(with_count("SHOW", 3), "SHOW");
}
