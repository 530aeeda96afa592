//! Takes in what the provider tells of payments, each message once.

use std::collections::{BTreeSet, HashMap};

use domain::{
    ids::{EventId, OrderId, OrganizationId, PaymentId},
    ledger::Posting,
    orders::OrderState,
    payments::{DeclineReason, PaymentNews, PaymentState},
};
use uuid::Uuid;

use super::{
    card_limit::{self, Used},
    find::find,
    late,
    queries::{self, Found, Payment},
};
use crate::{
    Services, Unexpected,
    batcher::Merge,
    db::{Scope, Tx},
    ledger::{self, Cause},
    orders::{self, Order},
    promo,
    stock::{Move, Shelf},
};

/// One message of a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderNews {
    pub provider: String,
    /// The provider's name for this message: repeats carry the same one.
    pub event_id: String,
    pub provider_ref: String,
    pub kind: NewsKind,
    /// The provider's name of the money itself, where it tells it.
    pub charge_ref: Option<String>,
    /// Nothing more can come of the payment.
    pub closed: bool,
    /// What stands for the card, where that matters.
    pub card: Option<Vec<u8>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewsKind {
    Processing,
    /// The bank keeps the money ready.
    Held,
    Succeeded,
    Failed {
        reason: DeclineReason,
    },
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// Taken in.
    Done,
    /// Known already, or overtaken by later news.
    Nothing,
    /// Paid after its places were let go: they could be had again.
    LateAndHeldAgain,
    /// Paid after its places were let go, or paid twice: the money goes back.
    SentBack,
}

#[derive(Debug, thiserror::Error)]
pub enum NewsError {
    /// The provider is ahead of us, or the message is not for us: it should come again.
    #[error("no such payment")]
    UnknownPayment,
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

/// Applies one message. Messages that come at the same time are taken in together.
#[tracing::instrument(skip_all, fields(payment.event = %news.event_id))]
pub async fn apply_news(sv: &Services, news: ProviderNews) -> Result<Applied, NewsError> {
    let found = find(sv, &news.provider, &news.provider_ref).await?;
    let found = found.ok_or(NewsError::UnknownPayment)?;
    take_in(sv, found, news).await.map_err(NewsError::from)
}

/// Applies a message about a payment that was found.
pub(super) async fn take_in(
    sv: &Services,
    found: Found,
    news: ProviderNews,
) -> Result<Applied, Unexpected> {
    let told = Told {
        payment: found.payment,
        news,
    };
    let at = (found.organization, found.event);
    sv.queues.news.submit(sv, at, told).await
}

/// A message and the payment it is about.
pub(crate) struct Told {
    payment: PaymentId,
    news: ProviderNews,
}

/// All messages that wait for payments of one event, in one transaction.
pub(crate) enum News {}

impl Merge for News {
    type Context = Services;
    type Key = (OrganizationId, EventId);
    type Request = Told;
    type Answer = Applied;

