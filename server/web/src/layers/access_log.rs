//! Gives each request a number that stands in all its lines, with who asks and from where, and writes one line when it has been
//! answered.
//!
//! The line names the route, not the address: addresses carry order secrets and mail links.

use std::{sync::Arc, time::Instant};

use app_api::RequestInfo;
use axum::{
    extract::{MatchedPath, Request},
    http::{HeaderValue, Method},
    response::Response,
};
use services::session::Session;
use tracing::{
    Span,
    field::{Empty, display},
};

use crate::AppState;
use services::household;

/// The request's number.
#[derive(Clone)]
pub struct RequestId(pub Arc<str>);

/// A line to be written.
pub struct Entry {
    started: Instant,
    id: Arc<str>,
    method: Method,
    route: Option<MatchedPath>,
}

impl Entry {
    pub fn begin(state: &AppState, request: &mut Request) -> Self {
        let secret = state.services.new_secret();
        let id: Arc<str> = secret.get(..12).unwrap_or(&secret).into();
        let route = request.extensions().get::<MatchedPath>().cloned();
        request.extensions_mut().insert(RequestId(Arc::clone(&id)));
        Self {
            started: Instant::now(),
            id,
            method: request.method().clone(),
            route,
        }
    }

    /// Around all that is done for the request. The person is noted once they are known.
    pub fn span(&self, request: &Request) -> Span {
        let info = request.extensions().get::<RequestInfo>();
        let client = info
            .and_then(|info| info.client)
            .map(|client| display(household(client)));
        // Of the highest level, so that no filter takes it off the lines that are written.
        tracing::error_span!("request", request.id = %self.id, client, user.id = Empty, acting.id = Empty)
    }

    pub fn end(self, response: &mut Response) {
        if let Ok(value) = HeaderValue::from_str(&self.id) {
            response.headers_mut().insert("x-request-id", value);
        }
        let status = response.status().as_u16();
        let took_ms = self.started.elapsed().as_secs_f64() * 1000.0;
        let route = self.route.as_ref().map_or("none", MatchedPath::as_str);
        tracing::info!(http.method = %self.method, http.route = route, http.status = status, took_ms, "answered");
    }
}

/// From here on the request's lines say who asks.
pub fn note_person(session: &Session) {
    let span = Span::current();
    span.record("user.id", display(session.user));
    if let Some(acting) = &session.acting {
        span.record("acting.id", display(acting.by));
    }
}
