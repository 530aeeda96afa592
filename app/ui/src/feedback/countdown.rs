//! Time left until a deadline. The server writes what was left when it answered; the browser counts on from there.

use crate::{MaybeText, use_locale};
use leptos::prelude::*;
use locales::texts;
use std::time::Duration;

const WARNS_BELOW: i64 = 120;

/// Both times are seconds since the epoch by the server's clock; the browser's own clock only measures how much time
/// has passed, so a wrong clock does no harm.
#[component]
pub fn Countdown(
    deadline: i64,
    server_now: i64,
    #[prop(into, optional)] label: MaybeText,
    #[prop(optional, into)] on_end: Option<Callback<()>>,
) -> impl IntoView {
    let label = label.0;
    let l = use_locale();
    let at_first = deadline.saturating_sub(server_now).max(0);
    let left = RwSignal::new(at_first);
    // A page that came from the server is about as old as the browser's navigation.
    let came_with_page =
        Owner::current_shared_context().is_some_and(|context| context.during_hydration());
    Effect::new(move || {
        let already = if came_with_page {
            since_navigation()
        } else {
            0
        };
        let started = now().saturating_sub(already);
        let tick = move || {
            let before = left.try_get_untracked().unwrap_or_default();
            let after = at_first
                .saturating_sub(now().saturating_sub(started))
                .max(0);
            if before != after {
                left.try_set(after);
            }
            if before > 0
                && after == 0
                && let Some(callback) = on_end
            {
                callback.run(());
            }
        };
        tick();
        if let Ok(handle) = set_interval_with_handle(tick, Duration::from_millis(500)) {
            on_cleanup(move || handle.clear());
        }
    });
    let is_low = Memo::new(move |_| left.get() < WARNS_BELOW);
    let is_over = Memo::new(move |_| left.get() == 0);
    view! {
        <div class="countdown" class:countdown-low=move || is_low.get()>
            <p class="countdown-line">
                <span class="countdown-label">{label.unwrap_or_else(|| texts::ui::time_left(l).to_owned())}</span>
                <span class="countdown-clock" role="timer" dir="ltr">{move || clock(left.get())}</span>
            </p>
            // Said once, not every second.
            <p class="sr-only" aria-live="polite">
                {move || match (is_over.get(), is_low.get()) {
                    (true, _) => texts::ui::time_up(l),
                    (false, true) => texts::ui::less_than_two_minutes(l),
                    (false, false) => "",
                }}
            </p>
        </div>
    }
    .into_any()
}

/// "9:05", "1:00:00"
fn clock(seconds: i64) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

/// Seconds by the browser's clock; keeps counting while the device sleeps.
fn now() -> i64 {
    whole_seconds(js_sys::Date::now())
}

fn since_navigation() -> i64 {
    window()
        .performance()
        .map_or(0, |performance| whole_seconds(performance.now()))
}

fn whole_seconds(milliseconds: f64) -> i64 {
    (milliseconds / 1000.0) as i64
}

#[cfg(test)]
mod tests {
    use super::clock;

    #[test]
    fn clocks_read_like_clocks() {
        assert_eq!(
            [clock(0), clock(65), clock(600), clock(3600)],
            ["0:00", "1:05", "10:00", "1:00:00"]
        );
    }
}
