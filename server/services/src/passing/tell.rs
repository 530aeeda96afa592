//! Mails to people who give tickets, and to those who got one.

use domain::ids::OrganizationId;
use locales::Locale;
use uuid::Uuid;

use super::{offers::Offer, queries::Ticket};
use crate::{
    Services, Unexpected,
    db::Tx,
    messaging::{self, MailKind, NewMail},
    rows::at,
};

/// What became of an offer, to whoever made it.
pub(super) async fn answer(
    sv: &Services,
    tx: &mut Tx,
    offer: &Offer,
    ticket: &Ticket,
    accepted: bool,
) -> Result<(), Unexpected> {
    let (name, email) = ticket.giver();
    // A holder may have had their address erased.
    if email.is_empty() {
        return Ok(());
    }
    let mail = NewMail {
        kind: MailKind::HandoverAnswered {
            order: offer.order.get(),
            ticket: ticket.id.get(),
            name: name.to_owned(),
            to: offer.name.clone(),
            accepted,
            by_organizer: false,
        },
        dedupe_key: format!("handover_answered|{}", offer.id),
        recipient: email.to_owned(),
        locale: Locale::from_code(&ticket.giver_locale).unwrap_or_default(),
        organization: Some(offer.organization),
        order: Some(offer.order),
    };
    messaging::enqueue(sv, tx, mail).await
}

/// To whoever had it: the organizer has given it to somebody else.
pub(super) async fn reassigned(
    sv: &Services,
    tx: &mut Tx,
    given: &Offer,
    old: &Ticket,
) -> Result<(), Unexpected> {
    let (name, email) = old.giver();
    // A holder may have had their address erased.
    if email.is_empty() {
        return Ok(());
    }
    let mail = NewMail {
        kind: MailKind::HandoverAnswered {
            order: given.order.get(),
            ticket: old.id.get(),
            name: name.to_owned(),
            to: given.name.clone(),
            accepted: true,
            by_organizer: true,
        },
        dedupe_key: format!("handover_answered|{}", given.id),
        recipient: email.to_owned(),
        locale: Locale::from_code(&old.giver_locale).unwrap_or_default(),
        organization: Some(given.organization),
        order: Some(given.order),
    };
    messaging::enqueue(sv, tx, mail).await
}

/// To whoever was offered it: the link that they have leads nowhere any more.
pub(super) async fn taken_back(
    sv: &Services,
    tx: &mut Tx,
    offer: &Offer,
) -> Result<(), Unexpected> {
    let mail = NewMail {
        kind: MailKind::OfferTakenBack {
            order: offer.order.get(),
            ticket: offer.ticket.get(),
            name: offer.name.clone(),
        },
        dedupe_key: format!("offer_taken_back|{}", offer.id),
        recipient: offer.email.clone(),
        locale: Locale::from_code(&offer.locale).unwrap_or_default(),
        organization: Some(offer.organization),
        order: Some(offer.order),
    };
    messaging::enqueue(sv, tx, mail).await
}

/// To the holders of those of these tickets that were passed on: they do not admit any more.
pub(crate) async fn tell_ended(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    tickets: &[Uuid],
) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        insert into mails (id, organization_id, order_id, kind, dedupe_key, recipient, locale, payload,
                           next_attempt_at, created_at)
        select gen_random_uuid(), t.organization_id, t.order_id, 'held_ticket', 'held_ticket|ended|' || t.id, t.holder_email,
               h.locale,
               jsonb_build_object('kind', 'held_ticket', 'order', t.order_id, 'ticket', t.id, 'news', 'ended',
                                  'link', jsonb_build_object('path', '/tickets/', 'about', 'ticket|' || t.id)),
               $3, $3
        from tickets t
        join handovers h on h.new_ticket_id = t.id
        where t.organization_id = $1 and t.id = any($2) and t.passed_on > 0 and t.holder_email <> ''
        on conflict on constraint mails_dedupe_key_key do nothing
        "#,
        organization.get(),
        tickets,
        at(sv.now()) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// To everybody who has a good ticket of this event from somebody else: what its buyers are told. `news` is the kind of that.
pub(crate) async fn tell_holders(
    sv: &Services,
    tx: &mut Tx,
    event: Uuid,
    news: &str,
) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        insert into mails (id, organization_id, order_id, kind, dedupe_key, recipient, locale, payload,
                           next_attempt_at, created_at)
        select gen_random_uuid(), t.organization_id, t.order_id, 'held_ticket',
               'held_ticket|' || $2 || '|' || t.id || '|' || e.sequence, t.holder_email, h.locale,
               jsonb_build_object('kind', 'held_ticket', 'order', t.order_id, 'ticket', t.id, 'news', $2::text,
                                  'link', jsonb_build_object('path', '/tickets/', 'about', 'ticket|' || t.id)),
               $3, $3
        from tickets t
        join events e on e.id = t.event_id
        join handovers h on h.new_ticket_id = t.id
        where t.event_id = $1 and t.state = 'valid' and t.passed_on > 0 and t.holder_email <> ''
        on conflict on constraint mails_dedupe_key_key do nothing
        "#,
        event,
        news,
        at(sv.now()) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The same, where the event's buyers may give their tickets back: the date is news for holders too, the money is not theirs.
pub(crate) async fn tell_holders_of_offer(
    sv: &Services,
    tx: &mut Tx,
    offer: Uuid,
) -> Result<(), Unexpected> {
    let found = sqlx::query!(
        "select event_id, moved from give_back_offers where id = $1",
        offer
    )
    .fetch_optional(&mut **tx)
    .await?;
    let Some(found) = found else { return Ok(()) };
    let news = if found.moved {
        "event_rescheduled"
    } else {
        "event_postponed"
    };
    tell_holders(sv, tx, found.event_id, news).await
}
