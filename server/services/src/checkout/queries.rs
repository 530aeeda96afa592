//! SQL of the checkout.

mod codes;
mod customers;
mod due;
mod new;

use std::collections::HashMap;

use domain::{
    catalog::EventState,
    ids::{EventId, HoldId, OrganizationId, TicketTypeId},
    money::{Currency, Money},
    pricing::{Line, Price, PricePhases, SoldIn},
    when::Timestamp,
};
use uuid::Uuid;

pub(super) use codes::{CodeOfHold, NewPrice, code_of, limited_codes, set_lines};
pub(super) use customers::tickets_of;
pub(super) use due::{event_with_due_holds, lock_due, places_of};
pub(super) use new::{NewHold, insert, open_holds, open_holds_from};

use super::EventRef;
use crate::{
    Unexpected,
    db::Tx,
    phases,
    prices::{EventPrices, Parts},
    rows::{at, coded, count},
    seal,
    stock::Lines,
};

/// What decides whether an event sells at all.
pub(super) struct EventForSale {
    pub id: EventId,
    pub organization: OrganizationId,
    pub organizer_suspended: bool,
    pub state: EventState,
    /// Whether one must wait for one's turn.
    pub waiting_room: bool,
    pub prices: EventPrices,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
}

pub(super) async fn event_for_sale(
    tx: &mut Tx,
    event: &EventRef,
    now: Timestamp,
) -> Result<Option<EventForSale>, Unexpected> {
    let (id, slug) = match event {
        EventRef::Id(id) => (Some(id.get()), None),
        EventRef::Slug(slug) => (None, Some(slug.as_str())),
    };
    let row = sqlx::query!(
        r#"
        select e.id, e.organization_id, e.state, e.waiting_room, e.starts_at, e.ends_at, e.currency,
               o.state as organizer_state, p.terms as "terms!"
        from events e
        join organizations o on o.id = e.organization_id
        join price_terms p on p.event_id = e.id
        where e.id = $1 or e.slug = $2
        "#,
        id,
        slug
    )
    .fetch_optional(&mut **tx)
    .await?;
    row.map(|row| {
        Ok(EventForSale {
            id: EventId::new(row.id),
            organization: OrganizationId::new(row.organization_id),
            organizer_suspended: row.organizer_state == "suspended",
            state: coded("events", row.id, &row.state)?,
            waiting_room: row.waiting_room,
            prices: EventPrices::read(
                row.id,
                row.terms,
                coded("events", row.id, &row.currency)?,
                now,
            )?,
            starts_at: row.starts_at.to_jiff(),
            ends_at: row.ends_at.to_jiff(),
        })
    })
    .transpose()
}

pub(super) struct TypeForSale {
    pub id: TicketTypeId,
    pub name: String,
    /// The type's own price: with phases, that of the last.
    pub price_minor: i64,
    pub phases: Option<PricePhases>,
    /// How many are taken, where a phase ends by count.
    pub taken: u32,
    pub tax_rate: Option<i32>,
    pub min_per_order: u32,
    pub max_per_order: u32,
    /// Over all orders of one customer.
    pub max_per_customer: Option<u32>,
    pub sales_from: Option<Timestamp>,
    pub sales_until: Option<Timestamp>,
    pub paused: bool,
    pub archived: bool,
}

/// Tickets of one type at one price.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Dealt {
    pub ticket_type: TicketTypeId,
    pub quantity: u32,
    pub price: Price,
    pub phase: Option<SoldIn>,
}

impl TypeForSale {
    /// So many at today's prices: each ticket at that of its turn.
    pub fn deal(
        &self,
        prices: &EventPrices,
        now: Timestamp,
        quantity: u32,
    ) -> Result<Vec<Dealt>, Unexpected> {
        let one = |typed, quantity, phase| {
            Ok(Dealt {
                ticket_type: self.id,
                quantity,
                price: prices.of(self.id, typed, self.tax_rate)?,
                phase,
            })
        };
        let Some(phases) = &self.phases else {
            return Ok(vec![one(self.price_minor, quantity, None)?]);
        };
        let dealt = phases.deal(now, self.taken, quantity).into_iter();
        dealt
            .map(|(index, quantity)| {
                let typed = phases.price_minor(index, self.price_minor);
                one(typed, quantity, Some(phases.sold_in(index)))
            })
            .collect()
    }

