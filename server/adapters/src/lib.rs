//! The real halves of the ports that `services` declares, and the settings they are made from.

pub mod config;
