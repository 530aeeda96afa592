//! Tickets that others gave to the person of an account, found by their proven address.

use domain::{ids::TicketId, tickets::TicketState, when::Timestamp};

use super::{about_ticket, holder_secret};
use crate::{
    Services, Unexpected,
    db::{Scope, Tx},
    messaging::{Given, Link},
    rows::{at, coded},
    session::Session,
};

/// So many are enough for one page.
const MOST: i64 = 100;

/// A ticket as whoever got it finds it.
#[derive(Debug, Clone)]
pub struct GivenTicket {
    /// Opens the ticket's page.
    pub secret: String,
    pub state: TicketState,
    pub ticket_type: String,
    pub event_title: String,
    pub venue: String,
    pub city: String,
    /// IANA name of the event's zone.
    pub time_zone: String,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
}

/// Those that are still with the person: of events that are not over with the next one first, then the latest of the others.
pub async fn given_to_me(sv: &Services, session: &Session) -> Result<Vec<GivenTicket>, Unexpected> {
    if !session.email_verified {
        return Ok(Vec::new());
    }
    let mut tx = sv.db.begin(Scope::System).await?;
    let rows = sqlx::query!(
        r#"
        select t.id, t.state, y.name as ticket_type, e.title, e.venue_name, e.venue_city, e.time_zone, e.starts_at, e.ends_at
        from handovers h
        join tickets t on t.id = h.new_ticket_id
        join ticket_types y on y.id = t.ticket_type_id
        join events e on e.id = t.event_id
        where lower(h.recipient_email) = $1 and h.state = 'accepted' and t.state <> 'replaced'
        order by e.ends_at < $2, case when e.ends_at >= $2 then e.starts_at end, e.starts_at desc, t.id
        limit $3
        "#,
        session.email.to_lowercase(),
        at(sv.now()) as _,
        MOST
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    rows.into_iter()
        .map(|row| {
            Ok(GivenTicket {
                secret: holder_secret(sv, TicketId::new(row.id)),
                state: coded("tickets", row.id, &row.state)?,
                ticket_type: row.ticket_type,
                event_title: row.title,
                venue: row.venue_name,
                city: row.venue_city,
                time_zone: row.time_zone,
                starts_at: row.starts_at.to_jiff(),
                ends_at: row.ends_at.to_jiff(),
            })
        })
        .collect()
}

/// Links of the tickets that an address was given and still has, for a mail to it.
pub(crate) async fn given_to(
    tx: &mut Tx,
    email_key: &str,
    limit: i64,
) -> Result<Vec<Given>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select t.id, y.name as ticket_type, e.title
        from handovers h
        join tickets t on t.id = h.new_ticket_id
        join ticket_types y on y.id = t.ticket_type_id
        join events e on e.id = t.event_id
        where lower(h.recipient_email) = $1 and h.state = 'accepted' and t.state <> 'replaced'
        order by h.decided_at desc, t.id
        limit $2
        "#,
        email_key,
        limit
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Given {
            event: row.title,
            ticket_type: row.ticket_type,
            link: Link::secret("/tickets/", about_ticket(TicketId::new(row.id))),
        })
        .collect())
}