    /// What one costs whose turn is next.
    pub fn price_now(&self, prices: &EventPrices, now: Timestamp) -> Result<Price, Unexpected> {
        let typed = self.phases.as_ref().map_or(self.price_minor, |phases| {
            phases
                .current(now, self.taken, self.price_minor)
                .price_minor
        });
        prices.of(self.id, typed, self.tax_rate)
    }
}

/// Ticket types of an event, in the order of its page.
pub(super) async fn types(
    tx: &mut Tx,
    organization: OrganizationId,
    event: EventId,
    ids: &[Uuid],
) -> Result<Vec<TypeForSale>, Unexpected> {
    some_types(tx, organization, event, Some(ids)).await
}

/// All of them.
pub(super) async fn all_types(
    tx: &mut Tx,
    organization: OrganizationId,
    event: EventId,
) -> Result<Vec<TypeForSale>, Unexpected> {
    some_types(tx, organization, event, None).await
}

async fn some_types(
    tx: &mut Tx,
    organization: OrganizationId,
    event: EventId,
    ids: Option<&[Uuid]>,
) -> Result<Vec<TypeForSale>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select t.id, t.name, t.price_minor, t.price_phases, coalesce(c.taken, 0) as "taken!", t.tax_rate, t.min_per_order,
               t.max_per_order, t.max_per_customer, t.sales_from, t.sales_until, t.state
        from ticket_types t
        left join price_phase_counts c on c.ticket_type_id = t.id
        where t.organization_id = $1 and t.event_id = $2 and ($3::uuid[] is null or t.id = any($3))
        order by t.position, t.number
        "#,
        organization.get(),
        event.get(),
        ids
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(TypeForSale {
                id: TicketTypeId::new(row.id),
                name: row.name,
                price_minor: row.price_minor,
                phases: phases::read(row.id, row.price_phases)?,
                taken: count("price_phase_counts", row.id, row.taken)?,
                tax_rate: row.tax_rate,
                min_per_order: count("ticket_types", row.id, row.min_per_order)?,
                max_per_order: count("ticket_types", row.id, row.max_per_order)?,
                max_per_customer: row
                    .max_per_customer
                    .map(|most| count("ticket_types", row.id, most))
                    .transpose()?,
                sales_from: row.sales_from.map(|t| t.to_jiff()),
                sales_until: row.sales_until.map(|t| t.to_jiff()),
                paused: row.state == "paused",
                archived: row.state == "archived",
            })
        })
        .collect()
}

/// A hold as it stands.
pub(super) struct Hold {
    pub id: HoldId,
    pub event: EventId,
    pub state: String,
    pub extended: bool,
    /// The buyer was shown a total without tax, which they owe themselves.
    pub reverse_charge: bool,
    pub expires_at: Timestamp,
}

/// Finds whose hold a token names, without locking.
pub(super) async fn find(
    tx: &mut Tx,
    token: &str,
) -> Result<Option<(HoldId, OrganizationId)>, Unexpected> {
    let row = sqlx::query!(
        "select id, organization_id from holds where token_hash = $1",
        seal::hash(token)
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| {
        (
            HoldId::new(row.id),
            OrganizationId::new(row.organization_id),
        )
    }))
}

/// Whose a hold is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found {
    pub hold: HoldId,
    pub organization: OrganizationId,
    pub event: EventId,
}

