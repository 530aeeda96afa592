//! An organizer's events: making, completing, publishing, moving and cancelling them.

mod sales;
mod tickets;
mod view;

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

pub use sales::*;
pub use tickets::*;
pub use view::*;

use crate::ApiError;
#[cfg(feature = "ssr")]
use crate::organizers::server::{member, permit};

/// The events of an organization: "upcoming", "draft" or "past".
#[server(input = GetUrl)]
pub async fn organizer_events(
    organization: String,
    #[server(default)] filter: String,
    #[server(default)] after: Option<String>,
) -> Result<EventListView, ApiError> {
    let (ctx, member) = member(&organization).await?;
    let query = services::events::ListEvents {
        filter: services::events::EventFilter::from_code(&filter),
        after,
    };
    let page =
        services::events::list_for_organizer(&ctx.services, &permit(&ctx, &member).await?, query)
            .await?;
    let offer =
        services::team::offered_to(&ctx.services, ctx.session()?, member.organization).await?;
    Ok(EventListView::new(&member, page, offer))
}

/// What a new event's form starts with.
#[server(input = GetUrl)]
pub async fn new_event_defaults(organization: String) -> Result<NewEventView, ApiError> {
    let (ctx, member) = member(&organization).await?;
    let last = services::events::last(&ctx.services, &permit(&ctx, &member).await?).await?;
    Ok(NewEventView {
        organization: member.name,
        language: ctx.request.locale.code().to_owned(),
        time_zone: last.time_zone,
        currency: last.currency,
        time_zones: services::events::time_zones(),
    })
}

/// Makes a draft and goes to its page.
#[server]
pub async fn create_event(
    organization: String,
    title: String,
    category: String,
    language: String,
    starts: String,
    #[server(default)] ends: String,
    time_zone: String,
    #[server(default)] starts_fold: String,
    #[server(default)] ends_fold: String,
    attendance: String,
    #[server(default)] venue_name: String,
    #[server(default)] venue_city: String,
    #[server(default)] online_url: String,
    currency: String,
    ticket_name: String,
    #[server(default)] price: String,
    capacity: String,
) -> Result<(), ApiError> {
    let (ctx, member) = member(&organization).await?;
    let cmd = services::events::CreateEvent {
        title,
        category,
        language,
        when: services::events::WhenInput {
            starts,
            ends,
            time_zone,
            starts_fold,
            ends_fold,
        },
        attendance,
        venue_name,
        venue_city,
        online_url,
        currency,
        ticket_name,
        price,
        capacity,
    };
    let created =
        services::events::create(&ctx.services, &permit(&ctx, &member).await?, cmd).await?;
    crate::context::redirect(&format!("/organize/{organization}/events/{}", created.slug));
    Ok(())
}

/// A draft like another event.
#[server]
pub async fn copy_event(event: String) -> Result<(), ApiError> {
    let (ctx, id, permit) = server::event(&event).await?;
    let detail = services::events::show(&ctx.services, &permit, id).await?;
    let created = services::events::duplicate(&ctx.services, &permit, id).await?;
    crate::context::redirect(&format!(
        "/organize/{}/events/{}/edit",
        detail.organization_slug, created.slug
    ));
    Ok(())
}

/// Everything about an event, for those who may change it.
#[server(input = GetUrl)]
pub async fn organizer_event(event: String) -> Result<EventView, ApiError> {
    let (ctx, id, permit) = server::event::<services::permit::ViewSales>(&event).await?;
    let detail = services::events::show(&ctx.services, &permit, id).await?;
    let checklist = services::events::checklist(&ctx.services, &permit, id).await?;
    Ok(EventView::new(detail, checklist))
}

/// All time zones, for the form that asks for one.
#[server(input = GetUrl)]
pub async fn time_zones() -> Result<Vec<String>, ApiError> {
    Ok(services::events::time_zones())
}

#[server]
pub async fn set_event_basics(
    event: String,
    title: String,
    #[server(default)] summary: String,
    category: String,
    language: String,
    currency: String,
) -> Result<(), ApiError> {
    let (ctx, id, permit) = server::event(&event).await?;
    let cmd = services::events::BasicsInput {
        title,
        summary,
        category,
        language,
        currency,
    };
    Ok(services::events::set_basics(&ctx.services, &permit, id, cmd).await?)
}

