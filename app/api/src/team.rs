//! Who works for an organization.

use domain::{ids::EventId, permissions::Role};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use crate::organizers::server::{member, permit};
use crate::{ApiError, events::OwnershipOfferView};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamView {
    pub members: Vec<MemberView>,
    pub invitations: Vec<InvitedView>,
    /// What somebody can be limited to.
    pub events: Vec<ReachView>,
    /// The ownership is on offer.
    pub offer: Option<OwnershipOfferView>,
}

/// An event that somebody works for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReachView {
    pub id: EventId,
    pub title: String,
    pub day: jiff::civil::Date,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberView {
    pub user: String,
    pub name: String,
    pub email: String,
    pub role: Role,
    /// The only events they work for; `None`: all.
    pub events: Option<Vec<EventId>>,
    /// The person who is looking.
    pub me: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitedView {
    pub id: String,
    pub email: String,
    pub role: Role,
    pub events: Option<Vec<EventId>>,
    pub expires: jiff::civil::Date,
    pub expired: bool,
}

#[server(input = GetUrl)]
pub async fn team(organization: String) -> Result<TeamView, ApiError> {
    let (ctx, member) = member(&organization).await?;
    let me = ctx.session()?.user;
    let may = permit(&ctx, &member).await?;
    let team = services::team::list(&ctx.services, &may).await?;
    let events = services::team::reach_choices(&ctx.services, &may).await?;
    let offer = services::team::open_offer(&ctx.services, &permit(&ctx, &member).await?).await?;
    Ok(TeamView {
        offer: offer.map(OwnershipOfferView::from),
        events: events
            .into_iter()
            .map(|one| ReachView {
                id: one.event,
                title: one.title,
                day: one.day,
            })
            .collect(),
        members: team
            .members
            .into_iter()
            .map(|m| MemberView {
                me: m.user == me,
                user: m.user.to_string(),
                name: m.name,
                email: m.email,
                role: m.role,
                events: m.events,
            })
            .collect(),
        invitations: team
            .invitations
            .into_iter()
            .map(|i| InvitedView {
                id: i.id.to_string(),
                email: i.email,
                role: i.role,
                events: i.events,
                expires: jiff::tz::Offset::UTC.to_datetime(i.expires_at).date(),
                expired: i.expired,
            })
            .collect(),
    })
}

#[server]
pub async fn invite_member(
    organization: String,
    email: String,
    role: String,
    #[server(default)] reach: String,
    #[server(default)] events: Vec<String>,
) -> Result<(), ApiError> {
    let (ctx, member) = member(&organization).await?;
    let permit = permit(&ctx, &member).await?;
    if proof_first(&ctx, &organization)? {
        return Ok(());
    }
    let cmd = services::team::Invite {
        email,
        role,
        reach: services::team::Reach {
            what: reach,
            events,
        },
        locale: ctx.request.locale,
    };
    services::team::invite(&ctx.services, &permit, ctx.session()?, cmd).await?;
    Ok(())
}

#[server]
pub async fn resend_invitation(organization: String, id: String) -> Result<(), ApiError> {
    let (ctx, member) = member(&organization).await?;
    let permit = permit(&ctx, &member).await?;
    let id = id.parse().map_err(|_| ApiError::not_found())?;
    Ok(services::team::resend(
        &ctx.services,
        &permit,
        ctx.session()?,
        id,
        ctx.request.locale,
    )
    .await?)
}

#[server]
pub async fn revoke_invitation(organization: String, id: String) -> Result<(), ApiError> {
    let (ctx, member) = member(&organization).await?;
    let id = id.parse().map_err(|_| ApiError::not_found())?;
    Ok(services::team::revoke(&ctx.services, &permit(&ctx, &member).await?, id).await?)
}

#[server]
pub async fn change_member_role(
    organization: String,
    user: String,
    role: String,
    #[server(default)] reach: String,
    #[server(default)] events: Vec<String>,
) -> Result<(), ApiError> {
    let (ctx, member) = member(&organization).await?;
    let user = user.parse().map_err(|_| ApiError::not_found())?;
    let reach = services::team::Reach {
        what: reach,
        events,
    };
    let may = permit(&ctx, &member).await?;
    if proof_first(&ctx, &organization)? {
        return Ok(());
    }
    Ok(services::team::change_role(&ctx.services, &may, user, &role, &reach).await?)
}

/// Offers the ownership to a member.
#[server]
pub async fn offer_ownership(
    organization: String,
    user: String,
    #[server(default)] stay: String,
) -> Result<(), ApiError> {
    let (ctx, member) = member(&organization).await?;
    let cmd = services::team::OfferOwnership {
        to: user.parse().map_err(|_| ApiError::not_found())?,
        steps_back: stay.is_empty(),
    };
    let may = permit(&ctx, &member).await?;
    if proof_first(&ctx, &organization)? {
        return Ok(());
    }
    Ok(services::team::offer_ownership(&ctx.services, &may, ctx.session()?, cmd).await?)
}

/// Takes the open offer back.
#[server]
pub async fn take_back_ownership(organization: String) -> Result<(), ApiError> {
    let (ctx, member) = member(&organization).await?;
    let may = permit(&ctx, &member).await?;
    Ok(services::team::take_back_offer(&ctx.services, &may).await?)
}

/// The member becomes an owner, as they were offered.
#[server]
pub async fn accept_ownership(organization: String) -> Result<(), ApiError> {
    let (ctx, member) = member(&organization).await?;
    services::team::accept_ownership(&ctx.services, ctx.session()?, member.organization).await?;
    crate::context::redirect(&format!("/organize/{organization}/team"));
    Ok(())
}

/// The member does not want it.
#[server]
pub async fn decline_ownership(organization: String) -> Result<(), ApiError> {
    let (ctx, member) = member(&organization).await?;
    Ok(
        services::team::decline_ownership(&ctx.services, ctx.session()?, member.organization)
            .await?,
    )
}

#[server]
pub async fn remove_member(organization: String, user: String) -> Result<(), ApiError> {
    let (ctx, member) = member(&organization).await?;
    let user = user.parse().map_err(|_| ApiError::not_found())?;
    Ok(services::team::remove(&ctx.services, &permit(&ctx, &member).await?, user).await?)
}

#[server]
pub async fn leave_organization(organization: String) -> Result<(), ApiError> {
    let (ctx, member) = member(&organization).await?;
    services::team::leave(&ctx.services, ctx.session()?, member.organization).await?;
    crate::context::redirect("/organize");
    Ok(())
}

/// Who lets somebody in, or gives them more, shows first who they are.
#[cfg(feature = "ssr")]
fn proof_first(ctx: &crate::Ctx, organization: &str) -> Result<bool, ApiError> {
    crate::context::proof_first(ctx, &format!("/organize/{organization}/team"))
}

#[cfg(feature = "ssr")]
impl From<services::team::TeamError> for ApiError {
    fn from(e: services::team::TeamError) -> Self {
        use domain::text::Fault;
        use services::team::TeamError;
        match e {
            TeamError::Fields(fields) => fields.into(),
            TeamError::NotFound => Self::not_found(),
            TeamError::LastOwner => Self::conflict("last_owner"),
            TeamError::AlreadyMember | TeamError::AlreadyInvited => {
                Self::field("email", Fault::Taken)
            }
            TeamError::AlreadyOffered => Self::conflict("ownership_offered"),
            TeamError::TooMany => Self::conflict("too_many_invitations"),
            TeamError::TooOften { retry_after } => Self::too_many(retry_after),
            TeamError::Unproven => Self::conflict("address_unproven"),
            TeamError::LinkOver => Self::gone("link_expired"),
            TeamError::OtherPerson => {
                Self::new(crate::ErrorKind::Forbidden, "invitation_other_person")
            }
            TeamError::Refused(refused) => refused.into(),
            TeamError::Unexpected(e) => e.into(),
        }
    }
}
