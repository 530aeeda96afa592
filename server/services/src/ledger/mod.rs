//! Keeps the books: each posting of `domain::ledger` becomes a transaction that can never be changed.

use domain::{
    ids::{OrderId, OrganizationId, RefundId},
    ledger::Posting,
};
use uuid::Uuid;

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
    post_all(sv, tx, organization, &[(cause, posting.clone())]).await
}

/// Books several postings, in one statement per table: the entries of a transaction arrive together, so that the
/// database can see that they sum to zero.
pub async fn post_all(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    postings: &[(Cause, Posting)],
) -> Result<(), Unexpected> {
    let (mut ids, mut kinds, mut orders, mut refunds) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut entries = Entries::default();
    for (cause, posting) in postings {
        let id = sv.new_id();
        let (kind, order, refund) = match cause {
            Cause::Sale { order } => ("sale", order, None),
            Cause::Refund { order, refund } => ("refund", order, Some(refund.get())),
        };
        ids.push(id);
        kinds.push(kind.to_owned());
        orders.push(order.get());
        refunds.push(refund);
        for (n, entry) in (1..).zip(posting.entries()) {
            entries.transactions.push(id);
            entries.numbers.push(n);
            entries.accounts.push(entry.account.code().to_owned());
            entries.amounts.push(entry.amount.minor);
            entries.currencies.push(entry.amount.currency.to_string());
        }
    }
    sqlx::query!(
        r#"
        insert into ledger_transactions (id, organization_id, kind, order_id, refund_id, occurred_at)
        select n.id, $1, n.kind, n.order_id, n.refund_id, $2
        from unnest($3::uuid[], $4::text[], $5::uuid[], $6::uuid[]) as n (id, kind, order_id, refund_id)
        "#,
        organization.get(),
        at(sv.now()) as _,
        &ids,
        &kinds,
        &orders,
        &refunds as &[Option<Uuid>]
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        r#"
        insert into ledger_entries (transaction_id, n, organization_id, account, amount_minor, currency)
        select entry.transaction_id, entry.n, $1, entry.account, entry.amount, entry.currency
        from unnest($2::uuid[], $3::smallint[], $4::text[], $5::bigint[], $6::text[])
            as entry (transaction_id, n, account, amount, currency)
        "#,
        organization.get(),
        &entries.transactions,
        &entries.numbers,
        &entries.accounts,
        &entries.amounts,
        &entries.currencies
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

#[derive(Default)]
struct Entries {
    transactions: Vec<Uuid>,
    numbers: Vec<i16>,
    accounts: Vec<String>,
    amounts: Vec<i64>,
    currencies: Vec<String>,
}
