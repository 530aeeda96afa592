//! Whether anybody could pay for a ticket: what buyers pay holds tax and fee, and a provider does not take every amount.

use domain::{
    ids::{EventId, OrganizationId, TicketTypeId},
    money::{Currency, Money},
    text::{Fault, FieldErrors},
};

use crate::{
    Services, Unexpected, db::Tx, events::EventError, ports::NotTaken, prices::EventPrices,
};

/// A price as it is typed, and what else decides about what is charged.
pub(super) struct Asked {
    pub typed_minor: i64,
    pub currency: Currency,
    /// The rate of tax of its own, if it has one.
    pub tax_rate: Option<i32>,
    /// So many are bought together at least.
    pub min_per_order: i16,
}

/// Refuses, in words beside the field, a price at which nobody could buy today. A change of tax or fees can make one later:
/// the checkout asks again.
pub(super) async fn check(
    sv: &Services,
    tx: &mut Tx,
    (organization, event): (OrganizationId, EventId),
    asked: &Asked,
) -> Result<(), EventError> {
    if asked.typed_minor == 0 {
        return Ok(());
    }
    let today = EventPrices::load(tx, organization, event, asked.currency, sv.now()).await?;
    let pays = today.of(event, asked.typed_minor, asked.tax_rate)?.unit;
    let together = u32::try_from(asked.min_per_order).unwrap_or(1);
    let together = pays
        .checked_mul(together)
        .map_err(|e| Unexpected::new("price of an order", e))?;
    match fault(sv, pays, together) {
        Some(fault) => Err(FieldErrors::one("price", fault).into()),
        None => Ok(()),
    }
}

/// One ticket may have to go back alone, so each must be in steps; the least is asked of the smallest order.
fn fault(sv: &Services, pays: Money, together: Money) -> Option<Fault> {
    if let Err(NotTaken::Uneven { step }) = sv.payments.takes(pays) {
        return Some(Fault::PaidInSteps { pays, step });
    }
    match sv.payments.takes(together) {
        Err(NotTaken::TooSmall { least }) => Some(Fault::TooLittleToPay {
            pays: together,
            min: least,
        }),
        Ok(()) | Err(NotTaken::Uneven { .. }) => None,
    }
}

/// The same for another price of a type that is there.
pub(super) async fn check_another(
    sv: &Services,
    tx: &mut Tx,
    (organization, event, ticket_type): (OrganizationId, EventId, TicketTypeId),
    price: Money,
) -> Result<(), EventError> {
    let row = sqlx::query!(
        "select tax_rate, min_per_order from ticket_types where organization_id = $1 and event_id = $2 and id = $3",
        organization.get(),
        event.get(),
        ticket_type.get()
    )
    .fetch_optional(&mut **tx)
    .await
    .map_err(Unexpected::from)?
    .ok_or(EventError::NotFound)?;
    let asked = Asked {
        typed_minor: price.minor,
        currency: price.currency,
        tax_rate: row.tax_rate,
        min_per_order: row.min_per_order,
    };
    check(sv, tx, (organization, event), &asked).await
}
