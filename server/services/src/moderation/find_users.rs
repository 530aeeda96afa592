//! People, by name or address.

use domain::{ids::UserId, when::Timestamp};

use super::{Find, like};
use crate::{
    Services, Unexpected,
    paging::{Cursor, Page, limit},
    permit::PlatformPermit,
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserRow {
    pub id: UserId,
    pub name: String,
    pub email: String,
    pub verified: bool,
    pub platform_admin: bool,
    pub suspended: bool,
    pub organizations: i64,
    pub created_at: Timestamp,
}

pub async fn find_users(
    sv: &Services,
    permit: &PlatformPermit,
    find: &Find,
) -> Result<Page<UserRow>, Unexpected> {
    let size = limit(find.limit);
    let after = Cursor::decode(find.cursor.as_deref());
    let mut tx = sv.db.begin(permit.scope()).await?;
    let rows = sqlx::query!(
        r#"
        select u.id, u.name, u.email, u.email_verified_at is not null as "verified!", u.is_platform_admin,
               u.suspended_at is not null as "suspended!", u.created_at,
               (select count(*) from memberships m where m.user_id = u.id) as "organizations!"
        from users u
        where u.erased_at is null
          and ($1 = '' or u.name ilike '%' || $1 || '%' or u.email ilike '%' || $1 || '%')
          and ($2::timestamptz is null or (u.created_at, u.id) < ($2, $3))
        order by u.created_at desc, u.id desc
        limit $4
        "#,
        like(&find.text),
        after.map(|c| jiff_sqlx::Timestamp::from(c.at)) as _,
        after.map(|c| c.id),
        i64::try_from(size + 1).unwrap_or(i64::MAX)
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    let items = rows
        .into_iter()
        .map(|row| UserRow {
            id: UserId::new(row.id),
            name: row.name,
            email: row.email,
            verified: row.verified,
            platform_admin: row.is_platform_admin,
            suspended: row.suspended,
            organizations: row.organizations,
            created_at: row.created_at.to_jiff(),
        })
        .collect();
    Ok(Page::cut(items, size, |row: &UserRow| Cursor {
        at: row.created_at,
        id: row.id.get(),
    }))
}

/// One person with what they belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserDetail {
    pub id: UserId,
    pub name: String,
    pub email: String,
    pub verified: bool,
    pub platform_admin: bool,
    pub suspended_reason: Option<String>,
    pub created_at: Timestamp,
    pub last_seen_at: Option<Timestamp>,
    /// Signing in asks for a code of it.
    pub has_authenticator: bool,
    pub memberships: Vec<MembershipRow>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MembershipRow {
    pub organization: String,
    pub organization_id: uuid::Uuid,
    pub role: String,
}

pub async fn show_user(
    sv: &Services,
    permit: &PlatformPermit,
    id: UserId,
) -> Result<Option<UserDetail>, Unexpected> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let row = sqlx::query!(
        r#"
        select u.name, u.email, u.email_verified_at is not null as "verified!", u.is_platform_admin,
               u.suspended_at, u.suspended_reason, u.created_at,
               (select max(s.last_seen_at) from sessions s where s.user_id = u.id) as last_seen_at,
               exists (select from authenticators a where a.user_id = u.id and a.confirmed_at is not null)
                   as "has_authenticator!"
        from users u
        where u.id = $1
        "#,
        id.get()
    )
    .fetch_optional(&mut *tx)
    .await?;
    let memberships = sqlx::query_as!(
        MembershipRow,
        r#"
        select o.name as organization, o.id as organization_id, m.role
        from memberships m
        join organizations o on o.id = m.organization_id
        where m.user_id = $1
        order by o.name
        "#,
        id.get()
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(row.map(|row| UserDetail {
        id,
        name: row.name,
        email: row.email,
        verified: row.verified,
        platform_admin: row.is_platform_admin,
        suspended_reason: row
            .suspended_at
            .map(|_| row.suspended_reason.unwrap_or_default()),
        created_at: row.created_at.to_jiff(),
        last_seen_at: row.last_seen_at.map(|at| at.to_jiff()),
        has_authenticator: row.has_authenticator,
        memberships,
    }))
}
