//! Issues what is due. Whoever does so holds the row of who the platform is, so that two never bill the same month, and the
//! numbers of a portion that comes to nothing are given to the next.

use domain::invoices::Kind;
use jiff::{SignedDuration, ToSpan, civil::Date, tz::TimeZone};

use super::{
    due::due,
    made::made,
    settings::load,
    tell,
    write::{Written, write},
};
use crate::{
    Services, Unexpected, audit,
    db::{Scope, Tx},
    permit::PlatformPermit,
    rows::at,
    vat,
};

/// Documents in one transaction.
const PORTION: usize = 200;
/// So long after its end a month counts as over: whatever was being booked is there by then.
const SETTLED: SignedDuration = SignedDuration::from_hours(1);
/// So long the register has for ids that it did not know before; then organizations are billed by what is known.
const ASKING: SignedDuration = SignedDuration::from_hours(1);

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
    let (issued, look) = if vat::doubt(sv, &mut tx).await? {
        (0, Some(sv.now() + ASKING))
    } else {
        match portion_told(sv, &mut tx).await? {
            0 => (0, Some(next_look(sv)?)),
            issued => (issued, None),
        }
    };
    if let Some(look) = look {
        sqlx::query!("update platform_issuer set look_at = $1", at(look) as _)
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
    // Notes come last: they name invoices, perhaps of the same portion.
    let (invoices, notes): (Vec<_>, Vec<_>) = due
        .into_iter()
        .partition(|due| due.kind() == Kind::Platform);
    let mut written = Vec::with_capacity(invoices.len() + notes.len());
    for (prefix, due) in [
        (&issuer.invoice_prefix, invoices),
        (&issuer.credit_prefix, notes),
    ] {
        let mut documents = Vec::with_capacity(due.len());
        for due in due {
            documents.push(made(sv, tx, &issuer, due).await?);
        }
        written.extend(write(sv, tx, prefix, documents).await?);
    }
    Ok(written)
}

/// A portion, and mails about it; how many documents that was.
async fn portion_told(sv: &Services, tx: &mut Tx) -> Result<usize, Unexpected> {
    let written = portion(sv, tx).await?;
    for one in &written {
        tell::issued(sv, tx, one).await?;
    }
    Ok(written.len())
}
