//! Nothing can be scanned, and why.

use leptos::prelude::*;
use locales::{Locale, scanner as t};

use super::{control, icon, say, settings::Language};
use crate::browser::{
    control::{Lock, Screen},
    sync,
};

#[component]
pub fn Locked(lock: Lock) -> impl IntoView {
    let control = control();
    let title = move |l: Locale| match lock {
        Lock::Revoked => t::locked_revoked_title(l),
        Lock::Lease => t::locked_lease_title(l),
        Lock::Over => t::locked_over_title(l),
        Lock::Clock => t::locked_clock_title(l),
        Lock::Storage => t::locked_storage_title(l),
        Lock::Full => t::locked_full_title(l),
        Lock::Elsewhere => t::locked_elsewhere_title(l),
    };
    let text = move |l: Locale| match lock {
        Lock::Revoked => t::locked_revoked(l),
        Lock::Lease => t::locked_lease(l),
        Lock::Over => t::locked_over(l),
        Lock::Clock => t::locked_clock(l),
        Lock::Storage => t::locked_storage(l),
        Lock::Full => t::locked_full(l),
        Lock::Elsewhere => t::locked_elsewhere(l),
    };
    let waiting = move || control.stats.get().pending > 0;
    let sendable = move || {
        control.stats.track();
        control.has_unsent()
    };
    let pending = move || u64::try_from(control.stats.get().pending).unwrap_or(0);
    let left = move |l: Locale| match lock {
        // They go along with another pairing for the event.
        Lock::Revoked => t::left_for_pairing(l, pending()),
        Lock::Lease | Lock::Over | Lock::Clock | Lock::Storage | Lock::Full | Lock::Elsewhere => {
            t::left_to_send(l, pending())
        }
    };
    let again = move |_| match lock {
        // What happened is told first, as far as the server takes it. The rest waits on.
        Lock::Over if sendable() => sync::now(),
        Lock::Revoked | Lock::Over => control.screen.set(Screen::Pair),
        Lock::Lease => sync::now(),
        Lock::Clock => {
            control.tick();
            sync::now();
        }
        Lock::Storage | Lock::Full | Lock::Elsewhere => {
            let _ = window().location().reload();
        }
    };
    let button = move |l: Locale| match lock {
        Lock::Over if sendable() => t::send_now(l),
        Lock::Revoked | Lock::Over => t::pair_again(l),
        Lock::Lease | Lock::Clock | Lock::Storage | Lock::Full => t::try_again(l),
        Lock::Elsewhere => t::look_again(l),
    };
    view! {
        <div class="scan-page scan-locked" role="alert">
            {icon::lock()}
            <h1 class="scan-title">{say(title)}</h1>
            <p class="scan-lead">{say(text)}</p>
            <Show when=waiting><p class="scan-lead">{say(left)}</p></Show>
            <button class="btn btn-primary scan-wide" type="button" on:click=again>{say(button)}</button>
            <Show when=move || lock == Lock::Lease>
                <button class="btn btn-quiet scan-wide" type="button" on:click=move |_| control.screen.set(Screen::Pair)>
                    {say(t::pair_again)}
                </button>
            </Show>
            <Language/>
        </div>
    }
}
