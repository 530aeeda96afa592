//! Orders, tickets, payments, refunds and postings of one event, as the use cases would have left them.

use std::collections::HashSet;

use domain::{
    ids::{OrderCode, OrderId, TicketId},
    ledger::{Posting, Takings},
    money::{Currency, Money},
    orders::OrderState,
    payments::DeclineReason,
    when::Timestamp,
};
use jiff::SignedDuration;
use uuid::Uuid;

use super::{Stage, events, ids::id_at};
use crate::{
    Unexpected,
    db::Tx,
    demo::{
        content::{Language, State},
        plan::{Outcome, PlannedOrder},
        queries::sales::{self as rows, Postings, Rows},
    },
    orders,
    payments::sandbox,
    seal,
    tickets::{keys::Signer, validity},
};

/// Organizations whose sales so far have had a fee, and how much of a price, in hundredths of a percent.
const WITH_FEE: [&str; 3] = ["nordlicht", "svetilnik", "harbour-lane"];
const FEE_BP: i64 = 250;

/// What the door needs to know of the tickets that were issued.
pub(super) struct Sold {
    pub orders: usize,
    pub tickets: Vec<SoldTicket>,
}

pub(super) struct SoldTicket {
    pub id: Uuid,
    pub arrived: Option<Timestamp>,
}

/// Writes all orders of the event and sets its pools to what was sold.
pub(super) async fn insert(
    stage: &Stage<'_>,
    tx: &mut Tx,
    signer: &Signer,
    planned: &[PlannedOrder],
) -> Result<Sold, Unexpected> {
    let currency: Currency = stage
        .event
        .currency
        .parse()
        .map_err(|e| Unexpected::new(format!("currency of {}", stage.event.slug), e))?;
    let mut writer = Writer {
        stage,
        signer,
        currency,
        rows: Rows::default(),
        postings: Postings::default(),
        codes: HashSet::new(),
        sold: Sold {
            orders: 0,
            tickets: Vec::new(),
        },
    };
    for order in planned {
        writer.order(order)?;
    }
    let Writer {
        rows,
        postings,
        sold,
        ..
    } = writer;
    let organization = stage.house.id;
    let policy = serde_json::to_value(events::policy(stage.event)?)
        .map_err(|e| Unexpected::new("refund policy", e))?;
    let order_facts = rows::Facts {
        organization,
        event: stage.ids.event,
        language: events::language(stage.event),
        currency,
        policy: &policy,
        provider: sandbox::PROVIDER,
        key_id: signer.key_id(),
    };
    rows::insert(tx, &order_facts, &rows).await?;
    rows::post(tx, organization, currency, &postings).await?;
    rows::count_sold(tx, organization, stage.ids.event).await?;
    Ok(sold)
}

struct Writer<'a> {
    stage: &'a Stage<'a>,
    signer: &'a Signer,
    currency: Currency,
    rows: Rows,
    postings: Postings,
    codes: HashSet<OrderCode>,
    sold: Sold,
}

/// How an order stands in the database.
struct Standing {
    state: OrderState,
    stock: &'static str,
    paid: Option<Timestamp>,
    ended: Option<Timestamp>,
    refunded: Money,
    reason: &'static str,
}

