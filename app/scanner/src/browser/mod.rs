//! The scanner in the browser: its screens, its memory, its senses.

mod awake;
mod camera;
mod clock;
mod control;
mod health;
mod js;
mod keys;
mod memory;
mod net;
mod offline;
mod senses;
mod sync;
mod views;

pub use views::{Scanner, ScannerProps};
