//! Tells those who answer for an organization's money that there is an invoice.

use domain::{ids::OrganizationId, permissions::Role};
use locales::Locale;

use super::write::Written;
use crate::{
    Services, Unexpected,
    db::Tx,
    messaging::{self, Link, MailKind, NewMail},
    rows::coded,
};

/// The language of an organization's documents: that of whoever has owned it longest.
pub(super) async fn locale(
    tx: &mut Tx,
    organization: OrganizationId,
) -> Result<Locale, Unexpected> {
    let text = sqlx::query_scalar!(
        r#"
        select u.locale from memberships m
        join users u on u.id = m.user_id
        where m.organization_id = $1 and m.role = $2
        order by m.created_at, u.id
        limit 1
        "#,
        organization.get(),
        Role::Owner.code()
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(text.and_then(|text| text.parse().ok()).unwrap_or_default())
}

pub(super) async fn issued(sv: &Services, tx: &mut Tx, one: &Written) -> Result<(), Unexpected> {
    let people = sqlx::query!(
        r#"
        select u.id, u.name, u.email, u.locale, o.name as organization, o.slug
        from memberships m
        join users u on u.id = m.user_id
        join organizations o on o.id = m.organization_id
        where m.organization_id = $1 and m.role in ($2, $3) and m.events is null
        "#,
        one.organization.get(),
        Role::Owner.code(),
        Role::Finance.code()
    )
    .fetch_all(&mut **tx)
    .await?;
    let amount = one
        .document
        .total()
        .map_err(|e| Unexpected::bad_row("organizations", one.organization, e))?;
    for person in people {
        let mail = NewMail {
            kind: MailKind::PlatformInvoice {
                name: person.name,
                organization: person.organization,
                document: one.document.kind,
                number: one.document.number.clone(),
                month: one.month,
                amount,
                link: Link::page(format!("/organize/{}/money/fees", person.slug)),
            },
            dedupe_key: format!("platform_invoice|{}|{}", one.document.number, person.id),
            recipient: person.email,
            locale: coded("users", person.id, &person.locale)?,
            organization: Some(one.organization),
            order: None,
        };
        messaging::enqueue(sv, tx, mail).await?;
    }
    Ok(())
}
