//! What becomes of tickets while a bank has not decided, as the organization wants it.

use domain::{
    disputes::{DisputeState, TicketPolicy},
    ids::{OrderId, OrganizationId},
};

use crate::{
    Services, Unexpected, audit,
    db::Tx,
    orders::{self, Order},
    permit::{Act, ManagePayouts, Permit},
    rows::coded,
};

pub async fn ticket_policy<A: Act>(
    sv: &Services,
    permit: &Permit<A>,
) -> Result<TicketPolicy, Unexpected> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let policy = of(&mut tx, permit.organization()).await?;
    tx.commit().await?;
    Ok(policy)
}

/// Holds at once, for disputes that are open already too.
#[tracing::instrument(skip_all)]
pub async fn set_ticket_policy(
    sv: &Services,
    permit: &Permit<ManagePayouts>,
    policy: TicketPolicy,
) -> Result<(), Unexpected> {
    let organization = permit.organization();
    let mut tx = sv.db.begin(permit.scope()).await?;
    let before = of(&mut tx, organization).await?;
    if before == policy {
        return Ok(());
    }
    let disputed = sqlx::query_scalar!(
        r#"
        select distinct o.order_id as "order!"
        from disputes d
        cross join lateral (
            select d.order_id
            union all
            select r.exchanged_to from refunds r where r.payment_id = d.payment_id and r.exchanged_to is not null
        ) o
        where d.organization_id = $1 and d.state in ('needs_answer', 'under_review')
        order by 1
        "#,
        organization.get()
    )
    .fetch_all(&mut *tx)
    .await?;
    let orders = orders::lock_all(&mut tx, organization, &disputed).await?;
    sqlx::query!(
        "update organizations set dispute_tickets = $2 where id = $1",
        organization.get(),
        policy.code()
    )
    .execute(&mut *tx)
    .await?;
    for mut order in orders {
        apply(sv, &mut tx, &mut order).await?;
    }
    let entry = audit::Entry {
        actor: permit.actor(),
        organization: Some(organization),
        action: "dispute.policy",
        subject_kind: "organization",
        subject: organization.to_string(),
        reason: "",
        before: Some(serde_json::json!({ "tickets": before.code() })),
        after: Some(serde_json::json!({ "tickets": policy.code() })),
    };
    audit::append(sv, &mut tx, entry).await?;
    tx.commit().await
}

/// Lets the tickets of an order follow what has become of its disputes. The caller has locked the order.
pub(super) async fn apply(sv: &Services, tx: &mut Tx, order: &mut Order) -> Result<(), Unexpected> {
    let policy = of(tx, order.organization).await?;
    let disputes = states(tx, order.organization, order.id).await?;
    let tickets = policy.decide(disputes, !order.left().is_zero());
    orders::after_dispute(sv, tx, order, tickets).await
}

/// The same for orders that live on money of a disputed payment which paid for another: what banks hold of it is withheld
/// from them. The caller has locked them.
pub(crate) async fn follow(
    sv: &Services,
    tx: &mut Tx,
    orders: &mut [Order],
) -> Result<(), Unexpected> {
    for order in orders {
        order.withheld = orders::withheld(tx, order).await?;
        orders::save(tx, order).await?;
        apply(sv, tx, order).await?;
    }
    Ok(())
}

async fn of(tx: &mut Tx, organization: OrganizationId) -> Result<TicketPolicy, Unexpected> {
    let code = sqlx::query_scalar!(
        "select dispute_tickets from organizations where id = $1",
        organization.get()
    )
    .fetch_one(&mut **tx)
    .await?;
    coded("organizations", organization, &code)
}

async fn states(
    tx: &mut Tx,
    organization: OrganizationId,
    order: OrderId,
) -> Result<Vec<DisputeState>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select id, state from disputes
        where organization_id = $1
          and (order_id = $2 or payment_id in (select r.payment_id from refunds r where r.exchanged_to = $2))
        "#,
        organization.get(),
        order.get()
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.iter()
        .map(|row| coded("disputes", row.id, &row.state))
        .collect()
}
