//! A run as a CSV file (RFC 4180), in portions. It names orders and money, no people.

use domain::ids::{EventId, RefundRunId};
use futures::{Stream, stream};
use jiff::tz::TimeZone;
use locales::{Locale, refunds as t};

use super::{
    list::{RunRow, page},
    show::latest,
};
use crate::{
    Services, Unexpected,
    checkout::summary,
    paging::Cursor,
    permit::{Permit, ViewOrders},
    sheet,
};

const PORTION: usize = 500;
/// Tells spreadsheets that the text is UTF-8.
const BYTE_ORDER_MARK: &str = "\u{FEFF}";

/// The file piece by piece, headings first, which is all where nothing was refunded; times are those of UTC. `None` when
/// the organization has no such event.
pub async fn export_run(
    sv: &Services,
    permit: &Permit<ViewOrders>,
    event: EventId,
    locale: Locale,
) -> Result<Option<impl Stream<Item = Result<Vec<u8>, Unexpected>> + Send + use<>>, Unexpected> {
    if !permit.covers(event) {
        return Ok(None);
    }
    let mut tx = sv.db.begin(permit.scope()).await?;
    if summary(&mut tx, permit.organization(), event)
        .await?
        .is_none()
    {
        return Ok(None);
    }
    let run = latest(&mut tx, permit.organization(), event).await?;
    tx.commit().await?;
    let (sv, permit, run) = (sv.clone(), permit.clone(), run.map(|run| run.id));
    Ok(Some(stream::try_unfold(State::Start, move |state| {
        let (sv, permit) = (sv.clone(), permit.clone());
        async move { piece(&sv, &permit, run, locale, state).await }
    })))
}

enum State {
    Start,
    After(Option<String>),
    End,
}

async fn piece(
    sv: &Services,
    permit: &Permit<ViewOrders>,
    run: Option<RefundRunId>,
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
    let Some(run) = run else { return Ok(None) };
    let cursor = Cursor::decode(after.as_deref());
    let mut tx = sv.db.begin(permit.scope()).await?;
    let found = page(&mut tx, permit.organization(), run, None, cursor, PORTION).await?;
    tx.commit().await?;
    let bytes = sheet::records(found.items.iter().map(cells))?;
    let next = found
        .next
        .map_or(State::End, |after| State::After(Some(after)));
    Ok(Some((bytes, next)))
}

fn headings(l: Locale) -> [String; 7] {
    [
        t::col_order(l),
        t::col_outcome(l),
        t::col_why(l),
        t::col_amount(l),
        t::col_currency(l),
        t::col_provider(l),
        t::col_changed(l),
    ]
    .map(str::to_owned)
}

fn cells(row: &RunRow) -> [String; 7] {
    [
        row.code.to_string(),
        row.outcome.code().to_owned(),
        row.why.clone(),
        row.amount.to_decimal_string(),
        row.amount.currency.to_string(),
        row.provider_says.clone(),
        row.changed_at
            .to_zoned(TimeZone::UTC)
            .strftime("%Y-%m-%d %H:%M")
            .to_string(),
    ]
}
