//! An event's tickets for those who get them without a reservation: what is on sale, at today's prices, by the same rules.

use std::collections::BTreeMap;

use domain::{
    catalog::{EventState, Phase, SaleFacts, SaleStatus, phase},
    ids::{EventId, OrganizationId, TicketTypeId},
    money::{Currency, Money},
    pricing::Price,
    stock::beyond_limit,
    text::Email,
    when::Timestamp,
};

use super::{
    hold::HoldError,
    queries::{self, Dealt},
    sellable::{check, short},
};
use crate::{
    Services, Unexpected,
    db::Tx,
    stock::{Move, Shelf, ShelfError, Short},
    waiting_room,
};

/// The tickets of one event, its pools locked.
pub(crate) struct Counter {
    organization: OrganizationId,
    event: queries::EventForSale,
    types: Vec<queries::TypeForSale>,
    shelf: Shelf,
    /// Prices are without tax: whoever asks owes it themselves.
    reverse_charge: bool,
    now: Timestamp,
}

/// A ticket type, as somebody could have it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnOffer {
    pub id: TicketTypeId,
    pub name: String,
    pub unit: Money,
    pub status: SaleStatus,
    pub max_per_order: u32,
}

/// Whom the rules of sale bind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bound {
    /// Buyers: windows of sale, pauses, least and most in an order.
    Buyer,
    /// The organizer: only what there is.
    Organizer,
}

impl Counter {
    /// With the pools of `also` locked, whose places may come free. Nothing where the organization has no such event that
    /// anybody knows of.
    pub async fn open(
        sv: &Services,
        tx: &mut Tx,
        (organization, event): (OrganizationId, EventId),
        also: &[TicketTypeId],
    ) -> Result<Option<Self>, Unexpected> {
        let now = sv.now();
        let found = queries::event_for_sale(tx, &super::EventRef::Id(event), now).await?;
        let known = |found: &queries::EventForSale| {
            found.organization == organization && found.state != EventState::Draft
        };
        let Some(found) = found.filter(known) else {
            return Ok(None);
        };
        let types = queries::all_types(tx, organization, event).await?;
        let ids = types.iter().map(|t| t.id).chain(also.iter().copied());
        let shelf = Shelf::lock(tx, organization, ids).await?;
        Ok(Some(Self {
            organization,
            event: found,
            types,
            shelf,
            reverse_charge: false,
            now,
        }))
    }

    /// The same for a buyer who owes the tax themselves, or does not.
    pub fn for_buyer(self, reverse_charge: bool) -> Self {
        Self {
            reverse_charge,
            ..self
        }
    }

    fn price(&self, t: &queries::TypeForSale) -> Result<Price, Unexpected> {
        self.taxed(t, t.price_now(&self.event.prices, self.now)?)
    }

    /// Without the tax where the buyer owes it.
    fn taxed(&self, t: &queries::TypeForSale, price: Price) -> Result<Price, Unexpected> {
        if !self.reverse_charge {
            return Ok(price);
        }
        price
            .owed_by_buyer()
            .map_err(|e| Unexpected::bad_row("ticket_types", t.id, e))
    }

    pub fn currency(&self) -> Currency {
        self.event.prices.currency
    }

    /// These places are free from here on, in what the counter answers; nothing is written.
    pub fn free(&mut self, places: &[(TicketTypeId, u32)]) -> Result<(), Unexpected> {
        Ok(self.shelf.shift(places, Move::GiveBack)?)
    }

    fn facts(&self, t: &queries::TypeForSale, phase: Phase) -> SaleFacts {
        SaleFacts {
            opens: t.sales_from,
            closes: t.sales_until,
            paused: t.paused,
            capacity: self.shelf.capacity(t.id),
            left: self.shelf.left(t.id),
            phase,
            now: self.now,
        }
    }

    fn phase(&self) -> Phase {
        let event = &self.event;
        phase(event.state, event.starts_at, event.ends_at, self.now)
    }

    /// All that is not archived, in the order of the event's page.
    pub fn offers(&self) -> Result<Vec<OnOffer>, Unexpected> {
        let phase = self.phase();
        let known = self.types.iter().filter(|t| !t.archived);
        known
            .map(|t| {
                let price = self.price(t)?;
                Ok(OnOffer {
                    id: t.id,
                    name: t.name.clone(),
                    unit: price.unit,
                    status: SaleStatus::of(&self.facts(t, phase)),
                    max_per_order: t.max_per_order,
                })
            })
            .collect()
    }

