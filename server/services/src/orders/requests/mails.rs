//! Who decides hears of requests: of all of some minutes in one mail.

use domain::{
    permissions::{Right, Role},
    when::Timestamp,
};
use uuid::Uuid;

use crate::{
    Services, Unexpected,
    db::Tx,
    messaging::{self, Link, MailKind, NewMail},
    rows::coded,
};

/// All requests of so many seconds are told together.
const TOGETHER: i64 = 300;

/// What became of requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TellOf {
    /// They wait.
    Waiting,
    /// Nobody decided in time.
    Lapsed,
    /// They had a yes, and nobody paid in time.
    Unpaid,
}

/// To everybody who may decide about these orders.
pub(crate) async fn tell_organizers(
    sv: &Services,
    tx: &mut Tx,
    orders: &[Uuid],
    of: TellOf,
) -> Result<(), Unexpected> {
    if orders.is_empty() {
        return Ok(());
    }
    let people = sqlx::query!(
        r#"
        select distinct u.id, u.name, u.email, u.locale, g.id as organization_id, g.slug, e.id as event_id,
               e.slug as event_slug, e.title
        from orders o
        join events e on e.id = o.event_id
        join organizations g on g.id = o.organization_id
        join memberships m on m.organization_id = o.organization_id
        join users u on u.id = m.user_id
        where o.id = any($1) and m.role = any($2) and (m.events is null or o.event_id = any(m.events))
        order by u.id, e.id
        "#,
        orders,
        &roles()
    )
    .fetch_all(&mut **tx)
    .await?;
    let part = sv.now().as_second().div_euclid(TOGETHER);
    let end = Timestamp::from_second((part + 1) * TOGETHER).unwrap_or_else(|_| sv.now());
    for person in people {
        let orders = format!(
            "/organize/{}/events/{}/orders",
            person.slug, person.event_slug
        );
        let (name, event) = (person.name, person.title);
        let (kind, dedupe) = match of {
            TellOf::Waiting | TellOf::Lapsed => {
                let lapsed = of == TellOf::Lapsed;
                let state = if lapsed { "" } else { "?state=asked" };
                let kind = MailKind::RequestsOfEvent {
                    name,
                    event,
                    lapsed,
                    link: Link::page(format!("{orders}{state}")),
                };
                (kind, lapsed.to_string())
            }
            TellOf::Unpaid => {
                let link = Link::page(orders);
                let kind = MailKind::UnpaidOfEvent { name, event, link };
                (kind, String::new())
            }
        };
        let mail = NewMail {
            dedupe_key: format!(
                "{}|{}|{}|{dedupe}|{part}",
                kind.code(),
                person.event_id,
                person.id
            ),
            kind,
            recipient: person.email,
            locale: coded("users", person.id, &person.locale)?,
            organization: Some(domain::ids::OrganizationId::new(person.organization_id)),
            order: None,
        };
        messaging::enqueue_for(sv, tx, mail, end).await?;
    }
    Ok(())
}

/// Codes of the roles that may decide.
fn roles() -> Vec<String> {
    Role::all()
        .iter()
        .filter(|role| role.has(Right::CancelOrders))
        .map(|role| role.code().to_owned())
        .collect()
}
