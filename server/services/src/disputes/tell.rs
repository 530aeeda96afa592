//! Tells those who answer for the organization's money that a bank asks for some of it.

use domain::permissions::Role;

use super::rows::Locked;
use crate::{
    Services, Unexpected,
    db::Tx,
    messaging::{self, Link, MailKind, NewMail},
    orders::Order,
    ports::KnownDispute,
};

pub(super) async fn opened(
    sv: &Services,
    tx: &mut Tx,
    order: &Order,
    dispute: &Locked,
    known: &KnownDispute,
) -> Result<(), Unexpected> {
    let organization = order.organization;
    let people = sqlx::query!(
        r#"
        select u.id, u.name, u.email, u.locale, o.name as organization, o.slug
        from memberships m
        join users u on u.id = m.user_id
        join organizations o on o.id = m.organization_id
        where m.organization_id = $1 and m.role in ($2, $3) and m.events is null
        "#,
        organization.get(),
        Role::Owner.code(),
        Role::Finance.code()
    )
    .fetch_all(&mut **tx)
    .await?;
    for person in people {
        let page = format!("/organize/{}/money/disputes/{}", person.slug, dispute.id);
        let mail = NewMail {
            kind: MailKind::DisputeOpened {
                name: person.name,
                organization: person.organization,
                order: order.code.to_string(),
                amount: known.amount,
                answer_by: dispute.case.answer_by,
                asks_only: !dispute.case.state.holds_money(),
                link: Link::page(page),
            },
            dedupe_key: format!("dispute|{}|{}", dispute.id, person.id),
            recipient: person.email,
            locale: crate::rows::coded("users", person.id, &person.locale)?,
            organization: Some(organization),
            order: None,
        };
        messaging::enqueue(sv, tx, mail).await?;
    }
    Ok(())
}