#[server]
pub async fn set_event_when(
    event: String,
    starts: String,
    #[server(default)] ends: String,
    time_zone: String,
    #[server(default)] starts_fold: String,
    #[server(default)] ends_fold: String,
    #[server(default)] choice: String,
    #[server(default)] until: String,
) -> Result<(), ApiError> {
    let (ctx, id, permit) = server::event(&event).await?;
    let cmd = services::events::WhenInput {
        starts,
        ends,
        time_zone,
        starts_fold,
        ends_fold,
    };
    let after = services::events::AfterMoveInput { choice, until };
    Ok(services::events::set_when(&ctx.services, &permit, id, cmd, &after).await?)
}

#[server]
pub async fn set_event_place(
    event: String,
    attendance: String,
    #[server(default)] venue_name: String,
    #[server(default)] venue_address: String,
    #[server(default)] venue_city: String,
    #[server(default)] venue_country: String,
    #[server(default)] online_url: String,
) -> Result<(), ApiError> {
    let (ctx, id, permit) = server::event(&event).await?;
    let cmd = services::events::PlaceInput {
        attendance,
        venue_name,
        venue_address,
        venue_city,
        venue_country,
        online_url,
    };
    Ok(services::events::set_place(&ctx.services, &permit, id, cmd).await?)
}

#[server]
pub async fn set_event_description(
    event: String,
    #[server(default)] description_md: String,
) -> Result<(), ApiError> {
    let (ctx, id, permit) = server::event(&event).await?;
    let cmd = services::events::DescriptionInput { description_md };
    Ok(services::events::set_description(&ctx.services, &permit, id, cmd).await?)
}

#[server]
pub async fn remove_event_picture(event: String) -> Result<(), ApiError> {
    let (ctx, id, permit) = server::event(&event).await?;
    Ok(services::events::set_picture(&ctx.services, &permit, id, None).await?)
}

/// What buyers may change by themselves.
#[server]
pub async fn set_event_changes(
    event: String,
    #[server(default)] allowed: String,
    #[server(default)] until_hours: String,
    #[server(default)] fee: String,
    #[server(default)] returns_difference: String,
) -> Result<(), ApiError> {
    let (ctx, id, permit) = server::event(&event).await?;
    let cmd = services::events::ChangeInput {
        allowed: !allowed.is_empty(),
        until_hours,
        fee,
        returns_difference: !returns_difference.is_empty(),
    };
    Ok(services::events::set_change_terms(&ctx.services, &permit, id, &cmd).await?)
}

/// Up to three steps of what buyers get back.
#[server]
pub async fn set_event_refunds(
    event: String,
    #[server(default)] days_1: String,
    #[server(default)] percent_1: String,
    #[server(default)] days_2: String,
    #[server(default)] percent_2: String,
    #[server(default)] days_3: String,
    #[server(default)] percent_3: String,
    #[server(default)] keeps_fee: String,
    #[server(default)] for_new_events: String,
) -> Result<(), ApiError> {
    let (ctx, id, permit) = server::event(&event).await?;
    let cmd = services::events::RefundInput {
        rows: vec![
            (days_1, percent_1),
            (days_2, percent_2),
            (days_3, percent_3),
        ],
        keeps_fee: !keeps_fee.is_empty(),
        for_new_events: !for_new_events.is_empty(),
    };
    Ok(services::events::set_refund_policy(&ctx.services, &permit, id, &cmd).await?)
}

/// Whether tickets may change hands, until when and how often.
#[server]
pub async fn set_event_passing(
    event: String,
    #[server(default)] allowed: String,
    #[server(default)] hours_before: String,
    #[server(default)] most: String,
) -> Result<(), ApiError> {
    let (ctx, id, permit) = server::event(&event).await?;
    let cmd = services::passing::PassingInput {
        allowed: !allowed.is_empty(),
        hours_before,
        most,
    };
    Ok(services::passing::set_passing_policy(&ctx.services, &permit, id, &cmd).await?)
}

/// How many tickets one card may pay for; nothing: as many as it likes.
#[server]
pub async fn set_event_card_limit(
    event: String,
    #[server(default)] most: String,
) -> Result<(), ApiError> {
    let (ctx, id, permit) = server::event(&event).await?;
    Ok(services::payments::set_card_limit(&ctx.services, &permit, id, &most).await?)
}

