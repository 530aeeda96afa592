//! Gives each request a number and writes one line when it has been answered.
//!
//! The line names the route, not the address: addresses carry order secrets and mail links.

use std::{sync::Arc, time::Instant};

use axum::{
    extract::{MatchedPath, Request, State},
    http::HeaderValue,
    middleware::Next,
    response::Response,
};

use crate::AppState;

/// The request's number.
#[derive(Clone)]
pub struct RequestId(pub Arc<str>);

pub async fn layer(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id: Arc<str> = state
        .services
        .new_secret()
        .chars()
        .take(12)
        .collect::<String>()
        .into();
    request.extensions_mut().insert(RequestId(Arc::clone(&id)));
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map(|path| path.as_str().to_owned());
    let mut response = next.run(request).await;
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", value);
    }
    let status = response.status().as_u16();
    let took_ms = started.elapsed().as_secs_f64() * 1000.0;
    let route = route.as_deref().unwrap_or("none");
    tracing::info!(request.id = %id, http.method = %method, http.route = route, http.status = status, took_ms, "answered");
    response
}
