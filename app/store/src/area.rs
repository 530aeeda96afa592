//! The door of this area, and the routes that lead through it.

use app_api::{
    ApiError,
    checkout::{
        CheckoutView, OrderAt, OrderView, SandboxView, checkout_page, order_page, sandbox_page,
    },
    store::{
        EventView, FoundView, HomeView, OrganizerView, event_page, find_events, home_page,
        organizer_page,
    },
};
use leptos::prelude::*;
use leptos_router::{
    LazyRoute,
    hooks::{use_params_map, use_query_map},
};

use crate::pages::{self, account, buy};

/// What a page fetches before it is shown.
pub type Fetched<T> = Resource<Result<T, ApiError>>;

/// What can be shown.
pub enum Page {
    Home(Fetched<HomeView>),
    Events(Fetched<FoundView>),
    Organizer(Fetched<OrganizerView>),
    Event(Fetched<EventView>),
    Details(Fetched<CheckoutView>),
    Order(Fetched<OrderView>),
    Pay(Fetched<OrderView>),
    Processing(Fetched<OrderView>),
    Sandbox(Fetched<SandboxView>),
    FindTickets,
    SignIn,
    SignUp,
    Verify,
    Reset,
    ChoosePassword,
    Account,
    Join,
}

/// The one entrance; loaded when the first page of the area is shown.
#[lazy(store)]
pub fn view(page: Page) -> AnyView {
    match page {
        Page::Home(page) => pages::home(page).into_any(),
        Page::Events(page) => pages::events(page).into_any(),
        Page::Organizer(page) => pages::organizer(page).into_any(),
        Page::Event(page) => pages::event(page).into_any(),
        Page::Details(page) => buy::details(page).into_any(),
        Page::Order(page) => buy::order(page).into_any(),
        Page::Pay(page) => buy::pay(page).into_any(),
        Page::Processing(page) => buy::processing(page).into_any(),
        Page::Sandbox(page) => buy::sandbox(page).into_any(),
        Page::FindTickets => buy::FindPage().into_any(),
        Page::SignIn => account::SignInPage().into_any(),
        Page::SignUp => account::SignUpPage().into_any(),
        Page::Verify => account::VerifyPage().into_any(),
        Page::Reset => account::ResetPage().into_any(),
        Page::ChoosePassword => account::ChoosePasswordPage().into_any(),
        Page::Account => account::AccountPage().into_any(),
        Page::Join => account::JoinPage().into_any(),
    }
}

app_api::page_routes! { view, __preload_view =>
    /// `/find-my-tickets`
    FindTicketsRoute => Page::FindTickets;
    /// `/sign-in`
    SignInRoute => Page::SignIn;
    /// `/sign-up`
    SignUpRoute => Page::SignUp;
    /// `/verify/:token`
    VerifyRoute => Page::Verify;
    /// `/reset`
    ResetRoute => Page::Reset;
    /// `/reset/:token`
    ChoosePasswordRoute => Page::ChoosePassword;
    /// `/account`
    AccountRoute => Page::Account;
    /// `/join/:token`
    JoinRoute => Page::Join;
}

/// Routes of pages that fetch one thing: it begins while the area is still being loaded.
macro_rules! fetching_routes {
    ($($(#[$doc:meta])* $route:ident($view:ty) = $fetch:expr => $page:ident;)+) => {$(
        $(#[$doc])*
        pub struct $route(Fetched<$view>);

        impl LazyRoute for $route {
            fn data() -> Self {
                Self($fetch)
            }

            async fn view(this: Self) -> AnyView {
                view(Page::$page(this.0)).await
            }

            async fn preload() {
                #[cfg(feature = "hydrate")]
                __preload_view().await;
            }
        }
    )+};
}

fetching_routes! {
    /// `/`
    HomeRoute(HomeView) = Resource::new_blocking(|| (), |()| home_page()) => Home;
    /// `/events`
    EventsRoute(FoundView) = {
        let query = use_query_map();
        let wanted = move || {
            let word = |name: &str| query.with(|query| query.get(name).unwrap_or_default());
            ["q", "category", "city", "when", "price", "place", "after"].map(word)
        };
        Resource::new_blocking(wanted, |[q, category, city, when, price, place, after]| {
            find_events(q, category, city, when, price, place, after)
        })
    } => Events;
    /// `/o/:slug`
    OrganizerRoute(OrganizerView) = {
        let (slug, query) = (param("slug"), use_query_map());
        let wanted = move || (slug.get(), query.with(|query| query.get("after").unwrap_or_default()));
        Resource::new_blocking(wanted, |(slug, after)| organizer_page(slug, after))
    } => Organizer;
    /// `/e/:slug`
    EventRoute(EventView) = {
        let slug = param("slug");
        Resource::new_blocking(move || slug.get(), event_page)
    } => Event;
    /// `/checkout/:hold`
    DetailsRoute(CheckoutView) = {
        let hold = param("hold");
        Resource::new_blocking(move || hold.get(), checkout_page)
    } => Details;
    /// `/orders/:order`
    OrderRoute(OrderView) = order_at(OrderAt::Order) => Order;
    /// `/orders/:order/pay`
    PayRoute(OrderView) = order_at(OrderAt::Pay) => Pay;
    /// `/orders/:order/processing`
    ProcessingRoute(OrderView) = order_at(OrderAt::Processing) => Processing;
    /// `/sandbox/pay/:payment`
    SandboxRoute(SandboxView) = {
        let payment = param("payment");
        Resource::new_blocking(move || payment.get(), sandbox_page)
    } => Sandbox;
}

fn order_at(at: OrderAt) -> Fetched<OrderView> {
    let order = param("order");
    Resource::new_blocking(move || order.get(), move |secret| order_page(secret, at))
}

/// A part of the address.
fn param(name: &'static str) -> Memo<String> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get(name).unwrap_or_default()))
}
