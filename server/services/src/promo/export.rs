//! Codes as a CSV file (RFC 4180), in portions: to hand them out, and to see what became of them. It names no people.

use domain::{money::Money, pricing::Off, promo::PromoState};
use futures::{Stream, stream};
use locales::{Locale, promo as t};

use super::{CodeFilter, CodeRow, list::portion};
use crate::{
    Services, Unexpected,
    paging::Cursor,
    permit::{ManagePromoCodes, Permit},
    sheet,
};

const PORTION: usize = 500;
/// Tells spreadsheets that the text is UTF-8.
const BYTE_ORDER_MARK: &str = "\u{FEFF}";

/// The file piece by piece, headings first; times are those of UTC.
pub fn export(
    sv: &Services,
    permit: &Permit<ManagePromoCodes>,
    filter: CodeFilter,
    locale: Locale,
) -> impl Stream<Item = Result<Vec<u8>, Unexpected>> + Send + use<> {
    let (sv, permit) = (sv.clone(), permit.clone());
    stream::try_unfold(State::Start, move |state| {
        let (sv, permit, filter) = (sv.clone(), permit.clone(), filter.clone());
        async move { piece(&sv, &permit, &filter, locale, state).await }
    })
}

enum State {
    Start,
    After(Option<Cursor>),
    End,
}

async fn piece(
    sv: &Services,
    permit: &Permit<ManagePromoCodes>,
    filter: &CodeFilter,
    l: Locale,
    state: State,
) -> Result<Option<(Vec<u8>, State)>, Unexpected> {
    let after = match state {
        State::End => return Ok(None),
        State::Start => {
            let mut bytes = BYTE_ORDER_MARK.as_bytes().to_vec();
            bytes.extend(sheet::records([headings(l)])?);
            return Ok(Some((bytes, State::After(None))));
        }
        State::After(after) => after,
    };
    let rows = portion(sv, permit, filter, after, PORTION).await?;
    let next = match rows.last() {
        Some(last) if rows.len() == PORTION => State::After(Some(Cursor {
            at: last.created_at,
            id: last.id.get(),
        })),
        _ => State::End,
    };
    let bytes = sheet::records(rows.iter().map(|row| cells(sv, l, row)))?;
    Ok(Some((bytes, next)))
}

fn headings(l: Locale) -> [String; 10] {
    [
        t::csv_code(l),
        t::csv_name(l),
        t::csv_state(l),
        t::csv_off(l),
        t::csv_used(l),
        t::csv_spent(l),
        t::csv_currency(l),
        t::csv_event(l),
        t::csv_until(l),
        t::csv_link(l),
    ]
    .map(str::to_owned)
}

fn cells(sv: &Services, l: Locale, row: &CodeRow) -> [String; 10] {
    let state = match row.state {
        PromoState::Active => t::active(l),
        PromoState::Paused => t::paused(l),
    };
    let off = match row.off {
        Off::Percent(bp) => {
            let percent = Money::new(i64::from(bp), domain::money::Currency::EUR);
            t::off_percent(l, percent.to_decimal_string())
        }
        Off::Ticket(amount) => t::off_ticket(l, amount.to_decimal_string()),
        Off::Order(amount) => t::off_order(l, amount.to_decimal_string()),
    };
    let (event, link) = match &row.event {
        Some((_, title, slug)) => {
            let code = domain::promo::fold(&row.code).unwrap_or_default();
            let link = format!("{}/e/{slug}?code={code}", sv.settings.public_url);
            (title.clone(), link)
        }
        None => (String::new(), String::new()),
    };
    [
        row.code.clone(),
        row.name.clone(),
        state.to_owned(),
        off,
        row.used.to_string(),
        row.spent.to_decimal_string(),
        row.currency.to_string(),
        event,
        row.until.map(|at| at.to_string()).unwrap_or_default(),
        link,
    ]
}
