//! The scanner at the door, under `/scan`; an installable application of its own.
//!
//! One lazily loaded piece: everything here is reached through [`area::view`]. The server writes a page that only says
//! what is coming; the scanner itself (`browser`) exists in the browser alone. What it knows and decides (`model`) is
//! free of the browser.

#![recursion_limit = "256"]

pub mod area;
#[cfg(target_arch = "wasm32")]
mod browser;
#[cfg(any(target_arch = "wasm32", test))]
mod model;
mod pages;
#[cfg(any(target_arch = "wasm32", test))]
mod qr;
