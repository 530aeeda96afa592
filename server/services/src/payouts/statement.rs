//! What a payout is made of: every booking since the one before it.

use domain::{ids::PayoutId, money::Money, payouts::PayoutState, when::Timestamp};
use uuid::Uuid;

use crate::{
    Services, Unexpected,
    db::Tx,
    paging::{Cursor, Page, limit},
    permit::{Permit, ViewFinances},
    rows::{at, coded, money},
    sheet,
};

/// A payout and how it came about. `opening` and the changes of all lines sum to `closing`; the payout is one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    pub id: PayoutId,
    pub number: i32,
    pub state: PayoutState,
    pub amount: Money,
    pub opening: Money,
    pub closing: Money,
    pub holder: String,
    pub last_four: String,
    pub reference: String,
    pub requested_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    /// When the bank gave it back, and why.
    pub returned: Option<(Timestamp, String)>,
    /// What each kind of booking has changed, in the order of the kinds' names.
    pub sums: Vec<(String, Money)>,
    /// Oldest first, the payout itself at the end.
    pub lines: Vec<StatementLine>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementLine {
    pub id: Uuid,
    pub at: Timestamp,
    /// What happened, as the ledger names it: `sale`, `refund`, `payout` …
    pub kind: String,
    pub order_code: Option<String>,
    pub event_title: Option<String>,
    /// Why, of a correction.
    pub reason: Option<String>,
    /// By how much it changed what is owed to the organization.
    pub owed: Money,
    /// Of that, tax.
    pub tax: Money,
    /// The platform's fee in it; below zero when it was given back.
    pub fee: Money,
}

impl Statement {
    /// As CSV, one line for each booking between what was owed before and what is left. Names of columns are those of the
    /// database, since programs read them; amounts have a point; times are UTC.
    pub fn sheet(&self) -> Result<Vec<u8>, Unexpected> {
        let nothing = Money::zero(self.amount.currency);
        let end = |kind: &str, owed: Money| StatementLine {
            id: self.id.get(),
            at: self.requested_at,
            kind: kind.to_owned(),
            order_code: None,
            event_title: None,
            reason: None,
            owed,
            tax: nothing,
            fee: nothing,
        };
        let (opening, closing) = (end("opening", self.opening), end("closing", self.closing));
        let lines = std::iter::once(&opening)
            .chain(&self.lines)
            .chain(std::iter::once(&closing));
        let headings = [
            "occurred_at",
            "kind",
            "order",
            "event",
            "currency",
            "fee",
            "tax",
            "owed",
            "reason",
        ];
        let cells = lines.map(|line| {
            [
                line.at.to_string(),
                line.kind.clone(),
                line.order_code.clone().unwrap_or_default(),
                line.event_title.clone().unwrap_or_default(),
                line.owed.currency.to_string(),
                line.fee.to_decimal_string(),
                line.tax.to_decimal_string(),
                line.owed.to_decimal_string(),
                line.reason.clone().unwrap_or_default(),
            ]
        });
        sheet::records(std::iter::once(headings.map(str::to_owned)).chain(cells))
    }
}

/// With all its lines. `None` if the organization has no payout of that number.
pub async fn statement(
    sv: &Services,
    permit: &Permit<ViewFinances>,
    number: i32,
) -> Result<Option<Statement>, Unexpected> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let Some(head) = head(&mut tx, permit, number).await? else {
        return Ok(None);
    };
    let lines = lines(&mut tx, permit, &head, None, None).await?;
    tx.commit().await?;
    Ok(Some(Statement { lines, ..head }))
}

/// With one page of its lines, and the way to the next.
pub async fn statement_page(
    sv: &Services,
    permit: &Permit<ViewFinances>,
    number: i32,
    after: Option<&str>,
    size: u16,
) -> Result<Option<(Statement, Option<String>)>, Unexpected> {
    let (size, after) = (limit(size), Cursor::decode(after));
    let mut tx = sv.db.begin(permit.scope()).await?;
    let Some(head) = head(&mut tx, permit, number).await? else {
        return Ok(None);
    };
    let found = lines(&mut tx, permit, &head, after, Some(size + 1)).await?;
    tx.commit().await?;
    let page = Page::cut(found, size, |line| Cursor {
        at: line.at,
        id: line.id,
    });
    let lines = page.items;
    Ok(Some((Statement { lines, ..head }, page.next)))
}

