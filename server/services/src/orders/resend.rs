//! Sends the tickets of an order again.

use domain::{
    ids::{OrderCode, OrderId, OrganizationId},
    orders::OrderState,
};

use super::{Order, lock, queries};
use crate::{
    Services, Unexpected,
    db::{Scope, Tx},
    messaging::{self, MailKind, OrderMail},
    permit::{Permit, ResendTickets},
};

#[derive(Debug, thiserror::Error)]
pub enum ResendError {
    #[error("no such order")]
    NotFound,
    /// There are no tickets to send.
    #[error("the order is not paid")]
    NotPaid,
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

impl ResendError {
    /// Stable key for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::NotPaid => "order_not_paid",
            Self::Unexpected(_) => "internal",
        }
    }
}

/// By the buyer, from their page.
pub async fn resend(sv: &Services, secret: &str) -> Result<(), ResendError> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let found = queries::find_by_secret(&mut tx, secret).await?;
    let (id, organization) = found.ok_or(ResendError::NotFound)?;
    tx.narrow(organization).await?;
    send(sv, &mut tx, organization, id).await?;
    tx.commit().await?;
    Ok(())
}

/// By the organizer.
pub async fn resend_for_organizer(
    sv: &Services,
    permit: &Permit<ResendTickets>,
    code: OrderCode,
) -> Result<(), ResendError> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let id = queries::find_by_code(&mut tx, permit, code)
        .await?
        .ok_or(ResendError::NotFound)?;
    send(sv, &mut tx, permit.organization(), id).await?;
    tx.commit().await?;
    Ok(())
}

async fn send(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    id: OrderId,
) -> Result<(), ResendError> {
    let order: Order = lock(tx, organization, id)
        .await?
        .ok_or(ResendError::NotFound)?;
    if order.state != OrderState::Paid {
        return Err(ResendError::NotPaid);
    }
    // An impatient finger gets one mail a minute.
    let minute = sv.now().as_second().div_euclid(60);
    let mail = OrderMail {
        order: id,
        kind: MailKind::OrderConfirmed { order: id.get() },
        dedupe_key: format!("order-confirmed|{id}|again|{minute}"),
    };
    messaging::enqueue_for_orders(sv, tx, &[mail]).await?;
    Ok(())
}
