//! The page of one event.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

use super::views::EventView;
use crate::ApiError;

#[server(input = GetUrl)]
pub async fn event_page(slug: String) -> Result<EventView, ApiError> {
    let ctx = crate::ctx()?;
    let viewer = ctx.request.session.as_ref();
    let page = services::catalog::show(&ctx.services, &slug, viewer)
        .await?
        .ok_or_else(ApiError::not_found)?;
    crate::context::begin_view(&ctx)?;
    Ok(super::make::event(&ctx.services, page))
}