/// Whether orders need the organizer's yes, whether a card is held meanwhile, and how long there is to decide.
#[server]
pub async fn set_event_requests(
    event: String,
    #[server(default)] on: String,
    #[server(default)] hold: String,
    #[server(default)] hours: String,
) -> Result<(), ApiError> {
    let (ctx, id, permit) = server::event(&event).await?;
    let cmd = services::orders::RequestInput {
        on: !on.is_empty(),
        hold: !hold.is_empty(),
        hours,
    };
    Ok(services::orders::set_request_policy(&ctx.services, &permit, id, &cmd).await?)
}

#[server]
pub async fn set_event_visibility(event: String, visibility: String) -> Result<(), ApiError> {
    let (ctx, id, permit) = server::event(&event).await?;
    Ok(services::events::set_visibility(&ctx.services, &permit, id, &visibility).await?)
}

/// Whether buyers wait in line before the sale.
#[server]
pub async fn set_event_waiting_room(
    event: String,
    #[server(default)] on: String,
) -> Result<(), ApiError> {
    let (ctx, id, permit) = server::event(&event).await?;
    let on = !on.is_empty();
    Ok(services::waiting_room::set_waiting_room(&ctx.services, &permit, id, on).await?)
}

#[server]
pub async fn publish_event(event: String) -> Result<(), ApiError> {
    let (ctx, id, permit) = server::event(&event).await?;
    Ok(services::events::publish(&ctx.services, &permit, id).await?)
}

#[server]
pub async fn unpublish_event(event: String) -> Result<(), ApiError> {
    let (ctx, id, permit) = server::event(&event).await?;
    Ok(services::events::unpublish(&ctx.services, &permit, id).await?)
}

#[server]
pub async fn postpone_event(
    event: String,
    #[server(default)] reason: String,
    #[server(default)] choice: String,
    #[server(default)] until: String,
) -> Result<(), ApiError> {
    let (ctx, id, permit) = server::event(&event).await?;
    let told = choice.is_empty() || choice == "tell";
    let after = services::events::AfterMoveInput { choice, until };
    services::events::postpone(&ctx.services, &permit, id, &reason, &after).await?;
    let page = if told { "" } else { "/refunds" };
    server::to_page(&ctx, id, &event, page).await
}

/// The event is called off: all orders are refunded, which a page shows.
#[server]
pub async fn cancel_event(
    event: String,
    #[server(default)] reason: String,
) -> Result<(), ApiError> {
    let (ctx, id, permit) = server::event(&event).await?;
    services::events::cancel(&ctx.services, &permit, id, &reason).await?;
    server::to_page(&ctx, id, &event, "/refunds").await
}

#[cfg(feature = "ssr")]
pub(crate) mod server {
    use domain::ids::EventId;
    use services::{
        events::EventError,
        permit::{self, Act, Permit},
    };

    use crate::{ApiError, Ctx, ErrorKind};

    /// The event of the address and the permit to do `A` with it.
    pub(crate) async fn event<A: Act>(slug: &str) -> Result<(Ctx, EventId, Permit<A>), ApiError> {
        let ctx = crate::ctx()?;
        let session = ctx.session()?;
        let id = services::events::id_by_slug(&ctx.services, slug).await?;
        let permit = permit::for_event(&ctx.services, session, id).await?;
        Ok((ctx, id, permit))
    }

    /// Goes on to one of the event's pages.
    pub(crate) async fn to_page(
        ctx: &Ctx,
        id: EventId,
        slug: &str,
        page: &str,
    ) -> Result<(), ApiError> {
        let permit: Permit<permit::ViewSales> =
            permit::for_event(&ctx.services, ctx.session()?, id).await?;
        let organization = services::events::show(&ctx.services, &permit, id)
            .await?
            .organization_slug;
        crate::context::redirect(&format!("/organize/{organization}/events/{slug}{page}"));
        Ok(())
    }

    impl From<EventError> for ApiError {
        fn from(e: EventError) -> Self {
            match e {
                EventError::Fields(fields) => fields.into(),
                EventError::NotFound => Self::not_found(),
                EventError::Transition(e) => Self::conflict(e.code()),
                EventError::Incomplete(_) => Self::conflict("event_incomplete"),
                EventError::AlreadySold => Self::conflict("event_sold"),
                EventError::RefundsAtWork => Self::conflict("refunds_at_work"),
                EventError::Policy(e) => Self::new(ErrorKind::Invalid, e.code()),
                EventError::PoolInUse => Self::conflict("pool_in_use"),
                EventError::TooMany => Self::conflict("too_many_parts"),
                EventError::Unexpected(e) => e.into(),
            }
        }
    }
}
