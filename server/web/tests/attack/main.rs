//! What attackers try over HTTP, by the hundred here and by the thousand with `cargo xtask attack`.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod answers;
mod csrf;
mod flood;
mod logs;
mod markup;
mod messages;
mod redirects;
mod uploads;

use adapters::config::Config;
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode, header, request::Builder},
};
use bilten::{AppState, router};
use testkit::World;
use tower::ServiceExt;

const ORIGIN: &str = "http://localhost:3000";

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap_or("?"))
    }
}

fn app(w: &World) -> Router {
    let config = Config::development().unwrap();
    router(AppState::new(w.sv.clone(), config, "no-such-folder".into(), None).unwrap())
}

async fn send(app: &Router, request: Request<Body>) -> Answer {
    let response = app.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    Answer {
        status: parts.status,
        headers: parts.headers,
        body: String::from_utf8_lossy(&body).into_owned(),
    }
}

/// A form of our own pages.
fn form(path: &str) -> Builder {
    Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ORIGIN, ORIGIN)
        .header("sec-fetch-site", "same-origin")
}

fn encoded(pairs: &[(&str, &str)]) -> Body {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(pairs);
    Body::from(form.finish())
}