/// Finds whose holds these tokens name, in their order, without locking.
pub(super) async fn find_all(
    tx: &mut Tx,
    tokens: &[String],
) -> Result<Vec<Option<Found>>, Unexpected> {
    let hashes: Vec<Vec<u8>> = tokens.iter().map(|token| seal::hash(token)).collect();
    let rows = sqlx::query!(
        "select token_hash, id, organization_id, event_id from holds where token_hash = any($1)",
        &hashes
    )
    .fetch_all(&mut **tx)
    .await?;
    let found: HashMap<Vec<u8>, Found> = rows
        .into_iter()
        .map(|row| {
            let found = Found {
                hold: HoldId::new(row.id),
                organization: OrganizationId::new(row.organization_id),
                event: EventId::new(row.event_id),
            };
            (row.token_hash, found)
        })
        .collect();
    Ok(hashes.iter().map(|hash| found.get(hash).copied()).collect())
}

pub(super) async fn lock(
    tx: &mut Tx,
    organization: OrganizationId,
    id: HoldId,
) -> Result<Option<Hold>, Unexpected> {
    Ok(lock_all(tx, organization, &[id.get()]).await?.pop())
}

/// Locks in the order of ids.
pub(super) async fn lock_all(
    tx: &mut Tx,
    organization: OrganizationId,
    ids: &[Uuid],
) -> Result<Vec<Hold>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select id, event_id, state, extended, reverse_charge, expires_at from holds
        where organization_id = $1 and id = any($2)
        order by id
        for update
        "#,
        organization.get(),
        ids
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Hold {
            id: HoldId::new(row.id),
            event: EventId::new(row.event_id),
            state: row.state,
            extended: row.extended,
            reverse_charge: row.reverse_charge,
            expires_at: row.expires_at.to_jiff(),
        })
        .collect())
}

/// The same without locking.
pub(super) async fn look(
    tx: &mut Tx,
    organization: OrganizationId,
    id: HoldId,
) -> Result<Option<Hold>, Unexpected> {
    let row = sqlx::query!(
        "select id, event_id, state, extended, reverse_charge, expires_at from holds where organization_id = $1 and id = $2",
        organization.get(),
        id.get()
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| Hold {
        id,
        event: EventId::new(row.event_id),
        state: row.state,
        extended: row.extended,
        reverse_charge: row.reverse_charge,
        expires_at: row.expires_at.to_jiff(),
    }))
}

pub(super) struct HoldLine {
    pub ticket_type: TicketTypeId,
    pub name: String,
    pub quantity: u32,
    /// The phase that the price is of.
    pub phase: Option<SoldIn>,
    /// As it was promised.
    pub promised: Parts,
    /// What was promised without the code; nothing where no code takes anything off.
    pub full: Option<Parts>,
    /// What is typed for the type now, or for the phase of the promise.
    pub typed_now_minor: i64,
    pub tax_rate_now: Option<i32>,
    pub archived: bool,
    /// Over all orders of one customer.
    pub max_per_customer: Option<u32>,
}

impl HoldLine {
    /// As it was promised without any code.
    pub fn full(&self) -> &Parts {
        self.full.as_ref().unwrap_or(&self.promised)
    }

    /// Of what, in words: the type, and the phase that the price is of.
    pub fn named(&self) -> String {
        phases::named(
            &self.name,
            self.phase.as_ref().map(|phase| phase.name.as_str()),
        )
    }

    /// As it was promised, to be priced; without the tax where the buyer owes it.
    pub fn promised_line(
        &self,
        hold: HoldId,
        currency: Currency,
        reverse_charge: bool,
    ) -> Result<Line, Unexpected> {
        Ok(Line {
            ticket_type: self.ticket_type,
            price: taxed(&self.promised, hold, currency, reverse_charge)?,
            quantity: self.quantity,
        })
    }

    /// What one costs without any code; without the tax where the buyer owes it.
    pub fn full_unit(
        &self,
        hold: HoldId,
        currency: Currency,
        reverse_charge: bool,
    ) -> Result<Money, Unexpected> {
        Ok(taxed(self.full(), hold, currency, reverse_charge)?.unit)
    }
}

fn taxed(
    parts: &Parts,
    hold: HoldId,
    currency: Currency,
    reverse_charge: bool,
) -> Result<Price, Unexpected> {
    let price = parts.price(hold, currency)?;
    if !reverse_charge {
        return Ok(price);
    }
    price
        .owed_by_buyer()
        .map_err(|e| Unexpected::bad_row("hold_lines", hold, e))
}

