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
        Lock::Storage => t::locked_storage_title(l),
    };
    let text = move |l: Locale| match lock {
        Lock::Revoked => t::locked_revoked(l),
        Lock::Lease => t::locked_lease(l),
        Lock::Over => t::locked_over(l),
        Lock::Storage => t::locked_storage(l),
    };
    let waiting = move || control.stats.get().pending > 0;
    let again = move |_| match lock {
        Lock::Revoked => control.screen.set(Screen::Pair),
        // Nothing is forgotten that was not told.
        Lock::Over if waiting() => sync::now(),
        Lock::Over => leptos::task::spawn_local(control.forget(Screen::Pair)),
        Lock::Lease => sync::now(),
        Lock::Storage => {
            let _ = window().location().reload();
        }
    };
    let button = move |l: Locale| match lock {
        Lock::Over if waiting() => t::send_now(l),
        Lock::Revoked | Lock::Over => t::pair_again(l),
        Lock::Lease | Lock::Storage => t::try_again(l),
    };
    view! {
        <div class="scan-page scan-locked" role="alert">
            {icon::lock()}
            <h1 class="scan-title">{say(title)}</h1>
            <p class="scan-lead">{say(text)}</p>
            <button class="btn btn-primary scan-wide" type="button" on:click=again>{say(button)}</button>
            <Language/>
        </div>
    }
}
