//! Use cases over PostgreSQL and the ports of the outside world.

#[cfg(feature = "demo")]
pub mod demo;
