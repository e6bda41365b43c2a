//! Verify against lakes that the writer wrote and somebody changed.

mod every_byte;
mod forgery;
mod independent;
mod lake;
mod tampering;
