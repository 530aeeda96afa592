use domain::{
    ids::PromoCodeId,
    money::{Currency, Money},
    pricing::Off,
    promo::PromoState,
    when::Timestamp,
};
use services::{
    paging::Page,
    permit::{ManagePromoCodes, Permit},
    promo::{ChangeCodeError, Choices, CodeForm, CodeRow, CreateCodeError},
    zone,
};

use super::{
    OffView, PromoChoicesView, PromoForm, PromoListView, PromoPageView, PromoRowView, PromoStanding,
};
use crate::{ApiError, Ctx};

/// Links for this many events are enough to look at.
const MOST_LINKS: usize = 20;

pub(super) fn id(text: &str) -> Result<PromoCodeId, ApiError> {
    text.parse().map_err(|_| ApiError::not_found())
}

pub(super) fn form(form: PromoForm) -> CodeForm {
    CodeForm {
        code: form.code,
        name: form.name,
        event: form.event,
        currency: form.currency,
        kind: form.kind,
        value: form.value,
        ticket_types: form.ticket_types,
        from: form.from,
        until: form.until,
        max_uses: form.max_uses,
        max_per_customer: form.max_per_customer,
        budget: form.budget,
    }
}

pub(super) async fn list(
    ctx: &Ctx,
    may: &Permit<ManagePromoCodes>,
    page: Page<CodeRow>,
) -> Result<PromoListView, ApiError> {
    let zone = services::promo::zone(&ctx.services, may).await?;
    let now = ctx.services.now();
    Ok(PromoListView {
        rows: page.items.iter().map(|one| row(one, &zone, now)).collect(),
        next: page.next,
        zone,
    })
}

pub(super) fn choices(found: Choices, event: &str) -> PromoChoicesView {
    let chosen = found.events.iter().find(|one| one.id.to_string() == event);
    let mut currencies: Vec<String> = Vec::new();
    for one in &found.events {
        let currency = one.currency.as_str().to_owned();
        if !currencies.contains(&currency) {
            currencies.push(currency);
        }
    }
    for other in Currency::all() {
        let other = other.as_str().to_owned();
        if !currencies.contains(&other) {
            currencies.push(other);
        }
    }
    let likely = currencies.first().cloned().unwrap_or_default();
    PromoChoicesView {
        event: chosen.map(|one| one.id.to_string()),
        ticket_types: chosen.map_or_else(Vec::new, |one| {
            let types = one.ticket_types.iter();
            types
                .map(|(id, name)| (id.to_string(), name.clone()))
                .collect()
        }),
        currency: chosen.map_or(likely, |one| one.currency.as_str().to_owned()),
        currencies,
        events: found
            .events
            .into_iter()
            .map(|one| (one.id.to_string(), one.title))
            .collect(),
        zone: found.zone,
        most: services::promo::MOST_AT_ONCE,
    }
}

pub(super) async fn page(
    ctx: &Ctx,
    may: &Permit<ManagePromoCodes>,
    wanted: &str,
) -> Result<PromoPageView, ApiError> {
    let sv = &ctx.services;
    let found = services::promo::find(sv, may, id(wanted)?)
        .await?
        .ok_or_else(ApiError::not_found)?;
    let event = found.event.as_ref().map(|(id, ..)| *id);
    let kept = event.map(|event| services::promo::Kept {
        event,
        ticket_types: &found.ticket_types,
    });
    let all = services::promo::choices(sv, may, kept).await?;
    let links = all
        .events
        .iter()
        .filter(|one| one.currency == found.currency && event.is_none_or(|only| only == one.id))
        .take(MOST_LINKS)
        .map(|one| (one.title.clone(), link(sv, &one.slug, &found.code)))
        .collect();
    let event_text = event.map(|id| id.to_string()).unwrap_or_default();
    let choices = choices(all, &event_text);
    Ok(PromoPageView {
        row: row(&found, &choices.zone, sv.now()),
        paused: found.state == PromoState::Paused,
        removable: !found.touched,
        form: typed(&found, &choices.zone),
        choices,
        links,
    })
}

