//! A buyer would rather pay by transfer: the places are kept until the money can be there.

use domain::{
    catalog::Phase,
    ids::{OrderId, OrganizationId},
    orders::{Asking, OrderState, OrderTransitionError},
    transfers::{PROVIDER, Reference, remind_at},
    when::Timestamp,
};

use super::settings::{self, Settings};
use crate::{
    Services, Unexpected,
    checkout::{EventSummary, summary},
    db::{Scope, Tx},
    jobs::{self, Job},
    messaging::{self, MailKind, OrderMail},
    orders::{self, Order},
    payments::{self, StartError},
    rows::at,
};

/// So many orders of one address may wait for a transfer at a time with one organization: places cost nothing while they wait.
const AT_ONCE: i64 = 3;

#[derive(Debug, thiserror::Error)]
pub enum BeginError {
    #[error("no such order")]
    NotFound,
    /// Paid, expired or called off.
    #[error(transparent)]
    Transition(#[from] OrderTransitionError),
    /// Switched off, another currency, too little time, or nothing to pay.
    #[error("no transfer is offered for this order")]
    NotOffered,
    /// Other orders of the same buyer wait already.
    #[error("too many orders wait for a transfer")]
    TooMany,
    /// The provider has money in hand, or cannot be asked.
    #[error(transparent)]
    Provider(StartError),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

impl BeginError {
    /// Stable key for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Transition(e) => e.code(),
            Self::NotOffered => "transfer_not_offered",
            Self::TooMany => "transfer_too_many",
            Self::Provider(e) => e.code(),
            Self::Unexpected(_) => "internal",
        }
    }
}

/// Promises to wait for a transfer. Again is fine, and changes nothing.
#[tracing::instrument(skip_all)]
pub async fn begin(sv: &Services, secret: &str) -> Result<(), BeginError> {
    let found = sv
        .queues
        .found_orders
        .submit(sv, (), secret.to_owned())
        .await?;
    let found = found.ok_or(BeginError::NotFound)?;
    let (organization, order) = (found.organization, found.order);
    // Before anything is asked of the provider, so that nothing is closed in vain.
    let mut tx = sv.db.begin(Scope::Organization(organization)).await?;
    check(sv, &mut tx, organization, order).await?;
    tx.commit().await?;
    payments::close_pages(sv, organization, order)
        .await
        .map_err(|e| match e {
            StartError::Unexpected(e) => e.into(),
            e => BeginError::Provider(e),
        })?;
    let mut tx = sv.db.begin(Scope::Organization(organization)).await?;
    let (mut order, until) = check(sv, &mut tx, organization, order).await?;
    if insert(sv, &mut tx, &order).await? {
        order.expires_at = order.expires_at.max(Some(until));
        orders::save(&mut tx, &order).await?;
        tell(sv, &mut tx, &order, until).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// The order under lock, and until when the money must be there.
async fn check(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    order: OrderId,
) -> Result<(Order, Timestamp), BeginError> {
    let now = sv.now();
    let order = orders::lock(tx, organization, order)
        .await?
        .ok_or(BeginError::NotFound)?;
    OrderState::pay(order.state)?;
    if order.asking == Asking::Hold && order.decision.is_none() {
        return Err(BeginError::NotOffered);
    }
    order
        .expires_at
        .filter(|until| *until > now)
        .ok_or(OrderTransitionError::AlreadyExpired)?;
    let event = summary(tx, organization, order.event)
        .await?
        .ok_or(BeginError::NotFound)?;
    let settings = settings::load(tx).await?.ok_or(BeginError::NotOffered)?;
    let until = offered_until(&settings, &event, &order, now).ok_or(BeginError::NotOffered)?;
    let others = sqlx::query_scalar!(
        r#"
        select count(*) as "n!"
        from orders o
        where o.organization_id = $3 and lower(o.buyer_email) = lower($1) and o.state = 'pending' and o.id <> $2
          and exists (select from payments p where p.order_id = o.id and p.provider = 'transfer')
        "#,
        order.buyer_email,
        order.id.get(),
        organization.get()
    )
    .fetch_one(&mut **tx)
    .await
    .map_err(Unexpected::from)?;
    if others >= AT_ONCE {
        return Err(BeginError::TooMany);
    }
    Ok((order, until))
}

fn offered_until(
    settings: &Settings,
    event: &EventSummary,
    order: &Order,
    now: Timestamp,
) -> Option<Timestamp> {
    let sells = event.phase(now) == Phase::Upcoming && !event.organizer_suspended;
    // The tickets that pay for the rest are not kept as long as a transfer takes.
    (sells && order.credit.is_zero() && !order.total.is_zero())
        .then(|| settings.pay_until(event, now))
        .flatten()
}

/// Whether there was no such payment yet.
async fn insert(sv: &Services, tx: &mut Tx, order: &Order) -> Result<bool, Unexpected> {
    let reference = Reference::of_order(order.code);
    let done = sqlx::query!(
        r#"
        insert into payments (id, organization_id, order_id, provider, provider_ref, state, amount_minor, currency,
                              created_at, updated_at)
        values ($1, $2, $3, $4, $5, 'created', $6, $7, $8, $8)
        on conflict on constraint payments_provider_provider_ref_key do nothing
        "#,
        sv.new_id(),
        order.organization.get(),
        order.id.get(),
        PROVIDER,
        reference.as_str(),
        order.total.minor,
        order.total.currency.as_str(),
        at(sv.now()) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The account and the reference by mail, and once more some time before the end.
async fn tell(
    sv: &Services,
    tx: &mut Tx,
    order: &Order,
    until: Timestamp,
) -> Result<(), Unexpected> {
    let id = order.id.get();
    let mail = OrderMail {
        order: order.id,
        kind: MailKind::TransferDetails { order: id },
        dedupe_key: format!("transfer_details|{id}"),
    };
    messaging::enqueue_for_orders(sv, tx, &[mail]).await?;
    if let Some(moment) = remind_at(sv.now(), until) {
        let job = Job::RemindOfTransfer { order: id };
        let key = format!("remind_of_transfer|{id}");
        jobs::enqueue(sv, tx, order.organization, &job, moment, Some(&key)).await?;
    }
    Ok(())
}
