//! Lists what the detectors take for secrets: `cargo run -p redactor --example secrets -- FILE…`.
//!
//! Printed: file, first line, last line, rule, with tabs between; never the secret. For comparing with other scanners, see
//! `data/secrets_side_by_side.py`.
#![allow(clippy::print_stdout, reason = "an example prints its results")]

use redactor::detect::{Category, Hit, Text, detect};

fn main() -> Result<(), String> {
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path).map_err(|error| format!("{path}: {error}"))?;
        let text = String::from_utf8_lossy(&bytes);
        let mut hits: Vec<Hit> = Vec::new();
        detect(&Text::new(&text, None, 0), &mut hits);
        let (mut line, mut upto) = (1, 0);
        for hit in hits.iter().filter(|hit| hit.category == Category::Secret) {
            line += text[upto..hit.start].matches('\n').count();
            upto = hit.start;
            let last = line + text[hit.start..hit.end].trim_end().matches('\n').count();
            println!("{path}\t{line}\t{last}\t{}", hit.rule);
        }
    }
    Ok(())
}
