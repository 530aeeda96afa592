//! The organizer gives a ticket to somebody else, as its buyer or holder has asked: by phone, at the box office, after a death.
//! Nobody has to accept; whoever had it and whoever has it now are both told, and the record says who did it and why.

use domain::{
    ids::{OrderCode, TicketId},
    orders::{NAME_MAX, PassingRefusal},
    text::{Email, FieldErrors, line, no_address},
};
use locales::Locale;

use super::{
    about_offer, about_ticket, accept, holder_secret,
    offer::PER_RECIPIENT,
    offers::{self, Offer},
    queries, tell,
};
use crate::{
    Services, Unexpected, audit,
    db::Tx,
    live,
    messaging::{self, Link, MailKind, NewMail},
    orders,
    permit::{CancelOrders, Permit},
    rows::at,
    seal,
    throttle::{self, TooMany},
};

#[derive(Debug, Clone)]
pub struct ReassignTicket {
    pub code: OrderCode,
    pub ticket: TicketId,
    /// Of whoever gets it.
    pub name: String,
    pub email: String,
    /// For the record; nobody else reads it.
    pub reason: String,
}

#[derive(Debug, thiserror::Error)]
pub enum ReassignError {
    #[error("no such ticket")]
    NotFound,
    #[error(transparent)]
    Fields(#[from] FieldErrors),
    #[error(transparent)]
    TooMany(#[from] TooMany),
    #[error(transparent)]
    Refused(#[from] PassingRefusal),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

impl ReassignError {
    /// Stable key for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Fields(_) => "invalid",
            Self::TooMany(_) => "too_many",
            Self::Refused(why) => why.code(),
            Self::Unexpected(_) => "internal",
        }
    }
}

/// The old code is dead at once. What the event allows holders to do does not bind the organizer; a ticket that is used, void or
/// blocked by a dispute stays where it is. Fields: `name`, `email`, `reason`.
#[tracing::instrument(skip_all, fields(order.code = %cmd.code, ticket.id = %cmd.ticket))]
pub async fn reassign(
    sv: &Services,
    permit: &Permit<CancelOrders>,
    cmd: ReassignTicket,
) -> Result<(), ReassignError> {
    let mut errors = FieldErrors::new();
    let name = errors.field("name", line(&cmd.name, 1, NAME_MAX).and_then(no_address));
    let email = errors.field("email", Email::parse(&cmd.email));
    let reason = errors.field("reason", line(&cmd.reason, 1, 300));
    errors.finish()?;
    let (Some(name), Some(email), Some(reason)) = (name, email, reason) else {
        return Err(ReassignError::Fields(FieldErrors::new()));
    };
    let organization = permit.organization();
    let mut tx = sv.db.begin(permit.scope()).await?;
    let order = orders::find_by_code(&mut tx, permit, cmd.code)
        .await?
        .ok_or(ReassignError::NotFound)?;
    orders::lock(&mut tx, organization, order)
        .await?
        .ok_or(ReassignError::NotFound)?;
    for offer in offers::pending(&mut tx, organization, order).await? {
        if offer.ticket == cmd.ticket {
            end(sv, &mut tx, &offer).await?;
        }
    }
    queries::lock_ticket(&mut tx, organization, cmd.ticket).await?;
    let found = queries::tickets(&mut tx, organization, order, Some(cmd.ticket)).await?;
    let old = found.first().ok_or(ReassignError::NotFound)?;
    old.passing.check()?;
    throttle::count(sv, &PER_RECIPIENT, email.as_str()).await?;
    let given = Offer {
        id: sv.new_id(),
        organization,
        order,
        ticket: old.id,
        name,
        email: email.as_str().to_owned(),
        locale: old.giver_locale.clone(),
        state: "accepted".to_owned(),
        expires_at: sv.now(),
    };
    let new = TicketId::new(sv.new_id());
    accept::replace(sv, &mut tx, &given, old, new).await?;
    insert(sv, &mut tx, &given, (old, new)).await?;
    let received = NewMail {
        kind: MailKind::TicketReceived {
            order: order.get(),
            ticket: new.get(),
            by_organizer: true,
            link: Link::secret("/tickets/", about_ticket(new)),
        },
        dedupe_key: format!("ticket_received|{new}"),
        recipient: given.email.clone(),
        locale: Locale::from_code(&given.locale).unwrap_or_default(),
        organization: Some(organization),
        order: Some(order),
    };
    messaging::enqueue(sv, &mut tx, received).await?;
    tell::reassigned(sv, &mut tx, &given, old).await?;
    let entry = audit::Entry {
        actor: permit.actor(),
        organization: Some(organization),
        action: "order.reassign",
        subject_kind: "order",
        subject: cmd.code.to_string(),
        reason: &reason,
        before: Some(serde_json::json!({ "ticket": old.id })),
        after: Some(serde_json::json!({ "ticket": new })),
    };
    audit::append(sv, &mut tx, entry).await?;
    live::announce(&mut tx, old.event).await?;
    tx.commit().await?;
    Ok(())
}

/// What was offered to somebody is somebody else's now.
async fn end(sv: &Services, tx: &mut Tx, offer: &Offer) -> Result<(), Unexpected> {
    let ended = sqlx::query!(
        r#"
        update handovers set state = 'taken_back', decided_at = $3
        where organization_id = $1 and id = $2 and state = 'pending'
        "#,
        offer.organization.get(),
        offer.id,
        at(sv.now()) as _
    )
    .execute(&mut **tx)
    .await?;
    if ended.rows_affected() == 1 && offer.expires_at > sv.now() {
        tell::taken_back(sv, tx, offer).await?;
    }
    Ok(())
}

/// As if it had been offered and accepted: whoever has it now opens and passes it on as every holder does.
async fn insert(
    sv: &Services,
    tx: &mut Tx,
    given: &Offer,
    (old, new): (&queries::Ticket, TicketId),
) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        insert into handovers (id, organization_id, event_id, order_id, ticket_id, recipient_name, recipient_email,
                               locale, secret_hash, state, created_at, expires_at, decided_at, new_ticket_id, holder_hash)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'accepted', $10, $10, $10, $11, $12)
        "#,
        given.id,
        given.organization.get(),
        old.event.get(),
        given.order.get(),
        given.ticket.get(),
        given.name,
        given.email,
        given.locale,
        seal::hash(&sv.seal.derive(&about_offer(given.id))),
        at(given.expires_at) as _,
        new.get(),
        seal::hash(&holder_secret(sv, new))
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
