//! Whether so many tickets of a type may be sold now, in words for whoever wants them.

use domain::catalog::{SaleFacts, SaleStatus};

use super::{hold::HoldError, queries};
use crate::stock::Short;

pub(super) fn check(
    t: &queries::TypeForSale,
    quantity: u32,
    facts: SaleFacts,
) -> Result<(), HoldError> {
    let ticket_type = t.name.clone();
    match SaleStatus::of(&facts) {
        SaleStatus::OnSale | SaleStatus::FewLeft { .. } => {}
        SaleStatus::SoldOut => return Err(HoldError::SoldOut { ticket_type }),
        why @ (SaleStatus::NotYet { .. }
        | SaleStatus::Ended
        | SaleStatus::EventOver
        | SaleStatus::Paused
        | SaleStatus::Unpublished) => {
            return Err(HoldError::NotOnSale { ticket_type, why });
        }
    }
    if quantity > t.max_per_order {
        return Err(HoldError::TooMany {
            ticket_type,
            max: t.max_per_order,
        });
    }
    // Who wants the last few must be able to have them, even where the least is more.
    if quantity < t.min_per_order.min(facts.left) {
        return Err(HoldError::TooFew {
            ticket_type,
            min: t.min_per_order,
        });
    }
    if quantity > facts.left {
        return Err(few(ticket_type, facts.left));
    }
    Ok(())
}

pub(super) fn short(ticket_type: String, what: Short) -> HoldError {
    if what.together {
        HoldError::OnlyTogether { left: what.left }
    } else {
        few(ticket_type, what.left)
    }
}

fn few(ticket_type: String, left: u32) -> HoldError {
    if left == 0 {
        HoldError::SoldOut { ticket_type }
    } else {
        HoldError::OnlyLeft { ticket_type, left }
    }
}
