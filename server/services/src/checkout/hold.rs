//! Keeps chosen tickets for a buyer until the clock runs out.

use std::collections::BTreeMap;

use domain::{
    catalog::{EventState, Phase, SaleFacts, SaleStatus, phase},
    ids::{HoldId, TicketTypeId},
    when::{Timestamp, shift},
};
use locales::Locale;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{EventRef, queries, token};
use crate::{
    Services, Unexpected,
    db::Scope,
    idempotency::{self, Turn},
    jobs::{self, Job},
    live,
    stock::{Move, Shelf, ShelfError},
};

#[derive(Debug, Clone)]
pub struct HoldTickets {
    pub event: EventRef,
    /// Quantities of nothing are ignored; the same type twice adds up.
    pub lines: Vec<(TicketTypeId, u16)>,
    pub locale: Locale,
    pub idempotency_key: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub token: String,
    pub expires_at: Timestamp,
}

#[derive(Debug, thiserror::Error)]
pub enum HoldError {
    #[error("no such event")]
    EventNotFound,
    #[error("nothing was chosen")]
    NothingChosen,
    /// A ticket type that is not (or no longer) offered.
    #[error("a ticket type is gone")]
    TicketTypeGone,
    #[error("at most {max} of {ticket_type} in one order")]
    TooMany { ticket_type: String, max: u32 },
    #[error("at least {min} of {ticket_type} in one order")]
    TooFew { ticket_type: String, min: u32 },
    #[error("{ticket_type} is sold out")]
    SoldOut { ticket_type: String },
    #[error("only {left} of {ticket_type} left")]
    OnlyLeft { ticket_type: String, left: u32 },
    #[error("{ticket_type} is not on sale")]
    NotOnSale {
        ticket_type: String,
        why: SaleStatus,
    },
    #[error("the event does not sell")]
    EventNotOnSale { why: Phase },
    #[error("the organizer is suspended")]
    Suspended,
    #[error("the key was used for another request")]
    KeyConflict,
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

impl HoldError {
    /// Stable key for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::EventNotFound => "not_found",
            Self::NothingChosen => "nothing_chosen",
            Self::TicketTypeGone => "ticket_type_gone",
            Self::TooMany { .. } => "too_many_per_order",
            Self::TooFew { .. } => "too_few_per_order",
            Self::SoldOut { .. } => "sold_out",
            Self::OnlyLeft { .. } => "not_enough_left",
            Self::NotOnSale { .. } => "not_on_sale",
            Self::EventNotOnSale { .. } => "event_not_on_sale",
            Self::Suspended => "sales_stopped",
            Self::KeyConflict => "key_conflict",
            Self::Unexpected(_) => "internal",
        }
    }
}

/// What a repeat of the request needs to answer the same.
#[derive(Serialize, Deserialize)]
struct Answer {
    hold: HoldId,
    expires_at: Timestamp,
}

/// Holds all lines or none of them.
#[tracing::instrument(skip_all)]
pub async fn hold(sv: &Services, cmd: HoldTickets) -> Result<Held, HoldError> {
    let mut wanted: BTreeMap<TicketTypeId, u32> = BTreeMap::new();
    for (ticket_type, quantity) in cmd.lines.iter().filter(|(_, quantity)| *quantity > 0) {
        *wanted.entry(*ticket_type).or_default() += u32::from(*quantity);
    }
    if wanted.is_empty() {
        return Err(HoldError::NothingChosen);
    }
    let now = sv.now();
    let mut tx = sv.db.begin(Scope::System).await?;
    let event = queries::event_for_sale(&mut tx, &cmd.event)
        .await?
        .ok_or(HoldError::EventNotFound)?;
    if event.state == EventState::Draft {
        return Err(HoldError::EventNotFound);
    }
    tx.narrow(event.organization).await?;
    let scope = format!("hold|{}", event.id);
    let key = match idempotency::begin::<Answer>(
        sv,
        &mut tx,
        scope,
        cmd.idempotency_key.as_deref(),
        &wanted,
    )
    .await?
    {
        Turn::First(key) => key,
        Turn::Again(answer) => {
            return Ok(Held {
                token: token(sv, answer.hold),
                expires_at: answer.expires_at,
            });
        }
        Turn::Conflict => return Err(HoldError::KeyConflict),
    };
    if event.organizer_suspended {
        return Err(HoldError::Suspended);
    }
    let phase = phase(event.state, event.starts_at, event.ends_at, now);
    match phase {
        Phase::Upcoming | Phase::Running => {}
        Phase::Draft | Phase::Ended | Phase::Postponed | Phase::Cancelled => {
            return Err(HoldError::EventNotOnSale { why: phase });
        }
    }

    let ids: Vec<Uuid> = wanted.keys().map(|id| id.get()).collect();
    let types = queries::types(&mut tx, event.organization, event.id, &ids).await?;
    if types.len() != wanted.len() || types.iter().any(|t| t.archived) {
        return Err(HoldError::TicketTypeGone);
    }
    let mut shelf = Shelf::lock(&mut tx, event.organization, wanted.keys().copied()).await?;
    let mut lines = Vec::with_capacity(types.len());
    for t in &types {
        let quantity = wanted.get(&t.id).copied().unwrap_or(0);
        check(
            t,
            quantity,
            SaleFacts {
                opens: t.sales_from,
                closes: t.sales_until,
                paused: t.paused,
                capacity: shelf.capacity(t.id),
                left: shelf.left(t.id),
                phase,
                now,
            },
        )?;
        lines.push((t.id, quantity, t.price_minor));
    }
    let places: Vec<_> = lines
        .iter()
        .map(|(id, quantity, _)| (*id, *quantity))
        .collect();
    shelf.shift(&places, Move::Hold).map_err(|e| match e {
        ShelfError::Short { ticket_type, left } => {
            let name = types
                .iter()
                .find(|t| t.id == ticket_type)
                .map(|t| t.name.clone())
                .unwrap_or_default();
            short(name, left)
        }
        ShelfError::Broken(_) => HoldError::Unexpected(e.into()),
    })?;
    shelf.save(&mut tx).await?;

    let id = HoldId::new(sv.new_id());
    let held = Held {
        token: token(sv, id),
        expires_at: shift(now, sv.settings.hold),
    };
    let new = queries::NewHold {
        id,
        organization: event.organization,
        event: event.id,
        token: &held.token,
        locale: cmd.locale.code(),
        created_at: now,
        expires_at: held.expires_at,
        lines,
    };
    queries::insert(&mut tx, &new).await?;
    jobs::enqueue(
        sv,
        &mut tx,
        event.organization,
        &Job::ExpireHold { hold: id },
        held.expires_at,
        None,
    )
    .await?;
    live::announce(&mut tx, event.id).await?;
    key.finish(
        &mut tx,
        &Answer {
            hold: id,
            expires_at: held.expires_at,
        },
    )
    .await?;
    tx.commit().await?;
    Ok(held)
}

fn check(t: &queries::TypeForSale, quantity: u32, facts: SaleFacts) -> Result<(), HoldError> {
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
        return Err(short(ticket_type, facts.left));
    }
    Ok(())
}

fn short(ticket_type: String, left: u32) -> HoldError {
    if left == 0 {
        HoldError::SoldOut { ticket_type }
    } else {
        HoldError::OnlyLeft { ticket_type, left }
    }
}
