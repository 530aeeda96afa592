//! Asks for what can be paid out: all of it, or an amount.

use domain::{
    ids::{OrganizationId, PayoutId, UserId},
    ledger::{LedgerError, Owed, Posting},
    money::{Currency, Money},
    payouts::PayoutState,
};
use uuid::Uuid;

use super::{account, reserve};
use crate::{
    Services, Unexpected, audit,
    db::Tx,
    ledger::{self, Cause},
    permit::{ManagePayouts, Permit, Proven},
    rows::at,
};

#[derive(Debug, Clone, Copy)]
pub struct RequestPayout {
    pub currency: Currency,
    /// All that can be had, unless said otherwise.
    pub amount: Option<Money>,
}

#[derive(Debug, thiserror::Error)]
pub enum RequestPayoutError {
    /// The way on: say where the money should go.
    #[error("no bank account")]
    NoAccount,
    /// The way on: wait until the platform has sent it.
    #[error("a payout is on its way already")]
    OneIsOpen,
    #[error("nothing can be paid out")]
    Nothing,
    #[error("more than can be paid out")]
    TooMuch { available: Money },
    #[error("not an amount above zero")]
    NotPositive,
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

impl RequestPayoutError {
    /// Stable key for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoAccount => "payout_no_account",
            Self::OneIsOpen => "payout_one_is_open",
            Self::Nothing => "payout_nothing",
            Self::TooMuch { .. } => "payout_too_much",
            Self::NotPositive => "payout_not_positive",
            Self::Unexpected(_) => "internal",
        }
    }
}

/// Promises the money and closes the statement: it lists all bookings since the one before. Returns the payout's number.
#[tracing::instrument(skip_all, fields(payout.currency = %cmd.currency))]
pub async fn request(
    sv: &Services,
    permit: &Proven<Permit<ManagePayouts>>,
    cmd: RequestPayout,
) -> Result<i32, RequestPayoutError> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let number = request_in(sv, &mut tx, permit.organization(), permit.actor(), cmd).await?;
    tx.commit().await?;
    Ok(number)
}