/// Everything but the lines.
async fn head(
    tx: &mut Tx,
    permit: &Permit<ViewFinances>,
    number: i32,
) -> Result<Option<Statement>, Unexpected> {
    let row = sqlx::query!(
        r#"
        select id, currency, amount_minor, opening_minor, closing_minor, state, holder, last_four, reference,
               requested_at, ended_at, returned_at, returned_reason
        from payouts where organization_id = $1 and number = $2
        "#,
        permit.organization().get(),
        number
    )
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let sums = sqlx::query!(
        r#"
        select t.kind, -coalesce(sum(e.amount_minor), 0)::bigint as "owed!"
        from payout_items i
        join ledger_transactions t on t.id = i.transaction_id
        left join ledger_entries e on e.transaction_id = t.id and e.currency = $3
            and e.account in ('organizer_payable', 'tax_collected')
        where i.organization_id = $1 and i.payout_id = $2
        group by t.kind
        order by t.kind
        "#,
        permit.organization().get(),
        row.id,
        row.currency
    )
    .fetch_all(&mut **tx)
    .await?;
    let of = |minor| money("payouts", row.id, minor, &row.currency);
    Ok(Some(Statement {
        id: PayoutId::new(row.id),
        number,
        state: coded("payouts", row.id, &row.state)?,
        amount: of(row.amount_minor)?,
        opening: of(row.opening_minor)?,
        closing: of(row.closing_minor)?,
        holder: row.holder,
        last_four: row.last_four,
        reference: row.reference,
        requested_at: row.requested_at.to_jiff(),
        ended_at: row.ended_at.map(|at| at.to_jiff()),
        returned: row
            .returned_at
            .map(|at| (at.to_jiff(), row.returned_reason)),
        sums: sums
            .into_iter()
            .map(|sum| Ok((sum.kind, of(sum.owed)?)))
            .collect::<Result<_, Unexpected>>()?,
        lines: Vec::new(),
    }))
}

/// Those after a line, oldest first; the payout itself is the last of all, so that none comes after it.
async fn lines(
    tx: &mut Tx,
    permit: &Permit<ViewFinances>,
    head: &Statement,
    after: Option<Cursor>,
    limit: Option<usize>,
) -> Result<Vec<StatementLine>, Unexpected> {
    let currency = head.amount.currency.as_str();
    let rows = sqlx::query!(
        r#"
        select t.id, t.kind, t.occurred_at, o.code as "code?", v.title as "title?", a.reason as "reason?", b.owed as "owed!",
               b.tax as "tax!", b.fee as "fee!"
        from (
            select t.id, t.kind, t.occurred_at, t.order_id, t.adjustment_id, t.payout_id is not distinct from i.payout_id as own
            from payout_items i
            join ledger_transactions t on t.id = i.transaction_id
            where i.organization_id = $1 and i.payout_id = $2
              and ($4::timestamptz is null
                   or (t.payout_id is not distinct from i.payout_id, t.occurred_at, t.id) > (false, $4, $5::uuid))
            order by t.payout_id is not distinct from i.payout_id, t.occurred_at, t.id
            limit $6
        ) t
        left join orders o on o.id = t.order_id
        left join events v on v.id = o.event_id
        left join adjustments a on a.id = t.adjustment_id
        cross join lateral (
            select coalesce(-sum(e.amount_minor) filter (where e.account in ('organizer_payable', 'tax_collected')), 0)::bigint as owed,
                   coalesce(-sum(e.amount_minor) filter (where e.account = 'tax_collected'), 0)::bigint as tax,
                   coalesce(-sum(e.amount_minor) filter (where e.account = 'platform_fees'), 0)::bigint as fee
            from ledger_entries e where e.transaction_id = t.id and e.currency = $3
        ) b
        order by t.own, t.occurred_at, t.id
        "#,
        permit.organization().get(),
        head.id.get(),
        currency,
        after.map(|c| at(c.at)) as _,
        after.map(|c| c.id),
        limit.and_then(|limit| i64::try_from(limit).ok())
    )
    .fetch_all(&mut **tx)
    .await?;
    let of = |minor| money("payouts", head.id, minor, currency);
    rows.into_iter()
        .map(|line| {
            Ok(StatementLine {
                id: line.id,
                at: line.occurred_at.to_jiff(),
                kind: line.kind,
                order_code: line.code,
                event_title: line.title,
                reason: line.reason,
                owed: of(line.owed)?,
                tax: of(line.tax)?,
                fee: of(line.fee)?,
            })
        })
        .collect()
}
