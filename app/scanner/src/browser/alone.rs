//! One tab of a device scans. Two would write one list and one log by what each of them remembers.

use js_sys::{Array, Promise};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;

use super::js;

const NAME: &str = "bilten-scanner";
/// A page that is opened anew may come before the one it replaces is quite gone.
const TRIES: u32 = 5;
const PAUSE_MILLIS: i32 = 200;

/// Whether no other tab scans. If so, none does as long as this page is open.
pub async fn is_alone() -> bool {
    // Browsers without it are older than tabs that share a scanner are common.
    let Some(locks) = js::get(&leptos::prelude::window().navigator(), "locks") else {
        return true;
    };
    for _ in 0..TRIES {
        if is_given(&locks).await {
            return true;
        }
        js::sleep(PAUSE_MILLIS).await;
    }
    false
}

async fn is_given(locks: &JsValue) -> bool {
    let mut asked = None;
    let given = Promise::new(&mut |resolve, _| {
        let answer = Closure::once_into_js(move |lock: JsValue| {
            if lock.is_null() {
                return JsValue::FALSE;
            }
            // Calling what resolves a promise cannot fail.
            let _ = resolve.call1(&JsValue::NULL, &JsValue::TRUE);
            // It is ours until this promise ends, which it never does.
            Promise::new(&mut |_, _| {}).into()
        });
        let options = js::object(&[("ifAvailable", JsValue::TRUE)]);
        asked = js::call(locks, "request", &[NAME.into(), options, answer]);
    });
    let Some(asked) = asked.and_then(|asked| asked.dyn_into::<Promise>().ok()) else {
        return true;
    };
    // A browser that refuses to say is as one that cannot.
    let first = JsFuture::from(Promise::race(&Array::of2(&given, &asked))).await;
    first.map_or(true, |given| given == JsValue::TRUE)
}
