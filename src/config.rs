//! The one TOML file that configures a process. Each section is declared in the crate that uses it; here they
//! are put together, and paths are made relative to the file.
