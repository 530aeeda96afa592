//! Taking money with Stripe, against a server that behaves like it: pages, webhooks over HTTP, faults, and its own book.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod book;
mod buying;
mod cards;
mod connect;
mod currencies;
mod disputes;
mod faults;
mod holds;
mod in_page;
mod permuted;
mod refunds;
mod shop;
mod webhooks;
