//! Which months of which organizations are still to be billed.

use std::collections::BTreeMap;

use domain::{
    ids::OrganizationId,
    invoices::{Fees, Kind},
    money::Currency,
};
use jiff::civil::Date;

use crate::{Unexpected, db::Tx, rows::coded};

/// A month of an organization in a currency.
#[derive(Debug, Clone)]
pub(super) struct Due {
    pub organization: OrganizationId,
    pub currency: Currency,
    /// Its first day.
    pub month: Date,
    /// Minor units; below nothing where more was given back than taken.
    pub amount: i64,
}

impl Due {
    pub fn kind(&self) -> Kind {
        if self.amount > 0 {
            Kind::Platform
        } else {
            Kind::PlatformCredit
        }
    }
}

/// The earliest months first, at most so many. `running` is the month that is not over yet.
pub(super) async fn due(tx: &mut Tx, running: Date, limit: usize) -> Result<Vec<Due>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        with booked as (
            select e.organization_id, e.currency, date_trunc('month', t.occurred_at at time zone 'UTC')::date as month,
                   -sum(e.amount_minor)::bigint as amount
            from ledger_entries e
            join ledger_transactions t on t.id = e.transaction_id
            where e.account = 'platform_fees' and e.organization_id is not null
              and t.occurred_at < ($1::date)::timestamp at time zone 'UTC'
            group by 1, 2, 3
        ),
        billed as (
            select organization_id, currency, max(month) as until,
                   sum(case kind when 'platform' then total_minor else -total_minor end)::bigint as amount
            from invoices
            where order_id is null
            group by 1, 2
        ),
        wanting as (
            select b.organization_id, b.currency
            from booked b
            left join billed x on x.organization_id = b.organization_id and x.currency = b.currency
            group by b.organization_id, b.currency, x.amount
            having sum(b.amount) <> coalesce(x.amount, 0)
                or bool_or(b.amount <> 0 and b.month > coalesce(x.until, '-infinity'))
        )
        select b.organization_id as "organization_id!", b.currency, b.month as "month!: jiff_sqlx::Date",
               b.amount as "amount!", x.until as "until?: jiff_sqlx::Date", coalesce(x.amount, 0) as "billed!"
        from wanting w
        join booked b on b.organization_id = w.organization_id and b.currency = w.currency
        left join billed x on x.organization_id = w.organization_id and x.currency = w.currency
        order by b.organization_id, b.currency, b.month
        "#,
        jiff_sqlx::Date::from(running) as _
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut fees: BTreeMap<(uuid::Uuid, String), Fees> = BTreeMap::new();
    for row in rows {
        let one = fees.entry((row.organization_id, row.currency)).or_default();
        one.months.push((row.month.to_jiff(), row.amount));
        one.billed_until = row.until.map(|until| until.to_jiff());
        one.billed = row.billed;
    }
    let last = running
        .yesterday()
        .map(Date::first_of_month)
        .map_err(|e| Unexpected::new("a month", e))?;
    let mut all = Vec::new();
    for ((organization, code), fees) in fees {
        let currency: Currency = coded("ledger_entries", organization, &code)?;
        let months = fees
            .due(last)
            .map_err(|e| Unexpected::bad_row("ledger_entries", organization, e))?;
        all.extend(months.into_iter().map(|(month, amount)| Due {
            organization: OrganizationId::new(organization),
            currency,
            month,
            amount,
        }));
    }
    // The months of one organization stay in their order when the list is cut.
    all.sort_by_key(|due| (due.month, due.organization, due.currency));
    all.truncate(limit);
    Ok(all)
}
