//! The right to act, as an argument. A use case that changes or shows a tenant's things takes a [`Permit`] of the
//! right it needs; only the functions here make one, so forgetting the check does not compile.

use std::{marker::PhantomData, ops::Deref, sync::Arc};

use domain::{
    ids::{EventId, OrganizationId, UserId},
    permissions::{Right, Role},
};
use jiff::SignedDuration;
use uuid::Uuid;

use crate::{Services, Unexpected, db::Scope, session::Session};

/// How long a proof counts as fresh.
const FRESH: SignedDuration = SignedDuration::from_mins(15);

/// Marks a right at the type level.
pub trait Act {
    const RIGHT: Right;
}

macro_rules! acts {
    ($($name:ident),* $(,)?) => {$(
        #[derive(Debug, Clone, Copy)]
        pub struct $name;
        impl Act for $name {
            const RIGHT: Right = Right::$name;
        }
    )*};
}

acts!(
    ManageOrganization,
    ManageTeam,
    HandOver,
    ManageSecurity,
    ViewAudit,
    ExportAudit,
    ViewEvents,
    CreateEvents,
    EditPages,
    ManageEvents,
    ManageTickets,
    ManageWaitingRooms,
    ManagePromoCodes,
    PublishEvents,
    CancelEvents,
    ViewSales,
    ViewOrders,
    ResendTickets,
    CancelOrders,
    RefundOrders,
    ViewFinances,
    ManagePayouts,
    ViewAttendees,
    ExportAttendees,
    ManageDevices,
    CheckIn,
);

/// Proof that `actor` may do `A` within `organization`.
#[derive(Debug)]
pub struct Permit<A> {
    organization: OrganizationId,
    /// The only events it is good for; `None` for all of the organization's.
    events: Option<Arc<[EventId]>>,
    actor: Option<UserId>,
    act: PhantomData<A>,
}

impl<A> Clone for Permit<A> {
    fn clone(&self) -> Self {
        Self {
            organization: self.organization,
            events: self.events.clone(),
            actor: self.actor,
            act: PhantomData,
        }
    }
}

impl<A: Act> Permit<A> {
    pub fn organization(&self) -> OrganizationId {
        self.organization
    }

    /// Who acts; `None` for the machine.
    pub fn actor(&self) -> Option<UserId> {
        self.actor
    }

    /// Whether it is good for this event, as far as the actor's own limits go.
    pub fn covers(&self, event: EventId) -> bool {
        self.events
            .as_ref()
            .is_none_or(|events| events.contains(&event))
    }

    /// The only events that may be touched, for a query; `None`: all of the organization's.
    pub(crate) fn only_events(&self) -> Option<Vec<Uuid>> {
        let events = self.events.as_ref()?;
        Some(events.iter().map(|event| event.get()).collect())
    }

    pub fn scope(&self) -> Scope {
        match &self.events {
            Some(events) => Scope::Events(self.organization, Arc::clone(events)),
            None => Scope::Organization(self.organization),
        }
    }

    /// For jobs and for buyers acting on their own order, whose right was shown by their secret. `why` is for the reader.
    pub fn system(_why: &'static str, organization: OrganizationId) -> Self {
        Self {
            organization,
            events: None,
            actor: None,
            act: PhantomData,
        }
    }
}

/// Proof that a platform admin is acting.
#[derive(Debug, Clone)]
pub struct PlatformPermit {
    actor: UserId,
}

impl PlatformPermit {
    pub fn actor(&self) -> UserId {
        self.actor
    }

    pub fn scope(&self) -> Scope {
        Scope::Platform
    }
}

/// A permit whose holder has shown a short while ago who they are, for what a borrowed browser must not do: where money goes,
/// and that it goes. Only [`proven`] makes one for a person, so forgetting to ask does not compile.
#[derive(Debug, Clone)]
pub struct Proven<P>(P);

impl<P> Deref for Proven<P> {
    type Target = P;

    fn deref(&self) -> &P {
        &self.0
    }
}

impl<A: Act> Proven<Permit<A>> {
    /// As [`Permit::system`]: nobody is there who could be asked.
    pub fn system(why: &'static str, organization: OrganizationId) -> Self {
        Self(Permit::system(why, organization))
    }
}

/// What a person holds.
pub trait Held {
    /// Who; `None` for the machine.
    fn holder(&self) -> Option<UserId>;
}

impl<A: Act> Held for Permit<A> {
    fn holder(&self) -> Option<UserId> {
        self.actor
    }
}

