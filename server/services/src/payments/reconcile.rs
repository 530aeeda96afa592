//! Compares what we think with what the provider knows: messages get lost, answers do not arrive, and pages stay open for orders
//! that nobody waits for any more.

use domain::{
    ids::{OrganizationId, PaymentId, RefundId},
    payments::DeclineReason,
    when::shift,
};
use jiff::SignedDuration;

use super::{
    dispute_news, holds, inbox,
    look::{self, Look, LookError, give_up},
    lost_news,
};
use crate::{
    Services, Unexpected,
    db::Scope,
    orders::{self, CompareError},
    ports::{PortError, ProviderPayment},
    rows::at,
};

/// Before that its own message is expected.
const PATIENCE: SignedDuration = SignedDuration::from_secs(60);
/// How often the same payment is asked about.
const AGAIN: SignedDuration = SignedDuration::from_secs(90);
/// How often money is asked about that a bank keeps ready.
const HELD_AGAIN: SignedDuration = SignedDuration::from_mins(30);
/// How long before its end an order is looked at once more, so that nobody who has paid loses the places.
const BEFORE_THE_END: SignedDuration = SignedDuration::from_secs(45);
/// How soon closing a page is tried again.
const CLOSE_AGAIN: SignedDuration = SignedDuration::from_secs(20);

/// What was done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reconciled {
    pub payments: usize,
    pub refunds: usize,
    pub disputes: usize,
    /// Held money that was taken or let go of.
    pub holds: usize,
    /// Disputes and refunds that were told in vain.
    pub found: usize,
}

impl Reconciled {
    pub fn any(self) -> bool {
        self != Self::default()
    }
}

/// Asks about up to `limit` payments and as many refunds, those first that were not asked about for the longest time. A
/// provider that is down ends the run: the rest comes with the next.
pub async fn reconcile(sv: &Services, limit: i64) -> Result<Reconciled, Unexpected> {
    inbox::forget_old(sv).await?;
    let mut done = Reconciled {
        holds: holds::settle_due(sv, limit).await?,
        ..Reconciled::default()
    };
    if !sv.payments.can_be_asked() {
        return Ok(done);
    }
    let due = claim(sv, limit).await?;
    for due in &due {
        match one(sv, due).await {
            Ok(()) => done.payments += 1,
            Err(LookError::Port(PortError::Unavailable(why))) => {
                tracing::warn!(why, "the payment provider cannot be asked");
                return Ok(done);
            }
            Err(e) => {
                tracing::error!(payment.id = %due.payment.payment, error = %e, "a payment cannot be compared with the provider");
                done.payments += 1;
            }
        }
    }
    for (organization, refund) in pending_refunds(sv, limit).await? {
        match orders::compare_refund(sv, organization, refund).await {
            Ok(()) => done.refunds += 1,
            Err(CompareError::Port(PortError::Unavailable(why))) => {
                tracing::warn!(why, "the payment provider cannot be asked");
                return Ok(done);
            }
            // One that cannot be understood must not keep the others from being asked about.
            Err(e) => {
                tracing::error!(refund.id = %refund, error = %e, "a refund cannot be compared with the provider");
                done.refunds += 1;
            }
        }
    }
    done.disputes = dispute_news::compare(sv, limit).await?;
    done.found = lost_news::look(sv).await?;
    Ok(done)
}

struct Due {
    payment: ProviderPayment,
    /// Nobody waits for the money any more.
    over: bool,
}

async fn one(sv: &Services, due: &Due) -> Result<(), LookError> {
    if !look::has_page(&due.payment) {
        // Nobody was ever sent to its page, if there is one; so nobody pays on it.
        if due.over {
            give_up(sv, due.payment.payment, DeclineReason::TimedOut).await?;
        }
        return Ok(());
    }
    let how = if due.over { Look::Close } else { Look::Ask };
    let known = look::look(sv, &due.payment, how).await?;
    if known.is_none() && due.over {
        give_up(sv, due.payment.payment, DeclineReason::TimedOut).await?;
    }
    Ok(())
}

/// Takes what is due, so that no other process asks the same at the same time.
async fn claim(sv: &Services, limit: i64) -> Result<Vec<Due>, Unexpected> {
    let now = sv.now();
    let mut tx = sv.db.begin(Scope::System).await?;
    let rows = sqlx::query!(
        r#"
        with due as materialized (
            select p.id, o.state <> 'pending' and p.state not in ('processing', 'held') as over
            from payments p
            join orders o on o.id = p.order_id
            where p.provider = $1 and p.closed_at is null
              and case
                  -- What is held waits for people; whether it still is, is asked now and then.
                  when p.state = 'held' then p.asked_at is null or p.asked_at < $8
                  when o.state <> 'pending' and p.state <> 'processing' then p.asked_at is null or p.asked_at < $4
                  when o.state = 'pending' and o.expires_at < $5 then p.asked_at is null or p.asked_at < $4
                  else p.created_at < $2 and (p.asked_at is null or p.asked_at < $3)
              end
            order by p.asked_at nulls first, p.id
            limit $6
            for update of p skip locked
        )
        update payments p set asked_at = $7
        from due
        where p.id = due.id
        returning p.id, p.provider_ref, p.charge_ref, due.over as "over!"
        "#,
        sv.payments.provider(),
        at(shift(now, -PATIENCE)) as _,
        at(shift(now, -AGAIN)) as _,
        at(shift(now, -CLOSE_AGAIN)) as _,
        at(shift(now, BEFORE_THE_END)) as _,
        limit,
        at(now) as _,
        at(shift(now, -HELD_AGAIN)) as _
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(rows
        .into_iter()
        .map(|row| Due {
            payment: ProviderPayment {
                payment: PaymentId::new(row.id),
                provider_ref: row.provider_ref,
                charge_ref: row.charge_ref,
            },
            over: row.over,
        })
        .collect())
}

/// Refunds that are under way for longer than a message takes.
async fn pending_refunds(
    sv: &Services,
    limit: i64,
) -> Result<Vec<(OrganizationId, RefundId)>, Unexpected> {
    let now = sv.now();
    let mut tx = sv.db.begin(Scope::System).await?;
    let rows = sqlx::query!(
        r#"
        update refunds set asked_at = $4
        where id in (
            select r.id
            from refunds r
            join payments p on p.id = r.payment_id
            where r.state = 'pending' and p.provider = $1 and r.created_at < $2
              and (r.asked_at is null or r.asked_at < $3)
            order by r.asked_at nulls first, r.id
            limit $5
            for update of r skip locked
        )
        returning organization_id, id
        "#,
        sv.payments.provider(),
        at(shift(now, -PATIENCE)) as _,
        at(shift(now, -AGAIN)) as _,
        at(now) as _,
        limit
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            (
                OrganizationId::new(row.organization_id),
                RefundId::new(row.id),
            )
        })
        .collect())
}
