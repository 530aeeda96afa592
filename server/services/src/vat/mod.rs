//! What the register of the Union says of VAT ids. Asked by the worker, never while somebody waits; where no register is set
//! up, an id counts by its form. Not for: the form itself (`domain::pricing::VatId`).

mod again;
mod ask;
mod want;

pub use again::{AskAgainError, ask_again};
pub use ask::ask_due;
pub(crate) use want::{check_of, doubt, is_refuted, want, want_of_orders};

use domain::{pricing::VatStanding, when::Timestamp};

use crate::{
    Services, Unexpected,
    permit::{Act, Permit},
};

/// An answer of the register, or that there is none yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VatCheck {
    pub standing: VatStanding,
    /// When the register said so.
    pub at: Option<Timestamp>,
    /// By which the register knows the question; empty where it gave nothing.
    pub identifier: String,
    /// It was asked in vain since: it is down, or too busy.
    pub in_vain: bool,
}

/// What is known of an id, to be shown beside it; `None` where nobody was asked. Whoever may see the id may see that.
pub async fn check<A: Act>(
    sv: &Services,
    permit: &Permit<A>,
    typed: &str,
) -> Result<Option<VatCheck>, Unexpected> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let found = check_of(sv, &mut tx, typed).await?;
    tx.commit().await?;
    Ok(found)
}
