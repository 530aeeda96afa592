//! The invoice of an order, without its number.

use std::collections::HashMap;

use domain::{
    ids::{EventId, OrderId, OrganizationId},
    invoices::{Category, Document, Kind, Line, Party, country_of_vat_id},
    pricing::Rate,
};
use jiff::{civil::Date, tz::TimeZone};
use uuid::Uuid;

use super::seller::{Seller, lines, seller};
use crate::{
    Services, Unexpected,
    db::Tx,
    prices,
    rows::{coded, count},
};

/// What an order's documents are made of.
pub(super) struct Made {
    pub order: OrderId,
    pub event: EventId,
    /// The invoice; its number is still missing.
    pub document: Document,
}

/// Days on documents are those of UTC, so that a series never goes back a day, wherever its events are.
pub(super) fn today(sv: &Services) -> Date {
    sv.now().to_zoned(TimeZone::UTC).date()
}

/// The invoices of these orders, in the order in which they were paid.
pub(super) async fn made(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    orders: &[Uuid],
) -> Result<Vec<Made>, Unexpected> {
    let seller = seller(tx, organization).await?;
    let mut lines = lines_of(tx, organization, orders, &seller).await?;
    let rows = sqlx::query!(
        r#"
        select o.id, o.event_id, o.code, o.locale, o.buyer_name, o.invoice_name, o.invoice_address, o.invoice_vat_id,
               o.invoice_country, o.currency, o.paid_at, e.title, e.starts_at, e.time_zone
        from orders o
        join events e on e.id = o.event_id
        where o.organization_id = $1 and o.id = any($2)
        order by o.paid_at, o.id
        "#,
        organization.get(),
        orders
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let zone = TimeZone::get(&row.time_zone).unwrap_or(TimeZone::UTC);
            let buyer = buyer(
                &seller.party,
                row.buyer_name,
                (row.invoice_name, &row.invoice_address),
                (row.invoice_country, row.invoice_vat_id),
            );
            Ok(Made {
                order: OrderId::new(row.id),
                event: EventId::new(row.event_id),
                document: Document {
                    kind: Kind::Invoice,
                    number: String::new(),
                    issued_on: today(sv),
                    supplied_on: Some(row.starts_at.to_jiff().to_zoned(zone).date()),
                    paid_on: row
                        .paid_at
                        .map(|at| at.to_jiff().to_zoned(TimeZone::UTC).date()),
                    locale: row.locale,
                    currency: coded("orders", row.id, &row.currency)?,
                    seller: seller.party.clone(),
                    buyer,
                    lines: lines.remove(&row.id).unwrap_or_default(),
                    order: row.code,
                    subject: row.title,
                    corrects: None,
                    dispute: String::new(),
                },
            })
        })
        .collect()
}

/// Where the buyer is: where they say, else where their VAT id is from. Whoever says nothing of either is a consumer, who
/// counts as buying at home; the norm wants some country of every buyer.
fn buyer(
    seller: &Party,
    buyer_name: String,
    (name, address): (String, &str),
    (country, vat_id): (String, String),
) -> Party {
    Party {
        name: if name.is_empty() { buyer_name } else { name },
        address: lines(address),
        country: Some(country)
            .filter(|country| !country.is_empty())
            .or_else(|| country_of_vat_id(&vat_id))
            .unwrap_or_else(|| seller.country.clone()),
        vat_id,
        ..Party::default()
    }
}

async fn lines_of(
    tx: &mut Tx,
    organization: OrganizationId,
    orders: &[Uuid],
    seller: &Seller,
) -> Result<HashMap<Uuid, Vec<Line>>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select l.order_id, concat_ws(' · ', t.name, l.phase_name) as "name!", l.quantity, l.tax_minor, l.tax_rate, o.reverse_charge,
               coalesce(l.net_minor, l.quantity * l.unit_price_minor - l.tax_minor) as "net_minor!",
               (select c.code from promo_uses u join promo_codes c on c.id = u.promo_code_id
                where u.hold_id = o.hold_id and u.given_back_at is null and l.full_price_minor is not null) as promo
        from order_lines l
        join orders o on o.id = l.order_id
        join ticket_types t on t.id = l.ticket_type_id
        where l.organization_id = $1 and l.order_id = any($2) and l.unit_price_minor > 0
        order by l.order_id, t.position, t.number, l.unit_price_minor, l.id
        "#,
        organization.get(),
        orders
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut lines: HashMap<Uuid, Vec<Line>> = HashMap::new();
    for row in rows {
        let rate = prices::rate("order_lines", row.order_id, row.tax_rate)?.unwrap_or_default();
        let (category, reason) = if row.reverse_charge {
            (Category::AE, String::new())
        } else {
            category(seller, rate)
        };
        lines.entry(row.order_id).or_default().push(Line {
            // The price is what was paid; the code says why it is not the usual one.
            text: match row.promo {
                Some(code) => format!("{} ({code})", row.name),
                None => row.name,
            },
            quantity: count("order_lines", row.order_id, row.quantity)?,
            net: row.net_minor,
            tax: row.tax_minor,
            rate,
            category,
            reason,
        });
    }
    Ok(lines)
}

fn category(seller: &Seller, rate: Rate) -> (Category, String) {
    if !rate.is_zero() {
        return (Category::S, String::new());
    }
    match seller.tax_mode.as_str() {
        "included" | "added" => (Category::Z, String::new()),
        "small_business" => (Category::E, seller.tax_note.clone()),
        _ => (Category::O, seller.tax_note.clone()),
    }
}
