//! Hardware scanners type: very fast, with Enter at the end, wherever the focus happens to be.

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::KeyboardEvent;

/// No hand types a key every 35 milliseconds for long.
const PER_KEY: Duration = Duration::from_millis(35);
/// A gap ends what was being typed.
const GAP: Duration = Duration::from_millis(120);
const SHORTEST: usize = 6;

#[derive(Default)]
struct Typed {
    text: String,
    began: Duration,
    last: Duration,
}

impl Typed {
    /// Takes a key in; a whole scan comes out with its Enter.
    fn key(&mut self, key: &str, now: Duration) -> Option<String> {
        if key == "Enter" {
            let text = std::mem::take(&mut self.text);
            let keys = text.chars().count();
            let by_machine = PER_KEY.saturating_mul(u32::try_from(keys).unwrap_or(u32::MAX));
            let fast = now.saturating_sub(self.began) <= by_machine;
            return (fast && keys >= SHORTEST).then_some(text);
        }
        // Shift and its like have names of several letters.
        if key.chars().count() == 1 {
            if self.text.is_empty() || now.saturating_sub(self.last) > GAP {
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
        // When it was pressed, not when a busy page gets round to it.
        let now = Duration::try_from_secs_f64(event.time_stamp() / 1000.0).unwrap_or_default();
        if let Some(text) = typed.key(&event.key(), now) {
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
