//! Organizations, by name or address.

use domain::{ids::OrganizationId, when::Timestamp};

use super::{Find, like};
use crate::{
    Services, Unexpected,
    paging::{Cursor, Page, limit},
    permit::PlatformPermit,
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganizationRow {
    pub id: OrganizationId,
    pub slug: String,
    pub name: String,
    pub contact_email: String,
    pub suspended: bool,
    pub events: i64,
    pub created_at: Timestamp,
}

pub async fn find_organizations(
    sv: &Services,
    permit: &PlatformPermit,
    find: &Find,
) -> Result<Page<OrganizationRow>, Unexpected> {
    let size = limit(find.limit);
    let after = Cursor::decode(find.cursor.as_deref());
    let mut tx = sv.db.begin(permit.scope()).await?;
    let rows = sqlx::query!(
        r#"
        select o.id, o.slug, o.name, o.contact_email, o.state = 'suspended' as "suspended!", o.created_at,
               (select count(*) from events e where e.organization_id = o.id) as "events!"
        from organizations o
        where ($1 = '' or o.name ilike '%' || $1 || '%' or o.slug ilike '%' || $1 || '%'
               or o.contact_email ilike '%' || $1 || '%')
          and ($2::timestamptz is null or (o.created_at, o.id) < ($2, $3))
        order by o.created_at desc, o.id desc
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
        .map(|row| OrganizationRow {
            id: OrganizationId::new(row.id),
            slug: row.slug,
            name: row.name,
            contact_email: row.contact_email,
            suspended: row.suspended,
            events: row.events,
            created_at: row.created_at.to_jiff(),
        })
        .collect();
    Ok(Page::cut(items, size, |row: &OrganizationRow| Cursor {
        at: row.created_at,
        id: row.id.get(),
    }))
}

/// One organization, with what suspending it would touch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganizationDetail {
    pub id: OrganizationId,
    pub slug: String,
    pub name: String,
    pub contact_email: String,
    pub suspended_reason: Option<String>,
    pub created_at: Timestamp,
    pub events_on_sale: i64,
    pub open_orders: i64,
    pub tickets_to_come: i64,
    pub orders: i64,
    pub members: Vec<MemberRow>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberRow {
    pub user: uuid::Uuid,
    pub name: String,
    pub role: String,
}

pub async fn show_organization(
    sv: &Services,
    permit: &PlatformPermit,
    id: OrganizationId,
) -> Result<Option<OrganizationDetail>, Unexpected> {
    let now = jiff_sqlx::Timestamp::from(sv.now());
    let mut tx = sv.db.begin(permit.scope()).await?;
    let row = sqlx::query!(
        r#"
        select o.slug, o.name, o.contact_email, o.suspended_at, o.suspended_reason, o.created_at,
               (select count(*) from events e
                where e.organization_id = o.id and e.state = 'published' and e.ends_at > $2) as "events_on_sale!",
               (select count(*) from orders r where r.organization_id = o.id and r.state in ('pending', 'asked')) as "open_orders!",
               (select count(*) from orders r where r.organization_id = o.id) as "orders!",
               (select count(*) from tickets t join events e on e.id = t.event_id
                where t.organization_id = o.id and t.state = 'valid' and e.ends_at > $2) as "tickets_to_come!"
        from organizations o
        where o.id = $1
        "#,
        id.get(),
        now as _
    )
    .fetch_optional(&mut *tx)
    .await?;
    let members = sqlx::query_as!(
        MemberRow,
        r#"
        select u.id as "user", u.name, m.role
        from memberships m
        join users u on u.id = m.user_id
        where m.organization_id = $1
        order by u.name
        "#,
        id.get()
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(row.map(|row| OrganizationDetail {
        id,
        slug: row.slug,
        name: row.name,
        contact_email: row.contact_email,
        suspended_reason: row
            .suspended_at
            .map(|_| row.suspended_reason.unwrap_or_default()),
        created_at: row.created_at.to_jiff(),
        events_on_sale: row.events_on_sale,
        open_orders: row.open_orders,
        tickets_to_come: row.tickets_to_come,
        orders: row.orders,
        members,
    }))
}
