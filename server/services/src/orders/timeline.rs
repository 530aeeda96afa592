//! What happened to an order, put together from the rows that prove it.

use domain::{
    ids::{OrderId, OrganizationId},
    orders::{Decision, Happened, OrderState},
};

use super::{Links, OrderView, RequestView, TimelineEntry};
use crate::{Unexpected, db::Tx, rows::coded};

/// Oldest first.
pub(super) async fn timeline(
    tx: &mut Tx,
    organization: OrganizationId,
    order: &OrderView,
) -> Result<Vec<TimelineEntry>, Unexpected> {
    let entry = |at, what| TimelineEntry {
        at,
        what,
        actor: None,
    };
    let mut all = vec![entry(order.created_at, Happened::Placed)];
    all.extend(order.paid_at.map(|at| entry(at, Happened::Paid)));
    let reason = order.cancel_reason.clone();
    all.extend(
        order
            .cancelled_at
            .map(|at| entry(at, Happened::Cancelled { reason })),
    );
    if let Some(request) = &order.request {
        all.extend(request.asked_at.map(|at| entry(at, Happened::Asked)));
        all.extend(
            request
                .decided_at
                .zip(request.decision)
                .filter(|(_, decision)| matches!(decision, Decision::Approved | Decision::Lapsed))
                .map(|(at, decision)| entry(at, Happened::Decided { decision })),
        );
    }
    let lapsed = |request: &RequestView| request.decision == Some(Decision::Lapsed);
    if order.state == OrderState::Expired && !order.request.as_ref().is_some_and(lapsed) {
        all.extend(order.expires_at.map(|at| entry(at, Happened::Expired)));
    }
    all.extend(given_back(tx, organization, order).await?);
    all.extend(order.exchanges.iter().filter_map(exchanged));
    all.extend(payments_of(tx, organization, order.id).await?);
    all.extend(refunds_of(tx, organization, order).await?);
    all.extend(mails_of(tx, organization, order.id).await?);
    for ticket in &order.tickets {
        let holder = ticket.holder_name.clone();
        let gate = ticket.gate.clone().unwrap_or_default();
        all.extend(
            ticket
                .admitted_at
                .map(|at| entry(at, Happened::CheckedIn { holder, gate })),
        );
    }
    all.sort_by_key(|entry| entry.at);
    Ok(all)
}

fn exchanged(other: &Links) -> Option<TimelineEntry> {
    let order = other.code.to_string();
    let what = if other.is_newer {
        Happened::ExchangedFor { order }
    } else {
        Happened::ExchangedFrom { order }
    };
    other.settled_at.map(|at| TimelineEntry {
        at,
        what,
        actor: None,
    })
}

/// Tickets that ended while the order went on, together as they ended.
async fn given_back(
    tx: &mut Tx,
    organization: OrganizationId,
    order: &OrderView,
) -> Result<Vec<TimelineEntry>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select cancelled_at as "at!", count(*) as "count!" from tickets
        where organization_id = $1 and order_id = $2 and state = 'cancelled' and cancelled_at is not null
        group by cancelled_at
        "#,
        organization.get(),
        order.id.get()
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.at.to_jiff(), row.count))
        .filter(|(at, _)| order.cancelled_at != Some(*at))
        .map(|(at, count)| TimelineEntry {
            at,
            what: Happened::TicketsVoid {
                count: u32::try_from(count).unwrap_or(u32::MAX),
            },
            actor: None,
        })
        .collect())
}

async fn payments_of(
    tx: &mut Tx,
    organization: OrganizationId,
    id: OrderId,
) -> Result<Vec<TimelineEntry>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select id, state, decline_reason, created_at, updated_at from payments
        where organization_id = $1 and order_id = $2
        "#,
        organization.get(),
        id.get()
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut all = Vec::new();
    for row in rows {
        all.push(TimelineEntry {
            at: row.created_at.to_jiff(),
            what: Happened::PaymentStarted,
            actor: None,
        });
        if row.state == "failed" {
            let reason = row
                .decline_reason
                .map(|reason| coded("payments", row.id, &reason))
                .transpose()?;
            let what = Happened::PaymentFailed { reason };
            all.push(TimelineEntry {
                at: row.updated_at.to_jiff(),
                what,
                actor: None,
            });
        }
    }
    Ok(all)
}

async fn refunds_of(
    tx: &mut Tx,
    organization: OrganizationId,
    order: &OrderView,
) -> Result<Vec<TimelineEntry>, Unexpected> {
    let actors = sqlx::query!(
        r#"
        select r.id, u.name from refunds r
        join users u on u.id = r.requested_by
        where r.organization_id = $1 and r.order_id = $2
        "#,
        organization.get(),
        order.id.get()
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut all = Vec::new();
    // What went into another order is told as that.
    for refund in order.refunds.iter().filter(|refund| !refund.exchanged) {
        let amount = refund.amount;
        let actor = actors
            .iter()
            .find(|row| row.id == refund.id.get())
            .map(|row| row.name.clone());
        let what = Happened::RefundPromised {
            amount,
            reason: refund.reason.clone(),
        };
        all.push(TimelineEntry {
            at: refund.created_at,
            what,
            actor,
        });
        let what = match refund.state.as_str() {
            "failed" => Happened::RefundFailed { amount },
            _ => Happened::RefundSent { amount },
        };
        all.extend(refund.completed_at.map(|at| TimelineEntry {
            at,
            what,
            actor: None,
        }));
    }
    Ok(all)
}

async fn mails_of(
    tx: &mut Tx,
    organization: OrganizationId,
    id: OrderId,
) -> Result<Vec<TimelineEntry>, Unexpected> {
    let rows = sqlx::query!(
        "select kind, recipient, created_at, sent_at from mails where organization_id = $1 and order_id = $2",
        organization.get(),
        id.get()
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| TimelineEntry {
            at: row.sent_at.unwrap_or(row.created_at).to_jiff(),
            what: Happened::Mail {
                mail: row.kind,
                recipient: row.recipient,
                sent: row.sent_at.is_some(),
            },
            actor: None,
        })
        .collect())
}
