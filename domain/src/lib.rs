//! The rules of Bilten: money, stock, orders, tickets, doors.
//!
//! Everything here is a pure function of its arguments. There is no I/O, no clock and no randomness, so that every
//! rule can be replayed in a test and runs unchanged on the server and in the browser.

mod codes;
mod planted;

pub mod books;
pub mod catalog;
pub mod checkin;
pub mod connect;
pub mod disputes;
pub mod door;
pub mod ids;
pub mod invoices;
pub mod ledger;
pub mod money;
pub mod orders;
pub mod payments;
pub mod payouts;
pub mod permissions;
pub mod pricing;
pub mod promo;
pub mod proof_of_work;
pub mod stock;
pub mod text;
pub mod tickets;
pub mod transfers;
pub mod waiting_room;
pub mod when;

#[cfg(test)]
mod simulation;
