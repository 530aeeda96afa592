//! Looks at the room's board from time to time, as seldom as the line allows.

use domain::{
    waiting_room::{Board, Standing},
    when::Timestamp,
};
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};
use std::time::Duration;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

/// The board as it was last seen. When it is one's turn, the page is loaded again: it shows the tickets then.
pub fn board(slug: &str, number: u64, first: Board) -> RwSignal<Board> {
    let board = RwSignal::new(first);
    let address = format!("/live/waiting/{slug}");
    // Only in the browser, where there is one thread: what belongs to a thread must not be cleaned up by another.
    Effect::new(move || {
        let timer = StoredValue::new_local(None::<TimeoutHandle>);
        look_later(address.clone(), number, board, timer);
        on_cleanup(move || {
            timer.try_with_value(|timer| {
                if let Some(timer) = timer {
                    timer.clear();
                }
            });
        });
    });
    board
}

type Timer = StoredValue<Option<TimeoutHandle>, LocalStorage>;

fn look_later(address: String, number: u64, board: RwSignal<Board>, timer: Timer) {
    let Some(seconds) = board.try_with_untracked(|board| board.look_again_seconds(number, now()))
    else {
        return;
    };
    // So that not all who wait ask in the same moment.
    let jitter = 1.0 + js_sys::Math::random() * 0.3;
    let pause = Duration::from_secs_f64(f64::from(seconds) * jitter);
    let look = move || {
        spawn_local(async move {
            if let Some(seen) = fetch(&address).await {
                let drawn = |board: &Board| board.drawn.is_some();
                let was_drawn = board.try_with_untracked(drawn).unwrap_or_default();
                if seen.standing(number) == Standing::In || drawn(&seen) != was_drawn {
                    // An error would leave the page as it is, with its link to look again.
                    let _ = window().location().reload();
                    return;
                }
                board.try_set(seen);
            }
            look_later(address, number, board, timer);
        });
    };
    if let Ok(handle) = set_timeout_with_handle(look, pause) {
        timer.try_set_value(Some(handle));
    }
}

/// By the browser's clock; only to tell far from near.
fn now() -> Timestamp {
    Timestamp::from_millisecond(js_sys::Date::now() as i64).unwrap_or_default()
}

async fn fetch(address: &str) -> Option<Board> {
    let response = JsFuture::from(window().fetch_with_str(address))
        .await
        .ok()?;
    let response: Response = response.dyn_into().ok()?;
    let text = JsFuture::from(response.text().ok()?).await.ok()?;
    serde_json::from_str(&text.as_string()?).ok()
}