    async fn serve(
        sv: &Services,
        &(organization, event): &Self::Key,
        told: &[Told],
    ) -> Result<Vec<Applied>, Unexpected> {
        let now = sv.now();
        let mut tx = sv
            .db
            .begin_shared(Scope::Organization(organization))
            .await?;
        let ids: BTreeSet<PaymentId> = told.iter().map(|told| told.payment).collect();
        // Tickets of another order may be given in for what is paid: then its payments and it are locked with these.
        let raw: Vec<Uuid> = ids.iter().map(|id| id.get()).collect();
        let related = orders::related_to_exchanges(&mut tx, organization, &raw).await?;
        let all = ids.iter().chain(&related.payments).copied().collect();
        let mut payments = queries::lock_all(&mut tx, organization, &all).await?;
        let mut new = queries::first_times(&mut tx, organization, told, now).await?;
        let mut answers = Vec::with_capacity(told.len());
        let mut paid = Vec::new();
        let mut changed = BTreeSet::new();
        let (mut held, mut gone) = (Vec::new(), Vec::new());
        let mut used = Vec::new();
        for (index, told) in told.iter().enumerate() {
            answers.push(Applied::Nothing);
            let payment = payments
                .get_mut(&told.payment)
                .ok_or_else(|| Unexpected::bad_row("payments", told.payment, "gone"))?;
            if !new.remove(&told.news.event_id) {
                continue;
            }
            if payment.learn(&told.news) {
                changed.insert(payment.id);
            }
            let before = payment.state;
            let after = before.apply(told.news.means(payment.hold));
            if after == before {
                continue;
            }
            payment.state = after;
            // What was held has been counted.
            if (after == PaymentState::Held
                || (after == PaymentState::Succeeded && before != PaymentState::Held))
                && let Some(card) = &payment.card
            {
                used.push(Used {
                    payment: payment.id,
                    order: payment.order,
                    card: card.clone(),
                });
            }
            if after == PaymentState::Held {
                held.push((payment.id, payment.order));
            } else if before == PaymentState::Held && after == PaymentState::Released {
                gone.push(payment.order);
            }
            changed.insert(payment.id);
            if after == PaymentState::Succeeded {
                paid.push((index, payment.clone()));
            } else if let Some(answer) = answers.last_mut() {
                // The order stays pending until its clock runs out: the buyer may try again.
                *answer = Applied::Done;
            }
        }
        let at = (organization, event);
        let beyond = card_limit::beyond(&mut tx, at, &used).await?;
        for id in &beyond {
            if let Some(payment) = payments.get_mut(id) {
                payment.over_card_limit = true;
            }
        }
        let orders: Vec<Uuid> = paid
            .iter()
            .map(|(_, payment)| &payment.order)
            .chain(held.iter().map(|(_, order)| order))
            .chain(&gone)
            .map(|order| order.get())
            .collect();
        let mut locked = HashMap::new();
        if !orders.is_empty() {
            let orders: Vec<Uuid> = orders.into_iter().chain(related.orders).collect();
            let ends = !beyond.is_empty() || !gone.is_empty();
            locked = lock_orders(&mut tx, organization, &orders, ends).await?;
        }
        let late = take_money(sv, &mut tx, at, &paid, (locked, &beyond)).await?;
        for (index, payment) in &paid {
            if let Some(answer) = answers.get_mut(*index)
                && !late.contains(&payment.id)
            {
                *answer = Applied::Done;
            }
        }
        let saved: Vec<&Payment> = payments
            .values()
            .filter(|payment| changed.contains(&payment.id) && !late.contains(&payment.id))
            .collect();
        queries::save_all(&mut tx, organization, &saved, now).await?;
        let held: Vec<OrderId> = held
            .into_iter()
            .filter(|(payment, _)| !beyond.contains(payment))
            .map(|(_, order)| order)
            .collect();
        tell_requests(sv, &mut tx, organization, (&held, &gone)).await?;
        for payment in payments.values() {
            if beyond.contains(&payment.id) && !late.contains(&payment.id) {
                late::let_go(sv, &mut tx, payment).await?;
            }
        }
        for (index, payment) in paid {
            if late.contains(&payment.id) {
                let order = orders::lock(&mut tx, organization, payment.order)
                    .await?
                    .ok_or_else(|| Unexpected::bad_row("payments", payment.id, "no order"))?;
                let settled = if beyond.contains(&payment.id) {
                    late::refuse(sv, &mut tx, payment, order).await?
                } else {
                    late::settle(sv, &mut tx, payment, order).await?
                };
                if let Some(answer) = answers.get_mut(index) {
                    *answer = settled;
                }
            }
        }
        tx.commit().await?;
        if !changed.is_empty() {
            sv.live.announce_soon(&sv.db, event);
        }
        Ok(answers)
    }
}

impl ProviderNews {
    /// What it means for a payment. One whose money is only kept ready is over for good once the provider has given it up,
    /// whatever comes after that.
    fn means(&self, hold: bool) -> PaymentNews {
        match self.kind {
            NewsKind::Processing => PaymentNews::Processing,
            NewsKind::Held => PaymentNews::Held,
            NewsKind::Succeeded => PaymentNews::Succeeded,
            NewsKind::Failed { .. } if hold && self.closed => PaymentNews::Released,
            NewsKind::Failed { reason } => PaymentNews::Failed { reason },
        }
    }
}

impl NewsKind {
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Processing => "processing",
            Self::Held => "held",
            Self::Succeeded => "succeeded",
            Self::Failed { .. } => "failed",
        }
    }
}

