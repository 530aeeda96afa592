//! Keeps the books: each posting of `domain::ledger` becomes a transaction that can never be changed.

use domain::{
    ids::{OrderId, OrganizationId, RefundId},
    ledger::Posting,
};

use crate::{Services, Unexpected, db::Tx, rows::at};

/// What is booked, and for what.
#[derive(Debug, Clone, Copy)]
pub enum Cause {
    Sale { order: OrderId },
    Refund { order: OrderId, refund: RefundId },
}

/// Books in the caller's transaction.
pub async fn post(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    cause: Cause,
    posting: &Posting,
) -> Result<(), Unexpected> {
    let id = sv.new_id();
    let (kind, order, refund) = match cause {
        Cause::Sale { order } => ("sale", order, None),
        Cause::Refund { order, refund } => ("refund", order, Some(refund.get())),
    };
    sqlx::query!(
        r#"
        insert into ledger_transactions (id, organization_id, kind, order_id, refund_id, occurred_at)
        values ($1, $2, $3, $4, $5, $6)
        "#,
        id,
        organization.get(),
        kind,
        order.get(),
        refund,
        at(sv.now()) as _
    )
    .execute(&mut **tx)
    .await?;
    let accounts: Vec<String> = posting
        .entries()
        .iter()
        .map(|entry| entry.account.code().to_owned())
        .collect();
    let amounts: Vec<i64> = posting
        .entries()
        .iter()
        .map(|entry| entry.amount.minor)
        .collect();
    let currencies: Vec<String> = posting
        .entries()
        .iter()
        .map(|entry| entry.amount.currency.to_string())
        .collect();
    sqlx::query!(
        r#"
        insert into ledger_entries (transaction_id, n, organization_id, account, amount_minor, currency)
        select $1, n::smallint, $2, account, amount, currency
        from unnest($3::text[], $4::bigint[], $5::text[]) with ordinality as entry (account, amount, currency, n)
        "#,
        id,
        organization.get(),
        &accounts,
        &amounts,
        &currencies
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
