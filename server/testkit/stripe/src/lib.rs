//! An HTTP server with state that behaves like Stripe, written for tests and for trying things out. It
//! knows nothing of the project that uses it.
//!
//! ```ignore
//! let stripe = Double::start(Options::default().webhook("http://127.0.0.1:3000/hooks")).await?;
//! // … the shop makes a checkout session at `stripe.url` with `stripe.secret_key` …
//! stripe.pay_session("cs_test_…", "4242424242424242")?;
//! assert!(stripe.quiet(Duration::from_secs(5)).await);
//! ```
//!
//! As a program: `cargo run -p stripe-double -- --webhook http://127.0.0.1:3000/hooks=whsec_…`.
//!
//! # What it covers
//! - **Payments**: payment intents (automatic and manual capture, 3-D Secure, bank debits that are settled
//!   later), payment methods, charges, checkout sessions in the mode `payment` with a hosted page, refunds
//!   with all their ends, disputes with evidence, customers. Stripe's test cards and test bank accounts do
//!   what Stripe says they do (`cards.rs`).
//! - **Stripe.js**: a stand-in for the script with a Payment Element in a frame of the double's own, which
//!   confirms payment intents with the publishable key and the intent's client secret, 3-D Secure included.
//! - **Connected accounts**: accounts, hosted onboarding, login links, transfers and reversals, destination
//!   and direct charges, application fees, payouts.
//! - **A book of its own**: balance, balance transactions with fees (`money.rs` has the table), pending and
//!   available by the double's time.
//! - **The manners of the API**: form encoding, errors, idempotency keys, paging, `expand[]`, request ids.
//! - **Webhooks**: signed, in the background, tried again; endpoints of the start or by the API.
//! - **`/_double/…`** (`control`): mischief with webhooks, faults of answers, settling what banks settle,
//!   the state of accounts, time, and the book in sums. `GET /_double` tells the key and the endpoints.
//!
//! # What it does not cover
//! - Subscriptions, invoices, prices and products, coupons, taxes, setup intents, terminals, issuing, files.
//!   Their addresses are unknown (404).
//! - Several currencies in one payment: every currency is booked as it is, nothing is converted.
//! - Other payment methods than cards and SEPA debits; of Stripe.js, all but the Payment Element.
//! - Radar's judgement; a declined card is declined by its number only.
//! - Older shapes: whatever `Stripe-Version` asks for is echoed, the objects are those of
//!   [`API_VERSION`].
//! - Reserves, negative balances being covered from a bank, instant payouts.

#![recursion_limit = "512"]

mod book;
mod cards;
mod control;
mod double;
mod error;
mod fields;
mod flow;
mod form;
mod http;
mod money;
mod objects;
mod options;
mod pages;
mod params;
mod routes;
mod server;
mod state;
mod webhooks;

pub use double::Double;
pub use error::Failure;
pub use options::{Hears, Options, WebhookTarget};
pub use state::API_VERSION;
pub use webhooks::signature;
