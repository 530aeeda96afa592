//! The right to act, as an argument. A use case that changes or shows a tenant's things takes a [`Permit`] of the
//! right it needs; only the functions here make one, so forgetting the check does not compile.

use std::marker::PhantomData;

use domain::{
    ids::{EventId, OrganizationId, UserId},
    permissions::{Right, Role},
};

use crate::{Services, Unexpected, db::Scope, session::Session};

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
    ManageEvents,
    PublishEvents,
    CancelEvents,
    ViewOrders,
    ManageOrders,
    RefundOrders,
    ViewAttendees,
    ExportAttendees,
    ViewMoney,
    ViewSales,
    ManageDevices,
    CheckIn,
);

/// Proof that `actor` may do `A` within `organization`.
#[derive(Debug)]
pub struct Permit<A> {
    organization: OrganizationId,
    actor: Option<UserId>,
    act: PhantomData<A>,
}

impl<A> Clone for Permit<A> {
    fn clone(&self) -> Self {
        Self {
            organization: self.organization,
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

    pub fn scope(&self) -> Scope {
        Scope::Organization(self.organization)
    }

    /// For jobs and for buyers acting on their own order, whose right was shown by their secret. `why` is for the reader.
    pub fn system(_why: &'static str, organization: OrganizationId) -> Self {
        Self {
            organization,
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
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

/// The permit to do `A` in an organization.
pub async fn for_organization<A: Act>(
    sv: &Services,
    session: &Session,
    organization: OrganizationId,
) -> Result<Permit<A>, Refused> {
    let mut tx = sv.db.begin(Scope::Account(session.user)).await?;
    let row = sqlx::query!(
        r#"
        select m.role, o.state
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
    if !role.has(A::RIGHT) {
        return Err(Refused::Forbidden);
    }
    if row.state == "suspended" && changes(A::RIGHT) {
        return Err(Refused::Suspended);
    }
    Ok(Permit {
        organization,
        actor: Some(session.user),
        act: PhantomData,
    })
}

/// The permit to do `A` with an event, whichever organization it belongs to.
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
    for_organization(sv, session, OrganizationId::new(organization)).await
}

/// The permit of a platform admin. Others are told that there is nothing here.
pub fn platform(session: &Session) -> Result<PlatformPermit, Refused> {
    if session.platform_admin {
        Ok(PlatformPermit {
            actor: session.user,
        })
    } else {
        Err(Refused::NotFound)
    }
}

/// Rights that a suspended organization keeps are those that only look, refund its buyers, or let sold tickets in.
fn changes(right: Right) -> bool {
    matches!(
        right,
        Right::ManageOrganization | Right::ManageEvents | Right::PublishEvents
    )
}
