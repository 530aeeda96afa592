//! Every server function of the interface, and what they share: one error type, one request context, one kind of form.
//!
//! This is the only crate on the interface's side that calls `services`, and it does so only in its server half.
//! A server function is short: `ctx()`, parse in types, one call of a use case, one view model back.

#![recursion_limit = "256"]

pub mod accounts;
pub mod admin;
pub mod approvals;
pub mod area;
pub mod ask;
pub mod audit;
pub mod checkout;
#[cfg(feature = "ssr")]
pub mod context;
#[cfg(feature = "ssr")]
pub mod cookies;
#[cfg(feature = "development")]
pub mod development;
pub mod disputes;
pub mod door;
pub mod error;
pub mod events;
pub mod exchanges;
pub mod finance;
pub mod forms;
pub mod invoices;
pub mod organizer_orders;
pub mod organizers;
pub mod passkeys;
pub mod path;
pub mod preferences;
pub mod privacy;
pub mod promo;
pub mod provider;
pub mod query;
pub mod refunds;
pub mod security;
pub mod session;
pub mod store;
pub mod team;
pub mod values;
pub mod vat;
pub mod wallets;

pub use ask::{Asked, ask, ask_once};
#[cfg(feature = "ssr")]
pub use context::{Ctx, RequestInfo, ctx};
pub use error::{ApiError, ErrorKind, FieldError};
pub use forms::{FormOutcome, FormState, provide_last_form};
pub use session::{
    MembershipView, SessionView, may, membership, provide_session, require_fresh_session,
    require_session, use_session,
};