impl Held for PlatformPermit {
    fn holder(&self) -> Option<UserId> {
        Some(self.actor)
    }
}

/// Why there is no permit. A stranger learns no more than that there is nothing for them.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// Not a member, or no such thing: the same answer.
    #[error("no such thing")]
    NotFound,
    /// A member whose role lacks the right.
    #[error("not allowed")]
    Forbidden,
    /// The organization is suspended: it can look, not change.
    #[error("the organization is suspended")]
    Suspended,
    /// Only for people with a second factor.
    #[error("a second factor is needed")]
    SecondFactorNeeded,
    /// The account has a second factor, and this session was opened without it.
    #[error("the second factor was not shown")]
    FactorNotShown,
    /// Somebody of the platform who helps may look, and no more.
    #[error("only looking")]
    OnlyLooking,
    /// Too long ago that the person showed who they are.
    #[error("a fresh proof is needed")]
    ProofNeeded,
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

/// The permit to do `A` in an organization. Those who work for some of its events only get one for these.
pub async fn for_organization<A: Act>(
    sv: &Services,
    session: &Session,
    organization: OrganizationId,
) -> Result<Permit<A>, Refused> {
    let mut tx = sv.db.begin(Scope::Account(session.user)).await?;
    let row = sqlx::query!(
        r#"
        select m.role, m.events, o.state, o.second_factor_required
        from memberships m
        join organizations o on o.id = m.organization_id
        where m.organization_id = $1 and m.user_id = $2
        "#,
        organization.get(),
        session.user.get()
    )
    .fetch_optional(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    tx.commit().await?;
    let row = row.ok_or(Refused::NotFound)?;
    let role: Role = row
        .role
        .parse()
        .map_err(|_| Unexpected::bad_row("memberships", session.user, &row.role))?;
    if !role.allows(A::RIGHT, row.events.is_none()) {
        return Err(Refused::Forbidden);
    }
    if session.acting.is_some() && !A::RIGHT.only_looks() {
        return Err(Refused::OnlyLooking);
    }
    if row.second_factor_required && !session.has_second_factor {
        return Err(Refused::SecondFactorNeeded);
    }
    if row.state == "suspended" && A::RIGHT.ends_with_suspension() {
        return Err(Refused::Suspended);
    }
    let events = row
        .events
        .map(|events| events.into_iter().map(EventId::new).collect());
    Ok(Permit {
        organization,
        events,
        actor: Some(session.user),
        act: PhantomData,
    })
}

/// The permit to do `A` with an event, whichever organization it belongs to. Who does not work for the event is told
/// that there is none.
pub async fn for_event<A: Act>(
    sv: &Services,
    session: &Session,
    event: EventId,
) -> Result<Permit<A>, Refused> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let organization = sqlx::query_scalar!(
        "select organization_id from events where id = $1",
        event.get()
    )
    .fetch_optional(&mut *tx)
    .await
    .map_err(Unexpected::from)?
    .ok_or(Refused::NotFound)?;
    tx.commit().await?;
    let permit = for_organization(sv, session, OrganizationId::new(organization)).await;
    match permit {
        Ok(permit) if !permit.covers(event) => Err(Refused::NotFound),
        permit => permit,
    }
}

/// The permit of a platform admin, who must have a second factor. Others are told that there is nothing here.
pub fn platform(session: &Session) -> Result<PlatformPermit, Refused> {
    if !session.platform_admin || session.acting.is_some() {
        return Err(Refused::NotFound);
    }
    if !session.has_second_factor {
        return Err(Refused::SecondFactorNeeded);
    }
    Ok(PlatformPermit {
        actor: session.user,
    })
}

/// Asked before what a borrowed browser must not do, such as taking a list of people away: whether the person has shown
/// who they are a short while ago.
pub fn fresh(sv: &Services, session: &Session) -> Result<(), Refused> {
    if session.acting.is_some() {
        return Err(Refused::OnlyLooking);
    }
    if sv.now().duration_since(session.proved_at) <= FRESH {
        Ok(())
    } else {
        Err(Refused::ProofNeeded)
    }
}

/// The same permit, once its holder has a fresh proof. The permit of somebody else says nothing about whoever asks.
pub fn proven<P: Held>(sv: &Services, session: &Session, permit: P) -> Result<Proven<P>, Refused> {
    fresh(sv, session)?;
    if permit.holder() == Some(session.user) {
        Ok(Proven(permit))
    } else {
        Err(Refused::Forbidden)
    }
}
