//! The recipient accepts: the old code is dead at once, and they get a new one.

use domain::{ids::TicketId, orders::PassingRefusal};
use locales::Locale;

use super::{
    about_ticket, holder_secret,
    offers::{self, Offer},
    queries::{self, Ticket},
    tell,
};
use crate::{
    Services, Unexpected,
    db::{Scope, Tx},
    live,
    messaging::{self, Link, MailKind, NewMail},
    orders,
    rows::at,
    seal, tickets,
};

#[derive(Debug, thiserror::Error)]
pub enum AcceptError {
    #[error("no such offer")]
    NotFound,
    #[error("taken back")]
    TakenBack,
    #[error("declined")]
    Declined,
    #[error("accepted already")]
    Accepted,
    #[error("too late")]
    Expired,
    #[error(transparent)]
    Refused(#[from] PassingRefusal),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

impl AcceptError {
    /// Stable key for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::TakenBack => "passing_taken_back",
            Self::Declined => "passing_declined",
            Self::Accepted => "passing_accepted",
            Self::Expired => "passing_expired",
            Self::Refused(why) => why.code(),
            Self::Unexpected(_) => "internal",
        }
    }
}

/// Accepts an offer, once; the answer is the secret of the new ticket's page.
#[tracing::instrument(skip_all)]
pub async fn accept(sv: &Services, secret: &str, locale: Locale) -> Result<String, AcceptError> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let offer = lock_open(sv, &mut tx, secret).await?;
    queries::lock_ticket(&mut tx, offer.organization, offer.ticket).await?;
    let given =
        queries::tickets(&mut tx, offer.organization, offer.order, Some(offer.ticket)).await?;
    let old = given.first().ok_or(AcceptError::NotFound)?;
    old.check(sv.now())?;
    let new = TicketId::new(sv.new_id());
    replace(sv, &mut tx, &offer, old, new).await?;
    close(sv, &mut tx, &offer, new, locale).await?;
    let received = NewMail {
        kind: MailKind::TicketReceived {
            order: offer.order.get(),
            ticket: new.get(),
            by_organizer: false,
            link: Link::secret("/tickets/", about_ticket(new)),
        },
        dedupe_key: format!("ticket_received|{new}"),
        recipient: offer.email.clone(),
        locale,
        organization: Some(offer.organization),
        order: Some(offer.order),
    };
    messaging::enqueue(sv, &mut tx, received).await?;
    tell::answer(sv, &mut tx, &offer, old, true).await?;
    live::announce(&mut tx, old.event).await?;
    tx.commit().await?;
    Ok(holder_secret(sv, new))
}

/// The offer, locked after its order: whoever else decides about it waits there.
pub(super) async fn lock_open(
    sv: &Services,
    tx: &mut Tx,
    secret: &str,
) -> Result<Offer, AcceptError> {
    let found = offers::by_secret(tx, secret)
        .await?
        .ok_or(AcceptError::NotFound)?;
    tx.narrow(found.organization).await?;
    orders::lock(tx, found.organization, found.order)
        .await?
        .ok_or(AcceptError::NotFound)?;
    // Read again: it may have been decided while we waited.
    let offer = offers::lock(tx, found.id)
        .await?
        .ok_or(AcceptError::NotFound)?;
    match offer.state.as_str() {
        "pending" if offer.expires_at > sv.now() => Ok(offer),
        "pending" | "expired" => Err(AcceptError::Expired),
        "accepted" => Err(AcceptError::Accepted),
        "declined" => Err(AcceptError::Declined),
        _ => Err(AcceptError::TakenBack),
    }
}

/// The place stays; its code and its holder are others.
pub(super) async fn replace(
    sv: &Services,
    tx: &mut Tx,
    offer: &Offer,
    old: &Ticket,
    new: TicketId,
) -> Result<(), Unexpected> {
    let signer = tickets::keys::ensure(sv, tx, offer.organization).await?;
    let number = u16::try_from(old.type_number)
        .map_err(|e| Unexpected::bad_row("ticket_types", old.ticket_type, e))?;
    let valid = tickets::validity(sv.now(), old.ends_at);
    let code = signer.code(new, old.event, number, valid).to_string();
    let ended = sqlx::query!(
        "update tickets set state = 'replaced' where organization_id = $1 and id = $2 and state = 'valid'",
        offer.organization.get(),
        old.id.get()
    )
    .execute(&mut **tx)
    .await?;
    if ended.rows_affected() != 1 {
        return Err(Unexpected::bad_row(
            "tickets",
            old.id,
            "changed under the order's lock",
        ));
    }
    let passed_on = i16::try_from(old.passing.passed_on).unwrap_or(i16::MAX);
    sqlx::query!(
        r#"
        insert into tickets (id, organization_id, event_id, order_id, order_line_id, ticket_type_id, n, issue, holder_name,
                             holder_email, code, key_id, issued_at, passed_on)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        "#,
        new.get(),
        offer.organization.get(),
        old.event.get(),
        offer.order.get(),
        old.line,
        old.ticket_type,
        old.n,
        old.issue.saturating_add(1),
        offer.name,
        offer.email,
        code,
        signer.key_id(),
        at(sv.now()) as _,
        passed_on.saturating_add(1)
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn close(
    sv: &Services,
    tx: &mut Tx,
    offer: &Offer,
    new: TicketId,
    locale: Locale,
) -> Result<(), Unexpected> {
    let closed = sqlx::query!(
        r#"
        update handovers set state = 'accepted', decided_at = $3, new_ticket_id = $4, holder_hash = $5, locale = $6
        where organization_id = $1 and id = $2 and state = 'pending'
        "#,
        offer.organization.get(),
        offer.id,
        at(sv.now()) as _,
        new.get(),
        seal::hash(&holder_secret(sv, new)),
        locale.code()
    )
    .execute(&mut **tx)
    .await?;
    if closed.rows_affected() != 1 {
        return Err(Unexpected::bad_row(
            "handovers",
            offer.id,
            "decided under its lock",
        ));
    }
    Ok(())
}
