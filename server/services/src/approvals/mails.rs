//! Who may agree hears of a request, and who asked hears of the answer.

use domain::{ids::UserId, orders::ApprovalState};
use uuid::Uuid;

use super::{ask::New, decide::Asked, limits::roles};
use crate::{
    Services, Unexpected,
    db::Tx,
    messaging::{self, Link, MailKind, NewMail},
    rows::coded,
};

/// To everybody else who may refund orders of the event.
pub(super) async fn ask(
    sv: &Services,
    tx: &mut Tx,
    id: Uuid,
    new: &New<'_>,
) -> Result<(), Unexpected> {
    let people = sqlx::query!(
        r#"
        select u.id, u.name, u.email, u.locale, g.name as organization, g.slug, a.name as by
        from memberships m
        join users u on u.id = m.user_id
        join organizations g on g.id = m.organization_id
        join users a on a.id = $4
        where m.organization_id = $1 and m.role = any($2) and (m.events is null or $3 = any(m.events)) and m.user_id <> $4
        order by u.id
        "#,
        new.organization.get(),
        &roles(),
        new.event.get(),
        new.by.get()
    )
    .fetch_all(&mut **tx)
    .await?;
    for person in people {
        let mail = NewMail {
            kind: MailKind::RefundAsked {
                name: person.name,
                organization: person.organization,
                by: person.by,
                amount: new.amount,
                link: Link::page(format!("/organize/{}/approvals", person.slug)),
            },
            dedupe_key: format!("refund_asked|{id}|{}", person.id),
            recipient: person.email,
            locale: coded("users", person.id, &person.locale)?,
            organization: Some(new.organization),
            order: None,
        };
        messaging::enqueue(sv, tx, mail).await?;
    }
    Ok(())
}

pub(super) async fn answer(
    sv: &Services,
    tx: &mut Tx,
    asked: &Asked,
    (by, state): (UserId, ApprovalState),
    reason: &str,
) -> Result<(), Unexpected> {
    if by == asked.by {
        return Ok(());
    }
    let Some(person) = sqlx::query!(
        r#"
        select u.name, u.email, u.locale, g.name as organization, g.slug, a.name as by
        from users u
        join organizations g on g.id = $2
        join users a on a.id = $3
        where u.id = $1
        "#,
        asked.by.get(),
        asked.organization.get(),
        by.get()
    )
    .fetch_optional(&mut **tx)
    .await?
    else {
        return Ok(());
    };
    let mail = NewMail {
        kind: MailKind::RefundAnswered {
            name: person.name,
            organization: person.organization,
            by: person.by,
            amount: asked.amount,
            outcome: state,
            reason: reason.to_owned(),
            link: Link::page(format!("/organize/{}/approvals", person.slug)),
        },
        dedupe_key: format!("refund_answered|{}", asked.id),
        recipient: person.email,
        locale: coded("users", asked.by, &person.locale)?,
        organization: Some(asked.organization),
        order: None,
    };
    messaging::enqueue(sv, tx, mail).await
}
