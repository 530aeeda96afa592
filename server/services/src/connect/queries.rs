//! SQL of connected accounts.

use std::collections::BTreeSet;

use domain::{
    connect::{Asked, Connected, Facts},
    ids::OrganizationId,
    when::Timestamp,
};
use uuid::Uuid;

use crate::{
    Services, Unexpected,
    db::Tx,
    rows::{at, coded},
};

/// An account as it stands.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub id: Uuid,
    pub organization: OrganizationId,
    /// The provider's name for it, once it is made.
    pub reference: Option<String>,
    pub country: String,
    pub since: Timestamp,
    pub known: Connected,
}

struct Row {
    id: Uuid,
    organization_id: Uuid,
    account_ref: Option<String>,
    country: String,
    created_at: jiff_sqlx::Timestamp,
    told_at: Option<jiff_sqlx::Timestamp>,
    submitted: bool,
    charges: bool,
    payouts: bool,
    transfers: bool,
    checking: bool,
    asked: Vec<String>,
    overdue: Vec<String>,
    deadline: Option<jiff_sqlx::Timestamp>,
    disabled: String,
    was_ready: bool,
    gone: bool,
}

impl TryFrom<Row> for Account {
    type Error = Unexpected;

    fn try_from(row: Row) -> Result<Self, Unexpected> {
        let kinds = |names: &[String]| -> Result<BTreeSet<Asked>, Unexpected> {
            names
                .iter()
                .map(|name| coded("connected_accounts", row.id, name))
                .collect()
        };
        Ok(Self {
            id: row.id,
            organization: OrganizationId::new(row.organization_id),
            country: row.country,
            since: row.created_at.to_jiff(),
            known: Connected {
                at: row.told_at.map(|at| at.to_jiff()),
                facts: Facts {
                    submitted: row.submitted,
                    charges: row.charges,
                    payouts: row.payouts,
                    transfers: row.transfers,
                    asked: kinds(&row.asked)?,
                    overdue: kinds(&row.overdue)?,
                    checking: row.checking,
                    deadline: row.deadline.map(|at| at.to_jiff()),
                    disabled: row.disabled,
                },
                was_ready: row.was_ready,
                gone: row.gone,
            },
            reference: row.account_ref,
        })
    }
}

/// The organization's latest one: also one whose connection was cut.
pub(super) async fn latest(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
) -> Result<Option<Account>, Unexpected> {
    let row = sqlx::query_as!(
        Row,
        r#"
        select id, organization_id, account_ref, country, created_at as "created_at: _", told_at as "told_at: _", submitted,
               charges, payouts, transfers, checking, asked, overdue, deadline as "deadline: _", disabled, was_ready,
               gone_at is not null as "gone!"
        from connected_accounts
        where organization_id = $1 and provider = $2
        order by gone_at is null desc, created_at desc, id desc
        limit 1
        "#,
        organization.get(),
        sv.payments.provider()
    )
    .fetch_optional(&mut **tx)
    .await?;
    row.map(Account::try_from).transpose()
}

pub(super) async fn lock(
    tx: &mut Tx,
    organization: OrganizationId,
    id: Uuid,
) -> Result<Option<Account>, Unexpected> {
    let row = sqlx::query_as!(
        Row,
        r#"
        select id, organization_id, account_ref, country, created_at as "created_at: _", told_at as "told_at: _", submitted,
               charges, payouts, transfers, checking, asked, overdue, deadline as "deadline: _", disabled, was_ready,
               gone_at is not null as "gone!"
        from connected_accounts
        where organization_id = $1 and id = $2
        for update
        "#,
        organization.get(),
        id
    )
    .fetch_optional(&mut **tx)
    .await?;
    row.map(Account::try_from).transpose()
}

/// Whose account it is, by the provider's name for it.
pub(super) async fn find(
    sv: &Services,
    tx: &mut Tx,
    reference: &str,
) -> Result<Option<(OrganizationId, Uuid)>, Unexpected> {
    let row = sqlx::query!(
        "select organization_id, id from connected_accounts where provider = $1 and account_ref = $2",
        sv.payments.provider(),
        reference
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| (OrganizationId::new(row.organization_id), row.id)))
}

/// What is known; `ask` when it has to be asked about soon.
pub(super) async fn save(
    tx: &mut Tx,
    account: &Account,
    now: Timestamp,
    ask: bool,
) -> Result<(), Unexpected> {
    let known = &account.known;
    let facts = &known.facts;
    let names = |kinds: &BTreeSet<Asked>| -> Vec<String> {
        kinds.iter().map(|kind| kind.code().to_owned()).collect()
    };
    sqlx::query!(
        r#"
        update connected_accounts set
            told_at = $3, submitted = $4, charges = $5, payouts = $6, transfers = $7, checking = $8, asked = $9,
            overdue = $10, deadline = $11, disabled = $12, was_ready = $13,
            gone_at = case when $14 then coalesce(gone_at, $15::timestamptz) end,
            asked_at = case when $16 then null else asked_at end
        where organization_id = $1 and id = $2
        "#,
        account.organization.get(),
        account.id,
        known.at.map(at) as _,
        facts.submitted,
        facts.charges,
        facts.payouts,
        facts.transfers,
        facts.checking,
        &names(&facts.asked),
        &names(&facts.overdue),
        facts.deadline.map(at) as _,
        facts.disabled,
        known.was_ready,
        known.gone,
        at(now) as _,
        ask
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The account that a payout of the platform's can be sent to.
pub(crate) async fn payable_to(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
) -> Result<Option<String>, Unexpected> {
    let found = latest(sv, tx, organization).await?;
    Ok(found
        .filter(|account| account.known.takes_transfers())
        .and_then(|account| account.reference))
}
