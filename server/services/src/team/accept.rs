//! Joining a team by the link of an invitation.

use domain::{
    ids::{OrganizationId, UserId},
    permissions::Role,
};

use super::{
    TeamError,
    record::{Change, record},
};
use crate::{
    Services, Unexpected,
    db::{Scope, Tx},
    seal,
    session::Session,
};

/// What an invitation says to whoever holds its link.
#[derive(Debug, Clone)]
pub struct OpenInvitation {
    pub organization_name: String,
    pub inviter: String,
    pub email: String,
    pub role: Role,
}

#[derive(Debug, Clone)]
pub struct Joined {
    pub organization: OrganizationId,
    pub slug: String,
}

pub async fn show_invitation(sv: &Services, token: &str) -> Result<OpenInvitation, TeamError> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let row = sqlx::query!(
        r#"
        select i.id, i.email, i.role, o.name, u.name as inviter
        from invitations i
        join organizations o on o.id = i.organization_id
        join users u on u.id = i.invited_by
        where i.token_hash = $1 and i.accepted_at is null and i.revoked_at is null and i.expires_at > $2
        "#,
        seal::hash(token),
        jiff_sqlx::Timestamp::from(sv.now()) as _
    )
    .fetch_optional(&mut *tx)
    .await
    .map_err(Unexpected::from)?
    .ok_or(TeamError::LinkOver)?;
    tx.commit().await?;
    let role = row
        .role
        .parse()
        .map_err(|_| Unexpected::bad_row("invitations", row.id, &row.role))?;
    Ok(OpenInvitation {
        organization_name: row.name,
        inviter: row.inviter,
        email: row.email,
        role,
    })
}

/// The signed-in person joins, if the invitation went to their address. Having the link proves the mailbox.
#[tracing::instrument(skip_all)]
pub async fn accept(sv: &Services, session: &Session, token: &str) -> Result<Joined, TeamError> {
    let now = sv.now();
    let mut tx = sv.db.begin(Scope::System).await?;
    let row = sqlx::query!(
        r#"
        select i.id, i.organization_id, i.email, i.role, i.events, o.slug
        from invitations i
        join organizations o on o.id = i.organization_id
        where i.token_hash = $1 and i.accepted_at is null and i.revoked_at is null and i.expires_at > $2
        for update of i
        "#,
        seal::hash(token),
        jiff_sqlx::Timestamp::from(now) as _
    )
    .fetch_optional(&mut *tx)
    .await
    .map_err(Unexpected::from)?
    .ok_or(TeamError::LinkOver)?;
    if !row.email.eq_ignore_ascii_case(&session.email) {
        return Err(TeamError::OtherPerson);
    }
    let organization = OrganizationId::new(row.organization_id);
    sqlx::query!(
        "update invitations set accepted_at = $2 where id = $1",
        row.id,
        jiff_sqlx::Timestamp::from(now) as _
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    let place = Place {
        role: &row.role,
        events: row.events.as_deref(),
    };
    let joined = join(&mut tx, organization, session.user, &place, now).await?;
    let change = Change {
        organization,
        by: Some(session.user),
        action: "team.join",
        subject_kind: "user",
        subject: session.user.to_string(),
        before: joined.before,
        after: Some(joined.role),
    };
    record(sv, &mut tx, change).await?;
    tx.commit().await?;
    Ok(Joined {
        organization,
        slug: row.slug,
    })
}

struct Place<'a> {
    role: &'a str,
    events: Option<&'a [uuid::Uuid]>,
}

/// What somebody who accepts has then.
struct JoinedAs {
    before: Option<Role>,
    role: Role,
}

/// Somebody who joined meanwhile keeps the role they have.
async fn join(
    tx: &mut Tx,
    organization: OrganizationId,
    user: UserId,
    place: &Place<'_>,
    now: domain::when::Timestamp,
) -> Result<JoinedAs, Unexpected> {
    let inserted = sqlx::query!(
        r#"
        insert into memberships (organization_id, user_id, role, created_at, events)
        values ($1, $2, $3, $4, $5)
        on conflict on constraint memberships_pkey do nothing
        "#,
        organization.get(),
        user.get(),
        place.role,
        jiff_sqlx::Timestamp::from(now) as _,
        place.events
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "update users set email_verified_at = coalesce(email_verified_at, $2) where id = $1",
        user.get(),
        jiff_sqlx::Timestamp::from(now) as _
    )
    .execute(&mut **tx)
    .await?;
    let role = sqlx::query_scalar!(
        "select role from memberships where organization_id = $1 and user_id = $2",
        organization.get(),
        user.get()
    )
    .fetch_one(&mut **tx)
    .await?;
    let role = role
        .parse()
        .map_err(|_| Unexpected::bad_row("memberships", user, &role))?;
    Ok(JoinedAs {
        before: (inserted.rows_affected() == 0).then_some(role),
        role,
    })
}
