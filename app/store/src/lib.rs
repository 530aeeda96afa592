//! The store: finding events and buying, without an account.
//!
//! One lazily loaded piece: everything here is reached through [`area::view`].

#![recursion_limit = "512"]

pub mod area;
mod pages;
mod parts;
