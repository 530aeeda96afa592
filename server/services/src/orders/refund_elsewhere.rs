//! Somebody gave money back with the provider's own tools: it becomes a refund of ours, tickets and books included.

use domain::{
    ids::{OrganizationId, PaymentId, RefundId},
    money::Money,
    orders::OrderState,
    payments::PaymentState,
};

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
    if let Some((id, attempt)) = failed_promise(tx, organization, sent).await? {
        return refund_told::refund_told(sv, tx, organization, (id, attempt), sent.known).await;
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
    if part > 0 {
        refund_told::share_try(sv, tx, organization, (id, part), &sent.known.reference).await?;
    }
    refund_told::refund_told(sv, tx, organization, (id, 1), sent.known).await?;
    record(sv, tx, order, before, amount).await?;
    live::announce(tx, order.event).await
}

/// A refund of the same payment and amount that we could not send; a new try of it.
async fn failed_promise(
    tx: &mut Tx,
    organization: OrganizationId,
    sent: &SentElsewhere<'_>,
) -> Result<Option<(RefundId, u32)>, Unexpected> {
    let row = sqlx::query!(
        r#"
        update refunds set state = 'pending', attempt = attempt + 1, provider_ref = null, sent_at = null, tried_at = null,
                           failure_reason = ''
        where id = (
            select id from refunds
            where organization_id = $1 and payment_id = $2 and amount_minor = $3 and state = 'failed'
            order by created_at, id
            limit 1
            for update
        )
        returning id, attempt
        "#,
        organization.get(),
        sent.payment.get(),
        sent.amount.minor
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| {
        (
            RefundId::new(row.id),
            u32::try_from(row.attempt).unwrap_or(1),
        )
    }))
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
