//! Price phases on their way out of the database, and what of them is shown.

use domain::{
    ids::PricePhaseId,
    money::Money,
    pricing::{Price, PricePhases, SoldIn},
    when::Timestamp,
};
use uuid::Uuid;

use crate::{Unexpected, prices::EventPrices};

/// So many or fewer at a price are said to be the last; always as many as one order can have.
const FEW: u32 = 20;

/// What is said of the phase that a ticket type is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferPhase {
    pub name: String,
    /// When it ends, if not before.
    pub until: Option<Timestamp>,
    /// How many can still be had in it, where these are few.
    pub left: Option<u32>,
    /// What a ticket costs after it; nothing in the last phase.
    pub then: Option<Money>,
    /// What as many tickets as one order can have cost, one after the other: how many at which price.
    pub steps: Vec<(u32, Money)>,
}

/// A ticket type as its prices see it.
#[derive(Clone, Copy)]
pub(crate) struct OnSale<'a> {
    pub id: Uuid,
    pub price_minor: i64,
    pub tax_rate: Option<i32>,
    pub phases: Option<&'a PricePhases>,
    pub taken: u32,
    pub max_per_order: u32,
}

impl EventPrices {
    /// What one costs now, and of which phase that is.
    pub(crate) fn today(
        &self,
        of: OnSale<'_>,
        now: Timestamp,
    ) -> Result<(Price, Option<OfferPhase>), Unexpected> {
        let price = |typed| self.of(of.id, typed, of.tax_rate);
        let Some(phases) = of.phases else {
            return Ok((price(of.price_minor)?, None));
        };
        let current = phases.current(now, of.taken, of.price_minor);
        let phase = OfferPhase {
            name: current.name.to_owned(),
            until: current.until,
            left: current
                .left
                .filter(|left| *left <= FEW.max(of.max_per_order)),
            then: current
                .then_minor
                .map(|typed| price(typed).map(|then| then.unit))
                .transpose()?,
            steps: phases
                .deal(now, of.taken, of.max_per_order)
                .into_iter()
                .map(|(index, quantity)| {
                    let typed = phases.price_minor(index, of.price_minor);
                    Ok((quantity, price(typed)?.unit))
                })
                .collect::<Result<_, Unexpected>>()?,
        };
        Ok((price(current.price_minor)?, Some(phase)))
    }
}

/// The chain out of its column.
pub(crate) fn read(
    ticket_type: Uuid,
    column: Option<serde_json::Value>,
) -> Result<Option<PricePhases>, Unexpected> {
    column
        .map(serde_json::from_value)
        .transpose()
        .map_err(|e| Unexpected::bad_row("ticket_types", ticket_type, e))
}

/// The phase of a line out of its columns.
pub(crate) fn sold_in(id: Option<Uuid>, name: Option<String>) -> Option<SoldIn> {
    Some(SoldIn {
        id: PricePhaseId::new(id?),
        name: name?,
    })
}

/// What a line is of, in words.
pub(crate) fn named(ticket_type: &str, phase: Option<&str>) -> String {
    match phase {
        Some(phase) => format!("{ticket_type} · {phase}"),
        None => ticket_type.to_owned(),
    }
}
