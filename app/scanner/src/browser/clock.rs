//! Time and chance, from the browser.

use std::cell::Cell;

use domain::{ids::CheckInId, when::Timestamp};
use locales::{Locale, scanner::age};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};

use super::js;
use crate::model::Look;

thread_local! {
    /// The page was out of sight since somebody asked.
    static SLEPT: Cell<bool> = const { Cell::new(false) };
}

/// This device's clock, which may be wrong.
pub fn device_now() -> Timestamp {
    Timestamp::from_millisecond(js_sys::Date::now() as i64).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Both clocks of this device.
pub fn look() -> Look {
    let steady = leptos::prelude::window().performance();
    Look {
        wall: device_now().as_millisecond(),
        steady: steady.map_or(0.0, |steady| steady.now()) as i64,
    }
}

/// Whether the page was out of sight since this was asked last.
pub fn slept() -> bool {
    SLEPT.replace(leptos::prelude::document().hidden())
}

/// Notices when the page goes out of sight.
pub fn notice_sleep() {
    let changed = Closure::<dyn FnMut()>::new(|| SLEPT.set(true));
    let _ = leptos::prelude::document()
        .add_event_listener_with_callback("visibilitychange", changed.as_ref().unchecked_ref());
    // Lives as long as the page.
    changed.forget();
}

/// A new time-ordered id for a line of the log.
pub fn new_id() -> CheckInId {
    let mut random = [0; 10];
    if let Ok(crypto) = leptos::prelude::window().crypto() {
        let _ = crypto.get_random_values_with_u8_array(&mut random);
    }
    let millis = u64::try_from(device_now().as_millisecond()).unwrap_or(0);
    CheckInId::new(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
}

/// "19:02" in the event's zone, which the browser knows; with the day where it is not the same.
pub fn time_of_day(at: Timestamp, now: Timestamp, zone: &str, l: Locale) -> String {
    let time = format(at, zone, &[("hour", "2-digit"), ("minute", "2-digit")]);
    let day = |at| format(at, zone, &[("day", "numeric"), ("month", "numeric")]);
    let text = if day(at) == day(now) {
        time
    } else {
        format!("{} {time}", day(at))
    };
    locales::isolate(l, &text).into_owned()
}

/// Latin digits and 24 hours in every language, as everywhere in Bilten.
fn format(at: Timestamp, zone: &str, parts: &[(&str, &str)]) -> String {
    let mut options = vec![
        ("hourCycle", JsValue::from("h23")),
        ("timeZone", JsValue::from(zone)),
    ];
    options.extend(
        parts
            .iter()
            .map(|(name, value)| (*name, JsValue::from(*value))),
    );
    let date = js_sys::Date::new(&JsValue::from_f64(at.as_millisecond() as f64));
    js::call(
        &date,
        "toLocaleString",
        &["en-GB".into(), js::object(&options)],
    )
    .and_then(|text| text.as_string())
    .unwrap_or_default()
}

/// "3 min ago"
pub fn age_text(l: Locale, at: Option<Timestamp>, now: Timestamp) -> String {
    let Some(at) = at else {
        return age::never(l).to_owned();
    };
    match now.as_second().saturating_sub(at.as_second()) / 60 {
        i64::MIN..=0 => age::now(l).to_owned(),
        minutes @ 1..=89 => age::minutes(l, minutes),
        minutes => age::hours(l, (minutes + 30) / 60),
    }
}
