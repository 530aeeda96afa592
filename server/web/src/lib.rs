//! The web process: one axum router over the application, its server functions and the plain routes beside them.

#![recursion_limit = "512"]

pub mod cli;
mod fault;
mod forms;
mod http;
mod layers;
pub mod listing;
mod pack;
mod routes;
pub mod serve;
mod state;
mod tls;

pub use routes::{Table, router};
pub use state::AppState;
