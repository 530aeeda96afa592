//! Money on its way back to a buyer: promised here, within the transaction that decides it, and sent by a job.

use domain::{
    ids::{PaymentId, RefundId, UserId},
    ledger::Posting,
    money::Money,
    orders::spread,
};

use super::{Order, exchange, funds};
use crate::{
    Services, Unexpected,
    db::Tx,
    jobs::{self, Job},
    ledger::{self, Cause},
    outbox::{self, Announcement},
    rows::at,
};

/// Whether there is money of the order that can go back.
pub(super) async fn has_money(tx: &mut Tx, order: &Order) -> Result<bool, Unexpected> {
    let funds = funds::funds_of(tx, order.organization, order.id).await?;
    Ok(!funds.free().is_empty())
}

/// Promises `amount` out of the payments that the order's money is in, the newest first. Raises its refunded amount, saves
/// neither that nor its state. There is a refund for each payment.
pub(super) async fn give_back_amount(
    sv: &Services,
    tx: &mut Tx,
    order: &mut Order,
    amount: Money,
    (reason, by): (&str, Option<UserId>),
) -> Result<Vec<RefundId>, Unexpected> {
    let funds = funds::funds_of(tx, order.organization, order.id).await?;
    let parts = spread(&funds.free(), amount)
        .ok_or_else(|| Unexpected::bad_row("orders", order.id, "less money than is left of it"))?;
    let mut refunds = Vec::with_capacity(parts.len());
    for (payment, amount) in parts {
        let back = MoneyBack {
            payment,
            amount,
            reason,
            by,
            of_second_payment: false,
            over_card_limit: false,
        };
        refunds.push(give_back(sv, tx, order, &back).await?);
    }
    Ok(refunds)
}

/// Money that goes back out of one payment.
pub(crate) struct MoneyBack<'a> {
    pub payment: PaymentId,
    pub amount: Money,
    pub reason: &'a str,
    pub by: Option<UserId>,
    /// The order was paid by another payment, and keeps what that bought.
    pub of_second_payment: bool,
    /// Its card had paid for as many tickets as it may.
    pub over_card_limit: bool,
}

/// Promises money out of an order's own payment. Raises its refunded amount, saves neither that nor its state.
pub(crate) async fn give_back(
    sv: &Services,
    tx: &mut Tx,
    order: &mut Order,
    back: &MoneyBack<'_>,
) -> Result<RefundId, Unexpected> {
    let id = send_back(sv, tx, order, order.gone_for_good(), back).await?;
    order.refunded = order
        .refunded
        .checked_add(back.amount)
        .map_err(|e| Unexpected::bad_row("orders", order.id, e))?;
    Ok(id)
}

/// Promises money, and leaves the sending to a job.
pub(crate) async fn send_back(
    sv: &Services,
    tx: &mut Tx,
    order: &Order,
    before: Money,
    back: &MoneyBack<'_>,
) -> Result<RefundId, Unexpected> {
    let id = promise(sv, tx, order, before, back).await?;
    let job = Job::SendRefund { refund: id };
    jobs::enqueue(sv, tx, order.organization, &job, sv.now(), None).await?;
    Ok(id)
}

/// Refund row, ledger, announcement. The payment becomes refunded when all of it is back. `before` is what of the same payment
/// has gone back already: what is given back takes its share of tax and fee along.
pub(super) async fn promise(
    sv: &Services,
    tx: &mut Tx,
    order: &Order,
    before: Money,
    back: &MoneyBack<'_>,
) -> Result<RefundId, Unexpected> {
    let id = RefundId::new(sv.new_id());
    let organization = order.organization;
    insert(sv, tx, order, id, back).await?;
    let posting = order
        .takings()
        .back(before, back.amount)
        .and_then(Posting::refund)
        .map_err(|e| Unexpected::bad_row("refunds", id, e))?;
    ledger::post(
        sv,
        tx,
        organization,
        Cause::Refund {
            order: order.id,
            refund: id,
        },
        &posting,
    )
    .await?;
    let said = match order.paid_at {
        Some(_) => Announcement::OrderRefunded {
            order: order.id.get(),
            refund: id.get(),
        },
        None if exchange::is_one(tx, order).await? => Announcement::ExchangeFailed {
            order: order.id.get(),
        },
        None if back.over_card_limit => Announcement::OverCardLimit {
            order: order.id.get(),
        },
        // It never got its tickets: the money came after the places had gone.
        None => Announcement::PaidTooLate {
            order: order.id.get(),
        },
    };
    outbox::append(sv, tx, organization, &said).await?;
    Ok(id)
}

async fn insert(
    sv: &Services,
    tx: &mut Tx,
    order: &Order,
    id: RefundId,
    back: &MoneyBack<'_>,
) -> Result<(), Unexpected> {
    let now = sv.now();
    sqlx::query!(
        r#"
        insert into refunds (id, organization_id, order_id, payment_id, amount_minor, currency, state, reason, requested_by,
                             created_at, of_second_payment)
        values ($1, $2, $3, $4, $5, $6, 'pending', $7, $8, $9, $10)
        "#,
        id.get(),
        order.organization.get(),
        order.id.get(),
        back.payment.get(),
        back.amount.minor,
        back.amount.currency.as_str(),
        back.reason,
        back.by.map(UserId::get),
        at(now) as _,
        back.of_second_payment
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        r#"
        update payments p set state = 'refunded', updated_at = $3
        where p.organization_id = $1 and p.id = $2 and p.state = 'succeeded'
          and p.amount_minor <= (select sum(r.amount_minor) from refunds r where r.payment_id = p.id and r.exchanged_to is null)
        "#,
        order.organization.get(),
        back.payment.get(),
        at(now) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
