//! Somebody offers a ticket to another person, who gets a link to accept it by.

use domain::{
    ids::TicketId,
    orders::{NAME_MAX, PassingRefusal},
    text::{Email, FieldErrors, line, no_address},
};
use jiff::SignedDuration;
use locales::Locale;

use super::{about_offer, queries};
use crate::{
    Services, Unexpected,
    db::{Scope, Tx},
    messaging::{self, Link, MailKind, NewMail},
    orders,
    rows::at,
    seal,
    throttle::{self, Limit, TooMany},
};

// Each offer is a mail to somebody who did not ask for it, so there are four brakes.

/// By who asks.
const PER_CLIENT: Limit = Limit {
    what: "offer_ticket",
    tries: 60,
    span: SignedDuration::from_hours(1),
};
/// To one address, from whomever.
pub(super) const PER_RECIPIENT: Limit = Limit {
    what: "offer_ticket_to",
    tries: 20,
    span: SignedDuration::from_hours(24),
};
/// Of one ticket, whatever became of them, as long as they are remembered.
const MOST_OF_TICKET: i64 = 5;
/// Of one order within a day, beyond one for each of its places.
const MORE_THAN_PLACES: i64 = 5;

#[derive(Debug, Clone)]
pub struct OfferTicket {
    /// Of the order, or of a ticket that was passed on before.
    pub secret: String,
    pub ticket: TicketId,
    pub name: String,
    pub email: String,
    /// The language of whoever offers; the recipient's is not known.
    pub locale: Locale,
    /// The household that asks.
    pub client: String,
}

#[derive(Debug, thiserror::Error)]
pub enum OfferError {
    #[error("no such ticket")]
    NotFound,
    #[error(transparent)]
    Fields(#[from] FieldErrors),
    #[error(transparent)]
    TooMany(#[from] TooMany),
    #[error(transparent)]
    Refused(#[from] PassingRefusal),
    /// Take it back first.
    #[error("offered to somebody already")]
    Pending,
    #[error("offered too often")]
    TooOften,
    #[error("too many offers of the order today")]
    EnoughToday,
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

impl OfferError {
    /// Stable key for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Fields(_) => "invalid",
            Self::TooMany(_) => "too_many",
            Self::Refused(why) => why.code(),
            Self::Pending => "passing_pending",
            Self::TooOften => "passing_too_often",
            Self::EnoughToday => "passing_enough_today",
            Self::Unexpected(_) => "internal",
        }
    }
}

/// Offers a ticket. It stays good where it is until it is accepted.
#[tracing::instrument(skip_all, fields(ticket.id = %cmd.ticket))]
pub async fn offer(sv: &Services, cmd: OfferTicket) -> Result<(), OfferError> {
    let mut errors = FieldErrors::new();
    let name = errors.field("name", line(&cmd.name, 1, NAME_MAX).and_then(no_address));
    let email = errors.field("email", Email::parse(&cmd.email));
    errors.finish()?;
    let (Some(name), Some(email)) = (name, email) else {
        return Err(OfferError::Fields(FieldErrors::new()));
    };
    throttle::count(sv, &PER_CLIENT, &cmd.client).await?;
    let mut tx = sv.db.begin(Scope::System).await?;
    let right = queries::right(&mut tx, &cmd.secret)
        .await?
        .ok_or(OfferError::NotFound)?;
    tx.narrow(right.organization).await?;
    orders::lock(&mut tx, right.organization, right.order)
        .await?
        .ok_or(OfferError::NotFound)?;
    let found =
        queries::tickets(&mut tx, right.organization, right.order, Some(cmd.ticket)).await?;
    let ticket = found
        .into_iter()
        .find(|ticket| right.reaches(ticket))
        .ok_or(OfferError::NotFound)?;
    let now = sv.now();
    ticket.check(now)?;
    let until = ticket.policy.open_until(ticket.starts_at, now);
    free_place(sv, &mut tx, &ticket).await?;
    // Last: nobody without a ticket to give uses up what an address may get.
    throttle::count(sv, &PER_RECIPIENT, email.as_str()).await?;
    let id = sv.new_id();
    let secret = sv.seal.derive(&about_offer(id));
    sqlx::query!(
        r#"
        insert into handovers (id, organization_id, event_id, order_id, ticket_id, recipient_name, recipient_email,
                               locale, secret_hash, created_at, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        "#,
        id,
        right.organization.get(),
        ticket.event.get(),
        ticket.order.get(),
        ticket.id.get(),
        name,
        email.as_str(),
        cmd.locale.code(),
        seal::hash(&secret),
        at(now) as _,
        at(until) as _
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    let (by, _) = ticket.giver();
    let mail = NewMail {
        kind: MailKind::TicketOffered {
            order: ticket.order.get(),
            ticket: ticket.id.get(),
            name,
            by: by.to_owned(),
            until,
            link: Link::secret("/accept/", about_offer(id)),
        },
        dedupe_key: format!("ticket_offered|{id}"),
        recipient: email.as_str().to_owned(),
        locale: cmd.locale,
        organization: Some(right.organization),
        order: Some(ticket.order),
    };
    messaging::enqueue(sv, &mut tx, mail).await?;
    tx.commit().await?;
    Ok(())
}

/// One offer at a time, and not one after the other for ever. An offer that nobody took in time makes room.
async fn free_place(
    sv: &Services,
    tx: &mut Tx,
    ticket: &queries::Ticket,
) -> Result<(), OfferError> {
    let now = sv.now();
    sqlx::query!(
        r#"
        update handovers set state = 'expired', decided_at = expires_at
        where ticket_id = $1 and state = 'pending' and expires_at <= $2
        "#,
        ticket.id.get(),
        at(now) as _
    )
    .execute(&mut **tx)
    .await
    .map_err(Unexpected::from)?;
    let offers = sqlx::query!(
        r#"
        select count(*) filter (where h.ticket_id = $2) as "of_ticket!",
               count(*) filter (where h.ticket_id = $2 and h.state = 'pending') as "pending!",
               count(*) filter (where h.created_at > $3) as "today!",
               (select coalesce(sum(l.quantity), 0) from order_lines l where l.order_id = $1) as "places!"
        from handovers h
        where h.order_id = $1
        "#,
        ticket.order.get(),
        ticket.id.get(),
        at(domain::when::shift(now, -SignedDuration::from_hours(24))) as _
    )
    .fetch_one(&mut **tx)
    .await
    .map_err(Unexpected::from)?;
    if offers.pending > 0 {
        return Err(OfferError::Pending);
    }
    if offers.of_ticket >= MOST_OF_TICKET {
        return Err(OfferError::TooOften);
    }
    if offers.today >= offers.places.saturating_add(MORE_THAN_PLACES) {
        return Err(OfferError::EnoughToday);
    }
    Ok(())
}
