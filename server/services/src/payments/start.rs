//! Sends the buyer to the provider's page, and begins every other way of paying there is with a provider.

use std::collections::HashMap;

use domain::{
    ids::{EventId, OrderId, OrganizationId, PaymentId},
    ledger::Place,
    money::Money,
    orders::{Asking, OrderState, OrderTransitionError},
    payments::{DeclineReason, PaymentState},
    when::shift,
};
use jiff::SignedDuration;
use uuid::Uuid;

use super::{
    close_pages::close_way,
    look::{self, Look, LookError},
    queries::{self, Open, Payment},
};
use crate::{
    Services, Unexpected,
    batcher::Merge,
    checkout::summary,
    connect,
    db::Scope,
    orders::{self, Order},
    ports::{NewPayment, NotTaken, PaymentStanding, PortError, ProviderPayment, Straight},
};

/// No provider keeps a page open for more than a day. An order may wait longer, for a transfer; who would rather pay with a card
/// after that gets another page. Counted from the attempt's beginning, so that asking again is the same request.
const PAGE_AT_MOST: SignedDuration = SignedDuration::from_hours(23);

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("no such order")]
    NotFound,
    /// Paid, expired or called off.
    #[error(transparent)]
    Transition(#[from] OrderTransitionError),
    /// Nothing is due.
    #[error("the order is free")]
    Free,
    /// The way on: another way to pay, where one is offered.
    #[error("no card pays that: {0}")]
    NotTaken(NotTaken),
    /// The provider has it in hand; the answer may take days.
    #[error("the money is on its way")]
    UnderWay,
    /// The way on: try again in a moment; the places are still held.
    #[error("the provider does not answer")]
    ProviderDown,
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

impl StartError {
    /// Stable key for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Transition(e) => e.code(),
            Self::Free => "order_already_paid",
            Self::NotTaken(why) => card_refused(*why),
            Self::UnderWay => "payment_under_way",
            Self::ProviderDown => "payment_unavailable",
            Self::Unexpected(_) => "internal",
        }
    }
}

fn card_refused(why: NotTaken) -> &'static str {
    match why {
        NotTaken::TooSmall { .. } => "card_total_too_small",
        NotTaken::Uneven { .. } => "card_total_not_in_steps",
    }
}

/// Why no card pays this amount, as a key of words: for orders that can be paid in another way.
pub fn card_refusal(sv: &Services, amount: Money) -> Option<&'static str> {
    sv.payments.takes(amount).err().map(card_refused)
}

/// Where a payment is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Way {
    /// On the provider's page.
    Hosted,
    /// In a page of ours, in fields of the provider's.
    InPage,
}

impl Way {
    pub(super) fn of(in_page: bool) -> Self {
        if in_page { Self::InPage } else { Self::Hosted }
    }

    pub(super) fn in_page(self) -> bool {
        self == Self::InPage
    }

    fn other(self) -> Self {
        Self::of(!self.in_page())
    }
}

/// An attempt that the provider can be asked for.
#[derive(Debug, Clone)]
pub(crate) struct Attempt {
    pub new: NewPayment,
    /// The provider's name for it, where it was begun earlier.
    pub begun: Option<String>,
}

/// The address of the provider's page. While one attempt is open, the same one is used again.
#[tracing::instrument(skip_all)]
pub async fn start(sv: &Services, secret: &str) -> Result<String, StartError> {
    let (organization, Attempt { new: asked, .. }) = begin(sv, secret, Way::Hosted).await?;
    let page = match sv.payments.start(&asked).await {
        Ok(page) => page,
        Err(e) => return Err(not_started(sv, organization, &asked, e).await?),
    };
    let called = Called {
        payment: asked.payment,
        provider_ref: page.provider_ref,
        page_url: Some(page.url.clone()),
    };
    sv.queues.names.submit(sv, organization, called).await?;
    Ok(page.url)
}

