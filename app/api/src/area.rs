//! How an area of the interface is entered.
//!
//! Everything an area shows is one separately loaded piece of WebAssembly behind one function, its *door*, that takes
//! one of the area's pages. Every lazy function multiplies the pieces, so pages never have their own; the store and the
//! organizer's area, the largest, have two.
//! In the area's `area.rs`:
//!
//! ```ignore
//! pub enum Page { Home, Event }
//!
//! #[lazy(store)]
//! pub fn view(page: Page) -> AnyView {
//!     match page {
//!         Page::Home => pages::home().into_any(),
//!         Page::Event => pages::event().into_any(),
//!     }
//! }
//!
//! app_api::page_routes! { view, __preload_view =>
//!     /// `/`
//!     HomeRoute => Page::Home;
//!     /// `/e/:slug`
//!     EventRoute => Page::Event;
//! }
//! ```
//! A page makes what it fetches itself, first thing: what a route's `data()` makes would be in the main piece, with the
//! decoding of everything in it.

/// The routes of an area's pages.
#[macro_export]
macro_rules! page_routes {
    ($door:ident, $preload:ident => $($(#[$doc:meta])* $route:ident => $page:expr;)+) => {$(
        $(#[$doc])*
        pub struct $route;

        impl ::leptos_router::LazyRoute for $route {
            fn data() -> Self {
                Self
            }

            async fn view(_route: Self) -> ::leptos::prelude::AnyView {
                $door($page).await
            }

            async fn preload() {
                #[cfg(feature = "hydrate")]
                $preload().await;
            }
        }
    )+};
}
