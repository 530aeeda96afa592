//! What every answer of the server keeps to, seen through the router.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use adapters::config::Config;
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode, header},
};
use bilten::{AppState, router};
use tower::ServiceExt;

const ORIGIN: &str = "http://localhost:3000";

/// The whole router. Nothing here needs the database to answer.
fn app() -> Router {
    let config = Config::development().unwrap();
    let services = adapters::assemble(&config).unwrap();
    router(AppState::new(services, config, "no-such-folder".into(), None).unwrap())
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

async fn send(request: Request<Body>) -> Answer {
    let response = app().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    Answer {
        status: parts.status,
        headers: parts.headers,
        body: String::from_utf8(body.to_vec()).unwrap(),
    }
}

fn get(path: &str) -> axum::http::request::Builder {
    Request::get(path).header(header::ACCEPT, "text/html")
}

fn form(path: &str) -> axum::http::request::Builder {
    Request::post(path)
        .header(header::ACCEPT, "text/html")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
}

#[tokio::test]
async fn a_page_is_complete_and_guarded() {
    let answer = send(get("/sign-in").body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(
        answer.body.contains("<html lang=\"en\" dir=\"ltr\""),
        "{}",
        answer.body
    );
    assert!(answer.body.contains("id=\"main\""));
    let policy = answer.header("content-security-policy");
    let nonce = policy
        .split("'nonce-")
        .nth(1)
        .and_then(|rest| rest.split('\'').next())
        .unwrap();
    assert!(nonce.len() >= 22, "{policy}");
    let scripts = answer.body.matches("<script").count();
    assert!(scripts > 0);
    assert_eq!(
        answer.body.matches(&format!("nonce=\"{nonce}\"")).count(),
        scripts,
        "each script has the nonce"
    );
    assert!(!answer.body.contains(" style="), "no inline styles");
    for name in [
        "referrer-policy",
        "x-content-type-options",
        "permissions-policy",
        "x-request-id",
    ] {
        assert!(!answer.header(name).is_empty(), "{name}");
    }
}

#[tokio::test]
async fn two_answers_never_share_a_nonce() {
    let first = send(get("/sign-in").body(Body::empty()).unwrap()).await;
    let second = send(get("/sign-in").body(Body::empty()).unwrap()).await;
    assert_ne!(
        first.header("content-security-policy"),
        second.header("content-security-policy")
    );
}

#[tokio::test]
async fn the_language_is_the_address_then_the_cookie_then_the_browser() {
    let lang = |answer: &Answer| {
        let html = answer
            .body
            .split("<html lang=\"")
            .nth(1)
            .unwrap()
            .to_owned();
        html.split('"').next().unwrap().to_owned()
    };
    let request = || get("/sign-in").header(header::ACCEPT_LANGUAGE, "fr, ar;q=0.5");
    assert_eq!(
        lang(&send(request().body(Body::empty()).unwrap()).await),
        "ar"
    );
    let cookie = request().header(header::COOKIE, "bilten_locale=en");
    assert_eq!(lang(&send(cookie.body(Body::empty()).unwrap()).await), "en");
    let address = get("/sign-in?lang=ar").header(header::COOKIE, "bilten_locale=en");
    let answer = send(address.body(Body::empty()).unwrap()).await;
    assert_eq!(lang(&answer), "ar");
    assert!(answer.body.contains("dir=\"rtl\""));
    assert!(answer.header("set-cookie").starts_with("bilten_locale=ar"));
    assert_eq!(
        lang(&send(get("/sign-in?lang=xx").body(Body::empty()).unwrap()).await),
        "en"
    );
}

#[tokio::test]
async fn an_unknown_address_is_a_page_with_404() {
    let answer = send(get("/no/such/page").body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(answer.body.contains("This page does not exist"));
    let program = Request::get("/no/such/page").header(header::ACCEPT, "application/json");
    let answer = send(program.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(
        answer.body.contains("\"code\":\"not_found\""),
        "{}",
        answer.body
    );
}

#[tokio::test]
async fn forms_of_other_sites_are_refused() {
    let body = || Body::from("locale=ar&next=%2Fevents");
    let path = "/preferences/locale";
    let refused = [
        form(path),
        form(path).header(header::ORIGIN, "https://evil.example"),
        form(path).header(header::ORIGIN, "null"),
        form(path).header(header::ORIGIN, format!("{ORIGIN}.evil.example")),
        form(path)
            .header(header::ORIGIN, ORIGIN)
            .header("sec-fetch-site", "cross-site"),
        form(path)
            .header(header::ORIGIN, ORIGIN)
            .header("sec-fetch-site", "same-site"),
        form(path).header("sec-fetch-site", "cross-site"),
        form(path).header("sec-fetch-site", "none"),
    ];
    for request in refused {
        let request = request.body(body()).unwrap();
        let shown = format!("{:?}", request.headers());
        let answer = send(request).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{shown}");
        assert!(answer.body.contains("We did not accept this form"));
        assert!(answer.headers.get(header::SET_COOKIE).is_none());
    }
    let ours = [
        form(path).header(header::ORIGIN, ORIGIN),
        form(path).header("sec-fetch-site", "same-origin"),
        form(path)
            .header(header::ORIGIN, ORIGIN)
            .header("sec-fetch-site", "same-origin"),
    ];
    for request in ours {
        assert_eq!(
            send(request.body(body()).unwrap()).await.status,
            StatusCode::SEE_OTHER
        );
    }
}

#[tokio::test]
async fn a_link_of_another_site_ties_no_account_of_a_provider() {
    let ask = async |name: &str, value: &str| {
        let request = get("/account/provider").header(name, value);
        send(request.body(Body::empty()).unwrap()).await.status
    };
    for foreign in ["cross-site", "same-site", "none"] {
        assert_eq!(ask("sec-fetch-site", foreign).await, StatusCode::FORBIDDEN);
    }
    let referers = ["https://evil.example/account/security", "http://localhost"];
    for referer in referers {
        assert_eq!(ask("referer", referer).await, StatusCode::FORBIDDEN);
    }
    assert_eq!(ask("accept", "text/html").await, StatusCode::FORBIDDEN);
    // From our own page it only lacks somebody who is signed in.
    let ours = format!("{ORIGIN}/account/security");
    assert_eq!(ask("referer", &ours).await, StatusCode::UNAUTHORIZED);
    let ours = ask("sec-fetch-site", "same-origin").await;
    assert_eq!(ours, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_preference_is_remembered_and_leads_back_to_this_site_only() {
    let send_form = |body: &'static str| {
        send(
            form("/preferences/locale")
                .header(header::ORIGIN, ORIGIN)
                .body(Body::from(body))
                .unwrap(),
        )
    };
    let answer = send_form("locale=ar&next=%2Fevents%3Fq%3Da%26lang%3Den").await;
    assert_eq!(answer.header("location"), "/events?q=a");
    assert!(
        answer
            .header("set-cookie")
            .starts_with("bilten_locale=ar; Path=/")
    );
    assert_eq!(
        send_form("locale=ar&next=%2F%2Fevil.example")
            .await
            .header("location"),
        "/"
    );
    assert_eq!(
        send_form("locale=ar&next=https%3A%2F%2Fevil.example")
            .await
            .header("location"),
        "/"
    );
    assert_eq!(
        send_form("locale=xx").await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}

#[tokio::test]
async fn what_is_too_large_is_refused_before_it_is_read() {
    let request = form("/preferences/theme").header(header::ORIGIN, ORIGIN);
    let answer = send(request.body(Body::from(vec![b'a'; 200 * 1024])).unwrap()).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.body.contains("This is too large"));
}

/// A body that is never sent to its end would be waited for.
#[tokio::test]
async fn a_file_of_nobody_is_refused_before_it_is_read() {
    let request = form("/organize/upload/an-evening")
        .header(header::ORIGIN, ORIGIN)
        .body(Body::from_stream(futures::stream::pending::<
            Result<&[u8], std::io::Error>,
        >()))
        .unwrap();
    let answer = tokio::time::timeout(std::time::Duration::from_secs(5), send(request)).await;
    assert_eq!(answer.unwrap().status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn only_the_scanner_may_use_the_camera() {
    let scanner = send(get("/scan").body(Body::empty()).unwrap()).await;
    assert!(
        scanner
            .header("permissions-policy")
            .starts_with("camera=(self)")
    );
    let store = send(get("/sign-in").body(Body::empty()).unwrap()).await;
    assert!(store.header("permissions-policy").starts_with("camera=()"));
}

#[tokio::test]
async fn a_living_process_says_so() {
    let answer = send(Request::get("/healthz").body(Body::empty()).unwrap()).await;
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (StatusCode::OK, "ok\n")
    );
}

#[tokio::test]
async fn an_address_that_asks_without_pause_is_asked_to_wait() {
    let variable = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let config = Config::load(
        None,
        [
            variable("BILTEN_SERVER__BEHIND_PROXY", "true"),
            variable("BILTEN_SERVER__REQUESTS_PER_SECOND", "1"),
            variable("BILTEN_SERVER__REQUESTS_AT_ONCE", "2"),
        ],
    )
    .unwrap();
    let services = adapters::assemble(&config).unwrap();
    let app = router(AppState::new(services, config, "no-such-folder".into(), None).unwrap());
    let ask = async |address: &str, accept: &str| {
        let request = Request::get("/sign-in")
            .header(header::ACCEPT, accept)
            .header("x-forwarded-for", address)
            .body(Body::empty())
            .unwrap();
        app.clone().oneshot(request).await.unwrap()
    };
    for _ in 0..2 {
        assert_eq!(ask("10.0.0.1", "text/html").await.status(), StatusCode::OK);
    }
    for accept in ["text/html", "application/json"] {
        let answer = ask("10.0.0.1", accept).await;
        assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(answer.headers()[header::RETRY_AFTER], "1");
    }
    assert_eq!(ask("10.0.0.2", "text/html").await.status(), StatusCode::OK);
}
