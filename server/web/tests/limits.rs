//! Whom limits count together, seen through the router.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use adapters::config::Config;
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
    let w = World::counting().await;
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

#[tokio::test]
async fn boards_of_rooms_that_do_not_exist_have_the_pace_of_all_else() {
    let w = World::new().await;
    let mut config = behind_proxy();
    config.server.requests_per_second = 1;
    config.server.requests_at_once = 3;
    let state = AppState::new(w.sv.clone(), config, "no-such-folder".into(), None).unwrap();
    let app = router(state);
    let look = async |room: String| {
        let request = Request::get(format!("/live/waiting/{room}"))
            .header("x-forwarded-for", "203.0.113.7")
            .body(Body::empty())
            .unwrap();
        app.clone().oneshot(request).await.unwrap()
    };
    for number in 0..3 {
        let answer = look(format!("made-up-{number}")).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    }
    let answer = look("made-up-3".into()).await;
    assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(answer.headers().contains_key(header::RETRY_AFTER));
    // What is no slug asks nobody.
    let answer = look("NO_SLUG".into()).await;
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_household_has_so_many_streams_open_and_no_more() {
    let w = World::new().await;
    let event = w.event("Demo").ticket_type("Seat", 0, 9).published().await;
    let app = app(&w);
    let watch = async |from: String| {
        let request = Request::get(format!("/live/events/{}", event.id))
            .header("x-forwarded-for", from)
            .body(Body::empty())
            .unwrap();
        app.clone().oneshot(request).await.unwrap()
    };
    let mut open = Vec::new();
    for last in 0..100 {
        let stream = watch(format!("2a00:1:2:3::{last:x}")).await;
        assert_eq!(stream.status(), StatusCode::OK);
        open.push(stream);
    }
    let one_more = async || watch("2a00:1:2:3::ffff".into()).await.status();
    assert_eq!(one_more().await, StatusCode::TOO_MANY_REQUESTS);
    let neighbour = watch("2a00:1:2:4::1".into()).await;
    assert_eq!(neighbour.status(), StatusCode::OK);
    open.pop();
    assert_eq!(one_more().await, StatusCode::OK);
}

#[tokio::test]
async fn secrets_are_not_guessed_without_end_and_nobody_else_is_harmed() {
    let w = World::counting().await;
    let event = w.event("Demo").ticket_type("Seat", 0, 9).published().await;
    let order = w.buyer("Ada").orders(&event, "Seat", 1).await.unwrap();
    let app = app(&w);
    let look = async |from: &str, path: &str| {
        let request = Request::get(path)
            .header("x-forwarded-for", from)
            .header(header::ACCEPT, "text/html")
            .body(Body::empty());
        app.clone().oneshot(request.unwrap()).await.unwrap()
    };
    let (guesser, form) = ("203.0.113.9", "/api/app_api/accounts/sign_in_by_link");
    for number in 0..100 {
        let guessed = look(guesser, &format!("/orders/guess{number}")).await;
        assert_eq!(guessed.status(), StatusCode::NOT_FOUND, "{number}");
        let (status, _) = post(&app, guesser, form, format!("token=guess{number}")).await;
        assert_eq!(status, StatusCode::GONE);
    }
    let held = look(guesser, "/orders/another").await;
    assert_eq!(held.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(held.headers().contains_key(header::RETRY_AFTER));
    let (status, _) = post(&app, guesser, form, "token=another".into()).await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    // What is there is there, at the same address too.
    for path in [format!("/orders/{}", order.secret), "/sign-in".into()] {
        assert_eq!(look(guesser, &path).await.status(), StatusCode::OK);
    }
    let neighbour = look("203.0.113.10", "/orders/another").await;
    assert_eq!(neighbour.status(), StatusCode::NOT_FOUND);
}
