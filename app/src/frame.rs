//! What stands around the pages: skip link, header, main, footer. The scanner has the whole screen for itself.

use app_api::{SessionView, use_session};
use app_ui::{LanguageSwitch, Theme, ThemeSwitch};
use leptos::prelude::*;
use leptos_router::components::FlatRoutes;
use leptos_router::components::RouteChildren;
use leptos_router::hooks::use_url;
use locales::shell;

use crate::{not_found::NotFoundPage, routes};

#[component]
pub fn Frame() -> impl IntoView {
    let l = app_ui::use_locale();
    let url = use_url();
    let bare = Memo::new(move |_| url.with(|url| is_bare(url.path())));
    view! {
        <a class="skip-link" href="#main">{shell::skip(l)}</a>
        <Show when=move || !bare.get()>
            <Header/>
        </Show>
        <main id="main" tabindex="-1" class:bare=bare>
            <Pages/>
        </main>
        <Show when=move || !bare.get()>
            <Footer/>
        </Show>
    }
}

/// Whether the page brings its own surroundings.
fn is_bare(path: &str) -> bool {
    path == "/scan" || path.starts_with("/scan/")
}

#[component]
fn Pages() -> impl IntoView {
    FlatRoutes(
        leptos_router::components::FlatRoutesProps::builder()
            .fallback(NotFoundPage)
            .children(RouteChildren::to_children(routes::table))
            .build(),
    )
}

/// Where the browser should come back to after a form outside the page's own.
fn here() -> Signal<String> {
    let url = use_url();
    Signal::derive(move || {
        url.with(|url| {
            let query = url.search();
            if query.is_empty() {
                url.path().to_owned()
            } else {
                format!("{}?{query}", url.path())
            }
        })
    })
}

#[component]
fn Header() -> impl IntoView {
    let l = app_ui::use_locale();
    view! {
        {use_session().and_then(|person| person.acting_until.map(|until| view! { <Acting name=person.name until/> }))}
        <header class="site-header no-print">
            <div class="container-wide site-bar">
                <a class="site-brand" href="/" lang="en">{shell::brand(l)}</a>
                <nav class="site-nav" aria-label=shell::menu(l)>
                    <a class="site-link" href="/events">{shell::events(l)}</a>
                    {match use_session() {
                        Some(person) => view! { <SignedIn person/> }.into_any(),
                        None => view! { <SignedOut/> }.into_any(),
                    }}
                </nav>
            </div>
        </header>
    }
}

/// Somebody of the platform looks as this person: on every page, so that nobody forgets it.
#[component]
fn Acting(name: String, until: jiff::civil::Time) -> impl IntoView {
    let l = app_ui::use_locale();
    let until = format!("{} UTC", locales::dates::time(until));
    view! {
        <div class="acting no-print" role="status">
            <div class="container-wide acting-bar">
                <p>{shell::acting(l, name, until)}</p>
                <form method="post" action="/acting/stop">
                    <button class="btn btn-small" type="submit">{shell::acting_stop(l)}</button>
                </form>
            </div>
        </div>
    }
}

#[component]
fn SignedOut() -> impl IntoView {
    let l = app_ui::use_locale();
    view! {
        <a class="site-link" href="/sign-in">{shell::sign_in(l)}</a>
    }
}

#[component]
fn SignedIn(person: SessionView) -> impl IntoView {
    let l = app_ui::use_locale();
    view! {
        <a class="site-link" href="/organize">{shell::organize(l)}</a>
        <details class="site-account">
            <summary class="site-link">{person.name.clone()}</summary>
            <div class="site-account-panel">
                <p class="site-account-name">{person.email}</p>
                <a class="btn btn-quiet" href="/account/tickets">{shell::my_tickets(l)}</a>
                <a class="btn btn-quiet" href="/account">{shell::account(l)}</a>
                {person.platform_admin.then(|| view! { <a class="btn btn-quiet" href="/admin">{shell::admin(l)}</a> })}
                <form method="post" action="/sign-out">
                    <button class="btn btn-quiet" type="submit">{shell::sign_out(l)}</button>
                </form>
            </div>
        </details>
    }
}

#[component]
fn Footer() -> impl IntoView {
    let l = app_ui::use_locale();
    let next = here();
    view! {
        <footer class="site-footer no-print">
            <div class="container-wide site-columns">
                <section aria-labelledby="footer-visitors">
                    <h2 class="site-footer-title" id="footer-visitors">{shell::footer_visitors(l)}</h2>
                    <ul>
                        <li><a class="site-link" href="/events">{shell::search(l)}</a></li>
                        <li><a class="site-link" href="/find-my-tickets">{shell::find_tickets(l)}</a></li>
                    </ul>
                </section>
                <section aria-labelledby="footer-organizers">
                    <h2 class="site-footer-title" id="footer-organizers">{shell::footer_organizers(l)}</h2>
                    <ul>
                        <li><a class="site-link" href="/organize">{shell::footer_start(l)}</a></li>
                        <li><a class="site-link" href="/scan">{shell::scan(l)}</a></li>
                    </ul>
                </section>
                <section class="site-settings" aria-labelledby="footer-settings">
                    <h2 class="site-footer-title" id="footer-settings">{shell::footer_settings(l)}</h2>
                    <LanguageSwitch next/>
                    <ThemeSwitch next current=page_theme()/>
                </section>
            </div>
            <p class="container-wide site-mark" lang="en">{shell::brand(l)}</p>
        </footer>
    }
}

/// The appearance chosen, from the request.
#[cfg(feature = "ssr")]
fn page_theme() -> Theme {
    let chosen = use_context::<app_api::RequestInfo>().and_then(|info| info.theme.code());
    chosen.and_then(Theme::from_code).unwrap_or_default()
}

/// The appearance chosen, from what the server wrote into the document.
#[cfg(not(feature = "ssr"))]
fn page_theme() -> Theme {
    let html = document().document_element();
    let chosen = html.and_then(|html| html.get_attribute("data-theme"));
    chosen
        .and_then(|code| Theme::from_code(&code))
        .unwrap_or_default()
}