impl Told {
    pub(super) fn parts(&self) -> (PaymentId, &ProviderNews) {
        (self.payment, &self.news)
    }
}

/// What the news mean for orders whose money is, or is not any more, kept ready.
async fn tell_requests(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    (held, gone): (&[OrderId], &[OrderId]),
) -> Result<(), Unexpected> {
    for id in held {
        let mut order = of_payment(tx, organization, *id).await?;
        orders::money_held(sv, tx, &mut order).await?;
    }
    for id in gone {
        let mut order = of_payment(tx, organization, *id).await?;
        orders::hold_gone(sv, tx, &mut order).await?;
    }
    Ok(())
}

async fn of_payment(
    tx: &mut Tx,
    organization: OrganizationId,
    id: OrderId,
) -> Result<Order, Unexpected> {
    let order = orders::lock(tx, organization, id).await?;
    order.ok_or_else(|| Unexpected::bad_row("orders", id, "of a payment"))
}

/// Locks all orders that news are about, before any pool. Whatever is not just sold, together, takes or frees its places order by
/// order: then all of these are locked at once first, and the codes after them, for nobody to wait the other way round. `ends`:
/// some of the orders may end.
async fn lock_orders(
    tx: &mut Tx,
    organization: OrganizationId,
    ids: &[Uuid],
    ends: bool,
) -> Result<HashMap<OrderId, Order>, Unexpected> {
    let orders = orders::lock_all(tx, organization, ids).await?;
    if ends || orders.iter().any(|order| order.state.receive().is_err()) {
        let places = orders::places_of(tx, organization, ids).await?;
        Shelf::lock(tx, organization, places.into_iter().map(|(id, _)| id)).await?;
        promo::lock_codes_of(tx, organization, ids).await?;
    }
    Ok(orders.into_iter().map(|order| (order.id, order)).collect())
}

/// Money was taken: books it and fulfils the orders that wait for it. Returns the payments whose orders do not wait any
/// more, because their time ran out, they were called off, or another payment came first, of those that tickets are given
/// in for, and of those that are `beyond` what their cards may pay for.
async fn take_money(
    sv: &Services,
    tx: &mut Tx,
    at: (OrganizationId, EventId),
    paid: &[(usize, Payment)],
    (mut orders, beyond): (HashMap<OrderId, Order>, &BTreeSet<PaymentId>),
) -> Result<BTreeSet<PaymentId>, Unexpected> {
    let mut late = BTreeSet::new();
    if paid.is_empty() {
        return Ok(late);
    }
    let mut postings = Vec::with_capacity(paid.len());
    let mut due = Vec::with_capacity(paid.len());
    for (_, payment) in paid {
        let order = orders
            .get_mut(&payment.order)
            .ok_or_else(|| Unexpected::bad_row("payments", payment.id, "without an order"))?;
        let sale = order
            .due_takings()
            .and_then(|takings| Posting::sale_at(payment.place, takings))
            .map_err(|e| Unexpected::bad_row("payments", payment.id, e))?;
        postings.push((Cause::Sale { order: order.id }, sale));
        if payment.straight_to.is_some() {
            let sent = Posting::sent_straight(order.takings())
                .map_err(|e| Unexpected::bad_row("payments", payment.id, e))?;
            let cause = Cause::Straight {
                order: order.id,
                refund: None,
            };
            postings.push((cause, sent));
        }
        match OrderState::receive(order.state) {
            Ok(_) if beyond.contains(&payment.id) => {
                late.insert(payment.id);
            }
            // Tickets are given in for it, each order by itself.
            Ok(_) if orders::exchange_of(tx, order).await?.is_some() => {
                late.insert(payment.id);
            }
            Ok(after) => {
                order.state = after;
                due.push(order.id);
            }
            Err(_) => {
                late.insert(payment.id);
            }
        }
    }
    ledger::post_all(sv, tx, at.0, &postings).await?;
    orders::fulfil_all(sv, tx, at, &due, Move::Sell)
        .await
        .map_err(Unexpected::from)?;
    Ok(late)
}
