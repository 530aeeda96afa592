//! The service worker: keeps this build for offline use, and says when a new one waits.

use std::cell::Cell;

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::{ServiceWorker, ServiceWorkerRegistration, ServiceWorkerState};

use super::js;

const WORKER: &str = "/scan/sw.js";
const SCOPE: &str = "/scan";
/// A page that stays open for days hears of a new build in this time.
const ASK_EVERY_MILLIS: f64 = 600_000.0;

thread_local! {
    /// When a new build was asked for last.
    static ASKED: Cell<f64> = const { Cell::new(0.0) };
}

/// Registers the worker. `ready` becomes true when a newer build has been kept and waits to be used.
pub fn keep_for_offline(ready: RwSignal<bool>) {
    leptos::task::spawn_local(async move {
        let Some(container) = js::get(&window().navigator(), "serviceWorker") else {
            return;
        };
        let options = js::object(&[("scope", SCOPE.into()), ("updateViaCache", "none".into())]);
        let Some(found) = js::wait(&container, "register", &[WORKER.into(), options]).await else {
            return;
        };
        let Ok(registration) = found.dyn_into::<ServiceWorkerRegistration>() else {
            return;
        };
        if is_replaced(&registration) && registration.waiting().is_some() {
            ready.set(true);
        }
        let watched = registration.clone();
        let found_new = Closure::<dyn FnMut()>::new(move || {
            if let Some(worker) = watched.installing()
                && is_replaced(&watched)
            {
                watch(worker, ready);
            }
        });
        registration.set_onupdatefound(Some(found_new.as_ref().unchecked_ref()));
        found_new.forget();
    });
}

/// Without a worker of the scanner's at work this is the first visit, and nothing is replaced. Who is in charge of the page
/// does not tell: until then it may be the store's.
fn is_replaced(registration: &ServiceWorkerRegistration) -> bool {
    registration.active().is_some()
}

fn watch(worker: ServiceWorker, ready: RwSignal<bool>) {
    let watched = worker.clone();
    let changed = Closure::<dyn FnMut()>::new(move || {
        if watched.state() == ServiceWorkerState::Installed {
            ready.set(true);
        }
    });
    worker.set_onstatechange(Some(changed.as_ref().unchecked_ref()));
    changed.forget();
}

async fn registered() -> Option<(JsValue, ServiceWorkerRegistration)> {
    let container = js::get(&window().navigator(), "serviceWorker")?;
    let found = js::wait(&container, "getRegistration", &[SCOPE.into()]).await?;
    Some((container, found.dyn_into().ok()?))
}

/// Asks whether there is a new build, now and then. To be called when nobody is busy at the door: it is fetched at once.
pub async fn ask_for_new_build() {
    let now = js_sys::Date::now();
    // A clock that was set back asks once too often.
    if (now - ASKED.get()).abs() < ASK_EVERY_MILLIS {
        return;
    }
    ASKED.set(now);
    if let Some((_, registration)) = registered().await {
        js::wait(&registration, "update", &[]).await;
    }
}

/// Lets the waiting build take over and opens the scanner with it. Everything scanned is stored already.
pub fn use_new_build() {
    leptos::task::spawn_local(async move {
        let Some((container, registration)) = registered().await else {
            return;
        };
        let Some(waiting) = registration.waiting() else {
            return;
        };
        let reload = Closure::once_into_js(|| {
            let _ = window().location().reload();
        });
        let once = js::object(&[("once", JsValue::TRUE)]);
        js::call(
            &container,
            "addEventListener",
            &["controllerchange".into(), reload, once],
        );
        let _ = waiting.post_message(&"take-over".into());
    });
}
