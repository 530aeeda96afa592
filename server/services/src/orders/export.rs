//! The attendee list as a CSV file (RFC 4180), in portions, so that a full stadium fits through a small server.

use domain::ids::EventId;
use futures::{Stream, stream};
use jiff::tz::TimeZone;
use locales::{Locale, exports};

use super::attendees::{self, AttendeeRow, ListAttendees};
use crate::{
    Services, Unexpected,
    checkout::summary,
    permit::{ExportAttendees, Permit},
    sheet,
};

const PORTION: usize = 500;
/// Tells spreadsheets that the text is UTF-8, which they otherwise get wrong for Arabic.
const BYTE_ORDER_MARK: &str = "\u{FEFF}";

/// The file piece by piece, headings first. Valid tickets only, newest first; times in the event's zone. `None` when
/// the organization has no such event.
pub async fn export_attendees(
    sv: &Services,
    permit: &Permit<ExportAttendees>,
    event: EventId,
    locale: Locale,
) -> Result<Option<impl Stream<Item = Result<Vec<u8>, Unexpected>> + Send + use<>>, Unexpected> {
    if !permit.covers(event) {
        return Ok(None);
    }
    let mut tx = sv.db.begin(permit.scope()).await?;
    let summary = summary(&mut tx, permit.organization(), event).await?;
    tx.commit().await?;
    let Some(summary) = summary else {
        return Ok(None);
    };
    let zone = TimeZone::get(&summary.time_zone).unwrap_or(TimeZone::UTC);
    let first = State::Start(locale);
    let (sv, permit) = (sv.clone(), permit.clone());
    Ok(Some(stream::try_unfold(first, move |state| {
        let (sv, permit, zone) = (sv.clone(), permit.clone(), zone.clone());
        async move { piece(&sv, &permit, event, &zone, state).await }
    })))
}

enum State {
    Start(Locale),
    After(Option<String>),
    End,
}

async fn piece(
    sv: &Services,
    permit: &Permit<ExportAttendees>,
    event: EventId,
    zone: &TimeZone,
    state: State,
) -> Result<Option<(Vec<u8>, State)>, Unexpected> {
    let cursor = match state {
        State::End => return Ok(None),
        State::Start(l) => {
            let mut bytes = BYTE_ORDER_MARK.as_bytes().to_vec();
            bytes.extend(sheet::records([headings(l)])?);
            return Ok(Some((bytes, State::After(None))));
        }
        State::After(cursor) => cursor,
    };
    let ask = ListAttendees {
        event,
        search: String::new(),
        with_void: false,
        cursor,
        limit: 0,
    };
    let mut tx = sv.db.begin(permit.scope()).await?;
    let page = attendees::page(&mut tx, permit.organization().get(), &ask, PORTION).await?;
    tx.commit().await?;
    let bytes = sheet::records(page.items.iter().map(|row| cells(row, zone)))?;
    let next = page
        .next
        .map_or(State::End, |cursor| State::After(Some(cursor)));
    Ok(Some((bytes, next)))
}

fn headings(l: Locale) -> [String; 8] {
    [
        exports::name(l),
        exports::email(l),
        exports::ticket_type(l),
        exports::order_code(l),
        exports::buyer_name(l),
        exports::buyer_email(l),
        exports::issued_at(l),
        exports::admitted_at(l),
    ]
    .map(str::to_owned)
}

fn cells(row: &AttendeeRow, zone: &TimeZone) -> [String; 8] {
    let local = |at: domain::when::Timestamp| {
        at.to_zoned(zone.clone())
            .strftime("%Y-%m-%d %H:%M")
            .to_string()
    };
    [
        row.name.clone(),
        row.email.clone(),
        row.ticket_type.clone(),
        row.order_code.to_string(),
        row.buyer_name.clone(),
        row.buyer_email.clone(),
        local(row.issued_at),
        row.admitted_at.map(local).unwrap_or_default(),
    ]
}
