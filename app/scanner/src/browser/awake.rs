//! Keeps the display on while the scanner is in use. The lock is lost whenever the page is hidden, so it is asked for
//! again when the page comes back.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::VisibilityState;

use super::js;

pub fn keep_awake() {
    leptos::task::spawn_local(ask());
    let again = Closure::<dyn FnMut()>::new(|| {
        if document().visibility_state() == VisibilityState::Visible {
            leptos::task::spawn_local(ask());
        }
    });
    let _ = document()
        .add_event_listener_with_callback("visibilitychange", again.as_ref().unchecked_ref());
    // Lives as long as the page.
    again.forget();
}

async fn ask() {
    if let Some(lock) = js::get(&window().navigator(), "wakeLock") {
        // Refused when the battery is low: then the display goes dark as usual.
        let _ = js::wait(&lock, "request", &[JsValue::from("screen")]).await;
    }
}
