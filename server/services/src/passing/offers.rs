//! SQL of offers.

use domain::{
    ids::{OrderId, OrganizationId, TicketId},
    when::Timestamp,
};
use uuid::Uuid;

use crate::{Unexpected, db::Tx, seal};

/// An offer as it stands.
#[derive(Debug, Clone)]
pub(super) struct Offer {
    pub id: Uuid,
    pub organization: OrganizationId,
    pub order: OrderId,
    pub ticket: TicketId,
    pub name: String,
    pub email: String,
    /// Of whoever offered it, until the recipient shows theirs.
    pub locale: String,
    pub state: String,
    pub expires_at: Timestamp,
}

/// The offer that a secret names, without locking.
pub(super) async fn by_secret(tx: &mut Tx, secret: &str) -> Result<Option<Offer>, Unexpected> {
    let id = sqlx::query_scalar!(
        "select id from handovers where secret_hash = $1",
        seal::hash(secret)
    )
    .fetch_optional(&mut **tx)
    .await?;
    match id {
        Some(id) => by_id(tx, id).await,
        None => Ok(None),
    }
}

/// Locks an offer whose order is locked already, and reads it as it stands then. Whoever erases their account decides about the
/// offers to them without the order.
pub(super) async fn lock(tx: &mut Tx, id: Uuid) -> Result<Option<Offer>, Unexpected> {
    sqlx::query_scalar!("select id from handovers where id = $1 for update", id)
        .fetch_optional(&mut **tx)
        .await?;
    by_id(tx, id).await
}

async fn by_id(tx: &mut Tx, id: Uuid) -> Result<Option<Offer>, Unexpected> {
    let row = sqlx::query!(
        r#"
        select id, organization_id, order_id, ticket_id, recipient_name, recipient_email, locale, state, expires_at
        from handovers where id = $1
        "#,
        id
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| Offer {
        id: row.id,
        organization: OrganizationId::new(row.organization_id),
        order: OrderId::new(row.order_id),
        ticket: TicketId::new(row.ticket_id),
        name: row.recipient_name,
        email: row.recipient_email,
        locale: row.locale,
        state: row.state,
        expires_at: row.expires_at.to_jiff(),
    }))
}

/// What is offered of an order and not decided yet.
pub(super) async fn pending(
    tx: &mut Tx,
    organization: OrganizationId,
    order: OrderId,
) -> Result<Vec<Offer>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select id, ticket_id, recipient_name, recipient_email, locale, state, expires_at
        from handovers
        where organization_id = $1 and order_id = $2 and state = 'pending'
        order by created_at, id
        "#,
        organization.get(),
        order.get()
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Offer {
            id: row.id,
            organization,
            order,
            ticket: TicketId::new(row.ticket_id),
            name: row.recipient_name,
            email: row.recipient_email,
            locale: row.locale,
            state: row.state,
            expires_at: row.expires_at.to_jiff(),
        })
        .collect())
}
