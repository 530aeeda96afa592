//! For which events somebody works: for all of the organization's, or for some.

use domain::{
    ids::{EventId, OrganizationId},
    permissions::Role,
    text::{Fault, FieldErrors},
};
use jiff::SignedDuration;
use uuid::Uuid;

use crate::{
    Services, Unexpected,
    db::Tx,
    permit::{ManageTeam, Permit},
    zone,
};

/// As the constraints of memberships and invitations have it.
const MOST: usize = 100;
/// Events that are longer over are not offered any more.
const OVER: SignedDuration = SignedDuration::from_hours(30 * 24);

/// As it was typed: events by their ids; none of them for all there are.
#[derive(Debug, Default, Clone)]
pub struct Reach {
    /// "some", or all.
    pub what: String,
    pub events: Vec<String>,
}

/// An event that somebody can be limited to.
#[derive(Debug, Clone)]
pub struct ReachChoice {
    pub event: EventId,
    pub title: String,
    pub day: jiff::civil::Date,
}

impl Reach {
    /// The ids to be kept; `None` for everything. Every one must be an event of the organization.
    pub(super) async fn read(
        &self,
        tx: &mut Tx,
        organization: OrganizationId,
        role: Role,
    ) -> Result<Result<Option<Vec<Uuid>>, FieldErrors>, Unexpected> {
        let wrong = |fault| Ok(Err(FieldErrors::one("events", fault)));
        if self.what != "some" {
            return Ok(Ok(None));
        }
        if !role.can_be_limited() {
            return wrong(Fault::NotLimited);
        }
        let chosen: Vec<&str> = self
            .events
            .iter()
            .map(String::as_str)
            .filter(|event| !event.is_empty())
            .collect();
        if chosen.is_empty() {
            return wrong(Fault::Required);
        }
        let ids: Result<Vec<Uuid>, _> = chosen.iter().map(|event| event.parse()).collect();
        let Ok(mut ids) = ids else {
            return wrong(Fault::UnknownChoice);
        };
        ids.sort_unstable();
        ids.dedup();
        if ids.len() > MOST {
            return wrong(Fault::TooMany { max: MOST });
        }
        let known = sqlx::query_scalar!(
            r#"select count(*) as "count!" from events where organization_id = $1 and id = any($2)"#,
            organization.get(),
            &ids
        )
        .fetch_one(&mut **tx)
        .await?;
        if usize::try_from(known) == Ok(ids.len()) {
            Ok(Ok(Some(ids)))
        } else {
            wrong(Fault::UnknownChoice)
        }
    }
}

/// The organization's events that are not long over, the next first, and those that somebody is limited to already.
pub async fn choices(
    sv: &Services,
    permit: &Permit<ManageTeam>,
) -> Result<Vec<ReachChoice>, Unexpected> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let rows = sqlx::query!(
        r#"
        select e.id, e.title, e.starts_at, e.time_zone from events e
        where e.organization_id = $1
          and (e.ends_at > $2
               or exists (select from memberships m where m.organization_id = $1 and e.id = any(m.events))
               or exists (select from invitations i
                          where i.organization_id = $1 and e.id = any(i.events)
                            and i.accepted_at is null and i.revoked_at is null))
        order by e.starts_at, e.id
        limit 500
        "#,
        permit.organization().get(),
        jiff_sqlx::Timestamp::from(sv.now() - OVER) as _
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    rows.into_iter()
        .map(|row| {
            let local = zone::local(row.starts_at.to_jiff(), &row.time_zone)
                .map_err(|e| Unexpected::bad_row("events", row.id, e))?;
            Ok(ReachChoice {
                event: EventId::new(row.id),
                title: row.title,
                day: local.at.date(),
            })
        })
        .collect()
}
