//! Prices of a ticket type that follow one another by themselves.

mod stored;

use domain::{
    ids::{EventId, OrganizationId, PricePhaseId, TicketTypeId},
    money::Money,
    pricing::{EndingPhase, LastPhase, PricePhases},
    text::{Fault, FieldErrors, line},
    when::Timestamp,
};

use stored::{Chain, lock, save};
pub(in crate::events) use stored::{copy, has};

use super::{Move, payable, price};
use crate::{
    Services,
    events::{EventError, change::Locked, input, times},
    permit::{ManageTickets, Permit},
};

/// What an organizer fills in about a phase. The last one has neither an end by date nor by count.
#[derive(Debug, Default, Clone)]
pub struct PricePhaseInput {
    pub name: String,
    pub price: String,
    /// On the clocks of the venue.
    pub until: String,
    /// How many tickets of the type are taken when it ends.
    pub count: String,
    /// What the price after it is called, where this is the first phase.
    pub last_name: String,
}

/// Adds a phase (without `phase`) or changes one. It takes the place where its end belongs. Prices are for those who choose
/// from now on: what was promised to a hold stays promised.
#[tracing::instrument(skip_all, fields(event.id = %event))]
pub async fn save_price_phase(
    sv: &Services,
    permit: &Permit<ManageTickets>,
    (event, ticket_type): (EventId, TicketTypeId),
    phase: Option<PricePhaseId>,
    cmd: PricePhaseInput,
) -> Result<(), EventError> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let at = (permit.organization(), event, ticket_type);
    let (event, mut chain) = lock(&mut tx, at).await?;
    let before = chain.clone();
    // Of other faults there are words below. A price that stays is not asked about.
    let stays = phase.and_then(|id| price_of(&chain, id));
    if let Ok(price) = above_nothing(&cmd.price, &event)
        && stays != Some(price.minor)
    {
        payable::check_another(sv, &mut tx, at, price).await?;
    }
    match (&mut chain.phases, phase) {
        (Some(phases), Some(id)) if phases.last.id == id => {
            let mut errors = FieldErrors::new();
            let name = errors.field("name", line(&cmd.name, 1, 40));
            let price = errors.field("price", above_nothing(&cmd.price, &event));
            errors.finish()?;
            if let (Some(name), Some(price)) = (name, price) {
                phases.last.name = name;
                chain.own_minor = price.minor;
            }
        }
        (Some(phases), Some(id)) => {
            let place = phases.ending.iter().position(|one| one.id == id);
            let place = place.ok_or(EventError::NotFound)?;
            let old = phases.ending.remove(place);
            let new = check(&cmd, &event, Facts::of(sv, chain.taken, Some(&old)), id)?;
            put(phases, new, place)?;
        }
        (None, Some(_)) => return Err(EventError::NotFound),
        (Some(phases), None) => {
            let id = PricePhaseId::new(sv.new_id());
            let new = check(&cmd, &event, Facts::of(sv, chain.taken, None), id)?;
            let end = phases.ending.len();
            put(phases, new, end)?;
        }
        (None, None) => {
            if chain.own_minor == 0 {
                return Err(FieldErrors::one("price", Fault::Required).into());
            }
            let id = PricePhaseId::new(sv.new_id());
            // Its words stand beside its own field, with those of the others.
            let last = line(&cmd.last_name, 1, 40);
            let new = match (
                check(&cmd, &event, Facts::of(sv, chain.taken, None), id),
                &last,
            ) {
                (Ok(new), _) => new,
                (Err(EventError::Fields(mut faults)), Err(fault)) => {
                    faults.add("last_name", fault.clone());
                    return Err(faults.into());
                }
                (Err(e), _) => return Err(e),
            };
            let name = last.map_err(|fault| FieldErrors::one("last_name", fault))?;
            let mut phases = PricePhases {
                ending: Vec::new(),
                last: LastPhase {
                    id: PricePhaseId::new(sv.new_id()),
                    name,
                },
            };
            put(&mut phases, new, 0)?;
            chain.phases = Some(phases);
        }
    }
    save(sv, &mut tx, at, (permit.actor(), &before), &chain).await?;
    tx.commit().await?;
    Ok(())
}

