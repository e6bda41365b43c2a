//! The log under every fault that could be thought of: each write failing in both ways, races, malformed objects,
//! rollbacks, clocks. After every step the whole lake is checked again ([`TestLake::check`]).

use super::*;
use crate::testing::*;

mod faults;
mod heads;
mod objects;
mod races;
mod writing;
