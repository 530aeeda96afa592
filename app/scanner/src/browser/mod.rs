//! The scanner in the browser: its screens, its memory, its senses.

mod alone;
mod awake;
mod camera;
mod clock;
mod control;
mod disk;
mod health;
mod js;
mod keys;
mod memory;
mod net;
mod offline;
mod seal;
mod senses;
mod sync;
mod views;

pub use views::{Scanner, ScannerProps};
