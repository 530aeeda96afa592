//! Forms without WebAssembly: where the browser is sent, what the page finds again, what is never kept.
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use adapters::config::Config;
use app_api::ApiError;
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header, request::Builder},
};
use bilten::{AppState, router};
use domain::text::Fault;
use leptos::{prelude::*, server_fn::ServerFn};
use tower::ServiceExt;

const ORIGIN: &str = "http://localhost:3000";

/// What a use case behind a form does: refuse, lead on, agree or break.
#[server]
pub async fn try_name(name: String, password: String) -> Result<String, ApiError> {
    match name.as_str() {
        "" => Err(ApiError::field("name", Fault::Required)),
        "go" => {
            app_api::context::redirect("/sign-in");
            Ok(String::new())
        }
        "away" => {
            app_api::context::redirect("https://evil.example/");
            Ok(String::new())
        }
        "break" => panic!("a fault in our code"),
        _ => Ok(format!("made for {name} with {} signs", password.len())),
    }
}

fn app() -> Router {
    let config = Config::development().unwrap();
    let services = adapters::assemble(&config).unwrap();
    router(AppState::new(services, config, "no-such-folder".into(), None).unwrap())
}

struct Answer {
    status: StatusCode,
    location: String,
    body: String,
}

async fn send(app: &Router, request: Request<Body>) -> Answer {
    let response = app.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let location = parts
        .headers
        .get(header::LOCATION)
        .map(|to| to.to_str().unwrap().to_owned());
    let body = to_bytes(body, usize::MAX).await.unwrap();
    Answer {
        status: parts.status,
        location: location.unwrap_or_default(),
        body: String::from_utf8(body.to_vec()).unwrap(),
    }
}

fn post() -> Builder {
    Request::post(TryName::PATH)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ORIGIN, ORIGIN)
        .header(header::USER_AGENT, "browser one")
}

fn from_page(body: &'static str) -> Request<Body> {
    post()
        .header(header::ACCEPT, "text/html")
        .header(header::REFERER, format!("{ORIGIN}/sign-in?tab=2&form=old"))
        .body(Body::from(body))
        .unwrap()
}

fn page(path: &str, agent: &str) -> Request<Body> {
    Request::get(path)
        .header(header::ACCEPT, "text/html")
        .header(header::USER_AGENT, agent)
        .body(Body::empty())
        .unwrap()
}

#[tokio::test]
async fn a_refused_form_comes_back_with_what_was_typed() {
    let app = app();
    let sent = send(&app, from_page("name=&password=hunter2&note=still+here")).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    assert!(
        sent.location.starts_with("/sign-in?tab=2&form="),
        "{}",
        sent.location
    );
    assert!(!sent.location.ends_with("form=old"));

    let back = send(&app, page(&sent.location, "browser one")).await;
    assert_eq!(back.status, StatusCode::OK);
    assert!(
        back.body.contains("still here"),
        "what was typed is handed to the page"
    );
    assert!(back.body.contains("required"), "and what was wrong");
    assert!(!back.body.contains("hunter2"), "but no password");

    let somebody_else = send(&app, page(&sent.location, "browser two")).await;
    assert!(!somebody_else.body.contains("still here"));
}

#[tokio::test]
async fn a_form_that_went_well_leads_on() {
    let app = app();
    let led = send(&app, from_page("name=go&password=x")).await;
    assert_eq!(
        (led.status, led.location.as_str()),
        (StatusCode::SEE_OTHER, "/sign-in")
    );
    let away = send(&app, from_page("name=away&password=x")).await;
    assert_eq!(
        (away.status, away.location.as_str()),
        (StatusCode::SEE_OTHER, "/")
    );
    let stays = send(&app, from_page("name=a&password=x")).await;
    assert!(
        stays.location.starts_with("/sign-in?tab=2&form="),
        "{}",
        stays.location
    );
}

#[tokio::test]
async fn an_answer_is_shown_once_and_kept_no_longer() {
    let app = app();
    let sent = send(&app, from_page("name=ada&password=hunter2")).await;
    let page_as = |agent| send(&app, page(&sent.location, agent));
    assert!(!page_as("browser two").await.body.contains("made for ada"));
    assert!(
        page_as("browser one")
            .await
            .body
            .contains("made for ada with 7 signs")
    );
    let again = page_as("browser one").await;
    assert_eq!(again.status, StatusCode::OK);
    assert!(!again.body.contains("made for ada"));
}

#[tokio::test]
async fn without_a_page_of_ours_to_go_back_to_the_refusal_is_a_page() {
    let app = app();
    let html = || post().header(header::ACCEPT, "text/html");
    let elsewhere = html().header(header::REFERER, "https://evil.example/sign-in");
    for request in [html(), elsewhere] {
        let answer = send(&app, request.body(Body::from("name=&password=x")).unwrap()).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.body.contains("Please check the marked fields."));
    }
}

#[tokio::test]
async fn webassembly_gets_the_error_with_its_status() {
    let app = app();
    let json = || post().header(header::ACCEPT, "application/json");
    let answer = send(&app, json().body(Body::from("name=&password=x")).unwrap()).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        answer.body.parse::<ApiError>().unwrap(),
        ApiError::field("name", Fault::Required)
    );
    let nonsense = send(&app, json().body(Body::from("nothing=here")).unwrap()).await;
    assert_eq!(nonsense.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        nonsense.body.parse::<ApiError>().unwrap().code,
        "bad_request"
    );
}

#[tokio::test]
async fn a_fault_of_ours_is_a_page_with_a_number_to_quote() {
    let answer = send(&app(), from_page("name=break&password=x")).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(answer.body.contains("Something went wrong on our side"));
    assert!(answer.body.contains("please mention this number: "));
    assert!(!answer.body.contains("a fault in our code"));
}

#[tokio::test]
async fn a_form_for_nothing_is_not_taken_for_a_success() {
    let mut request = from_page("name=a");
    *request.uri_mut() = "/api/no/such/function".parse().unwrap();
    let answer = send(&app(), request).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(answer.body.contains("This page does not exist"));
}
