//! The router: application, server functions, plain routes, and the layers around them all.

use app::{App, shell::shell};
use app_api::context;
use axum::{
    Router,
    handler::Handler,
    http::Request,
    middleware::from_fn_with_state,
    response::{IntoResponse, Response},
    routing::{MethodRouter, get, post},
};
use leptos_axum::{
    AxumRouteListing, LeptosRoutes, generate_route_list_with_exclusions_and_ssg_and_context,
};
use tower::ServiceBuilder;

use crate::{AppState, http, layers};

/// Plain routes, and the list of them that the table of who may call what is held against.
#[derive(Default)]
pub struct Table {
    router: Router<AppState>,
    /// Method and address.
    pub list: Vec<(&'static str, &'static str)>,
}

impl Table {
    /// A `GET` route.
    #[must_use]
    pub fn get<H, T>(self, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        self.add("GET", path, get(handler))
    }

    /// A `POST` route.
    #[must_use]
    pub fn post<H, T>(self, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        self.add("POST", path, post(handler))
    }

    /// A route with layers of its own.
    #[must_use]
    pub fn add(
        mut self,
        method: &'static str,
        path: &'static str,
        route: MethodRouter<AppState>,
    ) -> Self {
        self.list.push((method, path));
        self.router = self.router.route(path, route);
        self
    }
}

/// The addresses of the application's pages.
pub(crate) fn pages() -> Vec<AxumRouteListing> {
    let _ = any_spawner::Executor::init_tokio();
    generate_route_list_with_exclusions_and_ssg_and_context(App, None, || {}).0
}

/// The whole service. Needs a tokio runtime.
pub fn router(state: AppState) -> Router {
    let app = {
        let assets = state.assets.clone();
        move || shell(&assets)
    };
    let provide = {
        let services = state.services.clone();
        move || context::provide(&services)
    };
    let router = Router::new()
        .leptos_routes_with_context(&state, pages(), provide.clone(), app.clone())
        .merge(http::table().router)
        .merge(http::files::router(&state))
        .fallback(move |request| not_found(provide.clone(), app.clone(), request));
    let layers = ServiceBuilder::new()
        .layer(layers::compression::layer())
        .layer(from_fn_with_state(state.clone(), layers::around));
    let bare = http::bare()
        .router
        .layer(from_fn_with_state(state.clone(), layers::headers::bare));
    router.layer(layers).merge(bare).with_state(state)
}

/// An address without a page is a page too: the application renders it, with status 404.
async fn not_found<V>(
    provide: impl Fn() + Clone + Send + Sync + 'static,
    app: impl Fn() -> V + Clone + Send + Sync + 'static,
    request: Request<axum::body::Body>,
) -> Response
where
    V: leptos::IntoView + 'static,
{
    if !layers::wants_html(request.headers()) || request.method() != axum::http::Method::GET {
        return axum::http::StatusCode::NOT_FOUND.into_response();
    }
    leptos_axum::render_app_async_with_context(provide, app)(request).await
}
