//! Verify against lakes that the writer wrote and somebody changed.

mod c2sp;
mod concurrent;
mod cut_back;
mod every_byte;
mod forgery;
mod hooked;
mod independent;
mod lake;
mod noise;
mod tampering;
