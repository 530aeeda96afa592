//! How this device is doing, for whoever runs the doors.

use domain::door::Health;
use leptos::prelude::window;

use super::{control::Control, js};

const BUILD: &str = "scanner-";

pub async fn health(control: Control) -> Health {
    Health {
        battery: battery().await,
        version: version().await,
        pending: u32::try_from(control.pending()).ok(),
    }
}

/// Percent; browsers that keep it to themselves say nothing.
async fn battery() -> Option<u8> {
    let manager = js::wait(&window().navigator(), "getBattery", &[]).await?;
    let level = js::get(&manager, "level")?.as_f64()?;
    // Between 0 and 1 by its specification; the conversion keeps within the type for anything else.
    Some((level * 100.0).round() as u8)
}

/// The name under which the worker keeps this build.
async fn version() -> Option<String> {
    let caches = js::get(&window(), "caches")?;
    let names = js_sys::Array::from(&js::wait(&caches, "keys", &[]).await?);
    names
        .iter()
        .filter_map(|name| name.as_string())
        .find_map(|name| name.strip_prefix(BUILD).map(str::to_owned))
}
