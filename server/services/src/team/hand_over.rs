//! Handing over the ownership: an owner offers it to a member, who accepts or declines. Nothing changes before.

use domain::{
    ids::{OrganizationId, UserId},
    permissions::Role,
    when::Timestamp,
};
use jiff::SignedDuration;
use locales::Locale;
use uuid::Uuid;

use super::{
    TeamError, end_invitations_of, limits, members,
    record::{Change, record},
};
use crate::{
    Services, Unexpected,
    db::{Scope, Tx},
    error::constraint,
    messaging::{self, Link, MailKind, NewMail},
    permit::{self, HandOver, Permit},
    session::Session,
};

const LASTS: SignedDuration = SignedDuration::from_hours(14 * 24);

#[derive(Debug, Clone, Copy)]
pub struct OfferOwnership {
    pub to: UserId,
    /// The one who offers becomes a manager when the other accepts; else both are owners.
    pub steps_back: bool,
}

/// An offer that waits for its answer.
#[derive(Debug, Clone)]
pub struct OpenOffer {
    pub by: UserId,
    pub by_name: String,
    pub to: UserId,
    pub to_name: String,
    pub steps_back: bool,
    pub expires_at: Timestamp,
}

/// Offers the ownership to a member, who is told by mail. Needs a fresh proof.
#[tracing::instrument(skip_all)]
pub async fn offer_ownership(
    sv: &Services,
    permit: &Permit<HandOver>,
    session: &Session,
    cmd: OfferOwnership,
) -> Result<(), TeamError> {
    permit::fresh(sv, session)?;
    let (organization, now) = (permit.organization(), sv.now());
    limits::mail(sv, session, organization, &cmd.to.to_string()).await?;
    let mut tx = sv.db.begin(permit.scope()).await?;
    let role = members::lock(&mut tx, organization, cmd.to).await?;
    if role == Role::Owner {
        return Err(TeamError::AlreadyMember);
    }
    end_open(&mut tx, organization, now, Some(now)).await?;
    let inserted = sqlx::query!(
        r#"
        insert into ownership_offers (id, organization_id, offered_by, offered_to, steps_back, created_at, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7)
        "#,
        sv.new_id(),
        organization.get(),
        session.user.get(),
        cmd.to.get(),
        cmd.steps_back,
        jiff_sqlx::Timestamp::from(now) as _,
        jiff_sqlx::Timestamp::from(now + LASTS) as _
    )
    .execute(&mut *tx)
    .await;
    match inserted {
        Ok(_) => {}
        Err(e) if constraint(&e) == Some("ownership_offers_organization_id_open_key") => {
            return Err(TeamError::AlreadyOffered);
        }
        Err(e) => return Err(Unexpected::from(e).into()),
    }
    tell(sv, &mut tx, permit, session, cmd.to).await?;
    let change = changed(organization, session.user, "team.offer_ownership", cmd.to);
    record(sv, &mut tx, change).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes the open offer back.
pub async fn take_back_offer(sv: &Services, permit: &Permit<HandOver>) -> Result<(), TeamError> {
    let organization = permit.organization();
    let mut tx = sv.db.begin(permit.scope()).await?;
    let to = end_open(&mut tx, organization, sv.now(), None)
        .await?
        .ok_or(TeamError::NotFound)?;
    if let Some(by) = permit.actor() {
        let change = changed(organization, by, "team.take_back_offer", to);
        record(sv, &mut tx, change).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// The person to whom it was offered becomes an owner. The offer dies with the rights of who made it.
#[tracing::instrument(skip_all)]
pub async fn accept_ownership(
    sv: &Services,
    session: &Session,
    organization: OrganizationId,
) -> Result<(), TeamError> {
    let now = sv.now();
    let mut tx = sv.db.begin(Scope::Organization(organization)).await?;
    let mine = members::lock(&mut tx, organization, session.user).await?;
    let offer = sqlx::query!(
        r#"
        update ownership_offers set accepted_at = $3
        where organization_id = $1 and offered_to = $2 and accepted_at is null and revoked_at is null
          and expires_at > $3
          and exists (select from memberships m
                      where m.organization_id = $1 and m.user_id = offered_by and m.role = 'owner')
        returning offered_by, steps_back
        "#,
        organization.get(),
        session.user.get(),
        jiff_sqlx::Timestamp::from(now) as _
    )
    .fetch_optional(&mut *tx)
    .await
    .map_err(Unexpected::from)?
    .ok_or(TeamError::NotFound)?;
    set_role(&mut tx, organization, session.user.get(), Role::Owner).await?;
    if offer.steps_back {
        set_role(&mut tx, organization, offer.offered_by, Role::Manager).await?;
        let former = UserId::new(offer.offered_by);
        end_invitations_of(sv, &mut tx, organization, former, Some(session.user)).await?;
    }
    let mut change = changed(
        organization,
        session.user,
        "team.accept_ownership",
        session.user,
    );
    change.before = Some(mine);
    change.after = Some(Role::Owner);
    record(sv, &mut tx, change).await?;
    tx.commit().await?;
    Ok(())
}

/// The person to whom it was offered does not want it.
pub async fn decline_ownership(
    sv: &Services,
    session: &Session,
    organization: OrganizationId,
) -> Result<(), TeamError> {
    let mut tx = sv.db.begin(Scope::Organization(organization)).await?;
    let declined = sqlx::query_scalar!(
        r#"
        update ownership_offers set revoked_at = $3
        where organization_id = $1 and offered_to = $2 and accepted_at is null and revoked_at is null
        returning id
        "#,
        organization.get(),
        session.user.get(),
        jiff_sqlx::Timestamp::from(sv.now()) as _
    )
    .fetch_optional(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    declined.ok_or(TeamError::NotFound)?;
    let change = changed(
        organization,
        session.user,
        "team.decline_ownership",
        session.user,
    );
    record(sv, &mut tx, change).await?;
    tx.commit().await?;
    Ok(())
}

/// The offer that waits for its answer, for those who may make one.
pub async fn open_offer(
    sv: &Services,
    permit: &Permit<HandOver>,
) -> Result<Option<OpenOffer>, Unexpected> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let offer = find(&mut tx, permit.organization(), None, sv.now()).await?;
    tx.commit().await?;
    Ok(offer)
}

/// What this member was offered.
pub async fn offered_to(
    sv: &Services,
    session: &Session,
    organization: OrganizationId,
) -> Result<Option<OpenOffer>, Unexpected> {
    let mut tx = sv.db.begin(Scope::Organization(organization)).await?;
    let offer = find(&mut tx, organization, Some(session.user), sv.now()).await?;
    tx.commit().await?;
    Ok(offer)
}

async fn find(
    tx: &mut Tx,
    organization: OrganizationId,
    to: Option<UserId>,
    now: Timestamp,
) -> Result<Option<OpenOffer>, Unexpected> {
    let row = sqlx::query!(
        r#"
        select f.offered_by, a.name as by_name, f.offered_to, b.name as to_name, f.steps_back, f.expires_at
        from ownership_offers f
        join users a on a.id = f.offered_by
        join users b on b.id = f.offered_to
        where f.organization_id = $1 and f.accepted_at is null and f.revoked_at is null and f.expires_at > $3
          and ($2::uuid is null or f.offered_to = $2)
          and exists (select from memberships m
                      where m.organization_id = $1 and m.user_id = f.offered_by and m.role = 'owner')
          and exists (select from memberships m where m.organization_id = $1 and m.user_id = f.offered_to)
        "#,
        organization.get(),
        to.map(UserId::get),
        jiff_sqlx::Timestamp::from(now) as _
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| OpenOffer {
        by: UserId::new(row.offered_by),
        by_name: row.by_name,
        to: UserId::new(row.offered_to),
        to_name: row.to_name,
        steps_back: row.steps_back,
        expires_at: row.expires_at.to_jiff(),
    }))
}

/// Ends the open offer, or only one that ran out before `over`; whom it was made to.
async fn end_open(
    tx: &mut Tx,
    organization: OrganizationId,
    now: Timestamp,
    over: Option<Timestamp>,
) -> Result<Option<UserId>, Unexpected> {
    let to = sqlx::query_scalar!(
        r#"
        update ownership_offers set revoked_at = $2
        where organization_id = $1 and accepted_at is null and revoked_at is null
          and ($3::timestamptz is null or expires_at <= $3)
        returning offered_to
        "#,
        organization.get(),
        jiff_sqlx::Timestamp::from(now) as _,
        over.map(jiff_sqlx::Timestamp::from) as _
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(to.map(UserId::new))
}

async fn set_role(
    tx: &mut Tx,
    organization: OrganizationId,
    user: Uuid,
    role: Role,
) -> Result<(), Unexpected> {
    sqlx::query!(
        "update memberships set role = $3, events = null where organization_id = $1 and user_id = $2",
        organization.get(),
        user,
        role.code()
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn tell(
    sv: &Services,
    tx: &mut Tx,
    permit: &Permit<HandOver>,
    session: &Session,
    to: UserId,
) -> Result<(), Unexpected> {
    let row = sqlx::query!(
        r#"
        select u.email, u.locale, o.name, o.slug
        from users u, organizations o
        where u.id = $1 and o.id = $2
        "#,
        to.get(),
        permit.organization().get()
    )
    .fetch_one(&mut **tx)
    .await?;
    let kind = MailKind::OwnershipOffer {
        organization: row.name,
        by: session.name.clone(),
        link: Link::page(format!("/organize/{}", row.slug)),
    };
    let mail = NewMail {
        kind,
        dedupe_key: format!("ownership|{}", sv.new_id()),
        recipient: row.email,
        locale: Locale::from_code(&row.locale).unwrap_or_default(),
        organization: Some(permit.organization()),
        order: None,
    };
    messaging::enqueue(sv, tx, mail).await
}

fn changed(
    organization: OrganizationId,
    by: UserId,
    action: &'static str,
    subject: UserId,
) -> Change {
    Change {
        organization,
        by: Some(by),
        action,
        subject_kind: "user",
        subject: subject.to_string(),
        before: None,
        after: None,
    }
}
