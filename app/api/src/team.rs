//! Who works for an organization.

use domain::permissions::Role;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use crate::ApiError;
#[cfg(feature = "ssr")]
use crate::organizers::server::{member, permit};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamView {
    pub members: Vec<MemberView>,
    pub invitations: Vec<InvitedView>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberView {
    pub user: String,
    pub name: String,
    pub email: String,
    pub role: Role,
    /// The person who is looking.
    pub me: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitedView {
    pub id: String,
    pub email: String,
    pub role: Role,
    pub expires: jiff::civil::Date,
    pub expired: bool,
}

#[server(input = GetUrl)]
pub async fn team(organization: String) -> Result<TeamView, ApiError> {
    let (ctx, member) = member(&organization).await?;
    let me = ctx.session()?.user;
    let team = services::team::list(&ctx.services, &permit(&ctx, &member).await?).await?;
    Ok(TeamView {
        members: team
            .members
            .into_iter()
            .map(|m| MemberView {
                me: m.user == me,
                user: m.user.to_string(),
                name: m.name,
                email: m.email,
                role: m.role,
            })
            .collect(),
        invitations: team
            .invitations
            .into_iter()
            .map(|i| InvitedView {
                id: i.id.to_string(),
                email: i.email,
                role: i.role,
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
) -> Result<(), ApiError> {
    let (ctx, member) = member(&organization).await?;
    let permit = permit(&ctx, &member).await?;
    let cmd = services::team::Invite {
        email,
        role,
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
) -> Result<(), ApiError> {
    let (ctx, member) = member(&organization).await?;
    let user = user.parse().map_err(|_| ApiError::not_found())?;
    Ok(
        services::team::change_role(&ctx.services, &permit(&ctx, &member).await?, user, &role)
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
            TeamError::TooMany => Self::conflict("too_many_invitations"),
            TeamError::LinkOver => Self::gone("link_expired"),
            TeamError::OtherPerson => {
                Self::new(crate::ErrorKind::Forbidden, "invitation_other_person")
            }
            TeamError::Unexpected(e) => e.into(),
        }
    }
}
