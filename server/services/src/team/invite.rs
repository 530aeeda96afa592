//! Inviting somebody by mail.

use domain::{
    ids::{InvitationId, OrganizationId, UserId},
    permissions::Role,
    text::{Email, FieldErrors},
};
use jiff::SignedDuration;
use locales::Locale;
use uuid::Uuid;

use super::{
    Reach, TeamError, limits, link_about,
    record::{Change, record},
};
use crate::{
    Services, Unexpected,
    db::Tx,
    error::constraint,
    messaging::{self, Link, MailKind, NewMail},
    permit::{self, ManageTeam, Permit},
    seal,
    session::Session,
    throttle::{self, Limit},
};

const LASTS: SignedDuration = SignedDuration::from_hours(7 * 24);
const MOST_OPEN: i64 = 100;
const PER_INVITATION: Limit = Limit {
    what: "invitation",
    tries: 3,
    span: SignedDuration::from_hours(1),
};

#[derive(Debug, Default)]
pub struct Invite {
    pub email: String,
    pub role: String,
    pub reach: Reach,
    pub locale: Locale,
}

/// Invites an address to join in a role; a link goes there by mail. Needs a fresh proof: it lets somebody in.
#[tracing::instrument(skip_all)]
pub async fn invite(
    sv: &Services,
    permit: &Permit<ManageTeam>,
    session: &Session,
    cmd: Invite,
) -> Result<InvitationId, TeamError> {
    permit::fresh(sv, session)?;
    let mut errors = FieldErrors::new();
    let email = errors.field("email", Email::parse(&cmd.email));
    let role = errors.field("role", cmd.role.parse::<Role>());
    errors.finish()?;
    let (Some(email), Some(role)) = (email, role) else {
        return Err(TeamError::NotFound);
    };
    let (now, organization) = (sv.now(), permit.organization());
    limits::mail(sv, session, organization, &email.lookup_key()).await?;
    let mut tx = sv.db.begin(permit.scope()).await?;
    let events = cmd.reach.read(&mut tx, organization, role).await??;
    let found = sqlx::query!(
        r#"
        select exists (
                   select from memberships m join users u on u.id = m.user_id
                   where m.organization_id = $1 and lower(u.email) = $2
               ) as "member!",
               (select count(*) from invitations
                where organization_id = $1 and accepted_at is null and revoked_at is null and expires_at > $3) as "open!"
        "#,
        organization.get(),
        email.lookup_key(),
        jiff_sqlx::Timestamp::from(now) as _
    )
    .fetch_one(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    if found.member {
        return Err(TeamError::AlreadyMember);
    }
    if found.open >= MOST_OPEN {
        return Err(TeamError::TooMany);
    }
    // One that ran out makes room for a new one.
    sqlx::query!(
        r#"
        update invitations set revoked_at = $3
        where organization_id = $1 and lower(email) = $2
          and accepted_at is null and revoked_at is null and expires_at <= $3
        "#,
        organization.get(),
        email.lookup_key(),
        jiff_sqlx::Timestamp::from(now) as _
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    let (id, link) = (InvitationId::new(sv.new_id()), sv.new_id());
    let inserted = sqlx::query!(
        r#"
        insert into invitations
            (id, organization_id, email, role, token_hash, invited_by, created_at, expires_at, events)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        "#,
        id.get(),
        organization.get(),
        email.as_str(),
        role.code(),
        seal::hash(&sv.seal.derive(&link_about(link))),
        session.user.get(),
        jiff_sqlx::Timestamp::from(now) as _,
        jiff_sqlx::Timestamp::from(now + LASTS) as _,
        events.as_deref()
    )
    .execute(&mut *tx)
    .await;
    match inserted {
        Ok(_) => {}
        Err(e) if constraint(&e) == Some("invitations_organization_id_email_open_key") => {
            return Err(TeamError::AlreadyInvited);
        }
        Err(e) => return Err(Unexpected::from(e).into()),
    }
    let letter = Letter {
        email: email.as_str(),
        role,
        link,
        locale: cmd.locale,
    };
    send(sv, &mut tx, permit, session, &letter).await?;
    record(
        sv,
        &mut tx,
        change(permit, "team.invite", id, None, Some(role)),
    )
    .await?;
    tx.commit().await?;
    Ok(id)
}

/// Mails a fresh link for an open invitation, which is the sender's from now on; it lasts seven days from now, the earlier link stops working.
#[tracing::instrument(skip_all)]
pub async fn resend(
    sv: &Services,
    permit: &Permit<ManageTeam>,
    session: &Session,
    id: InvitationId,
    locale: Locale,
) -> Result<(), TeamError> {
    throttle::count(sv, &PER_INVITATION, &id.to_string()).await?;
    let recipient = recipient(sv, permit, id)
        .await?
        .ok_or(TeamError::NotFound)?;
    limits::mail(sv, session, permit.organization(), &recipient).await?;
    let (now, link) = (sv.now(), sv.new_id());
    let mut tx = sv.db.begin(permit.scope()).await?;
    let row = sqlx::query!(
        r#"
        update invitations set token_hash = $3, expires_at = $4, invited_by = $5
        where id = $1 and organization_id = $2 and accepted_at is null and revoked_at is null
        returning email, role
        "#,
        id.get(),
        permit.organization().get(),
        seal::hash(&sv.seal.derive(&link_about(link))),
        jiff_sqlx::Timestamp::from(now + LASTS) as _,
        session.user.get()
    )
    .fetch_optional(&mut *tx)
    .await
    .map_err(Unexpected::from)?
    .ok_or(TeamError::NotFound)?;
    let role = row
        .role
        .parse()
        .map_err(|_| Unexpected::bad_row("invitations", id, &row.role))?;
    let letter = Letter {
        email: &row.email,
        role,
        link,
        locale,
    };
    send(sv, &mut tx, permit, session, &letter).await?;
    record(
        sv,
        &mut tx,
        change(permit, "team.invite_again", id, Some(role), Some(role)),
    )
    .await?;
    tx.commit().await?;
    Ok(())
}

/// Whom an open invitation went to.
async fn recipient(
    sv: &Services,
    permit: &Permit<ManageTeam>,
    id: InvitationId,
) -> Result<Option<String>, Unexpected> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let email = sqlx::query_scalar!(
        r#"
        select lower(email) as "email!" from invitations
        where id = $1 and organization_id = $2 and accepted_at is null and revoked_at is null
        "#,
        id.get(),
        permit.organization().get()
    )
    .fetch_optional(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(email)
}

/// Takes an open invitation back.
pub async fn revoke(
    sv: &Services,
    permit: &Permit<ManageTeam>,
    id: InvitationId,
) -> Result<(), TeamError> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let taken_back = sqlx::query_scalar!(
        r#"
        update invitations set revoked_at = $3
        where id = $1 and organization_id = $2 and accepted_at is null and revoked_at is null
        returning role
        "#,
        id.get(),
        permit.organization().get(),
        jiff_sqlx::Timestamp::from(sv.now()) as _
    )
    .fetch_optional(&mut *tx)
    .await
    .map_err(Unexpected::from)?
    .ok_or(TeamError::NotFound)?;
    let role = taken_back
        .parse()
        .map_err(|_| Unexpected::bad_row("invitations", id, &taken_back))?;
    record(
        sv,
        &mut tx,
        change(permit, "team.revoke_invitation", id, Some(role), None),
    )
    .await?;
    tx.commit().await?;
    Ok(())
}

/// The same in every organization: somebody's account is not theirs to act with any more.
pub(crate) async fn end_all_invitations_of(
    sv: &Services,
    tx: &mut Tx,
    inviter: UserId,
    by: Option<UserId>,
) -> Result<(), Unexpected> {
    let organizations = sqlx::query_scalar!(
        "select organization_id from memberships where user_id = $1 order by organization_id",
        inviter.get()
    )
    .fetch_all(&mut **tx)
    .await?;
    for organization in organizations {
        let organization = OrganizationId::new(organization);
        end_invitations_of(sv, tx, organization, inviter, by).await?;
    }
    Ok(())
}

/// Takes back what somebody has invited who may not invite any more: whoever was shown out does not come back by a link of their
/// own.
pub(crate) async fn end_invitations_of(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    inviter: UserId,
    by: Option<UserId>,
) -> Result<(), Unexpected> {
    let taken_back = sqlx::query!(
        r#"
        update invitations set revoked_at = $3
        where organization_id = $1 and invited_by = $2 and accepted_at is null and revoked_at is null
        returning id, role
        "#,
        organization.get(),
        inviter.get(),
        jiff_sqlx::Timestamp::from(sv.now()) as _
    )
    .fetch_all(&mut **tx)
    .await?;
    for row in taken_back {
        let role = row
            .role
            .parse()
            .map_err(|_| Unexpected::bad_row("invitations", row.id, &row.role))?;
        let change = Change {
            organization,
            by,
            action: "team.revoke_invitation",
            subject_kind: "invitation",
            subject: row.id.to_string(),
            before: Some(role),
            after: None,
        };
        record(sv, tx, change).await?;
    }
    Ok(())
}

fn change(
    permit: &Permit<ManageTeam>,
    action: &'static str,
    id: InvitationId,
    before: Option<Role>,
    after: Option<Role>,
) -> Change {
    Change {
        organization: permit.organization(),
        by: permit.actor(),
        action,
        subject_kind: "invitation",
        subject: id.to_string(),
        before,
        after,
    }
}

struct Letter<'a> {
    email: &'a str,
    role: Role,
    link: Uuid,
    locale: Locale,
}

async fn send(
    sv: &Services,
    tx: &mut Tx,
    permit: &Permit<ManageTeam>,
    session: &Session,
    letter: &Letter<'_>,
) -> Result<(), Unexpected> {
    let organization = sqlx::query_scalar!(
        "select name from organizations where id = $1",
        permit.organization().get()
    )
    .fetch_one(&mut **tx)
    .await?;
    let kind = MailKind::Invitation {
        organization,
        inviter: session.name.clone(),
        role: letter.role.code().to_owned(),
        link: Link::secret("/join/", link_about(letter.link)),
    };
    let mail = NewMail {
        kind,
        dedupe_key: link_about(letter.link),
        recipient: letter.email.to_owned(),
        locale: letter.locale,
        organization: Some(permit.organization()),
        order: None,
    };
    messaging::enqueue(sv, tx, mail).await
}
