//! Somebody gave money back with the provider's own tools: it becomes a refund of ours, tickets and books included.

use std::collections::BTreeMap;

use domain::{
    ids::{OrganizationId, PaymentId, RefundId},
    money::Money,
    orders::OrderState,
    payments::PaymentState,
};
use uuid::Uuid;

use super::{
    Order,
    money_back::{MoneyBack, promise},
    queries, refund_told, void,
};
use crate::{Services, Unexpected, audit, db::Tx, live, ports::KnownRefund};

/// A refund that we did not ask for.
pub(crate) struct SentElsewhere<'a> {
    pub payment: PaymentId,
    /// Where that payment stands with us.
    pub captured: PaymentState,
    pub amount: Money,
    pub known: &'a KnownRefund,
}

/// Each of the orders bears its part; together that is the amount. The caller has locked the payment and all of them.
pub(crate) async fn refunded_elsewhere(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    parts: &mut [(Order, Money)],
    sent: &SentElsewhere<'_>,
) -> Result<(), Unexpected> {
    // Also one that has failed already: whichever message comes first, the end is the same.
    // Who cannot send a refund with us sends it by hand: that is the same money.
    let owed = failed_promises(sv, tx, organization, sent).await?;
    for (part, one) in owed.iter().enumerate() {
        tell(sv, tx, organization, *one, (part, sent.known)).await?;
    }
    if !owed.is_empty() {
        return Ok(());
    }
    if sent.captured != PaymentState::Succeeded {
        return Err(Unexpected::bad_row(
            "payments",
            sent.payment,
            "money went back that is not there, or was promised already",
        ));
    }
    for (part, (order, amount)) in parts.iter_mut().enumerate() {
        give_part(sv, tx, order, (part, *amount), sent).await?;
    }
    Ok(())
}

async fn give_part(
    sv: &Services,
    tx: &mut Tx,
    order: &mut Order,
    (part, amount): (usize, Money),
    sent: &SentElsewhere<'_>,
) -> Result<(), Unexpected> {
    let organization = order.organization;
    let after = order
        .state
        .refund(amount, order.total, order.refunded)
        .map_err(|e| Unexpected::bad_row("orders", order.id, e))?;
    let back = MoneyBack {
        payment: sent.payment,
        amount,
        reason: "",
        by: None,
        of_second_payment: false,
        over_card_limit: false,
    };
    let before = order.state;
    let id = promise(sv, tx, order, order.gone_for_good(), &back).await?;
    order.refunded = order
        .refunded
        .checked_add(amount)
        .map_err(|e| Unexpected::bad_row("orders", order.id, e))?;
    // Whoever has all money back has no tickets; a part alone does not say which tickets it was for.
    if after == OrderState::Refunded {
        void::let_go(sv, tx, order).await?;
        order.cancelled_at = order.cancelled_at.or(Some(sv.now()));
    }
    order.state = after;
    queries::save(tx, order).await?;
    tell(sv, tx, organization, (id, 1), (part, sent.known)).await?;
    record(sv, tx, order, before, amount).await?;
    live::announce(tx, order.event).await
}

/// What the provider says of a try that may be several refunds, about one of these.
async fn tell(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    one: (RefundId, u32),
    (part, known): (usize, &KnownRefund),
) -> Result<(), Unexpected> {
    if part > 0 {
        refund_told::share_try(sv, tx, organization, one, (&known.reference, part)).await?;
    }
    refund_told::refund_told(sv, tx, organization, one, known).await
}

/// A new try of what we could not send of this payment: of a refund of that amount, else of those that an earlier try was shared
/// out to and that together are that amount. Empty where there is neither.
async fn failed_promises(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    sent: &SentElsewhere<'_>,
) -> Result<Vec<(RefundId, u32)>, Unexpected> {
    let failed = sqlx::query!(
        r#"
        select r.id, r.amount_minor,
               array(select t.reference from refund_tries t where t.provider = $3 and t.refund_id = r.id) as "tries!"
        from refunds r
        where r.organization_id = $1 and r.payment_id = $2 and r.state = 'failed'
        order by r.created_at, r.id
        for update of r
        "#,
        organization.get(),
        sent.payment.get(),
        sv.payments.provider()
    )
    .fetch_all(&mut **tx)
    .await?;
    let alone = failed
        .iter()
        .find(|row| row.amount_minor == sent.amount.minor);
    let together = || {
        let mut shared: BTreeMap<&str, (i64, Vec<Uuid>)> = BTreeMap::new();
        for row in &failed {
            for reference in &row.tries {
                let (sum, parts) = shared.entry(reference).or_default();
                *sum = sum.saturating_add(row.amount_minor);
                parts.push(row.id);
            }
        }
        let of_amount =
            |(sum, parts): (i64, Vec<Uuid>)| (sum == sent.amount.minor).then_some(parts);
        shared.into_values().find_map(of_amount)
    };
    let again = match alone {
        Some(row) => vec![row.id],
        None => together().unwrap_or_default(),
    };
    let rows = sqlx::query!(
        r#"
        update refunds set state = 'pending', attempt = attempt + 1, provider_ref = null, sent_at = null, tried_at = null,
                           failure_reason = '', by_bank = false, taken_at = null, taken_by = null
        where organization_id = $1 and id = any($2)
        returning id, attempt
        "#,
        organization.get(),
        &again
    )
    .fetch_all(&mut **tx)
    .await?;
    let tries = rows.into_iter().map(|row| {
        let attempt = u32::try_from(row.attempt).unwrap_or(1);
        (RefundId::new(row.id), attempt)
    });
    Ok(tries.collect())
}

async fn record(
    sv: &Services,
    tx: &mut Tx,
    order: &Order,
    before: OrderState,
    amount: Money,
) -> Result<(), Unexpected> {
    let entry = audit::Entry {
        actor: None,
        organization: Some(order.organization),
        action: "order.refund",
        subject_kind: "order",
        subject: order.code.to_string(),
        reason: "",
        before: Some(serde_json::json!({ "state": before.code() })),
        after: Some(serde_json::json!({
            "state": order.state.code(), "amount": amount, "by": sv.payments.provider(),
        })),
    };
    audit::append(sv, tx, entry).await
}
