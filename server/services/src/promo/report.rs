//! What codes brought in, and what they cost.

use domain::{
    ids::OrganizationId,
    money::{Currency, Money},
};

use crate::{
    Services, Unexpected,
    ledger::Wanted,
    permit::{Permit, ViewFinances},
    rows::{at, coded, count},
    sheet::{self, Cell},
};

/// More codes than anybody reads; all of them are in the file of the codes.
const MOST: i64 = 1_000;

/// One code in a span of days: orders that were paid in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeFigures {
    pub code: String,
    pub name: String,
    pub orders: u32,
    pub tickets: u32,
    /// What was paid with it.
    pub revenue: Money,
    /// What it took off.
    pub discount: Money,
}

/// By code, the greatest discount first; amounts of several currencies are in lines of their own, as each code has one.
pub async fn report(
    sv: &Services,
    permit: &Permit<ViewFinances>,
    wanted: &Wanted,
) -> Result<Vec<CodeFigures>, Unexpected> {
    let organization: OrganizationId = permit.organization();
    let (from, until) = wanted.bounds();
    let mut tx = sv.db.begin(permit.scope()).await?;
    let rows = sqlx::query!(
        r#"
        select c.id, c.code, c.name, c.currency, count(*) as "orders!", sum(o.total_minor)::bigint as "revenue!",
               sum(u.discount_minor)::bigint as "discount!",
               sum((select sum(l.quantity) from order_lines l where l.order_id = o.id))::bigint as "tickets!"
        from orders o
        join promo_uses u on u.hold_id = o.hold_id and u.given_back_at is null
        join promo_codes c on c.id = u.promo_code_id
        join events e on e.id = o.event_id
        where o.organization_id = $1 and o.paid_at >= $2 and o.paid_at < $3 and ($4::text is null or e.slug = $4)
        group by c.id
        order by sum(u.discount_minor) desc, c.id
        limit $5
        "#,
        organization.get(),
        at(from) as _,
        at(until) as _,
        wanted.event,
        MOST
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    rows.into_iter()
        .map(|row| {
            let currency: Currency = coded("promo_codes", row.id, &row.currency)?;
            Ok(CodeFigures {
                code: row.code,
                name: row.name,
                orders: count("promo_codes", row.id, row.orders)?,
                tickets: count("promo_codes", row.id, row.tickets)?,
                revenue: Money::new(row.revenue, currency),
                discount: Money::new(row.discount, currency),
            })
        })
        .collect()
}

/// The same as CSV; names of columns are for programs.
pub fn report_sheet(figures: &[CodeFigures]) -> Result<Vec<u8>, Unexpected> {
    let headings = [
        "code", "campaign", "currency", "orders", "tickets", "revenue", "discount",
    ];
    let lines = figures.iter().map(|one| {
        [
            Cell::Text(one.code.clone()),
            Cell::Text(one.name.clone()),
            Cell::Text(one.revenue.currency.to_string()),
            Cell::Count(one.orders),
            Cell::Count(one.tickets),
            Cell::Amount(one.revenue),
            Cell::Amount(one.discount),
        ]
        .map(Cell::into_text)
    });
    sheet::records(std::iter::once(headings.map(str::to_owned)).chain(lines))
}