/// The attempt that an order is to be paid by now: whatever else was open is closed, and has not brought the money.
pub(super) async fn begin(
    sv: &Services,
    secret: &str,
    way: Way,
) -> Result<(OrganizationId, Attempt), StartError> {
    let queues = &sv.queues;
    let found = queues
        .found_orders
        .submit(sv, (), secret.to_owned())
        .await?;
    let found = found.ok_or(StartError::NotFound)?;
    // Somebody who pays the other way already begins nothing new.
    close_way(sv, found.organization, found.order, way.other()).await?;
    let at = (found.organization, found.event);
    let wanted = (found.order, way);
    let mut asked = queues.attempts.submit(sv, at, wanted).await??;
    if way_is_blocked(sv, found.organization, &asked.new).await? {
        // What the provider said has changed something: the order is paid, or this attempt is over.
        asked = queues.attempts.submit(sv, at, wanted).await??;
    }
    Ok((found.organization, asked))
}

/// A provider that has answered with a fault answers the same again, as long as it is asked for the same. So the next try is
/// another one: nobody was sent to the page of this one, if there is one, and so nobody pays on it.
pub(super) async fn not_started(
    sv: &Services,
    organization: OrganizationId,
    asked: &NewPayment,
    error: PortError,
) -> Result<StartError, Unexpected> {
    if sv.payments.can_be_asked() {
        let mut tx = sv.db.begin(Scope::Organization(organization)).await?;
        let provider = sv.payments.provider();
        let open =
            queries::unclosed(&mut tx, organization, asked.order, (provider, None), None).await?;
        tx.commit().await?;
        let nameless = |payment: &&ProviderPayment| {
            payment.payment == asked.payment && !look::has_page(payment)
        };
        if open.iter().any(|payment| nameless(&payment)) {
            look::give_up(sv, asked.payment, DeclineReason::ProviderError).await?;
        }
    }
    Ok(match error {
        PortError::Unavailable(why) => {
            tracing::warn!(why, "the payment provider opens no page");
            StartError::ProviderDown
        }
        // The organizer's account may do less than we knew. Where it does, the next try is collected by the platform.
        PortError::Refused(why) if asked.straight.is_some() => {
            tracing::error!(why, "no page is opened for money that goes straight on");
            connect::look_again(sv, organization).await;
            StartError::ProviderDown
        }
        PortError::Refused(_) => Unexpected::new("start payment", error).into(),
    })
}

/// An order is paid on one page only. Earlier ones are closed, and one that buyers have been sent to before may have taken the
/// money meanwhile: whether anything came of that.
async fn way_is_blocked(
    sv: &Services,
    organization: OrganizationId,
    asked: &NewPayment,
) -> Result<bool, StartError> {
    if !sv.payments.can_be_asked() {
        return Ok(false);
    }
    let mut tx = sv.db.begin(Scope::Organization(organization)).await?;
    let provider = sv.payments.provider();
    let open =
        queries::unclosed(&mut tx, organization, asked.order, (provider, None), None).await?;
    tx.commit().await?;
    let mut blocked = false;
    for payment in open.iter().filter(|payment| look::has_page(payment)) {
        let again = payment.payment == asked.payment;
        let how = if again { Look::Ask } else { Look::Close };
        let known = look::look(sv, payment, how).await.map_err(|e| match e {
            LookError::Port(PortError::Unavailable(_)) => StartError::ProviderDown,
            LookError::Port(e) => Unexpected::new("look at a payment", e).into(),
            LookError::Unexpected(e) => e.into(),
        })?;
        match known.map(|known| (known.standing, known.closed)) {
            Some((PaymentStanding::Processing | PaymentStanding::Held, _)) => {
                return Err(StartError::UnderWay);
            }
            Some((PaymentStanding::Succeeded, _)) => blocked = true,
            Some((_, true)) => blocked |= again,
            Some((PaymentStanding::Open | PaymentStanding::Failed { .. }, false)) | None => {}
        }
    }
    Ok(blocked)
}

/// All attempts to pay that wait for one event's orders, in one transaction. The answer is what the provider is to know.
pub(crate) enum Attempts {}

impl Merge for Attempts {
    type Context = Services;
    type Key = (OrganizationId, EventId);
    type Request = (OrderId, Way);
    type Answer = Result<Attempt, StartError>;

