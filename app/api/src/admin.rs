//! What platform admins see and do across all tenants. Everybody else is told that there is nothing here.

mod bills;
mod books;
mod connect;
mod fees;
mod finance;
mod transfers;
mod views;

pub use bills::*;
pub use books::*;
pub use connect::*;
pub use fees::*;
pub use finance::*;
pub use transfers::*;
pub use views::*;

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use crate::ApiError;

#[server(input = GetUrl)]
pub async fn admin_overview() -> Result<OverviewView, ApiError> {
    let (ctx, permit) = server::permit()?;
    let o = services::moderation::overview(&ctx.services, &permit).await?;
    let n = server::count;
    Ok(OverviewView {
        users: n(o.users),
        organizations: n(o.organizations),
        suspended_organizations: n(o.suspended_organizations),
        events_on_sale: n(o.events_on_sale),
        orders_today: n(o.orders_today),
        tickets_today: n(o.tickets_today),
        check_ins_today: n(o.check_ins_today),
        mails_waiting: n(o.mails_waiting),
        mails_dead: n(o.mails_dead),
        jobs_waiting: n(o.jobs_waiting),
        jobs_dead: n(o.jobs_dead),
    })
}

#[server(input = GetUrl)]
pub async fn admin_users(
    q: String,
    after: Option<String>,
) -> Result<Listing<UserRowView>, ApiError> {
    let (ctx, permit) = server::permit()?;
    let page =
        services::moderation::find_users(&ctx.services, &permit, &server::find(q, after)).await?;
    Ok(server::listing(page, |row| UserRowView {
        id: row.id.to_string(),
        name: row.name,
        email: row.email,
        verified: row.verified,
        platform_admin: row.platform_admin,
        suspended: row.suspended,
        organizations: server::count(row.organizations),
        created: server::utc(row.created_at),
    }))
}

#[server(input = GetUrl)]
pub async fn admin_user(id: String) -> Result<UserView, ApiError> {
    let (ctx, permit) = server::permit()?;
    let id = server::parse(&id)?;
    let user = services::moderation::show_user(&ctx.services, &permit, id)
        .await?
        .ok_or_else(ApiError::not_found)?;
    Ok(UserView {
        id: user.id.to_string(),
        me: user.id == permit.actor(),
        name: user.name,
        email: user.email,
        verified: user.verified,
        platform_admin: user.platform_admin,
        suspended_reason: user.suspended_reason,
        created: server::utc(user.created_at),
        last_seen: user.last_seen_at.map(server::utc),
        has_authenticator: user.has_authenticator,
        memberships: user
            .memberships
            .into_iter()
            .map(|m| LinkedRole {
                id: m.organization_id.to_string(),
                name: m.organization,
                role: m.role,
            })
            .collect(),
    })
}

#[server(input = GetUrl)]
pub async fn admin_organizations(
    q: String,
    after: Option<String>,
) -> Result<Listing<OrganizationRowView>, ApiError> {
    let (ctx, permit) = server::permit()?;
    let page =
        services::moderation::find_organizations(&ctx.services, &permit, &server::find(q, after))
            .await?;
    Ok(server::listing(page, |row| OrganizationRowView {
        id: row.id.to_string(),
        name: row.name,
        contact_email: row.contact_email,
        suspended: row.suspended,
        events: server::count(row.events),
        created: server::utc(row.created_at),
    }))
}

#[server(input = GetUrl)]
pub async fn admin_organization(id: String) -> Result<PlatformOrganizationView, ApiError> {
    let (ctx, permit) = server::permit()?;
    let id = server::parse(&id)?;
    let found = services::moderation::show_organization(&ctx.services, &permit, id).await?;
    let o = found.ok_or_else(ApiError::not_found)?;
    Ok(PlatformOrganizationView {
        id: o.id.to_string(),
        slug: o.slug,
        name: o.name,
        contact_email: o.contact_email,
        suspended_reason: o.suspended_reason,
        created: server::utc(o.created_at),
        events_on_sale: server::count(o.events_on_sale),
        open_orders: server::count(o.open_orders),
        tickets_to_come: server::count(o.tickets_to_come),
        orders: server::count(o.orders),
        members: o
            .members
            .into_iter()
            .map(|m| LinkedRole {
                id: m.user.to_string(),
                name: m.name,
                role: m.role,
            })
            .collect(),
        adjustment: ctx.services.new_id().to_string(),
    })
}

#[server(input = GetUrl)]
pub async fn admin_events(
    q: String,
    after: Option<String>,
) -> Result<Listing<PlatformEventView>, ApiError> {
    let (ctx, permit) = server::permit()?;
    let page =
        services::moderation::find_events(&ctx.services, &permit, &server::find(q, after)).await?;
    Ok(server::listing(page, |row| {
        let local = services::zone::local(row.starts_at, &row.time_zone);
        let (starts, zone) = local.map_or_else(
            |_| (server::utc(row.starts_at), "UTC".to_owned()),
            |l| (l.at, l.label),
        );
        PlatformEventView {
            slug: row.slug,
            title: row.title,
            state: row.state,
            organization: row.organization,
            organization_id: row.organization_id.to_string(),
            city: row.city,
            starts,
            zone,
            sold: server::count(row.sold),
            capacity: server::count(row.capacity),
        }
    }))
}

