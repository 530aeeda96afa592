//! The one page. What the server writes is the same for everybody, so that a device can keep it for later.

use leptos::prelude::*;
use leptos_meta::Title;
use locales::scanner as texts;

#[component]
pub fn ScannerPage() -> impl IntoView {
    let l = app_ui::use_locale();
    let started = RwSignal::new(false);
    Effect::new(move |_| started.set(true));
    view! {
        <Title text=texts::title(l)/>
        {move || if started.get() { scanner(l) } else { waiting(l) }}
    }
}

fn waiting(l: locales::Locale) -> AnyView {
    view! {
        <div class="scanner scanner-waiting">
            <h1 class="scan-brand">{texts::title(l)}</h1>
            <p role="status">{texts::starting(l)}</p>
            <noscript><p>{texts::needs_javascript(l)}</p></noscript>
        </div>
    }
    .into_any()
}

#[cfg(target_arch = "wasm32")]
fn scanner(l: locales::Locale) -> AnyView {
    crate::browser::Scanner(crate::browser::ScannerProps { initial: l }).into_any()
}

/// Never reached: effects do not run on the server.
#[cfg(not(target_arch = "wasm32"))]
fn scanner(l: locales::Locale) -> AnyView {
    waiting(l)
}
