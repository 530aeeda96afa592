//! The document around the application, and the plain document for when there is no application to show.

use app_api::{RequestInfo, preferences::Theme};
use leptos::prelude::*;
use leptos_meta::MetaTags;
use locales::{Locale, shell as texts};

use crate::App;

/// Addresses of the built files, whose names carry a hash of their content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assets {
    pub js: String,
    pub wasm: String,
    pub css: String,
}

impl Assets {
    /// Reads what the build wrote down, one `kind: hash` per line; without it the names carry no hash.
    #[must_use]
    pub fn from_hashes(hashes: Option<&str>) -> Self {
        let named = |kind: &str, extension: &str| {
            let hash = hashes.unwrap_or_default().lines().find_map(|line| {
                let (key, hash) = line.split_once(':')?;
                (key.trim() == kind).then(|| hash.trim().to_owned())
            });
            match hash {
                Some(hash) => format!("/pkg/bilten.{hash}.{extension}"),
                None => format!("/pkg/bilten.{extension}"),
            }
        };
        Self {
            js: named("js", "js"),
            wasm: named("wasm", "wasm"),
            css: named("css", "css"),
        }
    }
}

/// A page of the application.
pub fn shell(assets: &Assets) -> impl IntoView + use<> {
    let request = use_context::<RequestInfo>();
    let parts = use_context::<http::request::Parts>();
    let path = parts
        .as_ref()
        .map_or_else(String::new, |parts| parts.uri.path().to_owned());
    let body = view! {
        <body>
            <App/>
            <ReloadOffer/>
        </body>
    };
    let scanner = path == "/scan" || path.starts_with("/scan/");
    // Where people work, they click at once; where they read, the picture comes first.
    let eager = scanner || path.starts_with("/organize") || path.starts_with("/admin");
    let boot = boot_script(assets, request.as_ref(), eager);
    let l = request.as_ref().map(|r| r.locale).unwrap_or_default();
    // Who looks at somebody else's order for their work keeps nothing of it.
    let looks = parts.is_some_and(|parts| parts.uri.query() == Some("look"))
        || request
            .as_ref()
            .and_then(|request| request.viewer.as_ref())
            .is_some_and(|viewer| viewer.acting_until.is_some());
    let tickets = (shows_tickets(&path) && !looks).then(|| tickets_script(request.as_ref()));
    let head = view! {
        <Common l assets=assets.clone() scanner/>
        <MetaTags/>
        {trust_script(request.as_ref())}
        {boot}
        {tickets}
    };
    document(
        l,
        request.as_ref().map(|r| r.theme).unwrap_or_default(),
        head.into_any(),
        body.into_any(),
    )
}

/// A document with a message and without the application: for refusals that are answered before any page is chosen.
pub fn plain_document(
    assets: &Assets,
    l: Locale,
    theme: Theme,
    title: &'static str,
    fault: AnyView,
) -> impl IntoView {
    let head = view! {
        <Common l assets=assets.clone() scanner=false/>
        <meta name="robots" content="noindex"/>
        <title>{format!("{title} · {}", texts::brand(l))}</title>
    };
    let body = view! {
        <body>
            <header class="site-header">
                <div class="container-wide site-bar">
                    <a class="site-brand" href="/" lang="en">{texts::brand(l)}</a>
                </div>
            </header>
            <main id="main">{fault}</main>
        </body>
    };
    document(l, theme, head.into_any(), body.into_any())
}

/// A document without the application that keeps tickets, or names those that are kept.
pub fn tickets_document(
    assets: &Assets,
    request: &RequestInfo,
    theme: Theme,
    title: String,
    main: AnyView,
) -> impl IntoView + use<> {
    let l = request.locale;
    let head = view! {
        <Common l assets=assets.clone() scanner=false/>
        <meta name="robots" content="noindex"/>
        <meta name="referrer" content="same-origin"/>
        <title>{format!("{title} · {}", texts::brand(l))}</title>
        {trust_script(Some(request))}
        {tickets_script(Some(request))}
    };
    document(
        l,
        theme,
        head.into_any(),
        view! { <body>{main}</body> }.into_any(),
    )
}

/// Pages with tickets, and those that lead to them within the application.
fn shows_tickets(path: &str) -> bool {
    path == "/account/tickets"
        || ["/orders/", "/tickets/", "/accept/"]
            .iter()
            .any(|begin| path.starts_with(begin))
}

/// What the policy of trusted types in the headers asks for; before everything else that runs.
fn trust_script(request: Option<&RequestInfo>) -> impl IntoView + use<> {
    let nonce = request.map(|r| r.nonce.to_string());
    view! { <script nonce=nonce inner_html=include_str!("trust.js")></script> }
}

/// Keeps tickets on the device. It needs nothing of the application, and works before that is there.
fn tickets_script(request: Option<&RequestInfo>) -> impl IntoView + use<> {
    let nonce = request.map(|r| r.nonce.to_string());
    view! { <script src="/tickets.js" defer nonce=nonce></script> }
}

fn document(l: Locale, theme: Theme, head: AnyView, body: AnyView) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang=l.code() dir=l.dir() data-theme=theme.code()>
            <head>{head}</head>
            {body}
        </html>
    }
}

#[component]
fn Common(l: Locale, assets: Assets, scanner: bool) -> impl IntoView {
    let manifest = if scanner {
        "/scan/manifest.webmanifest"
    } else {
        "/site.webmanifest"
    };
    view! {
        <meta charset="utf-8"/>
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
        <meta name="color-scheme" content="light dark"/>
        {theme_color("(prefers-color-scheme: light)", "#ffffff")}
        {theme_color("(prefers-color-scheme: dark)", "#000000")}
        <meta name="application-name" content=texts::brand(l)/>
        <link rel="stylesheet" href=assets.css/>
        <link rel="icon" type="image/svg+xml" href="/icon.svg"/>
        <link rel="manifest" href=manifest/>
    }
}

/// The colour of the browser's own bar. (`media` is not among the attributes the macro knows for this element.)
fn theme_color(media: &'static str, color: &'static str) -> impl IntoView {
    leptos::html::meta()
        .attr("name", "theme-color")
        .attr("media", media)
        .attr("content", color)
}

/// Loads the application when the page has been seen, or at the first touch.
fn boot_script(
    assets: &Assets,
    request: Option<&RequestInfo>,
    eager: bool,
) -> impl IntoView + use<> {
    let nonce = request.map(|r| r.nonce.to_string());
    let (js, wasm) = (&assets.js, &assets.wasm);
    let script = format!(
        "{}({js:?}, {wasm:?}, {eager});",
        include_str!("boot.js").trim_end()
    );
    view! { <script type="module" nonce=nonce inner_html=script></script> }
}

/// Shown by the boot script when a later piece of the application cannot be loaded.
#[component]
fn ReloadOffer() -> impl IntoView {
    let l = use_context::<RequestInfo>()
        .map(|r| r.locale)
        .unwrap_or_default();
    view! {
        <div id="reload-offer" class="reload-offer" role="alert" hidden>
            <p class="reload-offer-title">{texts::reload_title(l)}</p>
            <p>{texts::reload_text(l)}</p>
            <a class="btn btn-primary" href="" rel="external">{texts::reload(l)}</a>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::Assets;

    #[test]
    fn hashes_stand_in_the_names() {
        let assets = Assets::from_hashes(Some("js: a1\nwasm: b2\ncss: c3\nsplit: d4\n"));
        assert_eq!(assets.wasm, "/pkg/bilten.b2.wasm");
        assert_eq!(Assets::from_hashes(None).css, "/pkg/bilten.css");
    }
}
