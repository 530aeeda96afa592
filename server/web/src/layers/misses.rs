//! Whoever asks for much that is not there is probably guessing. Only such answers are held back: what is there is answered as ever,
//! so that nobody suffers from a guesser at the same address.

use app_api::{ApiError, RequestInfo};
use axum::{
    http::{Request, StatusCode},
    response::Response,
};

use crate::{AppState, fault};

/// Put on an answer whose status does not say any more that nothing was there: a plain form leads back to its page.
#[derive(Clone, Copy)]
pub struct Missed;

/// Who asks; `None`: the machine itself, or nobody knows.
pub fn household<B>(request: &Request<B>) -> Option<String> {
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
