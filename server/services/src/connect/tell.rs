//! Owners and those who look after the money are told when an account does less than it did, or soon will.

use domain::connect::{Connected, is_trouble};

use super::queries::Account;
use crate::{
    Services, Unexpected,
    db::Tx,
    messaging::{self, AccountNotice, Link, MailKind, NewMail},
};

pub(super) async fn of_trouble(
    sv: &Services,
    tx: &mut Tx,
    before: &Connected,
    account: &Account,
) -> Result<(), Unexpected> {
    let after = &account.known;
    if !is_trouble(before, after) {
        return Ok(());
    }
    let people = sqlx::query!(
        r#"
        select u.id, u.name, u.email, u.locale, o.name as organization, o.slug
        from memberships m
        join users u on u.id = m.user_id
        join organizations o on o.id = m.organization_id
        where m.organization_id = $1 and m.role in ('owner', 'finance')
        "#,
        account.organization.get()
    )
    .fetch_all(&mut **tx)
    .await?;
    let deadline = after
        .facts
        .deadline
        .map(|at| jiff::tz::Offset::UTC.to_datetime(at).date());
    for person in people {
        let mail = NewMail {
            kind: MailKind::AccountNotice {
                name: person.name,
                notice: AccountNotice::ConnectedAccount {
                    organization: person.organization,
                    standing: after.standing(),
                    deadline,
                },
                link: Link::page(format!("/organize/{}/money", person.slug)),
            },
            dedupe_key: format!(
                "connected|{}|{}|{}|{}",
                account.id,
                after.at.map_or(0, |at| at.as_second()),
                after.standing().code(),
                person.id
            ),
            recipient: person.email,
            locale: crate::rows::coded("users", person.id, &person.locale)?,
            organization: Some(account.organization),
            order: None,
        };
        messaging::enqueue(sv, tx, mail).await?;
    }
    Ok(())
}
