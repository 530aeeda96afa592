//! What is in the prices of an event beside what is typed for its tickets: its rate of tax, and who bears the fee.

use domain::{
    ids::EventId,
    pricing::Rate,
    text::{Fault, FieldErrors},
};

use super::{
    EventError,
    change::{lock_open, tell},
};
use crate::{
    Services,
    permit::{ManageTickets, Permit},
};

#[derive(Debug, Default, Clone)]
pub struct PricesInput {
    /// How much of the fee buyers bear, in percent.
    pub fee_to_buyer: String,
    /// A rate of the country's list; empty: the usual one for admission there.
    pub tax_rate: String,
    /// A typed rate, which goes before the chosen one.
    pub other_tax_rate: String,
}

/// Changes it for those who choose from now on: what was promised to a hold stays promised.
#[tracing::instrument(skip_all, fields(event.id = %event))]
pub async fn set_prices(
    sv: &Services,
    permit: &Permit<ManageTickets>,
    event: EventId,
    cmd: PricesInput,
) -> Result<(), EventError> {
    let mut errors = FieldErrors::new();
    let percent = errors.field("fee_to_buyer", percent(&cmd.fee_to_buyer));
    let rate = errors.field("tax_rate", chosen(&cmd.tax_rate));
    let other = errors.field("other_tax_rate", chosen(&cmd.other_tax_rate));
    errors.finish()?;
    let organization = permit.organization();
    let mut tx = sv.db.begin(permit.scope()).await?;
    lock_open(&mut tx, organization, event).await?;
    sqlx::query!(
        "update events set fee_to_buyer_percent = $3, tax_rate = $4 where organization_id = $1 and id = $2",
        organization.get(),
        event.get(),
        percent.unwrap_or(0),
        other.flatten().or(rate.flatten()).map(|rate| i32::from(rate.thousandths()))
    )
    .execute(&mut *tx)
    .await?;
    tell(sv, &mut tx, organization, event, None).await?;
    tx.commit().await?;
    Ok(())
}

/// Nothing typed is nothing chosen.
pub(super) fn chosen(text: &str) -> Result<Option<Rate>, Fault> {
    match text.trim() {
        "" => Ok(None),
        typed => Rate::parse(typed).map(Some),
    }
}

fn percent(text: &str) -> Result<i16, Fault> {
    match text.trim() {
        "" => Ok(0),
        typed => super::input::small(typed, 0, 100),
    }
}
