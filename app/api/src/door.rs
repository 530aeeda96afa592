//! The door of an event, for those who run it: scanners, the last scans, what needs a look.

use domain::{
    door::{Answer, Names},
    ids::DeviceId,
};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use crate::ApiError;
#[cfg(feature = "ssr")]
use crate::events::server::event;

/// Everything the door page shows. Times are in the event's zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoorView {
    pub title: String,
    pub sold: u32,
    pub inside: u32,
    /// Whether the person looking may pair and remove scanners.
    pub manages: bool,
    pub devices: Vec<ScannerView>,
    pub recent: Vec<DoorScanView>,
    pub conflicts: Vec<DoorScanView>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScannerView {
    pub id: DeviceId,
    pub name: String,
    pub gate: String,
    pub seen: String,
    pub pending: u32,
    pub admitted: u32,
    pub revoked: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoorScanView {
    pub id: String,
    pub at: String,
    pub gate: String,
    pub device: String,
    pub holder: Option<String>,
    pub ticket_type: Option<String>,
    pub order_code: Option<String>,
    /// Code of the verdict the scanner showed.
    pub verdict: String,
    pub let_in: bool,
    pub undone: bool,
    pub fate: Answer,
}

/// A fresh link for one scanner. It is shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairingView {
    pub link: String,
    /// The same as a picture.
    pub qr: String,
    /// Until when, by the event's clock.
    pub until: String,
}

#[server(input = GetUrl)]
pub async fn event_door(event_slug: String) -> Result<DoorView, ApiError> {
    use services::permit::{self, CheckIn, ManageDevices, Refused};
    let (ctx, id, permit) = event::<CheckIn>(&event_slug).await?;
    let manages = match permit::for_event::<ManageDevices>(&ctx.services, ctx.session()?, id).await
    {
        Ok(_) => true,
        Err(Refused::Unexpected(e)) => return Err(e.into()),
        Err(_) => false,
    };
    let door = services::checkin::overview(&ctx.services, &permit, id)
        .await?
        .ok_or_else(ApiError::not_found)?;
    let clock = server::Clock {
        l: ctx.request.locale,
        zone: door.event.time_zone,
    };
    Ok(DoorView {
        title: door.event.title,
        sold: door.counters.sold,
        inside: door.counters.inside,
        manages,
        devices: door
            .devices
            .into_iter()
            .map(|device| server::scanner(&clock, device))
            .collect(),
        recent: door
            .recent
            .into_iter()
            .map(|scan| server::scan(&clock, scan))
            .collect(),
        conflicts: door
            .conflicts
            .into_iter()
            .map(|scan| server::scan(&clock, scan))
            .collect(),
    })
}

#[server]
pub async fn pair_scanner(
    event_slug: String,
    #[server(default)] gate: String,
    #[server(default)] names: Names,
) -> Result<PairingView, ApiError> {
    let (ctx, id, permit) = event(&event_slug).await?;
    let cmd = services::checkin::CreatePairing {
        event: id,
        gate,
        names,
        works_until: None,
    };
    let new = services::checkin::create_pairing(&ctx.services, &permit, cmd).await?;
    let clock = server::Clock {
        l: ctx.request.locale,
        zone: new.time_zone,
    };
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

#[cfg(feature = "ssr")]
mod server {
    use domain::when::Timestamp;
    use locales::{Locale, dates};
    use services::{
        checkin::{DeviceView, PairingRefused, RevokeRefused, ScanView},
        zone,
    };

    use super::{DoorScanView, ScannerView};
    use crate::ApiError;

    /// How times are told at this door.
    pub(super) struct Clock {
        pub l: Locale,
        pub zone: String,
    }

    impl Clock {
        /// A zone that is unknown by now is told as it is stored: in UTC.
        fn local(&self, at: Timestamp) -> zone::Local {
            let utc = || zone::Local {
                at: jiff::tz::Offset::UTC.to_datetime(at),
                label: "UTC".to_owned(),
            };
            zone::local(at, &self.zone).unwrap_or_else(|_| utc())
        }

        pub fn time(&self, at: Timestamp) -> String {
            dates::time(self.local(at).at.time())
        }

        pub fn day_and_time(&self, at: Timestamp) -> String {
            dates::short(self.l, self.local(at).at, None)
        }
    }

    pub(super) fn scanner(clock: &Clock, device: DeviceView) -> ScannerView {
        ScannerView {
            id: device.id,
            name: device.name,
            gate: device.gate,
            seen: clock.day_and_time(device.last_seen_at),
            pending: device.pending,
            admitted: device.admitted,
            revoked: device.revoked,
        }
    }

    pub(super) fn scan(clock: &Clock, scan: ScanView) -> DoorScanView {
        DoorScanView {
            id: scan.id.to_string(),
            at: clock.day_and_time(scan.at),
            gate: scan.gate,
            device: scan.device_name,
            holder: scan.holder,
            ticket_type: scan.ticket_type,
            order_code: scan.order_code,
            verdict: scan.verdict,
            let_in: scan.let_in,
            undone: scan.undone,
            fate: scan.fate,
        }
    }

    impl From<PairingRefused> for ApiError {
        fn from(refused: PairingRefused) -> Self {
            match refused {
                PairingRefused::NotFound => Self::not_found(),
                PairingRefused::Invalid(fields) => fields.into(),
                PairingRefused::Unexpected(e) => e.into(),
            }
        }
    }

    impl From<RevokeRefused> for ApiError {
        fn from(refused: RevokeRefused) -> Self {
            match refused {
                RevokeRefused::NotFound => Self::not_found(),
                RevokeRefused::Unexpected(e) => e.into(),
            }
        }
    }
}