    /// What is wanted, with the prices of these tickets' turns.
    pub fn lines(&self, wanted: &BTreeMap<TicketTypeId, u32>) -> Result<Vec<Dealt>, HoldError> {
        if wanted.is_empty() {
            return Err(HoldError::NothingChosen);
        }
        let known = |t: &&queries::TypeForSale| !t.archived && wanted.contains_key(&t.id);
        let types: Vec<_> = self.types.iter().filter(known).collect();
        if types.len() != wanted.len() {
            return Err(HoldError::TicketTypeGone);
        }
        let mut lines = Vec::with_capacity(types.len());
        for t in types {
            let quantity = wanted.get(&t.id).copied().unwrap_or(0);
            for line in t.deal(&self.event.prices, self.now, quantity)? {
                let price = self.taxed(t, line.price)?;
                lines.push(Dealt { price, ..line });
            }
        }
        Ok(lines)
    }

    /// Whether these may be had now.
    pub fn check(
        &self,
        wanted: &BTreeMap<TicketTypeId, u32>,
        bound: Bound,
    ) -> Result<(), HoldError> {
        if self.event.organizer_suspended {
            return Err(HoldError::Suspended);
        }
        let phase = self.phase();
        match phase {
            Phase::Upcoming | Phase::Running => {}
            Phase::Draft | Phase::Ended | Phase::Postponed | Phase::Cancelled => {
                return Err(HoldError::EventNotOnSale { why: phase });
            }
        }
        if bound == Bound::Buyer {
            for t in &self.types {
                if let Some(quantity) = wanted.get(&t.id) {
                    check(t, *quantity, self.facts(t, phase))?;
                }
            }
        }
        let places: Vec<_> = wanted.iter().map(|(id, n)| (*id, *n)).collect();
        // Types may share places: each by itself may be there, and all together not.
        self.shelf
            .clone()
            .shift(&places, Move::Hold)
            .map_err(|e| match e {
                ShelfError::Short(what) => self.short(what),
                ShelfError::Broken(_) => HoldError::Unexpected(e.into()),
            })
    }

    /// Whether people wait for their turn to buy: nobody gets past them by another way.
    pub async fn has_queue(&self, tx: &mut Tx) -> Result<bool, Unexpected> {
        if !self.event.waiting_room {
            return Ok(false);
        }
        let room = waiting_room::for_sale(tx, self.organization, self.event.id).await?;
        Ok(room.is_some())
    }

    /// Whether the customer may have these too, besides what they have but for `given` back.
    pub async fn check_customer(
        &self,
        tx: &mut Tx,
        email: &Email,
        (wanted, given): (&BTreeMap<TicketTypeId, u32>, &BTreeMap<TicketTypeId, u32>),
    ) -> Result<(), HoldError> {
        let limited: Vec<_> = self
            .types
            .iter()
            .filter(|t| t.max_per_customer.is_some() && wanted.contains_key(&t.id))
            .collect();
        if limited.is_empty() {
            return Ok(());
        }
        let ids: Vec<_> = limited.iter().map(|t| t.id.get()).collect();
        let who = email.lookup_key();
        let at = (self.organization, self.event.id);
        let has = queries::tickets_of(tx, at, std::slice::from_ref(&who), &ids).await?;
        for t in limited {
            let number = |of: &BTreeMap<TicketTypeId, u32>| of.get(&t.id).copied().unwrap_or(0);
            let has = has.get(&(who.clone(), t.id)).copied().unwrap_or(0);
            let keeps = has.saturating_sub(number(given));
            if beyond_limit(keeps, number(wanted), t.max_per_customer).is_some() {
                return Err(HoldError::TooMany {
                    ticket_type: t.name.clone(),
                    max: t.max_per_customer.unwrap_or(0),
                });
            }
        }
        Ok(())
    }

    pub fn short(&self, what: Short) -> HoldError {
        let name = self.types.iter().find(|t| t.id == what.ticket_type);
        short(name.map(|t| t.name.clone()).unwrap_or_default(), what)
    }
}
