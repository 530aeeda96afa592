//! Sends the link of a place in the line, to go on waiting on another device.

use domain::text::{Email, FieldErrors};
use locales::Locale;

use super::{board, number};
use crate::{
    Services, Unexpected,
    db::Scope,
    messaging::{self, Link, MailKind, NewMail},
    seal,
    throttle::{self, Limit},
};

/// So that a place cannot be used to flood others.
const PER_PLACE: Limit = Limit {
    what: "waiting_place",
    tries: 3,
    span: jiff::SignedDuration::from_hours(1),
};

#[derive(Debug, thiserror::Error)]
pub enum SendPlaceError {
    #[error("no such place")]
    NotFound,
    #[error("asked too often")]
    TooMany { retry_after: u32 },
    #[error(transparent)]
    Fields(#[from] FieldErrors),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

/// Each address gets the link of a place once, and once more with another promo code, which goes along as it was typed.
pub async fn send_place(
    sv: &Services,
    (slug, place): (&str, &str),
    email: &str,
    code: &str,
    locale: Locale,
) -> Result<(), SendPlaceError> {
    let room = board(sv, slug).await?.ok_or(SendPlaceError::NotFound)?;
    let number = room.number(sv, place).ok_or(SendPlaceError::NotFound)?;
    let email = Email::parse(email).map_err(|fault| FieldErrors::one("email", fault))?;
    throttle::count(sv, &PER_PLACE, &format!("{}|{number}", room.id))
        .await
        .map_err(|many| SendPlaceError::TooMany {
            retry_after: many.retry_after,
        })?;
    let code = domain::promo::fold(code);
    let who = seal::base32(&seal::hash(&email.lookup_key()));
    let with = code.as_deref().unwrap_or_default();
    let dedupe_key = format!("waiting_place|{}|{number}|{who}|{with}", room.id);
    let mail = NewMail {
        kind: MailKind::WaitingPlace {
            event: room.title.clone(),
            link: Link::secret(
                format!("/e/{slug}/waiting/{number}-"),
                number::about(room.id, number),
            )
            .with_query(code.map(|code| format!("code={code}"))),
        },
        dedupe_key,
        recipient: email.to_string(),
        locale,
        organization: None,
        order: None,
    };
    let mut tx = sv.db.begin(Scope::System).await?;
    messaging::enqueue(sv, &mut tx, mail).await?;
    tx.commit().await?;
    Ok(())
}
