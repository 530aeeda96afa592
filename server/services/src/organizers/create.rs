//! Founding an organization. Its founder becomes its first owner.

use domain::{
    ids::OrganizationId,
    permissions::Role,
    text::{Email, FieldErrors, Slug, line},
};

use super::OrganizerError;
use crate::{
    Services, Unexpected, audit,
    db::{Scope, Tx},
    outbox::{self, Announcement},
    session::Session,
    tickets,
};

/// Enough for anybody; keeps a machine from filling the address space of slugs.
const MOST_PER_PERSON: i64 = 20;

#[derive(Debug, Default)]
pub struct CreateOrganization {
    pub name: String,
    /// Shown to buyers; the founder's own address when empty.
    pub contact_email: String,
}

#[derive(Debug, Clone)]
pub struct Created {
    pub organization: OrganizationId,
    pub slug: String,
}

#[tracing::instrument(skip_all)]
pub async fn create(
    sv: &Services,
    session: &Session,
    cmd: CreateOrganization,
) -> Result<Created, OrganizerError> {
    let contact = if cmd.contact_email.trim().is_empty() {
        &session.email
    } else {
        &cmd.contact_email
    };
    let mut errors = FieldErrors::new();
    let name = errors.field("name", line(&cmd.name, 2, 120));
    let contact = errors.field("contact_email", Email::parse(contact));
    errors.finish()?;
    let (Some(name), Some(contact)) = (name, contact) else {
        return Err(OrganizerError::NotFound);
    };
    // All of the person's organizations are to be seen first, then only the new one.
    let mut tx = sv.db.begin(Scope::System).await?;
    if owned(&mut tx, session).await? >= MOST_PER_PERSON {
        return Err(OrganizerError::TooMany);
    }
    let organization = OrganizationId::new(sv.new_id());
    tx.narrow(organization).await?;
    let slug = insert(sv, &mut tx, organization, &name, &contact).await?;
    sqlx::query!(
        "insert into memberships (organization_id, user_id, role, created_at) values ($1, $2, $3, $4)",
        organization.get(),
        session.user.get(),
        Role::Owner.code(),
        jiff_sqlx::Timestamp::from(sv.now()) as _
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    let announcement = Announcement::OrganizationChanged {
        organization: organization.get(),
    };
    outbox::append(sv, &mut tx, organization, &announcement).await?;
    tickets::keys::ensure(sv, &mut tx, organization).await?;
    let entry = audit::Entry {
        actor: Some(session.user),
        organization: Some(organization),
        action: "organization.create",
        subject_kind: "organization",
        subject: organization.to_string(),
        reason: "",
        before: None,
        after: Some(serde_json::json!({ "name": name })),
    };
    audit::append(sv, &mut tx, entry).await?;
    tx.commit().await?;
    Ok(Created { organization, slug })
}

/// Takes the first free slug made from the name.
async fn insert(
    sv: &Services,
    tx: &mut Tx,
    id: OrganizationId,
    name: &str,
    contact: &Email,
) -> Result<String, Unexpected> {
    let wanted = Slug::from_title(name);
    for number in 1..=200 {
        let slug = if number == 1 && !is_reserved(wanted.as_str()) {
            wanted.clone()
        } else {
            wanted.numbered(number)
        };
        let taken = sqlx::query_scalar!(
            r#"
            insert into organizations (id, slug, name, contact_email, created_at)
            values ($1, $2, $3, $4, $5)
            on conflict on constraint organizations_slug_key do nothing
            returning slug
            "#,
            id.get(),
            slug.as_str(),
            name,
            contact.as_str(),
            jiff_sqlx::Timestamp::from(sv.now()) as _
        )
        .fetch_optional(&mut **tx)
        .await?;
        if let Some(slug) = taken {
            return Ok(slug);
        }
    }
    Err(Unexpected::new(
        "organization slug",
        format!("200 variants of {} are taken", wanted.as_str()),
    ))
}

/// Words that pages under `/organize` use themselves.
fn is_reserved(slug: &str) -> bool {
    matches!(slug, "new" | "upload" | "live" | "join" | "account")
}

/// How many organizations the person owns. Whoever founds several at once founds them one after the other.
async fn owned(tx: &mut Tx, session: &Session) -> Result<i64, Unexpected> {
    sqlx::query!(
        r#"select id as "locked!" from users where id = $1 for no key update"#,
        session.user.get()
    )
    .fetch_one(&mut **tx)
    .await?;
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from memberships where user_id = $1 and role = 'owner'"#,
        session.user.get()
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(count)
}