/// Exchanges what a phase and its neighbour are called and cost; the ends stay where they are. There, nothing happens to a
/// phase that is gone or has no neighbour.
#[tracing::instrument(skip_all, fields(event.id = %event))]
pub async fn move_price_phase(
    sv: &Services,
    permit: &Permit<ManageTickets>,
    (event, ticket_type): (EventId, TicketTypeId),
    phase: PricePhaseId,
    to: Move,
) -> Result<(), EventError> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let at = (permit.organization(), event, ticket_type);
    let (_, mut chain) = lock(&mut tx, at).await?;
    let before = chain.clone();
    let moved = chain.phases.as_mut().is_some_and(|phases| {
        let upper = match (place_of(phases, phase), to) {
            (Some(place), Move::Up) => place.checked_sub(1),
            (Some(place), Move::Down) => Some(place),
            (None, _) => None,
        };
        upper.is_some_and(|upper| phases.swap(upper, &mut chain.own_minor))
    });
    if moved {
        save(sv, &mut tx, at, (permit.actor(), &before), &chain).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Removes a phase; those around it close up. Of two, the one that stays is the only price. Again is fine.
#[tracing::instrument(skip_all, fields(event.id = %event))]
pub async fn remove_price_phase(
    sv: &Services,
    permit: &Permit<ManageTickets>,
    (event, ticket_type): (EventId, TicketTypeId),
    phase: PricePhaseId,
) -> Result<(), EventError> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let at = (permit.organization(), event, ticket_type);
    let (_, mut chain) = lock(&mut tx, at).await?;
    let before = chain.clone();
    let place = chain
        .phases
        .as_ref()
        .and_then(|phases| place_of(phases, phase));
    let (Some(phases), Some(place)) = (&mut chain.phases, place) else {
        tx.commit().await?;
        return Ok(());
    };
    if place < phases.ending.len() {
        phases.ending.remove(place);
    } else if let Some(before) = phases.ending.pop() {
        phases.last = LastPhase {
            id: before.id,
            name: before.name,
        };
        chain.own_minor = before.price_minor;
    }
    if phases.ending.is_empty() {
        chain.phases = None;
    }
    save(sv, &mut tx, at, (permit.actor(), &before), &chain).await?;
    tx.commit().await?;
    Ok(())
}

/// As typed.
fn price_of(chain: &Chain, id: PricePhaseId) -> Option<i64> {
    let phases = chain.phases.as_ref()?;
    if phases.last.id == id {
        return Some(chain.own_minor);
    }
    let found = phases.ending.iter().find(|phase| phase.id == id);
    found.map(|phase| phase.price_minor)
}

fn place_of(phases: &PricePhases, id: PricePhaseId) -> Option<usize> {
    let last = (phases.last.id == id).then_some(phases.ending.len());
    phases.ending.iter().position(|one| one.id == id).or(last)
}

/// Into the chain, which must still be one.
fn put(phases: &mut PricePhases, new: EndingPhase, wish: usize) -> Result<(), EventError> {
    phases.place(new, wish);
    phases
        .check()
        .map_err(|wrong| FieldErrors::one(wrong.field, wrong.fault).into())
}

/// What a new end is held against.
struct Facts<'a> {
    now: Timestamp,
    taken: u32,
    old: Option<&'a EndingPhase>,
}

impl<'a> Facts<'a> {
    fn of(sv: &Services, taken: u32, old: Option<&'a EndingPhase>) -> Self {
        Self {
            now: sv.now(),
            taken,
            old,
        }
    }
}

/// All faults at once.
fn check(
    cmd: &PricePhaseInput,
    event: &Locked,
    facts: Facts<'_>,
    id: PricePhaseId,
) -> Result<EndingPhase, EventError> {
    let mut errors = FieldErrors::new();
    let name = errors.field("name", line(&cmd.name, 1, 40));
    let price = errors.field("price", above_nothing(&cmd.price, event));
    let until = errors.field("until", times::optional(&cmd.until, &event.time_zone));
    let count = match cmd.count.trim() {
        "" => Ok(None),
        typed => input::whole(typed, 1, 1_000_000).map(|count| u32::try_from(count).ok()),
    };
    let count = errors.field("count", count);
    // What is over already may stay as it is; a new end must lie ahead, or the phase would never be sold.
    if let Some(Some(until)) = until
        && until <= facts.now
        && facts.old.and_then(|old| old.until) != Some(until)
    {
        errors.add("until", Fault::InPast);
    }
    if let Some(Some(count)) = count
        && count <= facts.taken
        && facts.old.and_then(|old| old.count) != Some(count)
    {
        let min = i64::from(facts.taken.saturating_add(1));
        errors.add("count", Fault::TooSmall { min });
    }
    errors.finish()?;
    match (name, price, until, count) {
        (Some(name), Some(price), Some(until), Some(count)) => Ok(EndingPhase {
            id,
            name,
            price_minor: price.minor,
            until,
            count,
        }),
        _ => Err(EventError::NotFound),
    }
}

/// Where one price costs something, all do: lists say of an event whether it is free, whatever the day.
fn above_nothing(typed: &str, event: &Locked) -> Result<Money, Fault> {
    let price = price(typed, event.currency)?;
    if price.is_zero() {
        return Err(Fault::Required);
    }
    Ok(price)
}

/// Whose ticket type.
type At = (OrganizationId, EventId, TicketTypeId);
