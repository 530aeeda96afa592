//! What a lost dispute takes from each order that holds money of the payment: the tax in it need not be passed on, and a credit
//! note says so. The tax of the order that was paid with it is booked with the dispute itself (`told`).

use domain::{
    disputes::DisputeState,
    ids::{DisputeId, OrderId},
    ledger::{LedgerError, Posting},
    money::Money,
};

use super::{rows, told::Disputed};
use crate::{
    Services, Unexpected,
    db::Tx,
    invoices,
    ledger::{self, Cause},
    orders::{self, Order},
    ports::KnownDispute,
    rows::{at, money},
};

/// Writes down what is lost, or that it is not after all; again is fine. The message is taken in. The caller has taken the turn
/// of the organization's documents and locked the payment and all of its orders; `others` live on it.
pub(crate) async fn settle_losses(
    sv: &Services,
    tx: &mut Tx,
    (order, others): (&Order, &mut [Order]),
    of: Disputed,
    known: &KnownDispute,
) -> Result<(), Unexpected> {
    let organization = order.organization;
    let found = rows::lock(tx, organization, sv.payments.provider(), known).await?;
    let Some(dispute) = found.filter(|_| of.own) else {
        return Ok(());
    };
    let is_lost = dispute.case.state == DisputeState::Lost && dispute.case.taken.minor > 0;
    let losses = load(tx, order, dispute.id).await?;
    let named = (dispute.id, known.reference.as_str());
    if is_lost && losses.is_empty() {
        let own = own_part(order, dispute.case.taken)?;
        if own.minor > 0 {
            lose(sv, tx, order, named, own).await?;
        }
        for other in others {
            let part = orders::borne(tx, other, of.payment).await?;
            if part.minor > 0 {
                let taken = other
                    .takings()
                    .back(other.gone_for_good(), part)
                    .map_err(|e| Unexpected::bad_row("orders", other.id, e))?;
                book(sv, tx, other, named, ("lost", taken.tax)).await?;
                other.lost_elsewhere = sum(other, part)?;
                orders::save(tx, other).await?;
                lose(sv, tx, other, named, part).await?;
            }
        }
    } else if !is_lost {
        for loss in losses.iter().filter(|loss| !loss.undone) {
            if let Some(other) = others.iter_mut().find(|other| other.id == loss.order) {
                let tax = booked(tx, other, dispute.id).await?;
                book(sv, tx, other, named, ("won", -tax)).await?;
                other.lost_elsewhere = sum(other, -loss.amount)?;
                orders::save(tx, other).await?;
            }
            undo(sv, tx, order, named.0, loss.order).await?;
        }
    }
    Ok(())
}

/// What the order that was paid with the disputed money bears: no more than it had left. Counted in already.
fn own_part(order: &Order, taken: Money) -> Result<Money, Unexpected> {
    let before = order.gone_for_good().checked_sub(taken);
    let left = before.and_then(|before| order.total.checked_sub(before));
    let left = left.map_err(|e| Unexpected::bad_row("orders", order.id, e))?;
    Ok(Money::new(taken.minor.min(left.minor), taken.currency))
}

fn sum(order: &Order, part: Money) -> Result<Money, Unexpected> {
    order
        .lost_elsewhere
        .checked_add(part)
        .map_err(|e| Unexpected::bad_row("orders", order.id, e))
}

/// The tax of an order that lives on the payment: below zero it is to be passed on again.
async fn book(
    sv: &Services,
    tx: &mut Tx,
    order: &Order,
    (dispute, name): (DisputeId, &str),
    (what, tax): (&str, Money),
) -> Result<(), Unexpected> {
    let posting: Result<Posting, LedgerError> = match tax.minor {
        0 => return Ok(()),
        minor if minor > 0 => Posting::dispute_lost(tax),
        _ => Posting::dispute_loss_undone(-tax),
    };
    let posting = posting.map_err(|e| Unexpected::bad_row("disputes", dispute, e))?;
    let cause = Cause::Dispute {
        order: order.id,
        dispute,
        reference: format!("{name}|tax|{what}|{}", order.code),
    };
    ledger::post(sv, tx, order.organization, cause, &posting).await
}

async fn booked(tx: &mut Tx, order: &Order, dispute: DisputeId) -> Result<Money, Unexpected> {
    let minor = invoices::tax_back(tx, order.organization, (dispute, order.id)).await?;
    Ok(Money::new(minor, order.total.currency))
}

async fn lose(
    sv: &Services,
    tx: &mut Tx,
    order: &Order,
    (dispute, name): (DisputeId, &str),
    amount: Money,
) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        insert into dispute_losses (dispute_id, order_id, organization_id, amount_minor, currency, lost_at)
        values ($1, $2, $3, $4, $5, $6)
        "#,
        dispute.get(),
        order.id.get(),
        order.organization.get(),
        amount.minor,
        amount.currency.as_str(),
        at(sv.now()) as _
    )
    .execute(&mut **tx)
    .await?;
    let at = (order.organization, order.id);
    invoices::credit_loss(sv, tx, at, (dispute, name), amount).await
}

async fn undo(
    sv: &Services,
    tx: &mut Tx,
    own: &Order,
    dispute: DisputeId,
    order: OrderId,
) -> Result<(), Unexpected> {
    sqlx::query!(
        "update dispute_losses set undone_at = $4 where organization_id = $1 and dispute_id = $2 and order_id = $3",
        own.organization.get(),
        dispute.get(),
        order.get(),
        at(sv.now()) as _
    )
    .execute(&mut **tx)
    .await?;
    invoices::undo_loss(sv, tx, own.organization, (dispute, order)).await
}

struct Loss {
    order: OrderId,
    amount: Money,
    undone: bool,
}

async fn load(tx: &mut Tx, own: &Order, dispute: DisputeId) -> Result<Vec<Loss>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select order_id, amount_minor, currency, undone_at is not null as "undone!" from dispute_losses
        where organization_id = $1 and dispute_id = $2
        order by order_id
        "#,
        own.organization.get(),
        dispute.get()
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Loss {
                order: OrderId::new(row.order_id),
                amount: money("dispute_losses", dispute, row.amount_minor, &row.currency)?,
                undone: row.undone,
            })
        })
        .collect()
}
