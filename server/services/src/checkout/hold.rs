//! Keeps chosen tickets for a buyer until the clock runs out.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    net::IpAddr,
};

use domain::{
    catalog::{EventState, Phase, SaleFacts, SaleStatus, phase},
    ids::{HoldId, TicketTypeId},
    stock::may_reserve,
    when::{Timestamp, shift},
};
use locales::Locale;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    EventRef,
    asker::{Asker, Gate, Stopped},
    proofs, queries,
    sellable::{check, short},
    token,
};
use crate::{
    Services, Unexpected,
    batcher::Merge,
    db::{Scope, Tx},
    idempotency::{self, Conflict},
    stock::{Move, Shelf, ShelfError},
    waiting_room,
};

#[derive(Debug, Clone)]
pub struct HoldTickets {
    pub event: EventRef,
    /// Quantities of nothing are ignored; the same type twice adds up.
    pub lines: Vec<(TicketTypeId, u16)>,
    pub locale: Locale,
    /// From where it is asked for, if that is known.
    pub address: Option<IpAddr>,
    /// The place in the event's waiting room, as it was given out.
    pub place: Option<String>,
    /// That the browser has worked for it.
    pub proof: Option<String>,
    pub idempotency_key: Option<String>,
    /// The key names what somebody looked at: another choice from there is another wish, not a wrong key.
    pub key_of_a_view: bool,
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
    /// Of each there would be enough, but they draw on the same places.
    #[error("only {left} of all that was chosen are left together")]
    OnlyTogether { left: u32 },
    #[error("{ticket_type} is not on sale")]
    NotOnSale {
        ticket_type: String,
        why: SaleStatus,
    },
    #[error("the event does not sell")]
    EventNotOnSale { why: Phase },
    #[error("the organizer is suspended")]
    Suspended,
    /// Many want tickets at once. The way on: ask again with a proof of work, or when fewer do.
    #[error("a crowd, and no proof of work")]
    Crowd,
    /// One must wait for one's turn first.
    #[error("the event has a waiting room")]
    NotYourTurn,
    /// The way on: finish or release one, or wait until one runs out.
    #[error("somebody has {max} reservations of the event already")]
    TooManyHolds { max: u32 },
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
            Self::OnlyLeft { .. } | Self::OnlyTogether { .. } => "not_enough_left",
            Self::NotOnSale { .. } => "not_on_sale",
            Self::EventNotOnSale { .. } => "event_not_on_sale",
            Self::Suspended => "sales_stopped",
            Self::Crowd => "crowd",
            Self::NotYourTurn => "not_your_turn",
            Self::TooManyHolds { .. } => "too_many_holds",
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

impl Answer {
    fn held(&self, sv: &Services) -> Held {
        Held {
            token: token(sv, self.hold),
            expires_at: self.expires_at,
        }
    }
}

/// A choice that makes sense by itself, on its way into the queue of its event.
#[derive(Clone)]
pub(crate) struct Wish {
    wanted: BTreeMap<TicketTypeId, u32>,
    locale: Locale,
    address: Option<IpAddr>,
    place: Option<String>,
    key: Option<idempotency::Mark>,
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
    let crowd = usize::try_from(sv.settings.crowd).unwrap_or(usize::MAX);
    let is_crowded = crowd > 0 && sv.queues.holds.waiting(&cmd.event) >= crowd;
    let key = idempotency::mark(cmd.idempotency_key.as_deref(), &wanted)?;
    let is_proven = |proof: &str| proofs::takes(sv, proof, key.as_ref());
    if is_crowded && !cmd.proof.as_deref().is_some_and(is_proven) {
        return Err(HoldError::Crowd);
    }
    let wish = Wish {
        wanted,
        locale: cmd.locale,
        address: cmd.address,
        place: cmd.place,
        key,
    };
    let held = sv.queues.holds.submit(sv, cmd.event.clone(), wish.clone());
    match held.await? {
        // Back in the browser and another choice: a new wish, not the old one again.
        Err(HoldError::KeyConflict) if cmd.key_of_a_view => {
            let wish = Wish { key: None, ..wish };
            sv.queues.holds.submit(sv, cmd.event, wish).await?
        }
        held => held,
    }
}

/// All wishes that wait for one event, in one transaction.
pub(crate) enum Holds {}

impl Merge for Holds {
    type Context = Services;
    type Key = EventRef;
    type Request = Wish;
    type Answer = Result<Held, HoldError>;

