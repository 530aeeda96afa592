//! Whoever asks for much that is not there is probably guessing. Only such answers are held back: what is there is answered as ever,
//! so that nobody suffers from a guesser at the same address.

use app_api::{ApiError, RequestInfo};
use axum::{
    http::{Request, StatusCode},
    response::Response,
};

use super::is_server_function;
use crate::{AppState, fault};

/// Put on an answer whose status does not say any more that nothing was there: a plain form leads back to its page.
#[derive(Clone, Copy)]
pub struct Missed;

/// Pages whose addresses are secrets.
const SECRET: [&str; 7] = [
    "/account/email/",
    "/join/",
    "/orders/",
    "/reset/",
    "/sign-in/link/",
    "/tickets/",
    "/verify/",
];

/// Reservations and places in a line are over for many people behind one address at the same time; a picture may be missing.
fn can_be_guessed(path: &str) -> bool {
    SECRET.iter().any(|start| path.starts_with(start))
        || (is_server_function(path) && !path.contains("/checkout/"))
}

/// Who asks for what can be guessed; `None`: for something else, or the machine itself, or nobody knows.
pub fn household<B>(request: &Request<B>) -> Option<String> {
    if !can_be_guessed(request.uri().path()) {
        return None;
    }
    let info = request.extensions().get::<RequestInfo>()?;
    info.client
        .filter(|client| !client.is_loopback())
        .map(|_| info.household())
}

pub async fn slow(state: &AppState, household: Option<String>, response: Response) -> Response {
    let nothing = matches!(response.status(), StatusCode::NOT_FOUND | StatusCode::GONE)
        || response.extensions().get::<Missed>().is_some();
    let Some(household) = household.filter(|_| nothing) else {
        return response;
    };
    match services::misses::count(&state.services, &household).await {
        Ok(()) => response,
        Err(seconds) => fault::refuse(ApiError::too_many(seconds)),
    }
}