#[server(input = GetUrl)]
pub async fn admin_orders(
    q: String,
    after: Option<String>,
) -> Result<Listing<PlatformOrderView>, ApiError> {
    let (ctx, permit) = server::permit()?;
    let page =
        services::moderation::find_orders(&ctx.services, &permit, &server::find(q, after)).await?;
    Ok(server::listing(page, |row| PlatformOrderView {
        code: row.code,
        state: row.state,
        buyer_name: row.buyer_name,
        buyer_email: row.buyer_email,
        event: row.event,
        event_slug: row.event_slug,
        organization: row.organization,
        organization_id: row.organization_id.to_string(),
        total: row.total,
        created: server::utc(row.created_at),
    }))
}

#[server(input = GetUrl)]
pub async fn admin_audit(
    action: String,
    q: String,
    after: Option<String>,
) -> Result<Listing<crate::audit::AuditView>, ApiError> {
    let (ctx, permit) = server::permit()?;
    let filter = services::audit::AuditFilter {
        action,
        text: q,
        cursor: after,
        limit: server::PAGE,
    };
    let page = services::audit::list(&ctx.services, &permit, &filter).await?;
    Ok(server::listing(page, crate::audit::AuditView::from))
}

/// What can be done to a person or an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    SuspendOrganization,
    RestoreOrganization,
    SuspendUser,
    RestoreUser,
    ActAs,
    SecondFactorAway,
}

impl Deed {
    /// The value of the form's hidden input; as serde writes it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::SuspendOrganization => "suspend_organization",
            Self::RestoreOrganization => "restore_organization",
            Self::SuspendUser => "suspend_user",
            Self::RestoreUser => "restore_user",
            Self::ActAs => "act_as",
            Self::SecondFactorAway => "second_factor_away",
        }
    }
}

/// Suspends or restores, for a reason, and shows how it stands then; or goes to look as somebody else does.
#[server]
pub async fn moderate(deed: Deed, id: String, reason: String) -> Result<(), ApiError> {
    use services::moderation as m;
    let (ctx, permit) = server::permit()?;
    let sv = &ctx.services;
    match deed {
        Deed::SuspendOrganization => {
            m::suspend_organization(sv, &permit, server::parse(&id)?, &reason).await?
        }
        Deed::RestoreOrganization => {
            m::restore_organization(sv, &permit, server::parse(&id)?, &reason).await?
        }
        Deed::SuspendUser => m::suspend_user(sv, &permit, server::parse(&id)?, &reason).await?,
        Deed::RestoreUser => m::restore_user(sv, &permit, server::parse(&id)?, &reason).await?,
        Deed::ActAs => {
            let (session, user) = (ctx.session()?, server::parse(&id)?);
            if crate::context::proof_first(&ctx, &format!("/admin/users/{user}"))? {
                return Ok(());
            }
            let there = m::act_as(sv, &permit, session, user, &reason).await?;
            return crate::context::become_another(&ctx, &there);
        }
        Deed::SecondFactorAway => {
            let (session, user) = (ctx.session()?, server::parse(&id)?);
            if crate::context::proof_first(&ctx, &format!("/admin/users/{user}"))? {
                return Ok(());
            }
            m::second_factor_away(sv, &permit, session, user, &reason).await?;
        }
    }
    let list = match deed {
        Deed::SuspendOrganization | Deed::RestoreOrganization => "organizations",
        Deed::SuspendUser | Deed::RestoreUser | Deed::ActAs | Deed::SecondFactorAway => "users",
    };
    crate::context::redirect(&format!("/admin/{list}/{id}"));
    Ok(())
}

#[cfg(feature = "ssr")]
mod server {
    use domain::when::Timestamp;
    use jiff::{civil::DateTime, tz::Offset};
    use services::{
        moderation::{Find, ModerationError},
        paging::Page,
        permit::{self, PlatformPermit},
    };

    use super::Listing;
    use crate::{ApiError, Ctx};

    pub(super) const PAGE: u16 = 50;

    pub(super) fn permit() -> Result<(Ctx, PlatformPermit), ApiError> {
        let ctx = crate::ctx()?;
        let permit = permit::platform(ctx.session()?)?;
        Ok((ctx, permit))
    }

    pub(super) fn parse<T: std::str::FromStr>(id: &str) -> Result<T, ApiError> {
        id.parse().map_err(|_| ApiError::not_found())
    }

    pub(super) fn find(text: String, cursor: Option<String>) -> Find {
        Find {
            text,
            cursor,
            limit: PAGE,
        }
    }

    pub(super) fn listing<T, V>(page: Page<T>, view: impl Fn(T) -> V) -> Listing<V> {
        Listing {
            items: page.items.into_iter().map(view).collect(),
            next: page.next,
        }
    }

    pub(super) fn utc(at: Timestamp) -> DateTime {
        Offset::UTC.to_datetime(at)
    }

    pub(super) fn count(n: i64) -> u64 {
        u64::try_from(n).unwrap_or(0)
    }

    impl From<ModerationError> for ApiError {
        fn from(e: ModerationError) -> Self {
            match e {
                ModerationError::Fields(fields) => fields.into(),
                ModerationError::NotFound => Self::not_found(),
                ModerationError::Already => Self::conflict("already_done"),
                ModerationError::Yourself => Self::conflict("yourself"),
                ModerationError::NotThem => Self::conflict("not_as_them"),
                ModerationError::Refused(refused) => refused.into(),
                ModerationError::Unexpected(e) => e.into(),
            }
        }
    }
}