    async fn serve(
        sv: &Services,
        event: &EventRef,
        wishes: &[Wish],
    ) -> Result<Vec<Self::Answer>, Unexpected> {
        let mut tx = sv.db.begin_shared(Scope::System).await?;
        let event = queries::event_for_sale(&mut tx, event, sv.now()).await?;
        let Some(event) = event.filter(|event| event.state != EventState::Draft) else {
            return Ok(wishes
                .iter()
                .map(|_| Err(HoldError::EventNotFound))
                .collect());
        };
        tx.narrow(event.organization).await?;
        let types: BTreeSet<TicketTypeId> = wishes
            .iter()
            .flat_map(|wish| wish.wanted.keys().copied())
            .collect();
        // The lock comes first: what is read after it is as new as the places themselves.
        let shelf = Shelf::lock(&mut tx, event.organization, types.iter().copied()).await?;
        let ids: Vec<Uuid> = types.iter().map(|id| id.get()).collect();
        let types = queries::types(&mut tx, event.organization, event.id, &ids).await?;
        let scope = format!("hold|{}", event.id);
        let marks = wishes.iter().filter_map(|wish| wish.key.as_ref());
        let known = idempotency::known(&mut tx, scope, marks).await?;
        let room = if event.waiting_room {
            waiting_room::for_sale(&mut tx, event.organization, event.id).await?
        } else {
            None
        };
        let gate = Gate { sv, room };
        let askers: Vec<_> = wishes
            .iter()
            .map(|wish| gate.let_through(wish.address, wish.place.as_deref()))
            .collect();
        let let_through = || askers.iter().filter_map(|asker| asker.ok());
        let known_askers: Vec<i64> = let_through().filter_map(|asker| asker.key).collect();
        let addresses: Vec<i64> = let_through()
            .filter_map(|asker| Some(asker.from?.0))
            .collect();
        let open = queries::open_holds(&mut tx, event.id, &known_askers).await?;
        let from = queries::open_holds_from(&mut tx, event.id, &addresses).await?;
        let mut desk = Desk {
            sv,
            now: sv.now(),
            event,
            types,
            shelf,
            known,
            open,
            from,
            granted: Vec::new(),
        };
        let answers: Vec<_> = wishes
            .iter()
            .zip(askers)
            .map(|(wish, asker)| desk.answer(wish, asker))
            .collect();
        let event_id = desk.event.id;
        let granted = !desk.granted.is_empty();
        desk.save(&mut tx).await?;
        tx.commit().await?;
        if granted {
            sv.live.announce_soon(&sv.db, event_id);
        }
        Ok(answers)
    }
}

/// Serves one wish after the other from the locked pools.
struct Desk<'a> {
    sv: &'a Services,
    now: Timestamp,
    event: queries::EventForSale,
    types: Vec<queries::TypeForSale>,
    shelf: Shelf,
    /// Answers to requests that came before, in earlier batches and in this one.
    known: idempotency::Known<Answer>,
    /// Reservations by those who ask.
    open: HashMap<i64, u32>,
    /// The same by the addresses that places of a waiting room are used from.
    from: HashMap<i64, u32>,
    granted: Vec<queries::NewHold>,
}

