//! The members and open invitations of an organization.

use domain::{
    ids::{EventId, InvitationId, OrganizationId, UserId},
    permissions::{Right, Role},
    text::{Fault, FieldErrors},
    when::Timestamp,
};

use super::{
    Reach, TeamError, end_invitations_of,
    record::{Change, record},
};
use crate::{
    Services, Unexpected,
    db::{Scope, Tx},
    permit::{ManageTeam, Permit},
    session::Session,
};

#[derive(Debug, Clone)]
pub struct Member {
    pub user: UserId,
    pub name: String,
    pub email: String,
    pub role: Role,
    /// The only events they work for; `None`: all.
    pub events: Option<Vec<EventId>>,
    pub since: Timestamp,
}

#[derive(Debug, Clone)]
pub struct Invited {
    pub id: InvitationId,
    pub email: String,
    pub role: Role,
    pub events: Option<Vec<EventId>>,
    pub expires_at: Timestamp,
    pub expired: bool,
}

#[derive(Debug, Clone)]
pub struct Team {
    pub members: Vec<Member>,
    pub invitations: Vec<Invited>,
}

pub async fn list(sv: &Services, permit: &Permit<ManageTeam>) -> Result<Team, Unexpected> {
    let organization = permit.organization();
    let mut tx = sv.db.begin(permit.scope()).await?;
    let members = sqlx::query!(
        r#"
        select u.id, u.name, u.email, m.role, m.events, m.created_at
        from memberships m join users u on u.id = m.user_id
        where m.organization_id = $1
        order by m.created_at, u.id
        limit 500
        "#,
        organization.get()
    )
    .fetch_all(&mut *tx)
    .await?;
    let invitations = sqlx::query!(
        r#"
        select id, email, role, events, expires_at from invitations
        where organization_id = $1 and accepted_at is null and revoked_at is null
        order by created_at desc, id desc
        limit 200
        "#,
        organization.get()
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    let now = sv.now();
    let role = |id: uuid::Uuid, role: &str| {
        role.parse()
            .map_err(|_| Unexpected::bad_row("team", id, role))
    };
    let members = members
        .into_iter()
        .map(|row| {
            Ok(Member {
                user: UserId::new(row.id),
                role: role(row.id, &row.role)?,
                events: row.events.map(event_ids),
                name: row.name,
                email: row.email,
                since: row.created_at.to_jiff(),
            })
        })
        .collect::<Result<_, Unexpected>>()?;
    let invitations = invitations
        .into_iter()
        .map(|row| {
            let expires_at = row.expires_at.to_jiff();
            Ok(Invited {
                id: InvitationId::new(row.id),
                role: role(row.id, &row.role)?,
                events: row.events.map(event_ids),
                email: row.email,
                expires_at,
                expired: expires_at <= now,
            })
        })
        .collect::<Result<_, Unexpected>>()?;
    Ok(Team {
        members,
        invitations,
    })
}

fn event_ids(events: Vec<uuid::Uuid>) -> Vec<EventId> {
    events.into_iter().map(EventId::new).collect()
}

/// Gives a member another role, or the same one for other events. Nobody is made an owner without being asked: see
/// [`super::offer_ownership`].
#[tracing::instrument(skip_all)]
pub async fn change_role(
    sv: &Services,
    permit: &Permit<ManageTeam>,
    user: UserId,
    role: &str,
    reach: &Reach,
) -> Result<(), TeamError> {
    let role: Role = role
        .parse()
        .map_err(|fault| FieldErrors::one("role", fault))?;
    let mut tx = sv.db.begin(permit.scope()).await?;
    let current = lock(&mut tx, permit.organization(), user).await?;
    if role == Role::Owner && current != Role::Owner {
        return Err(FieldErrors::one("role", Fault::UnknownChoice).into());
    }
    if current == Role::Owner && role != Role::Owner {
        refuse_last_owner(&mut tx, permit.organization()).await?;
    }
    let events = reach.read(&mut tx, permit.organization(), role).await??;
    sqlx::query!(
        "update memberships set role = $3, events = $4 where organization_id = $1 and user_id = $2",
        permit.organization().get(),
        user.get(),
        role.code(),
        events.as_deref()
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    if !role.allows(Right::ManageTeam, events.is_none()) {
        end_invitations_of(sv, &mut tx, permit.organization(), user, permit.actor()).await?;
    }
    let change = Change {
        organization: permit.organization(),
        by: permit.actor(),
        action: "team.change_role",
        subject_kind: "user",
        subject: user.to_string(),
        before: Some(current),
        after: Some(role),
    };
    record(sv, &mut tx, change).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes a member out of the team.
#[tracing::instrument(skip_all)]
pub async fn remove(
    sv: &Services,
    permit: &Permit<ManageTeam>,
    user: UserId,
) -> Result<(), TeamError> {
    take_out(
        sv,
        permit.organization(),
        user,
        permit.actor(),
        "team.remove",
    )
    .await
}

/// The person leaves by themselves.
pub async fn leave(
    sv: &Services,
    session: &Session,
    organization: OrganizationId,
) -> Result<(), TeamError> {
    take_out(
        sv,
        organization,
        session.user,
        Some(session.user),
        "team.leave",
    )
    .await
}

async fn take_out(
    sv: &Services,
    organization: OrganizationId,
    user: UserId,
    by: Option<UserId>,
    action: &'static str,
) -> Result<(), TeamError> {
    let mut tx = sv.db.begin(Scope::Organization(organization)).await?;
    let role = lock(&mut tx, organization, user).await?;
    if role == Role::Owner {
        refuse_last_owner(&mut tx, organization).await?;
    }
    sqlx::query!(
        "delete from memberships where organization_id = $1 and user_id = $2",
        organization.get(),
        user.get()
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    end_invitations_of(sv, &mut tx, organization, user, by).await?;
    let change = Change {
        organization,
        by,
        action,
        subject_kind: "user",
        subject: user.to_string(),
        before: Some(role),
        after: None,
    };
    record(sv, &mut tx, change).await?;
    tx.commit().await?;
    Ok(())
}

/// Locks all of the team, in order, so that two owners cannot remove each other at the same moment.
pub(super) async fn lock(
    tx: &mut Tx,
    organization: OrganizationId,
    user: UserId,
) -> Result<Role, TeamError> {
    let rows = sqlx::query!(
        "select user_id, role from memberships where organization_id = $1 order by user_id for update",
        organization.get()
    )
    .fetch_all(&mut **tx)
    .await
    .map_err(Unexpected::from)?;
    let row = rows
        .into_iter()
        .find(|row| row.user_id == user.get())
        .ok_or(TeamError::NotFound)?;
    Ok(row
        .role
        .parse()
        .map_err(|_| Unexpected::bad_row("memberships", user, &row.role))?)
}

async fn refuse_last_owner(tx: &mut Tx, organization: OrganizationId) -> Result<(), TeamError> {
    let owners = sqlx::query_scalar!(
        r#"select count(*) as "count!" from memberships where organization_id = $1 and role = 'owner'"#,
        organization.get()
    )
    .fetch_one(&mut **tx)
    .await
    .map_err(Unexpected::from)?;
    if owners < 2 {
        Err(TeamError::LastOwner)
    } else {
        Ok(())
    }
}
