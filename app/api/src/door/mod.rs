//! The door of an event, for those who run it: lists, gates, scanners, the last scans, what needs a look.

mod lists;
#[cfg(feature = "ssr")]
mod server;
mod steer;
mod view;
#[cfg(feature = "ssr")]
mod words;

use domain::{door::Names, ids::DeviceId};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

pub use lists::*;
pub use steer::*;
pub use view::*;

use crate::ApiError;
#[cfg(feature = "ssr")]
use crate::events::server::event;

#[server(input = GetUrl)]
pub async fn event_door(event_slug: String) -> Result<DoorView, ApiError> {
    let (ctx, id, permit) = event::<services::permit::CheckIn>(&event_slug).await?;
    let manages = server::manages(&ctx, id).await?;
    let door = services::checkin::overview(&ctx.services, &permit, id)
        .await?
        .ok_or_else(ApiError::not_found)?;
    Ok(server::door(
        ctx.request.locale,
        ctx.services.now(),
        manages,
        door,
    ))
}

#[server]
pub async fn pair_scanner(
    event_slug: String,
    #[server(default)] gate: String,
    #[server(default)] names: Names,
    #[server(default)] works_until: String,
) -> Result<PairingView, ApiError> {
    let (ctx, id, permit) = event(&event_slug).await?;
    let until =
        services::checkin::local_time(&ctx.services, &permit, id, &gate, &works_until).await?;
    let cmd = services::checkin::CreatePairing {
        event: id,
        gate,
        names,
        works_until: until,
    };
    let new = services::checkin::create_pairing(&ctx.services, &permit, cmd).await?;
    let clock = words::Clock::new(ctx.request.locale, new.time_zone);
    Ok(PairingView {
        qr: services::qr::svg(&new.link)?,
        link: new.link,
        until: clock.time(new.expires_at),
    })
}

#[server]
pub async fn shut_out_scanner(event_slug: String, device: DeviceId) -> Result<(), ApiError> {
    let (ctx, _, permit) = event(&event_slug).await?;
    Ok(services::checkin::revoke_device(&ctx.services, &permit, device).await?)
}
