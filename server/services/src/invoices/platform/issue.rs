//! Issues what is due. Whoever does so holds the row of who the platform is, so that two never bill the same month, and the
//! numbers of a portion that comes to nothing are given to the next.

use domain::{
    invoices::{Billed, Document, Kind, Party, fee_line, last_day},
    money::Money,
    pricing::VatStanding,
};
use jiff::{SignedDuration, ToSpan, civil::Date, tz::TimeZone};
use locales::{Locale, dates, documents as t};

use super::{
    due::{Due, due},
    settings::{Issuer, load},
    tell,
    write::{Written, write},
};
use crate::{
    Services, Unexpected, audit,
    db::{Scope, Tx},
    invoices::{made::today, seller::seller},
    permit::PlatformPermit,
    rows::at,
    vat,
};

/// Documents in one transaction.
const PORTION: usize = 200;
/// So long after its end a month counts as over: whatever was being booked is there by then.
const SETTLED: SignedDuration = SignedDuration::from_hours(1);

/// Issues the next portion if it is time; how many documents that was. Asked often, so it costs next to nothing while
/// nothing is due.
pub async fn bill_due(sv: &Services) -> Result<usize, Unexpected> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let mine = sqlx::query_scalar!(
        "select one from platform_issuer where look_at <= $1 for update skip locked",
        at(sv.now()) as _
    )
    .fetch_optional(&mut *tx)
    .await?;
    if mine.is_none() {
        return Ok(0);
    }
    let issued = portion_told(sv, &mut tx).await?;
    if issued == 0 {
        sqlx::query!(
            "update platform_issuer set look_at = $1",
            at(next_look(sv)?) as _
        )
        .execute(&mut *tx)
        .await?;
    }
    tx.commit().await?;
    Ok(issued)
}

/// Issues at once what would be issued on the first of the month, for a platform admin; how many documents that was. What is
/// more than a portion follows by itself. Nothing happens as long as it is not known who the platform is.
#[tracing::instrument(skip_all)]
pub async fn bill(sv: &Services, permit: &PlatformPermit) -> Result<usize, Unexpected> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let there = sqlx::query_scalar!("select one from platform_issuer for update")
        .fetch_optional(&mut *tx)
        .await?;
    if there.is_none() {
        return Ok(0);
    }
    let issued = portion_told(sv, &mut tx).await?;
    sqlx::query!("update platform_issuer set look_at = $1", at(sv.now()) as _)
        .execute(&mut *tx)
        .await?;
    let entry = audit::Entry {
        actor: Some(permit.actor()),
        organization: None,
        action: "platform.bill",
        subject_kind: "platform",
        subject: "issuer".to_owned(),
        reason: "",
        before: None,
        after: Some(serde_json::json!({ "issued": issued })),
    };
    audit::append(sv, &mut tx, entry).await?;
    tx.commit().await?;
    Ok(issued)
}

/// Issues everything in the caller's transaction, and tells nobody: for sales that were written in bulk.
pub(crate) async fn bill_untold(sv: &Services, tx: &mut Tx) -> Result<(), Unexpected> {
    while !portion(sv, tx).await?.is_empty() {}
    Ok(())
}

/// The month that is not over yet.
fn running(sv: &Services) -> Date {
    let settled = sv.now() - SETTLED;
    settled.to_zoned(TimeZone::UTC).date().first_of_month()
}

/// The first of the next month in UTC, when it counts as over.
fn next_look(sv: &Services) -> Result<domain::when::Timestamp, Unexpected> {
    let next = running(sv)
        .checked_add(1.month())
        .and_then(|next| next.to_zoned(TimeZone::UTC))
        .map_err(|e| Unexpected::new("a month", e))?;
    Ok(next.timestamp() + SETTLED)
}

async fn portion(sv: &Services, tx: &mut Tx) -> Result<Vec<Written>, Unexpected> {
    let Some(issuer) = load(tx).await? else {
        return Ok(Vec::new());
    };
    let due = due(tx, running(sv), PORTION).await?;
    let mut documents = Vec::with_capacity(due.len());
    for due in due {
        let document = document(sv, tx, &issuer, &due).await?;
        documents.push((due, document));
    }
    write(sv, tx, &issuer, documents).await
}

/// A portion, and mails about it; how many documents that was.
async fn portion_told(sv: &Services, tx: &mut Tx) -> Result<usize, Unexpected> {
    let written = portion(sv, tx).await?;
    for one in &written {
        tell::issued(sv, tx, one).await?;
    }
    Ok(written.len())
}

async fn document(
    sv: &Services,
    tx: &mut Tx,
    issuer: &Issuer,
    due: &Due,
) -> Result<Document, Unexpected> {
    let who = seller(tx, due.organization).await?;
    // Where tickets are taxed is no sign of where the organization is.
    let mut buyer = Party {
        country: who.seat,
        ..who.party
    };
    let l = tell::locale(tx, due.organization).await?;
    vat::want(sv, tx, &buyer.vat_id).await?;
    let check = vat::check_of(sv, tx, &buyer.vat_id).await?;
    let refuted = check.is_some_and(|check| check.standing == VatStanding::Invalid);
    let billed = Billed {
        country: buyer.country.clone(),
        vat_id: buyer.vat_id.parse().ok().filter(|_| !refuted),
    };
    if buyer.country.is_empty() {
        buyer.country.clone_from(&issuer.party.country);
    }
    let last = last_day(due.month);
    let gross = Money::new(due.amount.saturating_abs(), due.currency);
    let text = t::platform_fees(l).to_owned();
    let line = fee_line(&issuer.biller, &billed, (last, text), gross)
        .map_err(|e| Unexpected::bad_row("organizations", due.organization, e))?;
    Ok(Document {
        kind: if due.amount > 0 {
            Kind::Platform
        } else {
            Kind::PlatformCredit
        },
        number: String::new(),
        issued_on: today(sv),
        supplied_on: Some(last),
        // Fees are taken from what was sold, and given back with it: nothing is left to pay.
        paid_on: Some(last),
        locale: l.code().to_owned(),
        currency: due.currency,
        seller: issuer.party.clone(),
        buyer,
        lines: vec![line],
        order: String::new(),
        subject: subject(l, due.month),
        corrects: None,
    })
}

/// "Fees of November 2026"
fn subject(l: Locale, month: Date) -> String {
    t::platform_subject(l, dates::month(l, month.month()), month.year().to_string())
}
