//! Turns announcements into their effects, in the transaction that takes them: each has its effect exactly once.

use domain::ids::{EventId, OrderId};
use uuid::Uuid;

use crate::{
    Services, Unexpected,
    db::{Scope, Tx},
    messaging::{self, MailKind},
    outbox::{self, Announcement},
    search,
};

const PORTION: i64 = 100;

/// Handles the next portion of announcements; returns how many there were.
pub async fn drain_outbox(sv: &Services) -> Result<usize, Unexpected> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let taken = outbox::take(&mut tx, PORTION).await?;
    for item in &taken {
        handle(sv, &mut tx, &item.announcement).await?;
    }
    tx.commit().await?;
    Ok(taken.len())
}

async fn handle(sv: &Services, tx: &mut Tx, announcement: &Announcement) -> Result<(), Unexpected> {
    match announcement {
        Announcement::EventChanged { event } => search::index_event(tx, EventId::new(*event)).await,
        Announcement::OrganizationChanged { organization } => {
            search::index_organization(tx, *organization).await
        }
        Announcement::OrderPaid { order } => {
            mail(
                sv,
                tx,
                *order,
                MailKind::OrderConfirmed { order: *order },
                format!("order_confirmed|{order}"),
            )
            .await
        }
        Announcement::OrderCancelled { order } => {
            // Whoever loses an order because the event was called off is told that, not something about an order.
            let called_off = sqlx::query_scalar!(
                r#"
                select e.state = 'cancelled' as "called_off!"
                from orders o
                join events e on e.id = o.event_id
                where o.id = $1
                "#,
                order
            )
            .fetch_optional(&mut **tx)
            .await?
            .unwrap_or(false);
            let (kind, key) = if called_off {
                (
                    MailKind::EventCancelled { order: *order },
                    format!("event_cancelled|{order}"),
                )
            } else {
                (
                    MailKind::OrderCancelled { order: *order },
                    format!("order_cancelled|{order}"),
                )
            };
            mail(sv, tx, *order, kind, key).await
        }
        Announcement::OrderRefunded { order, refund } => {
            let kind = MailKind::OrderRefunded {
                order: *order,
                refund: *refund,
            };
            mail(sv, tx, *order, kind, format!("order_refunded|{refund}")).await
        }
        Announcement::PaidTooLate { order } => {
            mail(
                sv,
                tx,
                *order,
                MailKind::PaidTooLate { order: *order },
                format!("paid_too_late|{order}"),
            )
            .await
        }
        Announcement::EventPostponed { event } => {
            search::index_event(tx, EventId::new(*event)).await?;
            to_all_buyers(sv, tx, *event, "event_postponed").await
        }
        Announcement::EventRescheduled { event } => {
            search::index_event(tx, EventId::new(*event)).await?;
            to_all_buyers(sv, tx, *event, "event_rescheduled").await
        }
        // Buyers are told order by order, as each is cancelled.
        Announcement::EventCancelled { event } => {
            search::index_event(tx, EventId::new(*event)).await
        }
        Announcement::OrderPlaced { .. }
        | Announcement::OrderExpired { .. }
        | Announcement::CheckedIn { .. } => Ok(()),
    }
}

async fn mail(
    sv: &Services,
    tx: &mut Tx,
    order: Uuid,
    kind: MailKind,
    key: String,
) -> Result<(), Unexpected> {
    messaging::enqueue_for_order(sv, tx, OrderId::new(order), kind, key).await
}

/// One mail for each paid order, written in one statement. A second change of the same kind is a new mail.
async fn to_all_buyers(
    sv: &Services,
    tx: &mut Tx,
    event: Uuid,
    kind: &str,
) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        insert into mails (id, organization_id, order_id, kind, dedupe_key, recipient, locale, payload,
                           next_attempt_at, created_at)
        select gen_random_uuid(), o.organization_id, o.id, $2, $2 || '|' || o.id || '|' || e.sequence,
               o.buyer_email, o.locale, jsonb_build_object('kind', $2, 'order', o.id), $3, $3
        from orders o
        join events e on e.id = o.event_id
        where o.event_id = $1 and o.state = 'paid'
        on conflict on constraint mails_dedupe_key_key do nothing
        "#,
        event,
        kind,
        jiff_sqlx::Timestamp::from(sv.now()) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
