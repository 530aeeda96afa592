//! The store: finding events and buying, without an account; and the accounts of those who want one.
//!
//! Two lazily loaded pieces: everything here is reached through [`area::view`] and [`area::account`], the latter behind
//! the door of what is one's own.

#![recursion_limit = "512"]

pub mod area;
mod pages;
mod parts;