impl Writer<'_> {
    fn order(&mut self, order: &PlannedOrder) -> Result<(), Unexpected> {
        let total = self.total(order)?;
        // Nobody fails to pay nothing.
        if order.outcome == Outcome::Abandoned && total.is_zero() {
            return Ok(());
        }
        let sv = self.stage.sv;
        let id = OrderId::new(id_at(sv, order.placed));
        let standing = self.standing(order, total)?;
        let code = self.code();
        let fee = self.fee_of(order);
        let columns = &mut self.rows.orders;
        columns.ids.push(id.get());
        columns.codes.push(code.to_string());
        columns.secrets.push(seal::hash(&orders::secret(sv, id)));
        columns.states.push(standing.state.code().to_owned());
        columns.stocks.push(standing.stock.to_owned());
        columns.names.push(order.buyer.name.clone());
        columns.emails.push(order.buyer.email.clone());
        columns.totals.push(total.minor);
        columns.fees.push(fee);
        columns.refunded.push(standing.refunded.minor);
        columns.created.push(order.placed.into());
        columns.paid.push(standing.paid.map(Into::into));
        columns.ended.push(standing.ended.map(Into::into));
        columns.reasons.push(standing.reason.to_owned());
        self.sold.orders += 1;
        self.lines(order, id, &standing)?;
        if !total.is_zero() {
            self.money(order, id, total, &standing)?;
        }
        Ok(())
    }

    fn total(&self, order: &PlannedOrder) -> Result<Money, Unexpected> {
        let mut total = Money::zero(self.currency);
        for line in &order.lines {
            let places = u32::try_from(line.guests.len()).unwrap_or(u32::MAX);
            let sum = Money::new(self.price(line.ticket), self.currency).checked_mul(places);
            total = sum
                .and_then(|sum| total.checked_add(sum))
                .map_err(|e| Unexpected::new("sample total", e))?;
        }
        Ok(total)
    }

    fn price(&self, ticket: usize) -> i64 {
        self.stage
            .event
            .tickets
            .get(ticket)
            .map_or(0, |ticket| ticket.price)
    }

    /// The platform's fee for one ticket of this price, half a minor unit rounded up.
    fn fee(&self, price: i64) -> i64 {
        if WITH_FEE.contains(&self.stage.house.key) {
            (price * FEE_BP + 5_000) / 10_000
        } else {
            0
        }
    }

    fn fee_of(&self, order: &PlannedOrder) -> i64 {
        let lines = order.lines.iter();
        lines
            .map(|line| {
                let places = i64::try_from(line.guests.len()).unwrap_or(0);
                places * self.fee(self.price(line.ticket))
            })
            .sum()
    }

    /// Walks the order through the states it would have gone through.
    fn standing(&self, order: &PlannedOrder, total: Money) -> Result<Standing, Unexpected> {
        let nothing = Money::zero(self.currency);
        let wrong = |e| Unexpected::new("sample order", e);
        let paid =
            order.placed + SignedDuration::from_secs(40 + order.placed.as_second().rem_euclid(170));
        let pending = OrderState::Pending;
        Ok(match order.outcome {
            Outcome::Kept => Standing {
                state: pending.pay().map_err(wrong)?,
                stock: "sold",
                paid: Some(paid),
                ended: None,
                refunded: nothing,
                reason: "",
            },
            Outcome::Abandoned => Standing {
                state: pending.expire().map_err(wrong)?,
                stock: "released",
                paid: None,
                ended: None,
                refunded: nothing,
                reason: "",
            },
            Outcome::Returned => {
                let cancelled = pending.pay().and_then(OrderState::cancel).map_err(wrong)?;
                let state = if total.is_zero() {
                    cancelled
                } else {
                    cancelled.refund(total, total, nothing).map_err(wrong)?
                };
                let ended = order.ended.unwrap_or(paid).max(paid);
                Standing {
                    state,
                    stock: "released",
                    paid: Some(paid),
                    ended: Some(ended),
                    refunded: total,
                    reason: self.reason(),
                }
            }
        })
    }

    fn reason(&self) -> &'static str {
        match (
            self.stage.event.state == State::Cancelled,
            self.stage.event.language,
        ) {
            (true, Language::En) => "The event was cancelled.",
            (true, Language::Ar) => "أُلغيت الفعالية.",
            (false, Language::En) => "Returned by the buyer.",
            (false, Language::Ar) => "أعادها المشتري.",
        }
    }

    fn code(&mut self) -> OrderCode {
        loop {
            let mut entropy = [0; OrderCode::LENGTH];
            self.stage.sv.entropy.fill(&mut entropy);
            let code = OrderCode::from_entropy(entropy);
            if self.codes.insert(code) {
                return code;
            }
        }
    }

    fn lines(
        &mut self,
        order: &PlannedOrder,
        id: OrderId,
        standing: &Standing,
    ) -> Result<(), Unexpected> {
        let Stage {
            sv,
            event,
            ids,
            moments,
            ..
        } = self.stage;
        for line in &order.lines {
            let (Some(kind), Ok(number)) =
                (ids.types.get(line.ticket), u16::try_from(line.ticket + 1))
            else {
                return Err(Unexpected::new(
                    "sample",
                    format!("{} has no type {}", event.slug, line.ticket),
                ));
            };
            let line_id = id_at(sv, order.placed);
            let price = self.price(line.ticket);
            let places = i64::try_from(line.guests.len()).unwrap_or(0);
            let fee = places * self.fee(price);
            let lines = &mut self.rows.lines;
            lines.ids.push(line_id);
            lines.orders.push(id.get());
            lines.types.push(*kind);
            lines
                .quantities
                .push(i16::try_from(line.guests.len()).unwrap_or(i16::MAX));
            lines.prices.push(price);
            lines.fees.push(fee);
            for (n, guest) in (1_i16..).zip(&line.guests) {
                self.rows.attendees.lines.push(line_id);
                self.rows.attendees.numbers.push(n);
                self.rows.attendees.names.push(guest.name.clone());
                let Some(paid) = standing.paid else { continue };
                let ticket = id_at(sv, paid);
                let code = self.signer.code(
                    TicketId::new(ticket),
                    ids.event,
                    number,
                    validity(paid, moments.ends),
                );
                let tickets = &mut self.rows.tickets;
                tickets.ids.push(ticket);
                tickets.orders.push(id.get());
                tickets.lines.push(line_id);
                tickets.types.push(*kind);
                tickets.numbers.push(n);
                tickets.states.push(
                    if standing.ended.is_some() {
                        "cancelled"
                    } else {
                        "valid"
                    }
                    .to_owned(),
                );
                tickets.names.push(guest.name.clone());
                tickets.codes.push(code.to_string());
                tickets.issued.push(paid.into());
                tickets.cancelled.push(standing.ended.map(Into::into));
                if standing.ended.is_none() {
                    self.sold.tickets.push(SoldTicket {
                        id: ticket,
                        arrived: guest.arrived,
                    });
                }
            }
        }
        Ok(())
    }

    fn money(
        &mut self,
        order: &PlannedOrder,
        id: OrderId,
        total: Money,
        standing: &Standing,
    ) -> Result<(), Unexpected> {
        let sv = self.stage.sv;
        let wrong = |e| Unexpected::new("sample posting", e);
        let payment = id_at(sv, order.placed);
        let (state, decline) = match order.outcome {
            Outcome::Kept => ("succeeded", None),
            Outcome::Returned => ("refunded", None),
            Outcome::Abandoned => ("failed", Some(decline(order))),
        };
        let payments = &mut self.rows.payments;
        payments.ids.push(payment);
        payments.orders.push(id.get());
        payments
            .refs
            .push(format!("{}-{payment}", sandbox::PROVIDER));
        payments.states.push(state.to_owned());
        payments.amounts.push(total.minor);
        payments
            .declines
            .push(decline.map(|reason| reason.code().to_owned()));
        payments.created.push(order.placed.into());
        payments.updated.push(
            standing
                .ended
                .or(standing.paid)
                .unwrap_or(order.placed)
                .into(),
        );
        let Some(paid) = standing.paid else {
            return Ok(());
        };
        let takings = Takings {
            fee: Money::new(self.fee_of(order), self.currency),
            ..Takings::plain(total)
        };
        let sale = Posting::sale(takings).map_err(wrong)?;
        self.postings
            .add(id_at(sv, paid), "sale", id, None, paid, &sale);
        if let Some(ended) = standing.ended {
            let sent = ended + SignedDuration::from_secs(9);
            let refund = id_at(sv, ended);
            let refunds = &mut self.rows.refunds;
            refunds.ids.push(refund);
            refunds.orders.push(id.get());
            refunds.payments.push(payment);
            refunds.amounts.push(total.minor);
            refunds.reasons.push(standing.reason.to_owned());
            refunds
                .refs
                .push(format!("{}-refund-{refund}", sandbox::PROVIDER));
            refunds.created.push(ended.into());
            refunds.completed.push(sent.into());
            let promised = Posting::refund(takings).map_err(wrong)?;
            self.postings.add(
                id_at(sv, ended),
                "refund",
                id,
                Some(refund),
                ended,
                &promised,
            );
            let kept = Posting::refund_sent(total).map_err(wrong)?;
            self.postings
                .add(id_at(sv, sent), "refund", id, Some(refund), sent, &kept);
        }
        Ok(())
    }
}

fn decline(order: &PlannedOrder) -> DeclineReason {
    match order.placed.as_second().rem_euclid(4) {
        0 => DeclineReason::InsufficientFunds,
        1 => DeclineReason::CardDeclined,
        2 => DeclineReason::ExpiredCard,
        _ => DeclineReason::Abandoned,
    }
}
