//! Takes in what the provider tells of a payment, each message once.

use domain::{
    ids::PaymentId,
    ledger::Posting,
    orders::OrderState,
    payments::{DeclineReason, PaymentNews, PaymentState},
};

use super::{
    late,
    queries::{self, Payment},
};
use crate::{
    Services, Unexpected,
    db::{Scope, Tx},
    ledger::{self, Cause},
    live, orders,
    stock::Move,
};

/// One message of a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderNews {
    pub provider: String,
    /// The provider's name for this message: repeats carry the same one.
    pub event_id: String,
    pub provider_ref: String,
    pub kind: NewsKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewsKind {
    Processing,
    Succeeded,
    Failed { reason: DeclineReason },
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

/// Applies one message.
#[tracing::instrument(skip_all, fields(payment.event = %news.event_id))]
pub async fn apply_news(sv: &Services, news: ProviderNews) -> Result<Applied, NewsError> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let found = queries::find_by_ref(&mut tx, &news.provider, &news.provider_ref).await?;
    let (id, organization) = found.ok_or(NewsError::UnknownPayment)?;
    tx.narrow(organization).await?;
    let payment = queries::lock(&mut tx, organization, id)
        .await?
        .ok_or(NewsError::UnknownPayment)?;
    let applied = take_in(sv, &mut tx, payment, &news).await?;
    tx.commit().await?;
    Ok(applied)
}

async fn take_in(
    sv: &Services,
    tx: &mut Tx,
    mut payment: Payment,
    news: &ProviderNews,
) -> Result<Applied, Unexpected> {
    let now = sv.now();
    let (told, kind) = match news.kind {
        NewsKind::Processing => (PaymentNews::Processing, "processing"),
        NewsKind::Succeeded => (PaymentNews::Succeeded, "succeeded"),
        NewsKind::Failed { reason } => (PaymentNews::Failed { reason }, "failed"),
    };
    if !queries::first_time(tx, &payment, (&news.provider, &news.event_id), kind, now).await? {
        return Ok(Applied::Nothing);
    }
    let after = payment.state.apply(told);
    if after == payment.state {
        return Ok(Applied::Nothing);
    }
    payment.state = after;
    match after {
        PaymentState::Succeeded => succeed(sv, tx, payment).await,
        // The order stays pending until its clock runs out: the buyer may try again.
        PaymentState::Created
        | PaymentState::Processing
        | PaymentState::Failed { .. }
        | PaymentState::Refunded => {
            queries::save(tx, &payment, now).await?;
            announce(tx, &payment).await?;
            Ok(Applied::Done)
        }
    }
}

/// Money was taken: book it, then see what it buys.
async fn succeed(sv: &Services, tx: &mut Tx, payment: Payment) -> Result<Applied, Unexpected> {
    let organization = payment.organization;
    let mut order = orders::lock(tx, organization, payment.order)
        .await?
        .ok_or_else(|| Unexpected::bad_row("payments", payment.id, "without an order"))?;
    let sale = Posting::sale(payment.amount)
        .map_err(|e| Unexpected::bad_row("payments", payment.id, e))?;
    ledger::post(sv, tx, organization, Cause::Sale { order: order.id }, &sale).await?;
    match OrderState::pay(order.state) {
        Ok(paid) => {
            queries::save(tx, &payment, sv.now()).await?;
            order.state = paid;
            orders::fulfil(sv, tx, &mut order, Move::Sell)
                .await
                .map_err(Unexpected::from)?;
            Ok(Applied::Done)
        }
        Err(_) => late::settle(sv, tx, payment, order).await,
    }
}

async fn announce(tx: &mut Tx, payment: &Payment) -> Result<(), Unexpected> {
    let event = sqlx::query_scalar!(
        "select event_id from orders where organization_id = $1 and id = $2",
        payment.organization.get(),
        payment.order.get()
    )
    .fetch_one(&mut **tx)
    .await?;
    live::announce(tx, event.into()).await
}

/// The payment behind a job of the sandbox.
pub(super) async fn reference(
    sv: &Services,
    id: PaymentId,
) -> Result<Option<(String, String)>, Unexpected> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let row = sqlx::query!(
        "select provider, provider_ref from payments where id = $1",
        id.get()
    )
    .fetch_optional(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(row.map(|row| (row.provider, row.provider_ref)))
}
