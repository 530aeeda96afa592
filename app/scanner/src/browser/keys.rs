//! Hardware scanners type: very fast, with Enter at the end, wherever the focus happens to be.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::KeyboardEvent;

use super::clock::device_now;

/// No hand types a key every 35 milliseconds for long.
const MILLIS_PER_KEY: i64 = 35;
/// A gap ends what was being typed.
const GAP_MILLIS: i64 = 120;
const SHORTEST: usize = 6;

#[derive(Default)]
struct Typed {
    text: String,
    began: i64,
    last: i64,
}

impl Typed {
    /// Takes a key in; a whole scan comes out with its Enter.
    fn key(&mut self, key: &str, now: i64) -> Option<String> {
        if key == "Enter" {
            let text = std::mem::take(&mut self.text);
            let keys = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
            let fast = now.saturating_sub(self.began) <= keys.saturating_mul(MILLIS_PER_KEY);
            return (fast && text.chars().count() >= SHORTEST).then_some(text);
        }
        // Shift and its like have names of several letters.
        if key.chars().count() == 1 {
            if self.text.is_empty() || now.saturating_sub(self.last) > GAP_MILLIS {
                self.text.clear();
                self.began = now;
            }
            self.text.push_str(key);
            self.last = now;
        }
        None
    }
}

/// Hears every key of the page before anything else does.
pub fn listen(scanned: impl Fn(String) + 'static) {
    let mut typed = Typed::default();
    let heard = Closure::<dyn FnMut(KeyboardEvent)>::new(move |event: KeyboardEvent| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        if let Some(text) = typed.key(&event.key(), device_now().as_millisecond()) {
            // The Enter belongs to the scan, not to a button that has the focus.
            event.prevent_default();
            event.stop_propagation();
            scanned(text);
        }
    });
    let _ = document().add_event_listener_with_callback_and_bool(
        "keydown",
        heard.as_ref().unchecked_ref(),
        true,
    );
    // Lives as long as the page.
    heard.forget();
}
