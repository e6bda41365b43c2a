//! Verify against lakes that the writer wrote and somebody changed.

mod every_byte;
mod lake;
mod tampering;
