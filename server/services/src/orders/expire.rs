//! The time to pay is over.

use domain::{
    ids::{EventId, OrganizationId},
    orders::OrderState,
};
use uuid::Uuid;

use super::{Order, queries, queries::Due, void};
use crate::{
    Services, Unexpected,
    db::{Scope, Tx},
    messaging::RequestNews,
    outbox::{self, Announcement},
    promo,
    stock::{self, Move},
};

/// The event whose unpaid order ran out first, without events that are left out.
pub(crate) async fn due(
    sv: &Services,
    without: &[Uuid],
) -> Result<Option<(OrganizationId, EventId)>, Unexpected> {
    let mut tx = sv.db.begin_shared(Scope::System).await?;
    queries::event_with_due_orders(&mut tx, sv.now(), without).await
}

/// Gives the places of up to `limit` unpaid orders of an event back whose time is over; returns how many there were.
pub(crate) async fn expire_due(
    sv: &Services,
    (organization, event): (OrganizationId, EventId),
    limit: i64,
) -> Result<usize, Unexpected> {
    let now = sv.now();
    let mut tx = sv.db.begin(Scope::Organization(organization)).await?;
    let due = queries::lock_due(&mut tx, organization, event, now, limit).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let said: Vec<_> = due.iter().map(said_of).collect();
    let due: Vec<Uuid> = due.into_iter().map(|order| order.id).collect();
    let places = queries::places_of(&mut tx, organization, &due).await?;
    stock::shift(&mut tx, organization, &places, Move::Release).await?;
    promo::give_back(&mut tx, organization, promo::Of::Orders(&due), now).await?;
    queries::set_expired(&mut tx, organization, &due, now).await?;
    outbox::append_all(sv, &mut tx, organization, &said).await?;
    tx.commit().await?;
    sv.live.announce_soon(&sv.db, event);
    Ok(due.len())
}

fn said_of(order: &Due) -> Announcement {
    if order.asked {
        return Announcement::Request {
            order: order.id,
            news: RequestNews::Lapsed,
        };
    }
    Announcement::OrderExpired {
        order: order.id,
        approved: order.approved,
        by_transfer: order.by_transfer,
    }
}

/// Expires a pending order whatever its clock says; any other stays as it is.
pub(crate) async fn expire_now(
    sv: &Services,
    tx: &mut Tx,
    order: &mut Order,
) -> Result<(), Unexpected> {
    let Ok(expired) = OrderState::expire(order.state) else {
        return Ok(());
    };
    void::let_go(sv, tx, order).await?;
    order.state = expired;
    // From here on it tells when the time was over.
    order.expires_at = Some(sv.now());
    queries::save(tx, order).await?;
    outbox::append(
        sv,
        tx,
        order.organization,
        // Whoever does this tells of it.
        &Announcement::OrderExpired {
            order: order.id.get(),
            approved: false,
            by_transfer: false,
        },
    )
    .await
}
