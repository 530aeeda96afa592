//! Whose days and months an organization's figures are of.

use domain::{
    ids::OrganizationId,
    text::{Fault, FieldErrors},
};
use jiff::tz::TimeZone;

use crate::{
    Services, Unexpected, audit,
    db::Tx,
    permit::{ManageOrganization, Permit, ViewFinances},
};

/// The IANA name: what the organization has said, else the zone of most of its events, else UTC.
pub async fn zone(sv: &Services, permit: &Permit<ViewFinances>) -> Result<String, Unexpected> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let zone = zone_of(&mut tx, permit.organization()).await?;
    tx.commit().await?;
    Ok(zone)
}

/// The same, for whoever asks for something else.
pub(crate) async fn zone_of(
    tx: &mut Tx,
    organization: OrganizationId,
) -> Result<String, Unexpected> {
    let zone = sqlx::query_scalar!(
        r#"
        select coalesce(
            nullif(o.time_zone, ''),
            (select e.time_zone from events e where e.organization_id = o.id
             group by e.time_zone order by count(*) desc, e.time_zone limit 1),
            'UTC') as "zone!"
        from organizations o where o.id = $1
        "#,
        organization.get()
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(zone)
}

/// More are not offered to choose from.
const EVENTS: i64 = 200;

/// Address and name of the events that a report can be asked for, the latest first.
pub async fn sold_events(
    sv: &Services,
    permit: &Permit<ViewFinances>,
) -> Result<Vec<(String, String)>, Unexpected> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let rows = sqlx::query!(
        r#"
        select e.slug, e.title from events e
        where e.organization_id = $1 and e.state <> 'draft'
        order by e.starts_at desc, e.id desc
        limit $2
        "#,
        permit.organization().get(),
        EVENTS
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(rows.into_iter().map(|row| (row.slug, row.title)).collect())
}

/// Counts from now on for every report, those of the past too: they are asked for anew each time.
#[tracing::instrument(skip_all)]
pub async fn set_zone(
    sv: &Services,
    permit: &Permit<ManageOrganization>,
    zone: &str,
) -> Result<(), SetZoneError> {
    let zone = zone.trim();
    // The database must know it too.
    if TimeZone::get(zone).is_err() || zone.len() > 64 {
        return Err(FieldErrors::one("zone", Fault::UnknownChoice).into());
    }
    let mut tx = sv.db.begin(permit.scope()).await?;
    let changed = sqlx::query!(
        r#"
        update organizations set time_zone = $2
        where id = $1 and exists (select from pg_timezone_names where name = $2)
        "#,
        permit.organization().get(),
        zone
    )
    .execute(&mut *tx)
    .await?;
    if changed.rows_affected() == 0 {
        return Err(FieldErrors::one("zone", Fault::UnknownChoice).into());
    }
    let entry = audit::Entry {
        actor: permit.actor(),
        organization: Some(permit.organization()),
        action: "organization.update",
        subject_kind: "organization",
        subject: permit.organization().to_string(),
        reason: "",
        before: None,
        after: Some(serde_json::json!({ "time_zone": zone })),
    };
    audit::append(sv, &mut tx, entry).await?;
    tx.commit().await?;
    Ok(())
}

#[derive(Debug, thiserror::Error)]
pub enum SetZoneError {
    #[error(transparent)]
    Fields(#[from] FieldErrors),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

impl From<sqlx::Error> for SetZoneError {
    fn from(e: sqlx::Error) -> Self {
        Self::Unexpected(e.into())
    }
}
