//! What browsers keep of a session, and what becomes of it, seen through the router.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use adapters::config::Config;
use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use bilten::{AppState, router};
use testkit::World;
use tower::ServiceExt;

const ORIGIN: &str = "http://localhost:3000";

fn app(w: &World) -> Router {
    let config = Config::development().unwrap();
    let state = AppState::new(w.sv.clone(), config, "no-such-folder".into(), None);
    router(state.unwrap())
}

async fn send(
    app: &Router,
    method: Method,
    path: &str,
    cookies: &str,
    body: &'static str,
) -> (StatusCode, HeaderMap) {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::ACCEPT, "text/html")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ORIGIN, ORIGIN)
        .header(header::COOKIE, cookies)
        .body(Body::from(body))
        .unwrap();
    let answer = app.clone().oneshot(request).await.unwrap();
    (answer.status(), answer.headers().clone())
}

/// The cookie that the answer sets, with all that is said of it.
fn set<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all(header::SET_COOKIE).iter();
    let mut all = all.map(|value| value.to_str().unwrap());
    all.find(|value| value.starts_with(&format!("{name}=")))
}

/// The server lets a session last longer with each use. A cookie that ended thirty days after signing in would end it for somebody who
/// comes every day.
#[tokio::test]
async fn the_cookie_outlives_a_session_that_is_used() {
    let w = World::new().await;
    w.person("Ada").await;
    let hash = services::accounts::hash_password(&w.sv, "a quiet evening by the sea")
        .await
        .unwrap();
    let mut tx = w.sv.db.begin(services::db::Scope::System).await.unwrap();
    sqlx::query("update users set email = 'ada@people.test', password_hash = $1")
        .bind(hash)
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let form = "email=ada%40people.test&password=a+quiet+evening+by+the+sea";
    let path = "/api/app_api/accounts/sign_in";
    let (_, headers) = send(&app(&w), Method::POST, path, "", form).await;
    let cookie = set(&headers, "bilten_session").unwrap();
    assert!(cookie.contains("; Max-Age=15552000;"), "{cookie}");
}

/// Thirty minutes of looking as somebody else are over: the admin is themselves again, without signing in anew.
#[tokio::test]
async fn an_admin_is_themselves_again_when_the_time_is_over() {
    let w = World::new().await;
    let admin = w.person("Admin").await;
    let own = w.session_of(&admin).await;
    let over = "a".repeat(32);
    let cookies = format!("bilten_session={over}; bilten_own={own}");
    let app = app(&w);
    let (status, headers) = send(&app, Method::GET, "/account", &cookies, "").await;
    assert_eq!(status, StatusCode::OK);
    let session = set(&headers, "bilten_session").unwrap();
    assert!(
        session.starts_with(&format!("bilten_session={own};")),
        "{session}"
    );
    let kept = set(&headers, "bilten_own").unwrap();
    assert!(kept.starts_with("bilten_own=; ") && kept.contains("Max-Age=0"));
    // A form that was filled in as somebody else is not sent as oneself.
    let path = "/api/app_api/accounts/change_profile";
    let (_, headers) = send(&app, Method::POST, path, &cookies, "name=Eve&locale=en").await;
    assert!(set(&headers, "bilten_session").is_none());
    let renamed = "select count(*) from users where name = 'Eve'";
    assert_eq!(w.count(renamed).await, 0);
    // Who signs out leaves nothing that comes back.
    let (_, headers) = send(&app, Method::POST, "/sign-out", &cookies, "").await;
    for name in ["bilten_session", "bilten_own"] {
        assert!(set(&headers, name).unwrap().contains("Max-Age=0"));
    }
}
