//! What stands on the platform's documents: on an invoice what holds when it is issued, on a credit note what the invoice says
//! that took the fees.

use domain::{
    invoices::{Billed, Document, Kind, Line, Party, Reference, fee_back, fee_line, last_day},
    money::Money,
    pricing::VatStanding,
};
use jiff::civil::Date;
use locales::{Locale, dates, documents as t};
use uuid::Uuid;

use super::{due::Due, settings::Issuer, tell, write::New};
use crate::{
    Services, Unexpected,
    db::Tx,
    invoices::{made::today, read, seller::seller},
    vat,
};

/// The document of what is due, still without a number. The invoices of earlier months are written down before notes are made.
pub(super) async fn made(
    sv: &Services,
    tx: &mut Tx,
    issuer: &Issuer,
    due: Due,
) -> Result<New, Unexpected> {
    let l = tell::locale(tx, due.organization).await?;
    let kind = due.kind();
    let taken = if kind == Kind::PlatformCredit {
        latest(tx, &due).await?
    } else {
        None
    };
    let of = |line: Line, seller: Party, buyer: Party, corrects: Option<Reference>| Document {
        kind,
        number: String::new(),
        issued_on: today(sv),
        supplied_on: Some(last_day(due.month)),
        // Fees are taken from what was sold, and given back with it: nothing is left to pay.
        paid_on: Some(last_day(due.month)),
        locale: l.code().to_owned(),
        currency: due.currency,
        seller,
        buyer,
        lines: vec![line],
        order: String::new(),
        subject: subject(l, due.month),
        corrects,
        dispute: String::new(),
    };
    let (document, corrects) = match taken {
        Some((id, invoice)) => {
            let (line, reference) = back(l, &due, id, &invoice)?;
            let document = of(line, invoice.seller, invoice.buyer, Some(reference));
            (document, Some(id))
        }
        None => {
            let (line, buyer) = charged(sv, tx, issuer, (l, &due)).await?;
            (of(line, issuer.party.clone(), buyer, None), None)
        }
    };
    Ok(New {
        due,
        corrects,
        document,
    })
}

/// The organization's latest invoice in that currency before the month of a note.
async fn latest(tx: &mut Tx, due: &Due) -> Result<Option<(Uuid, Document)>, Unexpected> {
    let row = sqlx::query!(
        r#"
        select id, document from invoices
        where order_id is null and kind = 'platform' and organization_id = $1 and currency = $2 and month < $3
        order by month desc
        limit 1
        "#,
        due.organization.get(),
        due.currency.as_str(),
        jiff_sqlx::Date::from(due.month) as _
    )
    .fetch_optional(&mut **tx)
    .await?;
    row.map(|row| Ok((row.id, read(row.id, row.document)?)))
        .transpose()
}

/// What goes back, taxed as it was taken: another seat, id or rate since then is no matter of it.
fn back(
    l: Locale,
    due: &Due,
    id: Uuid,
    invoice: &Document,
) -> Result<(Line, Reference), Unexpected> {
    let taken = invoice
        .lines
        .first()
        .ok_or_else(|| Unexpected::bad_row("invoices", id, "no lines"))?;
    let line = fee_back(taken, t::platform_fees(l).to_owned(), gross(due))
        .map_err(|e| Unexpected::bad_row("invoices", id, e))?;
    let reference = Reference {
        number: invoice.number.clone(),
        issued_on: invoice.issued_on,
    };
    Ok((line, reference))
}

/// The line and the organization as they are today.
async fn charged(
    sv: &Services,
    tx: &mut Tx,
    issuer: &Issuer,
    (l, due): (Locale, &Due),
) -> Result<(Line, Party), Unexpected> {
    let who = seller(tx, due.organization).await?;
    // Where tickets are taxed is no sign of where the organization is.
    let mut buyer = Party {
        country: who.seat,
        ..who.party
    };
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
    let text = (last_day(due.month), t::platform_fees(l).to_owned());
    let line = fee_line(&issuer.biller, &billed, text, gross(due))
        .map_err(|e| Unexpected::bad_row("organizations", due.organization, e))?;
    Ok((line, buyer))
}

fn gross(due: &Due) -> Money {
    Money::new(due.amount.saturating_abs(), due.currency)
}

/// "Fees of November 2026"
fn subject(l: Locale, month: Date) -> String {
    t::platform_subject(l, dates::month(l, month.month()), month.year().to_string())
}
