//! What attackers try, by the hundred here and by the million with `cargo xtask attack`.
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod books;
mod chance;
mod login;
mod money;
mod parsers;
mod pictures;
mod record;
mod replay;
mod searches;
mod second_factor;
mod sessions;
mod spread_sheets;
mod tickets;