/// The event's page with the code filled in.
fn link(sv: &services::Services, slug: &str, code: &str) -> String {
    // As it is compared: nothing in it needs escaping.
    let code = domain::promo::fold(code).unwrap_or_default();
    format!("{}/e/{slug}?code={code}", sv.settings.public_url)
}

fn row(one: &CodeRow, zone: &str, now: Timestamp) -> PromoRowView {
    PromoRowView {
        id: one.id.to_string(),
        code: one.code.clone(),
        name: one.name.clone(),
        standing: standing(one, now),
        off: off(one.off),
        event: one.event.as_ref().map(|(_, title, _)| title.clone()),
        used: one.used,
        max_uses: one.max_uses,
        spent: one.spent,
        budget: one.budget,
        until: one.until.and_then(|at| local(at, zone)),
    }
}

fn standing(one: &CodeRow, now: Timestamp) -> PromoStanding {
    match one.state {
        PromoState::Paused => PromoStanding::Paused,
        PromoState::Active if one.until.is_some_and(|until| until <= now) => PromoStanding::Over,
        PromoState::Active
            if one.max_uses.is_some_and(|most| most <= one.used)
                || one
                    .budget
                    .is_some_and(|budget| budget.minor <= one.spent.minor) =>
        {
            PromoStanding::UsedUp
        }
        PromoState::Active if one.from.is_some_and(|from| now < from) => PromoStanding::NotYet,
        PromoState::Active => PromoStanding::Active,
    }
}

fn off(off: Off) -> OffView {
    match off {
        Off::Percent(bp) => OffView::Percent(percent(bp)),
        Off::Ticket(amount) => OffView::Ticket(amount),
        Off::Order(amount) => OffView::Order(amount),
    }
}

/// "12.5"
fn percent(bp: u16) -> String {
    let text = Money::new(i64::from(bp), Currency::EUR).to_decimal_string();
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn local(at: Timestamp, zone: &str) -> Option<jiff::civil::DateTime> {
    zone::local(at, zone).ok().map(|local| local.at)
}

/// The code as its form would be filled in.
fn typed(one: &CodeRow, zone: &str) -> PromoForm {
    let number = |number: Option<u32>| number.map(|n| n.to_string()).unwrap_or_default();
    let time = |at: Option<Timestamp>| {
        at.and_then(|at| local(at, zone))
            .map(|at| at.strftime("%Y-%m-%dT%H:%M").to_string())
            .unwrap_or_default()
    };
    let (kind, value) = match one.off {
        Off::Percent(bp) => ("percent", percent(bp)),
        Off::Ticket(amount) => ("ticket", amount.to_decimal_string()),
        Off::Order(amount) => ("order", amount.to_decimal_string()),
    };
    PromoForm {
        code: one.code.clone(),
        name: one.name.clone(),
        event: one
            .event
            .as_ref()
            .map(|(id, ..)| id.to_string())
            .unwrap_or_default(),
        currency: one.currency.as_str().to_owned(),
        kind: kind.to_owned(),
        value,
        ticket_types: one.ticket_types.iter().map(ToString::to_string).collect(),
        from: time(one.from),
        until: time(one.until),
        max_uses: number(one.max_uses),
        max_per_customer: number(one.max_per_customer),
        budget: one.budget.map(Money::to_decimal_string).unwrap_or_default(),
    }
}

impl From<CreateCodeError> for ApiError {
    fn from(e: CreateCodeError) -> Self {
        match e {
            CreateCodeError::Fields(fields) => fields.into(),
            CreateCodeError::Unexpected(e) => e.into(),
        }
    }
}

impl From<ChangeCodeError> for ApiError {
    fn from(e: ChangeCodeError) -> Self {
        let code = e.code();
        match e {
            ChangeCodeError::NotFound => Self::not_found(),
            ChangeCodeError::WasUsed => Self::conflict(code),
            ChangeCodeError::Fields(fields) => fields.into(),
            ChangeCodeError::Unexpected(e) => e.into(),
        }
    }
}
