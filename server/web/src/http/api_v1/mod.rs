//! The API for programs: JSON, a bearer token, no cookies. Version 1.

pub mod openapi;
pub mod scanner;
