//! The organizations a signed-in person works for.

use domain::{
    ids::OrganizationId,
    permissions::{Right, Role},
};

use super::OrganizerError;
use crate::{Services, Unexpected, db::Scope, session::Session};

#[derive(Debug, Clone)]
pub struct Membership {
    pub organization: OrganizationId,
    pub slug: String,
    pub name: String,
    pub role: Role,
    /// Whether they work for all of its events, not only for some.
    pub everywhere: bool,
    /// Why it is suspended; `None` while it is not.
    pub suspended_reason: Option<String>,
}

impl Membership {
    /// Whether the person may, as far as their role goes.
    pub fn may(&self, right: Right) -> bool {
        self.role.allows(right, self.everywhere)
    }
}

/// All of them, by name.
pub async fn list_mine(sv: &Services, session: &Session) -> Result<Vec<Membership>, Unexpected> {
    find(sv, session, None).await
}

/// One of them; a stranger is told that there is nothing.
pub async fn by_slug(
    sv: &Services,
    session: &Session,
    slug: &str,
) -> Result<Membership, OrganizerError> {
    find(sv, session, Some(slug))
        .await?
        .pop()
        .ok_or(OrganizerError::NotFound)
}

async fn find(
    sv: &Services,
    session: &Session,
    slug: Option<&str>,
) -> Result<Vec<Membership>, Unexpected> {
    let mut tx = sv.db.begin(Scope::Account(session.user)).await?;
    let rows = sqlx::query!(
        r#"
        select o.id, o.slug, o.name, o.suspended_at, o.suspended_reason, m.role, m.events is null as "everywhere!"
        from memberships m
        join organizations o on o.id = m.organization_id
        where m.user_id = $1 and ($2::text is null or o.slug = $2)
        order by lower(o.name), o.id
        limit 200
        "#,
        session.user.get(),
        slug
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    rows.into_iter()
        .map(|row| {
            let role = row
                .role
                .parse()
                .map_err(|_| Unexpected::bad_row("memberships", session.user, &row.role))?;
            Ok(Membership {
                organization: OrganizationId::new(row.id),
                slug: row.slug,
                name: row.name,
                role,
                everywhere: row.everywhere,
                suspended_reason: row
                    .suspended_at
                    .map(|_| row.suspended_reason.unwrap_or_default()),
            })
        })
        .collect()
}
