//! Sends the buyer to the provider's page.

use domain::{
    ids::PaymentId,
    orders::{OrderState, OrderTransitionError},
    payments::PaymentState,
};

use super::queries::{self, Payment};
use crate::{
    Services, Unexpected,
    checkout::summary,
    db::Scope,
    orders,
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
    let now = sv.now();
    let mut tx = sv.db.begin(Scope::System).await?;
    let (id, organization) = orders::find_by_secret(&mut tx, secret)
        .await?
        .ok_or(StartError::NotFound)?;
    tx.narrow(organization).await?;
    let order = orders::lock(&mut tx, organization, id)
        .await?
        .ok_or(StartError::NotFound)?;
    OrderState::pay(order.state)?;
    if order.expires_at.is_some_and(|until| until <= now) {
        return Err(OrderTransitionError::AlreadyExpired.into());
    }
    if order.total.is_zero() {
        return Err(StartError::Free);
    }
    let event = summary(&mut tx, organization, order.event)
        .await?
        .ok_or(StartError::NotFound)?;
    let payment = match queries::open(&mut tx, organization, id).await? {
        Some(payment) => payment,
        None => {
            let payment = Payment {
                id: PaymentId::new(sv.new_id()),
                organization,
                order: id,
                state: PaymentState::Created,
                amount: order.total,
            };
            queries::insert(&mut tx, &payment, sv.payments.provider(), now).await?;
            payment.id
        }
    };
    tx.commit().await?;

    let asked = NewPayment {
        payment,
        amount: order.total,
        description: format!("{} · {}", event.title, order.code),
        buyer_email: order.buyer_email,
        return_url: orders::link(sv, id),
    };
    let page = sv.payments.start(&asked).await.map_err(|e| match e {
        PortError::Unavailable(_) => StartError::ProviderDown,
        PortError::Refused(_) => StartError::Unexpected(Unexpected::new("start payment", e)),
    })?;
    let mut tx = sv.db.begin(Scope::Organization(organization)).await?;
    queries::set_ref(&mut tx, organization, payment, &page.provider_ref).await?;
    tx.commit().await?;
    Ok(page.url)
}
