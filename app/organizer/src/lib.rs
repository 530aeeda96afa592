//! The organizer's side, under `/organize`.
//!
//! One lazily loaded piece: everything here is reached through [`area::view`].

#![recursion_limit = "256"]

pub mod area;
mod pages;
mod parts;
