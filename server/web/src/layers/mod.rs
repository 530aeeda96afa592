//! What stands around every handler, one concern per file, and the order in which a request passes them.
//!
//! They are one layer: each layer of its own would copy everything beneath it, and put it into a box, for every request.

pub mod access_log;
pub mod compression;
pub mod csrf;
pub mod development;
pub mod faults;
pub mod headers;
mod in_page;
pub mod limits;
pub mod misses;
pub mod pace;
pub mod pages;
pub mod panics;
pub mod request;
pub mod session;
pub mod signs;

use app_api::ApiError;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header::ACCEPT},
    middleware::Next,
    response::{IntoResponse, Response},
};
use tracing::Instrument;

use self::limits::Place;
use crate::{AppState, fault, forms, http::webhooks::is_webhook};

/// All of them.
pub async fn around(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let entry = access_log::Entry::begin(&state, &mut request);
    let wish = request::note(&state, &mut request);
    let span = entry.span(&request);
    let answered = async {
        let mut response = pages::serve(&state, request, next).await;
        wish.remember(&mut response);
        entry.end(&mut response);
        response
    };
    answered.instrument(span).await
}

/// What a request that is not answered with a kept page goes through.
async fn fresh(state: &AppState, request: Request, next: Next) -> Response {
    let guard = headers::Guard::of(&request);
    let asker = faults::Asker::of(&request);
    let id = request.extensions().get().cloned();
    let handled = panics::caught(id, handle(state, request, next));
    let handled = tokio::time::timeout(state.config.server.request_timeout(), handled);
    let response = handled
        .await
        .unwrap_or_else(|_| StatusCode::SERVICE_UNAVAILABLE.into_response());
    finished(state, guard, asker, response)
}

/// A refusal before anything was handled.
fn refused(state: &AppState, request: &Request, error: ApiError) -> Response {
    let (guard, asker) = (headers::Guard::of(request), faults::Asker::of(request));
    finished(state, guard, asker, fault::refuse(error))
}

/// The answer as whoever asks can read it, with what browsers are told.
fn finished(
    state: &AppState,
    guard: headers::Guard,
    asker: faults::Asker,
    response: Response,
) -> Response {
    let mut response = asker.explain(state, response);
    guard.put(state, &mut response);
    response
}

async fn handle(state: &AppState, request: Request, next: Next) -> Response {
    match admit(state, request).await {
        // A large body keeps its place until it is worked on.
        Ok((request, _place)) => {
            let household = misses::household(&request);
            let again = request.extensions().get::<session::OwnAgain>().cloned();
            let mut response = forms::handle(state, request, next).await;
            if let Some(again) = again {
                again.tell(&mut response);
            }
            misses::slow(state, household, response).await
        }
        Err(refusal) => *refusal,
    }
}

/// The request, complete and with the person who asks, unless it is to be refused.
async fn admit(state: &AppState, request: Request) -> Result<(Request, Place), Box<Response>> {
    // Whoever sells much gets many messages from few addresses.
    if !is_webhook(request.uri().path()) {
        pace::check(state, request.extensions().get()).await?;
    }
    development::check(state, &request)?;
    csrf::check(state, &request)?;
    // How much somebody may send depends on who it is.
    let request = session::recognize(state, request).await?;
    let (request, place) = limits::read(request).await?;
    Ok((signs::check(request).await?, place))
}

/// Whether a person will see the answer as a page.
pub fn wants_html(headers: &HeaderMap) -> bool {
    headers
        .get(ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

/// Addresses of server functions; `/api/v1` is the API for programs.
pub fn is_server_function(path: &str) -> bool {
    path.starts_with("/api/") && !path.starts_with("/api/v1/")
}
