//! Money that a bank had when all orders of an event ended, and that it gives back: it goes on to the buyer.

use domain::{
    ids::{PaymentId, RefundId},
    money::Money,
};

use crate::{
    Services, Unexpected,
    db::Tx,
    orders::{MoneyBack, Order, funds, give_back, save},
    rows::at,
};

/// Of an order that a run has ended, what of this payment is here again. Again is fine: then nothing is. The caller has locked
/// payment and order.
pub(crate) async fn give_back_won(
    sv: &Services,
    tx: &mut Tx,
    order: &mut Order,
    payment: PaymentId,
) -> Result<(), Unexpected> {
    let Some((amount, reason)) = goes_on(tx, order, payment).await? else {
        return Ok(());
    };
    // An order of which the rest went back counts as refunded already.
    if let Ok(after) = order.state.refund(amount, order.total, order.gone()) {
        order.state = after;
    }
    let back = MoneyBack {
        payment,
        amount,
        reason: &reason,
        by: None,
        of_second_payment: false,
        over_card_limit: false,
    };
    let refund = give_back(sv, tx, order, &back).await?;
    save(tx, order).await?;
    write_down(sv, tx, order, (refund, amount)).await
}

/// What of this payment goes on to the buyer, and what they were told when their order ended; `None` where nothing does.
pub(crate) async fn goes_on(
    tx: &mut Tx,
    order: &Order,
    payment: PaymentId,
) -> Result<Option<(Money, String)>, Unexpected> {
    let funds = funds::funds_of(tx, order.organization, order.id).await?;
    let free = funds.free().into_iter().find(|(of, _)| *of == payment);
    let left = order.left();
    let Some(amount) = free
        .map(|(_, free)| Money::new(free.minor.min(left.minor), left.currency))
        .filter(|amount| amount.minor > 0)
    else {
        return Ok(None);
    };
    let reason = ended_by(tx, order).await?;
    Ok(reason.map(|reason| (amount, reason)))
}

/// What the buyers were told by the run that ended this order and gave back what was there; `None` where none did.
async fn ended_by(tx: &mut Tx, order: &Order) -> Result<Option<String>, Unexpected> {
    let reason = sqlx::query_scalar!(
        r#"
        select r.reason
        from refund_run_orders x
        join refund_runs r on r.id = x.run_id
        where x.organization_id = $1 and x.order_id = $2 and (x.state = 'done' or x.state = 'skipped' and x.why = 'disputed')
        order by r.created_at desc, r.id desc
        limit 1
        "#,
        order.organization.get(),
        order.id.get()
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(reason)
}

/// The first refund stays the one that is named: it may still come to nothing.
async fn write_down(
    sv: &Services,
    tx: &mut Tx,
    order: &Order,
    (refund, amount): (RefundId, Money),
) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        update refund_run_orders
        set state = 'done', why = 'dispute_won', amount_minor = amount_minor + $3,
            refund_id = coalesce(refund_id, $4), changed_at = $5
        where organization_id = $1 and order_id = $2 and (state = 'done' or state = 'skipped' and why = 'disputed')
        "#,
        order.organization.get(),
        order.id.get(),
        amount.minor,
        refund.get(),
        at(sv.now()) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