/// The same in the caller's transaction.
pub(crate) async fn request_in(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    by: Option<UserId>,
    cmd: RequestPayout,
) -> Result<i32, RequestPayoutError> {
    let id = PayoutId::new(sv.new_id());
    let number = lock(tx, organization).await?;
    if one_is_open(tx, organization, cmd.currency).await? {
        return Err(RequestPayoutError::OneIsOpen);
    }
    let kept = account::keep_for(sv, tx, organization, id)
        .await?
        .ok_or(RequestPayoutError::NoAccount)?;
    let held_back = reserve::adjustment(sv, tx, organization, cmd.currency).await?;
    let opening = last_closing(tx, organization, cmd.currency).await?;
    let fresh = unlisted(tx, organization, cmd.currency).await?;
    // What is booked from here on is for the next statement.
    let whole = opening
        .saturating_add(fresh.owed)
        .saturating_sub(held_back.minor);
    let owed = Owed {
        net: Money::new(whole.saturating_sub(fresh.tax_owed), cmd.currency),
        tax: Money::new(fresh.tax_owed, cmd.currency),
    };
    let available = owed.available().map_err(|e| wrong(id, e))?;
    let amount = match cmd.amount {
        None if available.is_zero() => return Err(RequestPayoutError::Nothing),
        None => available,
        Some(amount) => amount,
    };
    let posting = Posting::payout(amount, owed).map_err(|e| match e {
        LedgerError::TooMuch if available.is_zero() => RequestPayoutError::Nothing,
        LedgerError::TooMuch => RequestPayoutError::TooMuch { available },
        LedgerError::NotPositive => RequestPayoutError::NotPositive,
        e => wrong(id, e).into(),
    })?;
    sqlx::query!(
        r#"
        insert into payouts (id, organization_id, number, currency, amount_minor, opening_minor, closing_minor, state,
                             holder, sealed, last_four, requested_by, requested_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        "#,
        id.get(),
        organization.get(),
        number,
        cmd.currency.as_str(),
        amount.minor,
        opening,
        whole.saturating_sub(amount.minor),
        PayoutState::Requested.code(),
        kept.holder,
        kept.sealed,
        kept.last_four,
        by.map(UserId::get),
        at(sv.now()) as _
    )
    .execute(&mut **tx)
    .await
    .map_err(Unexpected::from)?;
    let mut postings = vec![(Cause::Payout { payout: id }, posting)];
    postings.extend(
        reserve::posting(held_back)
            .map_err(|e| wrong(id, e))?
            .map(|posting| (Cause::Reserve { payout: id }, posting)),
    );
    ledger::post_all(sv, tx, organization, &postings).await?;
    list_bookings(tx, organization, id, &fresh.bookings).await?;
    let entry = audit::Entry {
        actor: by,
        organization: Some(organization),
        action: "payout.request",
        subject_kind: "payout",
        subject: number.to_string(),
        reason: "",
        before: None,
        after: Some(serde_json::json!({ "amount": amount, "last_four": kept.last_four })),
    };
    audit::append(sv, tx, entry).await?;
    Ok(number)
}

fn wrong(id: PayoutId, e: LedgerError) -> Unexpected {
    Unexpected::bad_row("payouts", id, e)
}

/// One at a time decides about an organization's money; returns the next number. Sales and refunds go on meanwhile.
async fn lock(tx: &mut Tx, organization: OrganizationId) -> Result<i32, Unexpected> {
    sqlx::query_scalar!(
        "select id from organizations where id = $1 for no key update",
        organization.get()
    )
    .fetch_one(&mut **tx)
    .await?;
    let last = sqlx::query_scalar!(
        r#"select coalesce(max(number), 0) as "last!" from payouts where organization_id = $1"#,
        organization.get()
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(last.saturating_add(1))
}

async fn one_is_open(
    tx: &mut Tx,
    organization: OrganizationId,
    currency: Currency,
) -> Result<bool, Unexpected> {
    let open = sqlx::query_scalar!(
        r#"
        select exists (select from payouts where organization_id = $1 and currency = $2 and state = 'requested') as "open!"
        "#,
        organization.get(),
        currency.as_str()
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(open)
}

/// What was still owed when the last statement ended; nothing before the first.
async fn last_closing(
    tx: &mut Tx,
    organization: OrganizationId,
    currency: Currency,
) -> Result<i64, Unexpected> {
    let closing = sqlx::query_scalar!(
        r#"
        select closing_minor from payouts where organization_id = $1 and currency = $2
        order by number desc limit 1
        "#,
        organization.get(),
        currency.as_str()
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(closing.unwrap_or(0))
}

/// Bookings that are in no statement yet.
struct Unlisted {
    bookings: Vec<Uuid>,
    /// By how much they change what is owed.
    owed: i64,
    /// How much tax is owed by all bookings.
    tax_owed: i64,
}

/// In one statement: what is counted is what is listed, although sales go on.
async fn unlisted(
    tx: &mut Tx,
    organization: OrganizationId,
    currency: Currency,
) -> Result<Unlisted, Unexpected> {
    let row = sqlx::query!(
        r#"
        select coalesce(array_agg(distinct e.transaction_id) filter (where i.transaction_id is null), '{}') as "bookings!",
               coalesce(-sum(e.amount_minor) filter (where i.transaction_id is null), 0)::bigint as "owed!",
               coalesce(-sum(e.amount_minor) filter (where e.account = 'tax_collected'), 0)::bigint as "tax_owed!"
        from ledger_entries e
        left join payout_items i on i.transaction_id = e.transaction_id
        where e.organization_id = $1 and e.account in ('organizer_payable', 'tax_collected') and e.currency = $2
        "#,
        organization.get(),
        currency.as_str()
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Unlisted {
        bookings: row.bookings,
        owed: row.owed,
        tax_owed: row.tax_owed,
    })
}

/// Puts these bookings into the statement, and the payout's own.
async fn list_bookings(
    tx: &mut Tx,
    organization: OrganizationId,
    payout: PayoutId,
    bookings: &[Uuid],
) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        insert into payout_items (transaction_id, organization_id, payout_id)
        select listed.id, $1, $2
        from (
            select unnest($3::uuid[]) as id
            union
            select id from ledger_transactions where organization_id = $1 and payout_id = $2
        ) listed
        "#,
        organization.get(),
        payout.get(),
        bookings
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
