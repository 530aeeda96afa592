//! Check-in lists.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

use super::{DoorListForm, DoorListsView};
use crate::ApiError;
#[cfg(feature = "ssr")]
use crate::events::server::{event, to_page};

/// The lists of an event, with what a list can be made of.
#[server(input = GetUrl)]
pub async fn event_door_lists(event_slug: String) -> Result<DoorListsView, ApiError> {
    let (ctx, id, permit) = event::<services::permit::CheckIn>(&event_slug).await?;
    let manages = super::server::manages(&ctx, id).await?;
    let found = services::checkin::door_lists(&ctx.services, &permit, id)
        .await?
        .ok_or_else(ApiError::not_found)?;
    Ok(super::server::lists(ctx.request.locale, manages, found))
}

/// Makes a list (without `list`) or changes one, and leads back to the lists.
#[server]
pub async fn save_door_list(
    event_slug: String,
    #[server(default)] list: String,
    #[server(default)] form: DoorListForm,
) -> Result<(), ApiError> {
    let (ctx, id, permit) = event(&event_slug).await?;
    let known = match list.as_str() {
        "" => None,
        named => Some(named.parse().map_err(|_| ApiError::not_found())?),
    };
    let form = services::checkin::ListForm {
        name: form.name,
        types: form.types,
        gates: form.gates,
        opens: form.opens,
        closes: form.closes,
        times: form.times,
        reentry: !form.reentry.is_empty(),
    };
    services::checkin::save_list(&ctx.services, &permit, id, known, &form).await?;
    to_page(&ctx, id, &event_slug, "/door/lists").await
}

/// Moves a list "up" or "down" in the order in which they are asked.
#[server]
pub async fn move_door_list(event_slug: String, list: String, to: String) -> Result<(), ApiError> {
    let (ctx, id, permit) = event(&event_slug).await?;
    let list = list.parse().map_err(|_| ApiError::not_found())?;
    let way = if to == "up" {
        services::checkin::ListWay::Up
    } else {
        services::checkin::ListWay::Down
    };
    Ok(services::checkin::move_list(&ctx.services, &permit, id, list, way).await?)
}

#[server]
pub async fn remove_door_list(event_slug: String, list: String) -> Result<(), ApiError> {
    let (ctx, id, permit) = event(&event_slug).await?;
    let list = list.parse().map_err(|_| ApiError::not_found())?;
    services::checkin::remove_list(&ctx.services, &permit, id, list).await?;
    to_page(&ctx, id, &event_slug, "/door/lists").await
}
