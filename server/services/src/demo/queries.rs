//! SQL of the sample: accounts, organizations and events, one by one.

pub(super) mod doors;
pub(super) mod runs;
pub(super) mod sales;

use domain::{
    catalog::{Attendance, EventState, Visibility},
    ids::{EventId, FileId, OrganizationId, UserId},
    permissions::Role,
    when::Timestamp,
};
use jiff::SignedDuration;
use locales::Locale;
use uuid::Uuid;

use super::content::{self, DemoEvent, DemoOrganization, DemoPool, DemoTicket};
use crate::{Unexpected, db::Tx, rows::at};

/// Whether the last sample event is there.
pub(super) async fn is_filled(tx: &mut Tx) -> Result<bool, Unexpected> {
    let slug = content::events().last().map_or("", |event| event.slug);
    let there = sqlx::query_scalar!(
        r#"select exists (select from events where slug = $1) as "there!""#,
        slug
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(there)
}

/// Waits until nobody else fills this database.
pub(super) async fn take_turn(tx: &mut Tx) -> Result<(), Unexpected> {
    sqlx::query!("select pg_advisory_xact_lock(hashtext('bilten sample data')) as turn")
        .fetch_one(&mut **tx)
        .await?;
    Ok(())
}

/// Keeps these out, and ends what they have begun. How many could still get in.
pub(super) async fn suspend(
    tx: &mut Tx,
    emails: &[String],
    now: Timestamp,
) -> Result<u64, Unexpected> {
    let shut = sqlx::query_scalar!(
        r#"
        with shut as (
            update users set suspended_at = $2, suspended_reason = 'sample data'
            where email = any($1) and suspended_at is null
            returning id
        ), ended as (
            update sessions set revoked_at = $2 where user_id in (select id from shut) and revoked_at is null
        )
        select count(*) as "count!" from shut
        "#,
        emails,
        at(now) as _
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(shut.unsigned_abs())
}

pub(super) struct NewUser {
    pub id: Uuid,
    pub email: String,
    pub name: String,
    pub locale: Locale,
    pub admin: bool,
    pub password_hash: String,
    pub created_at: Timestamp,
}

/// Adds a person with a proven address, or finds them.
pub(super) async fn user(tx: &mut Tx, new: &NewUser) -> Result<UserId, Unexpected> {
    sqlx::query!(
        r#"
        insert into users (id, email, name, password_hash, locale, is_platform_admin, email_verified_at, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $7)
        on conflict (lower(email)) do nothing
        "#,
        new.id,
        new.email,
        new.name,
        new.password_hash,
        new.locale.code(),
        new.admin,
        jiff_sqlx::Timestamp::from(new.created_at) as _
    )
    .execute(&mut **tx)
    .await?;
    let id = sqlx::query_scalar!(
        "select id from users where lower(email) = lower($1)",
        new.email
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(UserId::new(id))
}

/// Adds an organization, or finds it.
pub(super) async fn organization(
    tx: &mut Tx,
    id: Uuid,
    new: &DemoOrganization,
    created_at: Timestamp,
) -> Result<OrganizationId, Unexpected> {
    sqlx::query!(
        r#"
        insert into organizations (id, slug, name, description_md, contact_email, website, country, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict on constraint organizations_slug_key do nothing
        "#,
        id,
        new.slug,
        new.name,
        new.about,
        new.contact,
        format!("https://{}", new.contact.split('@').next_back().unwrap_or_default()),
        new.country,
        jiff_sqlx::Timestamp::from(created_at) as _
    )
    .execute(&mut **tx)
    .await?;
    let id = sqlx::query_scalar!("select id from organizations where slug = $1", new.slug)
        .fetch_one(&mut **tx)
        .await?;
    Ok(OrganizationId::new(id))
}

pub(super) async fn membership(
    tx: &mut Tx,
    organization: OrganizationId,
    user: UserId,
    role: Role,
    created_at: Timestamp,
) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        insert into memberships (organization_id, user_id, role, created_at) values ($1, $2, $3, $4)
        on conflict on constraint memberships_pkey do nothing
        "#,
        organization.get(),
        user.get(),
        role.code(),
        jiff_sqlx::Timestamp::from(created_at) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// An open invitation whose link nobody has; it can be sent again.
pub(super) async fn invitation(
    tx: &mut Tx,
    id: Uuid,
    organization: OrganizationId,
    by: UserId,
    token_hash: &[u8],
    at: Timestamp,
) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        insert into invitations (id, organization_id, email, role, token_hash, invited_by, created_at, expires_at)
        values ($1, $2, 'jonas.keller@mail.example', 'door', $3, $4, $5, $6)
        on conflict do nothing
        "#,
        id,
        organization.get(),
        token_hash,
        by.get(),
        jiff_sqlx::Timestamp::from(at) as _,
        jiff_sqlx::Timestamp::from(at + SignedDuration::from_hours(7 * 24)) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(super) struct NewEvent {
    pub id: EventId,
    pub organization: OrganizationId,
    pub event: &'static DemoEvent,
    pub language: &'static str,
    pub state: EventState,
    pub visibility: Visibility,
    pub reason: &'static str,
    pub attendance: Attendance,
    /// Name, address, city, country.
    pub venue: [&'static str; 4],
    pub link: &'static str,
    pub starts: Timestamp,
    pub ends: Timestamp,
    pub picture: FileId,
    pub policy: serde_json::Value,
    pub published: Option<Timestamp>,
    pub created: Timestamp,
}

pub(super) async fn event(tx: &mut Tx, new: &NewEvent) -> Result<(), Unexpected> {
    let [name, address, city, country] = new.venue;
    sqlx::query!(
        r#"
        insert into events (
            id, organization_id, slug, title, summary, description_md, category, language, state, visibility, attendance,
            venue_name, venue_address, venue_city, venue_country, online_url, time_zone, starts_at, ends_at, currency,
            image_id, refund_policy, state_reason, published_at, created_at, updated_at, change_terms
        )
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
                $24::timestamptz, $25::timestamptz, coalesce($24::timestamptz, $25::timestamptz), $26)
        "#,
        new.id.get(),
        new.organization.get(),
        new.event.slug,
        new.event.title,
        new.event.summary,
        new.event.description,
        new.event.category.code(),
        new.language,
        new.state.code(),
        new.visibility.code(),
        new.attendance.code(),
        name,
        address,
        city,
        country,
        new.link,
        new.event.time_zone,
        jiff_sqlx::Timestamp::from(new.starts) as _,
        jiff_sqlx::Timestamp::from(new.ends) as _,
        new.event.currency,
        new.picture.get(),
        new.policy,
        new.reason,
        new.published.map(jiff_sqlx::Timestamp::from) as _,
        jiff_sqlx::Timestamp::from(new.created) as _,
        // Buyers change their minds until the day before.
        serde_json::json!({ "until_hours": 24, "fee_minor": 0, "returns_difference": true })
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(super) struct NewPool {
    pub id: Uuid,
    pub pool: &'static DemoPool,
}

pub(super) async fn pools(
    tx: &mut Tx,
    organization: OrganizationId,
    event: EventId,
    pools: &[NewPool],
) -> Result<(), Unexpected> {
    for (position, new) in (0_i16..).zip(pools) {
        sqlx::query!(
            r#"
            insert into pools (id, organization_id, event_id, name, capacity, position) values ($1, $2, $3, $4, $5, $6)
            "#,
            new.id,
            organization.get(),
            event.get(),
            new.pool.name,
            i32::try_from(new.pool.capacity).unwrap_or(i32::MAX),
            position
        )
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

pub(super) struct NewType {
    pub id: Uuid,
    pub ticket: &'static DemoTicket,
    pub from: Option<Timestamp>,
    pub until: Option<Timestamp>,
    /// The pools it takes a place from.
    pub draws: Vec<Uuid>,
}

/// Ticket types numbered from 1 in the order given.
pub(super) async fn ticket_types(
    tx: &mut Tx,
    organization: OrganizationId,
    event: EventId,
    types: &[NewType],
    created_at: Timestamp,
) -> Result<(), Unexpected> {
    for (number, new) in (1_i16..).zip(types) {
        sqlx::query!(
            r#"
            insert into ticket_types (id, organization_id, event_id, number, name, description, price_minor, max_per_order,
                                      sales_from, sales_until, position, created_at)
            values ($1, $2, $3, $4::smallint, $5, $6, $7, $8, $9, $10, $4::smallint - 1, $11)
            "#,
            new.id,
            organization.get(),
            event.get(),
            number,
            new.ticket.name,
            new.ticket.description,
            new.ticket.price,
            i16::try_from(new.ticket.per_order).unwrap_or(10),
            new.from.map(jiff_sqlx::Timestamp::from) as _,
            new.until.map(jiff_sqlx::Timestamp::from) as _,
            jiff_sqlx::Timestamp::from(created_at) as _
        )
        .execute(&mut **tx)
        .await?;
        sqlx::query!(
            r#"
            insert into ticket_type_pools (organization_id, ticket_type_id, pool_id)
            select $1, $2, pool from unnest($3::uuid[]) as draws (pool)
            "#,
            organization.get(),
            new.id,
            &new.draws
        )
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}
