//! One dispute with its order, its timeline and its evidence.

use domain::{
    disputes::{DisputeReason, DisputeState},
    ids::{DisputeId, OrderId},
    money::Money,
    when::Timestamp,
};

use super::evidence::{self, CameFrom, Pack};
use crate::{
    Services, Unexpected,
    db::Tx,
    orders,
    permit::{Act, Permit, ViewFinances},
    rows::{coded, money},
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisputeStep {
    pub at: Timestamp,
    /// A state, or `answered`, `accepted`.
    pub what: String,
    pub by: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisputeDetail {
    pub id: DisputeId,
    pub order: OrderId,
    pub order_code: String,
    pub event_title: String,
    pub buyer_name: String,
    /// What of the order's money came back to the buyer otherwise.
    pub refunded: Money,
    pub state: DisputeState,
    pub reason: DisputeReason,
    pub amount: Money,
    /// What the provider holds of it now.
    pub taken: Money,
    /// What the provider charges for it, by currency.
    pub costs: Vec<Money>,
    pub opened_at: Timestamp,
    pub answer_by: Option<Timestamp>,
    pub answered_at: Option<Timestamp>,
    /// It can be answered now, as far as the state and the time go.
    pub takes_answer: bool,
    /// The order's tickets do not admit until it is decided.
    pub blocked: bool,
    pub statement: String,
    /// What was sent; while it waits for an answer, what would be sent now.
    pub evidence: Pack,
    pub steps: Vec<DisputeStep>,
}

/// `None` when the organization has no such dispute.
pub async fn show(
    sv: &Services,
    permit: &Permit<ViewFinances>,
    id: DisputeId,
) -> Result<Option<DisputeDetail>, Unexpected> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let found = load(sv, &mut tx, permit, id).await?;
    tx.commit().await?;
    Ok(found)
}

pub(super) async fn load<A: Act>(
    sv: &Services,
    tx: &mut Tx,
    permit: &Permit<A>,
    id: DisputeId,
) -> Result<Option<DisputeDetail>, Unexpected> {
    let organization = permit.organization();
    let row = sqlx::query!(
        r#"
        select d.order_id, d.state, d.reason, d.amount_minor, d.currency, d.taken_minor, d.opened_at, d.answer_by,
               d.answered_at, d.statement
        from disputes d
        where d.organization_id = $1 and d.id = $2
        "#,
        organization.get(),
        id.get()
    )
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let state: DisputeState = coded("disputes", id, &row.state)?;
    let answer_by = row.answer_by.map(|at| at.to_jiff());
    let in_time = answer_by.is_none_or(|until| until > sv.now());
    let order = OrderId::new(row.order_id);
    let detail = orders::detail(sv, tx, organization, order).await?;
    // An inquiry that was answered can become a dispute, which is answered anew.
    let answered_at = row.answered_at.filter(|_| !state.takes_answer());
    let evidence = if answered_at.is_some() {
        sent(tx, permit, id).await?
    } else {
        evidence::pack(&detail, came_from(tx, permit, order).await?, &row.statement)
    };
    Ok(Some(DisputeDetail {
        id,
        order,
        order_code: detail.order.code.to_string(),
        event_title: detail.order.event.title,
        buyer_name: detail.order.buyer_name,
        refunded: detail.order.refunded,
        state,
        reason: coded("disputes", id, &row.reason)?,
        amount: money("disputes", id, row.amount_minor, &row.currency)?,
        taken: money("disputes", id, row.taken_minor, &row.currency)?,
        costs: costs(tx, permit, id).await?,
        opened_at: row.opened_at.to_jiff(),
        answer_by,
        answered_at: answered_at.map(|at| at.to_jiff()),
        takes_answer: state.takes_answer() && in_time && sv.payments.takes_disputes(),
        blocked: detail.order.blocked,
        statement: row.statement,
        evidence,
        steps: steps(tx, permit, id).await?,
    }))
}

/// Kept out of everything else that is shown of an order.
async fn came_from<A: Act>(
    tx: &mut Tx,
    permit: &Permit<A>,
    order: OrderId,
) -> Result<CameFrom, Unexpected> {
    let row = sqlx::query!(
        "select placed_from, placed_with from orders where organization_id = $1 and id = $2",
        permit.organization().get(),
        order.get()
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(CameFrom {
        address: row.placed_from.unwrap_or_default(),
        browser: row.placed_with,
    })
}

async fn sent<A: Act>(tx: &mut Tx, permit: &Permit<A>, id: DisputeId) -> Result<Pack, Unexpected> {
    let rows = sqlx::query!(
        "select part, body from dispute_evidence where organization_id = $1 and dispute_id = $2",
        permit.organization().get(),
        id.get()
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut pack = rows
        .into_iter()
        .map(|row| Ok((coded("dispute_evidence", id, &row.part)?, row.body)))
        .collect::<Result<Pack, Unexpected>>()?;
    pack.sort();
    Ok(pack)
}

async fn costs<A: Act>(
    tx: &mut Tx,
    permit: &Permit<A>,
    id: DisputeId,
) -> Result<Vec<Money>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select cost_currency, sum(cost_minor)::bigint as "cost!" from dispute_moves
        where organization_id = $1 and dispute_id = $2
        group by cost_currency
        having sum(cost_minor) <> 0
        order by cost_currency
        "#,
        permit.organization().get(),
        id.get()
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| money("dispute_moves", id, row.cost, &row.cost_currency))
        .collect()
}

async fn steps<A: Act>(
    tx: &mut Tx,
    permit: &Permit<A>,
    id: DisputeId,
) -> Result<Vec<DisputeStep>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select s.at, s.what, u.name as "by?"
        from dispute_steps s
        left join users u on u.id = s.by_user
        where s.organization_id = $1 and s.dispute_id = $2
        order by s.at, s.id
        "#,
        permit.organization().get(),
        id.get()
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| DisputeStep {
            at: row.at.to_jiff(),
            what: row.what,
            by: row.by,
        })
        .collect())
}
