//! What waits to be issued, and its turn.

use domain::ids::{OrderId, OrganizationId, RefundId};
use jiff::SignedDuration;
use uuid::Uuid;

use super::{credit::credit, issue::issue, turn::Turn};
use crate::{
    Services, Unexpected,
    db::{Scope, Tx},
    rows::at,
};

/// Documents issued under one lock of a series.
const PORTION: i64 = 200;
/// How long something waits that could not be issued; doubled each time.
const PAUSE: SignedDuration = SignedDuration::from_secs(30);

/// From now on these paid orders and refunds wait for their documents; a refund only once its money has gone back. Saying so
/// again changes nothing.
pub(crate) async fn expect(
    sv: &Services,
    tx: &mut Tx,
    paid: &[Uuid],
    refunded: &[Uuid],
) -> Result<(), Unexpected> {
    if !paid.is_empty() {
        sqlx::query!(
            r#"
            insert into invoices_due (organization_id, order_id, not_before)
            select organization_id, id, $2 from orders
            where id = any($1) and total_minor > 0 and paid_at is not null
            order by paid_at, id
            on conflict on constraint invoices_due_order_id_refund_id_key do nothing
            "#,
            paid,
            at(sv.now()) as _
        )
        .execute(&mut **tx)
        .await?;
    }
    if !refunded.is_empty() {
        sqlx::query!(
            r#"
            insert into invoices_due (organization_id, order_id, refund_id, not_before)
            select r.organization_id, r.order_id, r.id, $2
            from refunds r
            join orders o on o.id = r.order_id
            where r.id = any($1) and o.paid_at is not null and not r.of_second_payment and r.state = 'succeeded'
            order by r.created_at, r.id
            on conflict on constraint invoices_due_order_id_refund_id_key do nothing
            "#,
            refunded,
            at(sv.now()) as _
        )
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

/// The same for everything that was written in bulk.
pub(crate) async fn expect_all(sv: &Services, tx: &mut Tx) -> Result<(), Unexpected> {
    let paid =
        sqlx::query_scalar!("select id from orders where paid_at is not null and total_minor > 0")
            .fetch_all(&mut **tx)
            .await?;
    let refunded = sqlx::query_scalar!("select id from refunds")
        .fetch_all(&mut **tx)
        .await?;
    expect(sv, tx, &paid, &refunded).await
}

#[derive(Debug, Clone, Copy)]
struct Due {
    id: i64,
    order: OrderId,
    refund: Option<RefundId>,
}

/// Issues the next portion of what is due for one organization; how many documents that was. What cannot be issued is
/// put off and keeps nothing else waiting.
pub async fn issue_due(sv: &Services) -> Result<usize, Unexpected> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let next = sqlx::query_scalar!(
        "select organization_id from invoices_due where not_before <= $1 order by not_before, id limit 1",
        at(sv.now()) as _
    )
    .fetch_optional(&mut *tx)
    .await?;
    tx.commit().await?;
    let Some(organization) = next.map(OrganizationId::new) else {
        return Ok(0);
    };
    match portion(sv, organization, PORTION, Turn::IfFree).await {
        Ok(issued) => Ok(issued),
        // One of them is at fault: one by one, the others get through.
        Err(e) => {
            tracing::warn!(error = %e, "a portion of documents failed, they are issued one by one");
            one_by_one(sv, organization).await
        }
    }
}

/// One transaction; documents of an organization are issued by one worker at a time, in order.
async fn portion(
    sv: &Services,
    organization: OrganizationId,
    limit: i64,
    turn: Turn,
) -> Result<usize, Unexpected> {
    let mut tx = sv.db.begin(Scope::Organization(organization)).await?;
    if !turn.comes(&mut tx, organization).await? {
        return Ok(0);
    }
    let due = take(sv, &mut tx, organization, limit).await?;
    let done = write(sv, &mut tx, organization, &due).await?;
    tx.commit().await?;
    Ok(done)
}

async fn one_by_one(sv: &Services, organization: OrganizationId) -> Result<usize, Unexpected> {
    let mut done = 0;
    for _ in 0..PORTION {
        match portion(sv, organization, 1, Turn::Wait).await {
            Ok(0) => break,
            Ok(_) => done += 1,
            Err(e) => {
                tracing::error!(error = %e, "a document cannot be issued");
                let mut tx = sv.db.begin(Scope::Organization(organization)).await?;
                Turn::Wait.comes(&mut tx, organization).await?;
                let due = take(sv, &mut tx, organization, 1).await?;
                let ids: Vec<i64> = due.iter().map(|due| due.id).collect();
                put_off(sv, &mut tx, organization, &ids, &e.to_string()).await?;
                tx.commit().await?;
                done += 1;
            }
        }
    }
    Ok(done)
}

/// What is due, oldest first.
async fn take(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    limit: i64,
) -> Result<Vec<Due>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select id, order_id, refund_id from invoices_due
        where organization_id = $1 and not_before <= $2
        order by id
        limit $3
        "#,
        organization.get(),
        at(sv.now()) as _,
        limit
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Due {
            id: row.id,
            order: OrderId::new(row.order_id),
            refund: row.refund_id.map(RefundId::new),
        })
        .collect())
}

async fn write(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    due: &[Due],
) -> Result<usize, Unexpected> {
    let orders: Vec<Uuid> = due
        .iter()
        .filter(|due| due.refund.is_none())
        .map(|due| due.order.get())
        .collect();
    // Corrections and refunds of an order wait for its lock, so that they see the same documents.
    lock(tx, organization, due).await?;
    issue(sv, tx, organization, &orders).await?;
    let (mut done, mut early) = (Vec::new(), Vec::new());
    for due in due {
        let there = match due.refund {
            None => true,
            Some(refund) => credit(sv, tx, organization, (due.order, refund)).await?,
        };
        if there { &mut done } else { &mut early }.push(due.id);
    }
    put_off(sv, tx, organization, &early, "the invoice is still to come").await?;
    sqlx::query!(
        "delete from invoices_due where organization_id = $1 and id = any($2)",
        organization.get(),
        &done
    )
    .execute(&mut **tx)
    .await?;
    Ok(due.len())
}

/// In the order of ids, as everywhere.
async fn lock(tx: &mut Tx, organization: OrganizationId, due: &[Due]) -> Result<(), Unexpected> {
    let orders: Vec<Uuid> = due.iter().map(|due| due.order.get()).collect();
    sqlx::query!(
        "select id from orders where organization_id = $1 and id = any($2) order by id for no key update",
        organization.get(),
        &orders
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(())
}

async fn put_off(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    ids: &[i64],
    why: &str,
) -> Result<(), Unexpected> {
    if ids.is_empty() {
        return Ok(());
    }
    let seconds = i32::try_from(PAUSE.as_secs()).unwrap_or(i32::MAX);
    sqlx::query!(
        r#"
        update invoices_due
        set attempts = attempts + 1, last_error = $3,
            not_before = $4::timestamptz + make_interval(secs => $5::int * 2 ^ least(attempts, 10))
        where organization_id = $1 and id = any($2)
        "#,
        organization.get(),
        ids,
        why,
        at(sv.now()) as _,
        seconds
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
