//! The codes of an organization.

use domain::{
    ids::{EventId, PromoCodeId, TicketTypeId},
    money::{Currency, Money},
    pricing::Off,
    promo::{PromoState, fold},
    when::Timestamp,
};

use super::rows::off;
use crate::{
    Services, Unexpected,
    paging::{Cursor, Page, limit},
    permit::{ManagePromoCodes, Permit},
    rows::{at, coded, count},
};

const PAGE: u16 = 50;

/// Which codes.
#[derive(Debug, Clone, Default)]
pub struct CodeFilter {
    /// In the code or the campaign.
    pub search: String,
    pub state: Option<PromoState>,
    pub after: Option<String>,
}

/// A code as its organizer sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeRow {
    pub id: PromoCodeId,
    pub code: String,
    pub name: String,
    pub state: PromoState,
    pub off: Off,
    pub currency: Currency,
    /// Id, title and address; `None`: all events.
    pub event: Option<(EventId, String, String)>,
    pub ticket_types: Vec<TicketTypeId>,
    pub from: Option<Timestamp>,
    pub until: Option<Timestamp>,
    pub max_uses: Option<u32>,
    pub max_per_customer: Option<u32>,
    pub used: u32,
    pub budget: Option<Money>,
    pub spent: Money,
    /// Whether anybody ever had it: then it cannot be removed.
    pub touched: bool,
    pub created_at: Timestamp,
}

/// Newest first.
pub async fn list(
    sv: &Services,
    permit: &Permit<ManagePromoCodes>,
    filter: &CodeFilter,
) -> Result<Page<CodeRow>, Unexpected> {
    let cursor = Cursor::decode(filter.after.as_deref());
    let most = limit(PAGE);
    let rows = read(sv, permit, filter, (None, cursor, most + 1)).await?;
    Ok(Page::cut(rows, most, |row| Cursor {
        at: row.created_at,
        id: row.id.get(),
    }))
}

/// One of them.
pub async fn find(
    sv: &Services,
    permit: &Permit<ManagePromoCodes>,
    id: PromoCodeId,
) -> Result<Option<CodeRow>, Unexpected> {
    let filter = CodeFilter::default();
    let mut rows = read(sv, permit, &filter, (Some(id), None, 1)).await?;
    Ok(rows.pop())
}

/// Some of them, for a file.
pub(super) async fn portion(
    sv: &Services,
    permit: &Permit<ManagePromoCodes>,
    filter: &CodeFilter,
    after: Option<Cursor>,
    most: usize,
) -> Result<Vec<CodeRow>, Unexpected> {
    read(sv, permit, filter, (None, after, most)).await
}

async fn read(
    sv: &Services,
    permit: &Permit<ManagePromoCodes>,
    filter: &CodeFilter,
    (only, cursor, most): (Option<PromoCodeId>, Option<Cursor>, usize),
) -> Result<Vec<CodeRow>, Unexpected> {
    let organization = permit.organization();
    let words = filter.search.trim();
    let folded = fold(&filter.search).unwrap_or_default();
    let mut tx = sv.db.begin(permit.scope()).await?;
    let rows = sqlx::query!(
        r#"
        select c.id, c.code, c.name, c.state, c.kind, c.percent_bp, c.amount_minor, c.currency, c.event_id,
               e.title as "title?", e.slug as "slug?", c.ticket_types, c.valid_from, c.valid_until, c.max_uses,
               c.max_per_customer, c.used, c.budget_minor, c.spent_minor, c.created_at,
               exists (select from promo_uses u where u.promo_code_id = c.id) as "touched!"
        from promo_codes c
        left join events e on e.id = c.event_id
        where c.organization_id = $1
          and ($2::uuid is null or c.id = $2)
          and ($3::text is null or c.state = $3)
          and ($4 = '' or strpos(lower(c.name), lower($4)) > 0 or ($5 <> '' and strpos(c.folded, $5) > 0))
          and ($6::timestamptz is null or (c.created_at, c.id) < ($6, $7))
        order by c.created_at desc, c.id desc
        limit $8
        "#,
        organization.get(),
        only.map(PromoCodeId::get),
        filter.state.map(PromoState::code),
        words,
        folded,
        cursor.map(|cursor| at(cursor.at)) as _,
        cursor.map(|cursor| cursor.id),
        i64::try_from(most).unwrap_or(i64::MAX)
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    rows.into_iter()
        .map(|row| {
            let id = PromoCodeId::new(row.id);
            let currency: Currency = coded("promo_codes", id, &row.currency)?;
            let number = |n: i32| count("promo_codes", id, n);
            let event = row.event_id.map(EventId::new);
            Ok(CodeRow {
                id,
                code: row.code,
                name: row.name,
                state: coded("promo_codes", id, &row.state)?,
                off: off(
                    id,
                    coded("promo_codes", id, &row.kind)?,
                    row.percent_bp,
                    row.amount_minor,
                    currency,
                )?,
                currency,
                event: event.map(|event| {
                    let title = row.title.unwrap_or_default();
                    (event, title, row.slug.unwrap_or_default())
                }),
                ticket_types: row
                    .ticket_types
                    .unwrap_or_default()
                    .into_iter()
                    .map(TicketTypeId::new)
                    .collect(),
                from: row.valid_from.map(|at| at.to_jiff()),
                until: row.valid_until.map(|at| at.to_jiff()),
                max_uses: row.max_uses.map(number).transpose()?,
                max_per_customer: row.max_per_customer.map(number).transpose()?,
                used: number(row.used)?,
                budget: row.budget_minor.map(|minor| Money::new(minor, currency)),
                spent: Money::new(row.spent_minor, currency),
                touched: row.touched,
                created_at: row.created_at.to_jiff(),
            })
        })
        .collect()
}
