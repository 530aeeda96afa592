//! Whom limits count together, seen through the router.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use adapters::{MemoryCache, config::Config};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use bilten::{AppState, router};
use testkit::World;
use tower::ServiceExt;

const ORIGIN: &str = "http://localhost:3000";

fn behind_proxy() -> Config {
    let proxy = ("BILTEN_SERVER__BEHIND_PROXY".into(), "true".into());
    Config::load(None, [proxy]).unwrap()
}

fn app(w: &World) -> Router {
    let state = AppState::new(w.sv.clone(), behind_proxy(), "no-such-folder".into(), None);
    router(state.unwrap())
}

/// Posts a form of ours from an address.
async fn post(app: &Router, from: &str, path: &str, body: String) -> (StatusCode, String) {
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ORIGIN, ORIGIN)
        .header("x-forwarded-for", from)
        .body(Body::from(body))
        .unwrap();
    let answer = app.clone().oneshot(request).await.unwrap();
    let status = answer.status();
    let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    (status, String::from_utf8_lossy(&body).into_owned())
}

async fn guess(app: &Router, from: &str) -> StatusCode {
    let body = "email=ada%40people.test&password=a+guess".to_owned();
    post(app, from, "/api/app_api/accounts/sign_in", body)
        .await
        .0
}

#[tokio::test]
async fn a_household_shares_its_tries_whatever_address_it_takes() {
    let w = World::counting(MemoryCache::default()).await;
    let app = app(&w);
    for last in 0..8 {
        let status = guess(&app, &format!("2a00:1:2:3::{last:x}")).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let once_more = guess(&app, "2a00:1:2:3:ffff::1").await;
    assert_eq!(once_more, StatusCode::TOO_MANY_REQUESTS);
    let neighbour = guess(&app, "2a00:1:2:4::1").await;
    assert_eq!(neighbour, StatusCode::UNPROCESSABLE_ENTITY);
}
