//! The bank account that an organization's money goes to.

use domain::{
    ids::{OrganizationId, PayoutId, UserId},
    payouts::BankAccount,
    text::FieldErrors,
    when::Timestamp,
};
use uuid::Uuid;

use crate::{
    Services, Unexpected, audit,
    db::Tx,
    messaging::{self, AccountNotice, Link, MailKind, NewMail},
    permit::{ManagePayouts, Permit, Proven, ViewFinances},
    reseal::renewed,
    rows::at,
};

/// An account as its own people see it: enough to know it by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountView {
    pub holder: String,
    pub last_four: String,
    pub since: Timestamp,
}

#[derive(Debug, thiserror::Error)]
pub enum SetAccountError {
    #[error(transparent)]
    Fields(#[from] FieldErrors),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

pub async fn account(
    sv: &Services,
    permit: &Permit<ViewFinances>,
) -> Result<Option<AccountView>, Unexpected> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let row = sqlx::query!(
        "select holder, last_four, created_at from payout_accounts where organization_id = $1",
        permit.organization().get()
    )
    .fetch_optional(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(row.map(|row| AccountView {
        holder: row.holder,
        last_four: row.last_four,
        since: row.created_at.to_jiff(),
    }))
}

/// From now on money goes there. All owners are told, in case it was none of them. Fields: `holder`, `number`, `bank_code`.
#[tracing::instrument(skip_all)]
pub async fn set_account(
    sv: &Services,
    permit: &Proven<Permit<ManagePayouts>>,
    holder: &str,
    number: &str,
    bank_code: &str,
) -> Result<(), SetAccountError> {
    let wanted = BankAccount::parse(holder, number, bank_code)?;
    let organization = permit.organization();
    let mut tx = sv.db.begin(permit.scope()).await?;
    let before = sqlx::query_scalar!(
        "select last_four from payout_accounts where organization_id = $1 for update",
        organization.get()
    )
    .fetch_optional(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    store(sv, &mut tx, organization, permit.actor(), &wanted).await?;
    let after = wanted.number.last_four().to_owned();
    record(
        sv,
        &mut tx,
        permit,
        "payout.account",
        before,
        Some(after.clone()),
    )
    .await?;
    tell_owners(sv, &mut tx, organization, &after).await?;
    tx.commit().await?;
    Ok(())
}

/// Writes it down in the caller's transaction, and tells nobody.
pub(crate) async fn store(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    by: Option<UserId>,
    account: &BankAccount,
) -> Result<(), Unexpected> {
    let sealed = seal(sv, &of_organization(organization.get()), account)?;
    sqlx::query!(
        r#"
        insert into payout_accounts (organization_id, holder, sealed, last_four, created_at, created_by)
        values ($1, $2, $3, $4, $5, $6)
        on conflict on constraint payout_accounts_pkey do update
        set holder = $2, sealed = $3, last_four = $4, created_at = $5, created_by = $6
        "#,
        organization.get(),
        account.holder,
        sealed,
        account.number.last_four(),
        at(sv.now()) as _,
        by.map_or(Uuid::nil(), UserId::get)
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Nothing is paid out until there is another one.
#[tracing::instrument(skip_all)]
pub async fn remove_account(
    sv: &Services,
    permit: &Proven<Permit<ManagePayouts>>,
) -> Result<(), Unexpected> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let before = sqlx::query_scalar!(
        "delete from payout_accounts where organization_id = $1 returning last_four",
        permit.organization().get()
    )
    .fetch_optional(&mut *tx)
    .await?;
    if before.is_some() {
        record(sv, &mut tx, permit, "payout.account", before, None).await?;
    }
    tx.commit().await
}

/// Only the end of the number is in the record.
async fn record(
    sv: &Services,
    tx: &mut Tx,
    permit: &Permit<ManagePayouts>,
    action: &'static str,
    before: Option<String>,
    after: Option<String>,
) -> Result<(), Unexpected> {
    let last_four =
        |text: Option<String>| text.map(|text| serde_json::json!({ "last_four": text }));
    let entry = audit::Entry {
        actor: permit.actor(),
        organization: Some(permit.organization()),
        action,
        subject_kind: "organization",
        subject: permit.organization().to_string(),
        reason: "",
        before: last_four(before),
        after: last_four(after),
    };
    audit::append(sv, tx, entry).await
}

async fn tell_owners(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    last_four: &str,
) -> Result<(), Unexpected> {
    let owners = sqlx::query!(
        r#"
        select u.id, u.name, u.email, u.locale, o.name as organization, o.slug
        from memberships m
        join users u on u.id = m.user_id
        join organizations o on o.id = m.organization_id
        where m.organization_id = $1 and m.role = 'owner'
        "#,
        organization.get()
    )
    .fetch_all(&mut **tx)
    .await?;
    let change = sv.new_id();
    for owner in owners {
        let mail = NewMail {
            kind: MailKind::AccountNotice {
                name: owner.name,
                notice: AccountNotice::PayoutAccountChanged {
                    organization: owner.organization,
                    last_four: last_four.to_owned(),
                },
                link: Link::page(format!("/organize/{}/money", owner.slug)),
            },
            dedupe_key: format!("payout_account|{change}|{}", owner.id),
            recipient: owner.email,
            locale: crate::rows::coded("users", owner.id, &owner.locale)?,
            organization: Some(organization),
            order: None,
        };
        messaging::enqueue(sv, tx, mail).await?;
    }
    Ok(())
}

fn of_organization(organization: Uuid) -> String {
    format!("payout_accounts.sealed|{organization}")
}

fn of_payout(payout: Uuid) -> String {
    format!("payouts.sealed|{payout}")
}

fn seal(sv: &Services, place: &str, account: &BankAccount) -> Result<Vec<u8>, Unexpected> {
    let plain = serde_json::to_vec(account).map_err(|e| Unexpected::new("bank account", e))?;
    sv.seal.seal(&*sv.entropy, place, &plain)
}

fn open(sv: &Services, place: &str, sealed: &[u8]) -> Result<BankAccount, Unexpected> {
    let plain = sv.seal.open(place, sealed)?;
    serde_json::from_slice(&plain).map_err(|e| Unexpected::new("bank account", e))
}

/// The account as it is now, for a payout to keep.
pub(super) struct Kept {
    pub holder: String,
    pub last_four: String,
    pub sealed: Vec<u8>,
}

pub(super) async fn keep_for(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    payout: PayoutId,
) -> Result<Option<Kept>, Unexpected> {
    let row = sqlx::query!(
        "select holder, last_four, sealed from payout_accounts where organization_id = $1",
        organization.get()
    )
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let account = open(sv, &of_organization(organization.get()), &row.sealed)?;
    Ok(Some(Kept {
        holder: row.holder,
        last_four: row.last_four,
        sealed: seal(sv, &of_payout(payout.get()), &account)?,
    }))
}

/// The account that a payout goes to, in full.
pub(super) fn of(sv: &Services, payout: Uuid, sealed: &[u8]) -> Result<BankAccount, Unexpected> {
    open(sv, &of_payout(payout), sealed)
}

/// Puts all accounts under today's key; how many were not.
pub(crate) async fn reseal_accounts(sv: &Services, tx: &mut Tx) -> Result<u64, Unexpected> {
    let accounts = sqlx::query!("select organization_id, sealed from payout_accounts for update")
        .fetch_all(&mut **tx)
        .await?;
    let (ids, sealed) = renewed(
        sv,
        accounts.into_iter().map(|row| {
            (
                row.organization_id,
                of_organization(row.organization_id),
                row.sealed,
            )
        }),
    )?;
    let accounts = sqlx::query!(
        r#"
        update payout_accounts a set sealed = n.sealed
        from unnest($1::uuid[], $2::bytea[]) as n (id, sealed) where a.organization_id = n.id
        "#,
        &ids,
        &sealed
    )
    .execute(&mut **tx)
    .await?
    .rows_affected();
    let payouts = sqlx::query!("select id, sealed from payouts for update")
        .fetch_all(&mut **tx)
        .await?;
    let (ids, sealed) = renewed(
        sv,
        payouts
            .into_iter()
            .map(|row| (row.id, of_payout(row.id), row.sealed)),
    )?;
    let payouts = sqlx::query!(
        "update payouts p set sealed = n.sealed from unnest($1::uuid[], $2::bytea[]) as n (id, sealed) where p.id = n.id",
        &ids,
        &sealed
    )
    .execute(&mut **tx)
    .await?
    .rows_affected();
    Ok(accounts + payouts)
}