impl Desk<'_> {
    fn answer(&mut self, wish: &Wish, asker: Result<Asker, Stopped>) -> Result<Held, HoldError> {
        if let Some(answer) = self.known.find(wish.key.as_ref()) {
            return match answer {
                Ok(answer) => Ok(answer.held(self.sv)),
                Err(Conflict) => Err(HoldError::KeyConflict),
            };
        }
        let lines = self.lines(wish)?;
        let Ok(Asker { key, most, from }) = asker else {
            return Err(HoldError::NotYourTurn);
        };
        let mut open = key.map(|key| self.open.entry(key).or_default());
        if open.as_ref().is_some_and(|open| !may_reserve(**open, most)) {
            return Err(HoldError::TooManyHolds { max: most });
        }
        let mut of_address = from.map(|(key, most)| (self.from.entry(key).or_default(), most));
        if let Some((open, most)) = &of_address
            && !may_reserve(**open, *most)
        {
            return Err(HoldError::TooManyHolds { max: *most });
        }
        let places: Vec<_> = wish.wanted.iter().map(|(id, n)| (*id, *n)).collect();
        let names = &self.types;
        self.shelf.shift(&places, Move::Hold).map_err(|e| match e {
            ShelfError::Short(what) => {
                let name = names.iter().find(|t| t.id == what.ticket_type);
                short(name.map(|t| t.name.clone()).unwrap_or_default(), what)
            }
            ShelfError::Broken(_) => HoldError::Unexpected(e.into()),
        })?;
        if let Some(open) = &mut open {
            **open += 1;
        }
        if let Some((open, _)) = &mut of_address {
            **open += 1;
        }
        // Who is served next finds the phases as they are after this one.
        for t in &mut self.types {
            let taken = wish.wanted.get(&t.id).copied().unwrap_or(0);
            t.taken = t.taken.saturating_add(taken);
        }
        let answer = Answer {
            hold: HoldId::new(self.sv.new_id()),
            expires_at: shift(self.now, self.sv.settings.hold),
        };
        let held = answer.held(self.sv);
        self.granted.push(queries::NewHold {
            id: answer.hold,
            token: held.token.clone(),
            locale: wish.locale.code(),
            expires_at: answer.expires_at,
            asked_by: key,
            asked_from: from.map(|(key, _)| key),
            lines,
        });
        self.known.add(wish.key.as_ref(), answer);
        Ok(held)
    }

    async fn save(self, tx: &mut Tx) -> Result<(), Unexpected> {
        if self.granted.is_empty() {
            return Ok(());
        }
        let event = &self.event;
        self.shelf.save(tx).await?;
        queries::insert(tx, event.organization, event.id, self.now, &self.granted).await?;
        self.known.save(self.sv, tx).await?;
        Ok(())
    }

    /// What is wanted, with today's prices, if all of it may be sold to this wish.
    fn lines(&self, wish: &Wish) -> Result<Vec<queries::Dealt>, HoldError> {
        let event = &self.event;
        if event.organizer_suspended {
            return Err(HoldError::Suspended);
        }
        let phase = phase(event.state, event.starts_at, event.ends_at, self.now);
        match phase {
            Phase::Upcoming | Phase::Running => {}
            Phase::Draft | Phase::Ended | Phase::Postponed | Phase::Cancelled => {
                return Err(HoldError::EventNotOnSale { why: phase });
            }
        }
        let wanted = |t: &&queries::TypeForSale| !t.archived && wish.wanted.contains_key(&t.id);
        let types: Vec<_> = self.types.iter().filter(wanted).collect();
        if types.len() != wish.wanted.len() {
            return Err(HoldError::TicketTypeGone);
        }
        let mut lines = Vec::with_capacity(types.len());
        for t in types {
            let quantity = wish.wanted.get(&t.id).copied().unwrap_or(0);
            let facts = SaleFacts {
                opens: t.sales_from,
                closes: t.sales_until,
                paused: t.paused,
                capacity: self.shelf.capacity(t.id),
                left: self.shelf.left(t.id),
                phase,
                now: self.now,
            };
            check(t, quantity, facts)?;
            lines.extend(t.deal(&event.prices, self.now, quantity)?);
        }
        Ok(lines)
    }
}