pub(super) async fn lines(
    tx: &mut Tx,
    organization: OrganizationId,
    id: HoldId,
) -> Result<Vec<HoldLine>, Unexpected> {
    let mut lines = lines_of(tx, organization, &[id.get()]).await?;
    Ok(lines.remove(&id).unwrap_or_default())
}

pub(super) async fn lines_of(
    tx: &mut Tx,
    organization: OrganizationId,
    holds: &[Uuid],
) -> Result<HashMap<HoldId, Vec<HoldLine>>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select l.hold_id, l.ticket_type_id, t.name, l.quantity, l.unit_price_minor, l.tax_rate as "tax_rate!", l.unit_tax_minor,
               l.unit_fee_minor, l.full_price_minor, l.full_tax_minor, l.full_fee_minor, t.price_minor,
               t.price_phases, l.phase_id, l.phase_name, t.tax_rate as tax_rate_now, t.state, t.max_per_customer
        from hold_lines l
        join ticket_types t on t.id = l.ticket_type_id
        where l.organization_id = $1 and l.hold_id = any($2)
        order by t.position, t.number, l.part
        "#,
        organization.get(),
        holds
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut lines: HashMap<HoldId, Vec<HoldLine>> = HashMap::new();
    for row in rows {
        let hold = HoldId::new(row.hold_id);
        let phase = phases::sold_in(row.phase_id, row.phase_name);
        // Without its phase, what is left of it is the type.
        let phases = phases::read(row.ticket_type_id, row.price_phases)?;
        let of_phase = phases
            .zip(phase.as_ref())
            .and_then(|(phases, phase)| phases.price_of(phase.id, row.price_minor));
        lines.entry(hold).or_default().push(HoldLine {
            ticket_type: TicketTypeId::new(row.ticket_type_id),
            name: row.name,
            quantity: count("hold_lines", hold, row.quantity)?,
            phase,
            promised: Parts {
                unit_minor: row.unit_price_minor,
                tax_rate: row.tax_rate,
                unit_tax_minor: row.unit_tax_minor,
                unit_fee_minor: row.unit_fee_minor,
            },
            full: row.full_price_minor.map(|unit_minor| Parts {
                unit_minor,
                tax_rate: row.tax_rate,
                unit_tax_minor: row.full_tax_minor,
                unit_fee_minor: row.full_fee_minor.unwrap_or_default(),
            }),
            typed_now_minor: of_phase.unwrap_or(row.price_minor),
            tax_rate_now: row.tax_rate_now,
            archived: row.state == "archived",
            max_per_customer: row
                .max_per_customer
                .map(|most| count("ticket_types", row.ticket_type_id, most))
                .transpose()?,
        });
    }
    Ok(lines)
}

pub(super) fn places(lines: &[HoldLine]) -> Lines {
    lines
        .iter()
        .map(|line| (line.ticket_type, line.quantity))
        .collect()
}

pub(super) async fn set_state(
    tx: &mut Tx,
    organization: OrganizationId,
    ids: &[Uuid],
    state: &str,
) -> Result<(), Unexpected> {
    sqlx::query!(
        "update holds set state = $3 where organization_id = $1 and id = any($2)",
        organization.get(),
        ids,
        state
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn set_reverse_charge(
    tx: &mut Tx,
    organization: OrganizationId,
    id: HoldId,
    reverse_charge: bool,
) -> Result<(), Unexpected> {
    sqlx::query!(
        "update holds set reverse_charge = $3 where organization_id = $1 and id = $2 and state = 'active'",
        organization.get(),
        id.get(),
        reverse_charge
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn set_extended(
    tx: &mut Tx,
    organization: OrganizationId,
    id: HoldId,
    expires_at: Timestamp,
) -> Result<(), Unexpected> {
    sqlx::query!(
        "update holds set extended = true, expires_at = $3 where organization_id = $1 and id = $2",
        organization.get(),
        id.get(),
        at(expires_at) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
