//! Sends the buyer to the provider's page.

use std::collections::HashMap;

use domain::{
    ids::{EventId, OrderId, OrganizationId, PaymentId},
    orders::{OrderState, OrderTransitionError},
    payments::PaymentState,
};
use uuid::Uuid;

use super::queries::{self, Payment};
use crate::{
    Services, Unexpected,
    batcher::Merge,
    checkout::summary,
    db::Scope,
    orders::{self, Order},
    ports::{NewPayment, PortError},
};

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
            Self::ProviderDown => "payment_unavailable",
            Self::Unexpected(_) => "internal",
        }
    }
}

/// The address of the provider's page. While one attempt is open, the same one is used again.
#[tracing::instrument(skip_all)]
pub async fn start(sv: &Services, secret: &str) -> Result<String, StartError> {
    let queues = &sv.queues;
    let found = queues
        .found_orders
        .submit(sv, (), secret.to_owned())
        .await?;
    let found = found.ok_or(StartError::NotFound)?;
    let at = (found.organization, found.event);
    let asked = queues.attempts.submit(sv, at, found.order).await??;
    let page = sv.payments.start(&asked).await.map_err(|e| match e {
        PortError::Unavailable(_) => StartError::ProviderDown,
        PortError::Refused(_) => StartError::Unexpected(Unexpected::new("start payment", e)),
    })?;
    let name = (asked.payment, page.provider_ref);
    queues.names.submit(sv, found.organization, name).await?;
    Ok(page.url)
}

/// All attempts to pay that wait for one event's orders, in one transaction. The answer is what the provider is to know.
pub(crate) enum Attempts {}

impl Merge for Attempts {
    type Context = Services;
    type Key = (OrganizationId, EventId);
    type Request = OrderId;
    type Answer = Result<NewPayment, StartError>;

    async fn serve(
        sv: &Services,
        &(organization, event): &Self::Key,
        wanted: &[OrderId],
    ) -> Result<Vec<Self::Answer>, Unexpected> {
        let now = sv.now();
        let mut tx = sv
            .db
            .begin_shared(Scope::Organization(organization))
            .await?;
        let event = summary(&mut tx, organization, event)
            .await?
            .ok_or_else(|| Unexpected::bad_row("events", event, "orders without an event"))?;
        let ids: Vec<Uuid> = wanted.iter().map(|order| order.get()).collect();
        let orders: HashMap<OrderId, Order> = orders::lock_all(&mut tx, organization, &ids)
            .await?
            .into_iter()
            .map(|order| (order.id, order))
            .collect();
        let mut open = queries::open(&mut tx, organization, &ids).await?;
        let mut new = Vec::new();
        let mut attempt = |order: &OrderId| {
            let order = orders.get(order).ok_or(StartError::NotFound)?;
            OrderState::pay(order.state)?;
            if order.expires_at.is_some_and(|until| until <= now) {
                return Err(OrderTransitionError::AlreadyExpired.into());
            }
            if order.total.is_zero() {
                return Err(StartError::Free);
            }
            let payment = *open.entry(order.id).or_insert_with(|| {
                let id = PaymentId::new(sv.new_id());
                new.push(Payment {
                    id,
                    organization,
                    order: order.id,
                    state: PaymentState::Created,
                    amount: order.total,
                });
                id
            });
            Ok(NewPayment {
                payment,
                amount: order.total,
                description: format!("{} · {}", event.title, order.code),
                buyer_email: order.buyer_email.clone(),
                return_url: orders::link(sv, order.id),
            })
        };
        let answers = wanted.iter().map(&mut attempt).collect();
        queries::insert(&mut tx, organization, &new, sv.payments.provider(), now).await?;
        tx.commit().await?;
        Ok(answers)
    }
}

/// The provider's names for an organization's payments.
pub(crate) enum Names {}

impl Merge for Names {
    type Context = Services;
    type Key = OrganizationId;
    type Request = (PaymentId, String);
    type Answer = ();

    async fn serve(
        sv: &Services,
        &organization: &OrganizationId,
        names: &[(PaymentId, String)],
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