    async fn serve(
        sv: &Services,
        &(organization, event): &Self::Key,
        wanted: &[(OrderId, Way)],
    ) -> Result<Vec<Self::Answer>, Unexpected> {
        let now = sv.now();
        let mut tx = sv
            .db
            .begin_shared(Scope::Organization(organization))
            .await?;
        let event = summary(&mut tx, organization, event)
            .await?
            .ok_or_else(|| Unexpected::bad_row("events", event, "orders without an event"))?;
        let ids: Vec<Uuid> = wanted.iter().map(|(order, _)| order.get()).collect();
        let orders: HashMap<OrderId, Order> = orders::lock_all(&mut tx, organization, &ids)
            .await?
            .into_iter()
            .map(|order| (order.id, order))
            .collect();
        let provider = sv.payments.provider();
        let mut open = queries::open(&mut tx, organization, &ids, provider).await?;
        let goes = connect::goes(sv, &mut tx, organization).await?;
        let mut new = Vec::new();
        let mut attempt = |(order, way): &(OrderId, Way)| {
            let order = orders.get(order).ok_or(StartError::NotFound)?;
            OrderState::pay(order.state)?;
            let pay_until = order
                .expires_at
                .filter(|until| *until > now)
                .ok_or(OrderTransitionError::AlreadyExpired)?;
            if order.due().is_zero() {
                return Err(StartError::Free);
            }
            sv.payments
                .takes(order.due())
                .map_err(StartError::NotTaken)?;
            // What is held is about to be taken.
            let held = |way: Way| open.get(&(order.id, way)).is_some_and(|open| open.held);
            if held(*way) || held(way.other()) {
                return Err(StartError::UnderWay);
            }
            let hold = order.asking == Asking::Hold && order.decision.is_none();
            let attempt = open.entry((order.id, *way)).or_insert_with(|| {
                // What tickets pay was collected by the platform, or sent on before: the order's money takes one way.
                let straight_to = goes.of(order.takings()).filter(|_| order.credit.is_zero());
                let id = PaymentId::new(sv.new_id());
                new.push(Payment {
                    id,
                    organization,
                    order: order.id,
                    state: PaymentState::Created,
                    amount: order.due(),
                    way: *way,
                    place: Place::of_provider(provider),
                    charge_ref: None,
                    closed: false,
                    straight_to: straight_to.clone(),
                    hold,
                    card: None,
                    over_card_limit: false,
                });
                Open {
                    payment: id,
                    since: now,
                    provider_ref: id.to_string(),
                    straight_to,
                    hold,
                    held: false,
                }
            });
            let begun = Some(attempt.provider_ref.clone())
                .filter(|name| *name != attempt.payment.to_string());
            let new = NewPayment {
                payment: attempt.payment,
                order: order.id,
                amount: order.due(),
                description: format!("{} · {}", event.title, order.code),
                buyer_email: order.buyer_email.clone(),
                return_url: format!("{}/back", orders::link(sv, order.id)),
                pay_until: pay_until.min(shift(attempt.since, PAGE_AT_MOST)),
                straight: attempt.straight_to.clone().map(|account_ref| Straight {
                    account_ref,
                    fee: order.takings().fee,
                }),
                hold: attempt.hold,
            };
            Ok(Attempt { new, begun })
        };
        let answers = wanted.iter().map(&mut attempt).collect();
        queries::insert(&mut tx, organization, &new, provider, now).await?;
        tx.commit().await?;
        Ok(answers)
    }
}

/// What the provider calls a payment.
#[derive(Debug, Clone)]
pub(crate) struct Called {
    pub payment: PaymentId,
    pub provider_ref: String,
    /// The page on which it is paid, where that is not one of ours.
    pub page_url: Option<String>,
}

/// The provider's names for an organization's payments.
pub(crate) enum Names {}

impl Merge for Names {
    type Context = Services;
    type Key = OrganizationId;
    type Request = Called;
    type Answer = ();

    async fn serve(
        sv: &Services,
        &organization: &OrganizationId,
        names: &[Called],
    ) -> Result<Vec<()>, Unexpected> {
        let mut tx = sv
            .db
            .begin_shared(Scope::Organization(organization))
            .await?;
        queries::set_refs(&mut tx, organization, names).await?;
        tx.commit().await?;
        Ok(vec![(); names.len()])
    }
}
