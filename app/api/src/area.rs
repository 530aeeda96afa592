//! How an area of the interface is entered.
//!
//! Everything an area shows is one separately loaded piece of WebAssembly behind one function, its *door*, that takes
//! one of the area's pages. A second lazy function in an area would multiply the pieces, so pages never have their own.
//! In the area's `area.rs`:
//!
//! ```ignore
//! pub enum Page { Home, Event(EventRoute) }
//!
//! #[lazy(store)]
//! pub fn view(page: Page) -> AnyView {
//!     match page {
//!         Page::Home => pages::HomePage().into_any(),
//!         Page::Event(route) => pages::EventPage(route).into_any(),
//!     }
//! }
//!
//! app_api::page_routes! { view, __preload_view =>
//!     /// `/`
//!     HomeRoute => Page::Home;
//! }
//! ```
//! A page that fetches before it is shown has a struct with its resources instead, whose `LazyRoute` makes them in
//! `data()` (which stays in the main piece and so starts at once), passes itself through the door in `view()` and calls
//! the door's preload as [`page_routes!`](crate::page_routes) does.

/// Routes of pages that need nothing made before they are shown.
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
