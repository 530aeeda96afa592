//! The scanner at the door, under `/scan`; an installable application of its own.
//!
//! One lazily loaded piece: everything here is reached through [`area::view`].

#![recursion_limit = "256"]

pub mod area;
mod pages;
