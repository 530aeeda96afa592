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

/// One code in a span of days: orders that were paid in it, and what of money of such orders went back in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeFigures {
    pub code: String,
    pub name: String,
    pub orders: u32,
    pub tickets: u32,
    /// What was paid with it, by the books, tickets that were given in included.
    pub revenue: Money,
    /// What was promised back.
    pub refunded: Money,
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
        with used as (
            select c.id, c.code, c.name, c.currency, o.id as order_id, u.discount_minor, o.paid_at >= $2 as paid_now
            from promo_codes c
            join promo_uses u on u.promo_code_id = c.id and u.taken_at <= $4 and (u.given_back_at is null or u.given_back_at > $4)
            join orders o on o.hold_id = u.hold_id
            join events e on e.id = o.event_id
            where c.organization_id = $1 and o.paid_at < $3 and o.paid_at <= $4 and ($5::text is null or e.slug = $5)
        ),
        booked as (
            select t.order_id, -sum(e.amount_minor) filter (where booked_as(t.kind, t.refund_id, t.reference) = 'sale') as sold,
                   sum(e.amount_minor) filter (where booked_as(t.kind, t.refund_id, t.reference) = 'refund') as back
            from ledger_transactions t
            join ledger_entries e on e.transaction_id = t.id
                and e.account in ('organizer_payable', 'tax_collected', 'platform_fees')
            where t.organization_id = $1 and t.occurred_at >= $2 and t.occurred_at < $3 and t.occurred_at <= $4
              and t.kind in ('sale', 'refund', 'exchange') and t.order_id in (select order_id from used)
            group by t.order_id
        )
        select u.id, u.code, u.name, u.currency, count(*) filter (where u.paid_now) as "orders!",
               coalesce(sum(b.sold), 0)::bigint as "revenue!", coalesce(sum(b.back), 0)::bigint as "refunded!",
               coalesce(sum(u.discount_minor) filter (where u.paid_now), 0)::bigint as "discount!",
               coalesce(sum((select sum(l.quantity) from order_lines l where l.order_id = u.order_id))
                            filter (where u.paid_now), 0)::bigint as "tickets!"
        from used u
        left join booked b on b.order_id = u.order_id
        where u.paid_now or b.order_id is not null
        group by u.id, u.code, u.name, u.currency
        order by 8 desc, u.id
        limit $6
        "#,
        organization.get(),
        at(from) as _,
        at(until) as _,
        at(wanted.as_of) as _,
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
                refunded: Money::new(row.refunded, currency),
                discount: Money::new(row.discount, currency),
            })
        })
        .collect()
}

/// The same as CSV; names of columns are for programs.
pub fn report_sheet(figures: &[CodeFigures]) -> Result<Vec<u8>, Unexpected> {
    let headings = [
        "code", "campaign", "currency", "orders", "tickets", "revenue", "refunded", "discount",
    ];
    let lines = figures.iter().map(|one| {
        [
            Cell::Text(one.code.clone()),
            Cell::Text(one.name.clone()),
            Cell::Text(one.revenue.currency.to_string()),
            Cell::Count(one.orders),
            Cell::Count(one.tickets),
            Cell::Amount(one.revenue),
            Cell::Amount(one.refunded),
            Cell::Amount(one.discount),
        ]
        .map(Cell::into_text)
    });
    sheet::records(std::iter::once(headings.map(str::to_owned)).chain(lines))
}
