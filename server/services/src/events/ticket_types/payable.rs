//! Whether anybody could pay for a ticket: what buyers pay holds tax and fee, and a provider does not take every amount.

use domain::{
    ids::{EventId, OrganizationId, TicketTypeId},
    money::{Currency, Money},
    pricing::Terms,
    text::{Fault, FieldErrors},
};

use crate::{
    Services, Unexpected,
    checkout::summary,
    db::Tx,
    events::{EventError, TicketTypeDetail},
    ports::NotTaken,
    prices::EventPrices,
    transfers,
};

/// A price as it is typed, and what else decides about what is charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    match fault(sv, pays, asked.min_per_order)? {
        Some(fault) if !by_transfer(sv, tx, organization, event).await? => {
            Err(FieldErrors::one("price", fault).into())
        }
        Some(_) | None => Ok(()),
    }
}

/// Whether buyers could pay by transfer what no card pays.
async fn by_transfer(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    event: EventId,
) -> Result<bool, Unexpected> {
    match summary(tx, organization, event).await? {
        Some(event) => transfers::offered_for(sv, tx, &event).await,
        None => Ok(false),
    }
}

/// Of the types of an event that are for sale, which nobody could buy at the prices that hold now or come later, and why: fees and
/// taxes may have changed since they were typed.
pub(in crate::events) async fn point_out(
    sv: &Services,
    tx: &mut Tx,
    (organization, event): (OrganizationId, EventId),
    terms: Terms,
    types: &mut [TicketTypeDetail],
) -> Result<(), Unexpected> {
    for one in types.iter_mut().filter(|one| one.state != "archived") {
        one.not_payable = of_type(sv, terms, one)?;
    }
    let found = types.iter().any(|one| one.not_payable.is_some());
    if found && by_transfer(sv, tx, organization, event).await? {
        types.iter_mut().for_each(|one| one.not_payable = None);
    }
    Ok(())
}

fn of_type(
    sv: &Services,
    terms: Terms,
    one: &TicketTypeDetail,
) -> Result<Option<Fault>, Unexpected> {
    let currency = one.price.currency;
    let earlier = one.phases.iter().flat_map(|phases| &phases.ending);
    let prices = earlier
        .map(|phase| Money::new(phase.price_minor, currency))
        .skip(one.phase_now)
        .chain([one.price]);
    for typed in prices.filter(|typed| !typed.is_zero()) {
        let bad = |e| Unexpected::bad_row("ticket_types", one.id, e);
        let pays = terms.price(typed, one.tax).map_err(bad)?.unit;
        if let Some(fault) = fault(sv, pays, one.min_per_order)? {
            return Ok(Some(fault));
        }
    }
    Ok(None)
}

/// One ticket may have to go back alone, so each must be in steps; the least is asked of the smallest order.
fn fault(sv: &Services, pays: Money, min_per_order: i16) -> Result<Option<Fault>, Unexpected> {
    if let Err(NotTaken::Uneven { step }) = sv.payments.takes(pays) {
        return Ok(Some(Fault::PaidInSteps { pays, step }));
    }
    let together = pays
        .checked_mul(u32::try_from(min_per_order).unwrap_or(1))
        .map_err(|e| Unexpected::new("price of an order", e))?;
    Ok(match sv.payments.takes(together) {
        Err(NotTaken::TooSmall { least }) => Some(Fault::TooLittleToPay {
            pays: together,
            min: least,
        }),
        Ok(()) | Err(NotTaken::Uneven { .. }) => None,
    })
}

/// The same for another price of a type that is there.
pub(super) async fn check_another(
    sv: &Services,
    tx: &mut Tx,
    at: (OrganizationId, EventId, TicketTypeId),
    price: Money,
) -> Result<(), EventError> {
    let asked = Asked {
        typed_minor: price.minor,
        ..stored(tx, at, price.currency).await?
    };
    check(sv, tx, (at.0, at.1), &asked).await
}

/// What is asked for a type as it stands.
pub(super) async fn stored(
    tx: &mut Tx,
    (organization, event, ticket_type): (OrganizationId, EventId, TicketTypeId),
    currency: Currency,
) -> Result<Asked, EventError> {
    let row = sqlx::query!(
        r#"
        select price_minor, tax_rate, min_per_order from ticket_types
        where organization_id = $1 and event_id = $2 and id = $3
        "#,
        organization.get(),
        event.get(),
        ticket_type.get()
    )
    .fetch_optional(&mut **tx)
    .await
    .map_err(Unexpected::from)?
    .ok_or(EventError::NotFound)?;
    Ok(Asked {
        typed_minor: row.price_minor,
        currency,
        tax_rate: row.tax_rate,
        min_per_order: row.min_per_order,
    })
}
