//! The screens.

mod card;
mod door;
mod frame;
mod gate;
mod icon;
mod lists;
mod loading;
mod locked;
mod pair;
mod scan;
mod settings;
mod supervisor;

use leptos::prelude::*;
use locales::Locale;

use super::{
    control::{Control, Screen, Source},
    keys, offline, sync,
};

/// The scanner. Exists once, as long as the page.
#[component]
pub fn Scanner(initial: Locale) -> impl IntoView {
    let control = Control::new(initial);
    provide_context(control);
    offline::keep_for_offline(control.update_ready);
    keys::listen(move |text| control.scanned(&text, Source::Machine));
    leptos::task::spawn_local(async move {
        control.open().await;
        sync::run(control).await;
    });
    view! {
        <div
            class="scanner"
            class:scanner-light=move || control.settings.with(|settings| settings.light)
            lang=move || control.locale.get().code()
            dir=move || control.locale.get().dir()
        >
            <frame::Banner/>
            {move || match control.screen.get() {
                Screen::Opening => ().into_any(),
                Screen::Pair => pair::Pair().into_any(),
                Screen::Loading => loading::Loading().into_any(),
                Screen::Ready => loading::Ready().into_any(),
                Screen::Scan => scan::Scan().into_any(),
                Screen::Locked(lock) => locked::Locked(locked::LockedProps { lock }).into_any(),
            }}
        </div>
    }
}

fn control() -> Control {
    expect_context()
}

/// A text in the language of whoever holds the device.
fn say<T: 'static>(text: impl Fn(Locale) -> T + Copy + 'static) -> impl Fn() -> T + Copy {
    let control = control();
    move || text(control.locale.get())
}
