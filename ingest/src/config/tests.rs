//! Configuration: what is refused, and that the message says the way out.
