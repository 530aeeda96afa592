//! From chosen tickets to a placed order: hold, look, extend, let go, place.
//!
//! A hold is found by a token that is derived from its id, so that a repeated request gets the same token while the
//! database keeps only its hash.

mod asker;
mod code;
mod codes;
mod counter;
mod customers;
mod event;
mod expire;
mod extend;
mod hold;
mod place;
mod proofs;
mod queries;
mod release;
mod sellable;
mod show;
mod taxed;

pub(crate) use asker::address as address_key;
pub(crate) use code::Codes;
pub use code::{ApplyCode, CodeError, apply_code, remove_code};
pub use counter::OnOffer;
pub(crate) use counter::{Bound, Counter};
pub(crate) use event::summary;
pub use event::{EventRef, EventSummary};
pub(crate) use expire::{due, expire_due};
pub use extend::{ExtendError, extend};
pub(crate) use hold::Holds;
pub use hold::{Held, HoldError, HoldTickets, hold};
pub(crate) use place::{HoldTokens, Places};
pub use place::{InvoiceInput, PlaceError, PlaceOrder, Placed, place};
pub use proofs::{Proofs, challenge};
pub use release::release;
pub use show::{HeldCode, HoldChange, HoldLineView, HoldState, HoldView, show};

use domain::ids::HoldId;

use crate::Services;

/// The secret under which a hold is found.
fn token(sv: &Services, hold: HoldId) -> String {
    sv.seal.derive(&format!("hold|{hold}"))
}
