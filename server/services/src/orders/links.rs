//! "Find my tickets": a mail with the links of all orders of an address, and of tickets that others gave to it. Whether there are any is told to nobody else.

use domain::{
    ids::OrderId,
    text::{Email, FieldErrors},
};
use jiff::SignedDuration;
use locales::Locale;

use crate::{
    Services, Unexpected,
    db::Scope,
    even::evenly,
    messaging::{self, MailKind, NewMail},
    passing, seal,
    throttle::{self, Limit, TooMany},
};

/// How many orders one mail names.
const MOST: i64 = 50;

/// By who asks; that nobody is flooded is seen to below.
const PER_CLIENT: Limit = Limit {
    what: "my_tickets",
    tries: 20,
    span: SignedDuration::from_hours(1),
};

#[derive(Debug, thiserror::Error)]
pub enum RequestLinksError {
    #[error(transparent)]
    Fields(#[from] FieldErrors),
    #[error(transparent)]
    TooMany(#[from] TooMany),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

/// The answer is the same for every address that can be one, and comes as soon. `client` is the household that asks.
pub async fn request_links(
    sv: &Services,
    email: &str,
    client: &str,
    locale: Locale,
) -> Result<(), RequestLinksError> {
    let email = Email::parse(email).map_err(|fault| FieldErrors::one("email", fault))?;
    throttle::count(sv, &PER_CLIENT, client).await?;
    Ok(evenly(find(sv, &email, locale)).await?)
}

async fn find(sv: &Services, email: &Email, locale: Locale) -> Result<(), Unexpected> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let ids = sqlx::query_scalar!(
        r#"
        select id from orders
        where buyer_key = $1 and state in ('pending', 'asked', 'paid', 'cancelled', 'refunded')
        order by created_at desc, id desc
        limit $2
        "#,
        email.lookup_key(),
        MOST
    )
    .fetch_all(&mut *tx)
    .await?;
    let given = passing::given_to(&mut tx, &email.lookup_key(), MOST).await?;
    if !ids.is_empty() || !given.is_empty() {
        // One mail in ten minutes: the form must not become a way to flood somebody.
        let window = sv.now().as_second().div_euclid(600);
        let who = seal::base32(&seal::hash(&email.lookup_key()));
        let mail = NewMail {
            dedupe_key: format!("my-tickets|{who}|{window}"),
            kind: MailKind::MyTickets { orders: ids, given },
            recipient: email.to_string(),
            locale,
            organization: None,
            order: None::<OrderId>,
        };
        messaging::enqueue(sv, &mut tx, mail).await?;
    }
    tx.commit().await?;
    Ok(())
}
