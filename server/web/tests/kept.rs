//! Tickets as a device keeps them: all that the door needs, nothing more, and only for whoever has the secret.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use adapters::config::Config;
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode},
};
use bilten::{AppState, router};
use locales::Locale;
use services::{
    checkout::Placed,
    passing::{self, OfferTicket},
};
use testkit::{Event, World};
use tower::ServiceExt;

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }

    fn codes(&self) -> usize {
        self.body.matches("<svg").count()
    }
}

/// A folder as the build leaves it.
fn app(w: &World) -> Router {
    let site = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("kept-site");
    for folder in ["pkg", "fonts"] {
        std::fs::create_dir_all(site.join(folder)).unwrap();
    }
    for name in [
        "pkg/bilten.css",
        "pkg/bilten.wasm",
        "fonts/a.woff2",
        "fonts/a.txt",
        "tickets.js",
    ] {
        std::fs::write(site.join(name), "x").unwrap();
    }
    let config = Config::development().unwrap();
    router(AppState::new(w.sv.clone(), config, site, None).unwrap())
}

async fn get(w: &World, path: &str, language: &str) -> Answer {
    let request = Request::get(path)
        .header("accept", "text/html")
        .header("accept-language", language);
    let request = request.body(Body::empty()).unwrap();
    let answer = app(w).oneshot(request).await.unwrap();
    let (status, headers) = (answer.status(), answer.headers().clone());
    let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    Answer {
        status,
        headers,
        body: String::from_utf8(body.to_vec()).unwrap(),
    }
}

async fn sold(w: &World, quantity: u16) -> (Event, Placed) {
    let event = w.event("Late show").ticket_type("Seat", 1505, 30);
    let event = event.published().await;
    let placed = w.buyer("Ada").buys(&event, "Seat", quantity).await.unwrap();
    w.settle().await;
    (event, placed)
}

/// Gives the first ticket of the order away; the secret of the new one.
async fn give(w: &World, order: &str) -> String {
    let all = passing::passable(&w.sv, order).await.unwrap().unwrap();
    let offer = OfferTicket {
        secret: order.to_owned(),
        ticket: all[0].id,
        name: "Bo Berg".into(),
        email: "bo@friends.test".into(),
        locale: Locale::En,
        client: "10.0.0.1".into(),
    };
    passing::offer(&w.sv, offer).await.unwrap();
    w.settle().await;
    let text = w.mailer.to("bo@friends.test").last().unwrap().text.clone();
    let (_, link) = text.split_once("/accept/").unwrap();
    let link: String = link
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .collect();
    let ticket = passing::accept(&w.sv, &link, Locale::En).await.unwrap();
    w.settle().await;
    ticket
}

#[tokio::test]
async fn the_door_needs_codes_names_event_place_and_time() {
    let w = World::new().await;
    let (event, placed) = sold(&w, 2).await;
    let page = get(&w, &format!("/orders/{}/show", placed.secret), "en").await;
    assert_eq!(
        (page.status, page.codes()),
        (StatusCode::OK, 2),
        "{}",
        page.body
    );
    for part in [
        "Late show",
        "Ada",
        "Seat",
        "Ticket 2 of 2",
        "id=\"ticket-1\"",
        "#ticket-1",
    ] {
        assert!(page.body.contains(part), "{part} is missing");
    }
    // Of money, and of the address that bought, a copy says nothing.
    let order = services::orders::show_by_secret(&w.sv, &placed.secret).await;
    let order = order.unwrap().unwrap();
    for part in [order.buyer_email.as_str(), "15.05", "30.10", "€"] {
        assert!(!page.body.contains(part), "{part} has no place there");
    }
    // It is always light, and the copy can tell that it is one.
    assert!(page.body.contains("data-theme=\"light\""));
    assert_eq!(page.body.matches("data-kept=\"false\"").count(), 1);
    // Browsers keep nothing by themselves; how long a copy may be kept is said apart.
    assert_eq!(page.header("cache-control"), "no-store");
    let until: i64 = page.header("bilten-keep-until").parse().unwrap();
    assert_eq!(until, order.event.ends_at.as_second() + 48 * 60 * 60);
    assert!(event.starts_at < order.event.ends_at);
    let arabic = get(&w, &format!("/orders/{}/show", placed.secret), "ar").await;
    assert!(arabic.body.contains("dir=\"rtl\"") && arabic.codes() == 2);
}

/// The policy of a kept page goes with it: without the application, and with two scripts that it allows.
#[tokio::test]
async fn the_page_runs_two_scripts_of_ours() {
    let w = World::new().await;
    let (_, placed) = sold(&w, 1).await;
    let page = get(&w, &format!("/orders/{}/show", placed.secret), "en").await;
    let policy = page.header("content-security-policy");
    let (_, nonce) = policy.split_once("'nonce-").unwrap();
    let nonce = nonce.split('\'').next().unwrap();
    assert_eq!(page.body.matches("<script").count(), 2, "{}", page.body);
    assert!(page.body.contains("src=\"/tickets.js\""));
    let allowed = page.body.matches(&format!("nonce=\"{nonce}\"")).count();
    assert_eq!(allowed, 2);
    for inline in [" style=", " onclick=", "<style"] {
        assert!(!page.body.contains(inline), "{inline}");
    }
}

#[tokio::test]
async fn only_the_secret_opens_it() {
    let w = World::new().await;
    let (event, placed) = sold(&w, 1).await;
    let unpaid = w.buyer("Eva").orders(&event, "Seat", 1).await.unwrap();
    let order = services::orders::show_by_secret(&w.sv, &placed.secret).await;
    let code = order.unwrap().unwrap().code;
    for path in [
        format!("/orders/{code}/show"),
        format!("/orders/{}/show", unpaid.secret),
        format!("/tickets/{}/show", placed.secret),
        "/orders/nothing/show".to_owned(),
    ] {
        let page = get(&w, &path, "en").await;
        assert_eq!(
            (page.status, page.codes()),
            (StatusCode::NOT_FOUND, 0),
            "{path}"
        );
        assert_eq!(page.header("bilten-keep-until"), "", "{path}");
    }
}

#[tokio::test]
async fn a_ticket_that_went_on_is_shown_to_its_new_holder_only() {
    let w = World::new().await;
    let (_, placed) = sold(&w, 2).await;
    let given = give(&w, &placed.secret).await;
    let theirs = get(&w, &format!("/tickets/{given}/show"), "en").await;
    assert_eq!((theirs.status, theirs.codes()), (StatusCode::OK, 1));
    assert!(theirs.body.contains("Bo Berg"));
    assert!(!theirs.body.contains("Ada") && !theirs.body.contains("Ticket 1 of"));
    let mine = get(&w, &format!("/orders/{}/show", placed.secret), "en").await;
    assert_eq!(mine.codes(), 1);
    assert!(!mine.body.contains("Bo Berg"));
}

/// What a device fetches then takes the place of the copy it had.
#[tokio::test]
async fn called_off_the_tickets_stand_there_without_codes() {
    let w = World::new().await;
    let (_, placed) = sold(&w, 1).await;
    w.execute("update tickets set state = 'cancelled'").await;
    let page = get(&w, &format!("/orders/{}/show", placed.secret), "en").await;
    assert_eq!((page.status, page.codes()), (StatusCode::OK, 0));
    assert!(page.body.contains("Not valid any more"), "{}", page.body);
}

#[tokio::test]
async fn the_worker_keeps_style_and_fonts_and_nothing_of_the_application() {
    let w = World::new().await;
    let worker = get(&w, "/sw.js", "en").await;
    assert_eq!(worker.header("cache-control"), "no-cache");
    assert!(worker.header("content-type").starts_with("text/javascript"));
    let list =
        "const files = [\"/fonts/a.woff2\",\"/icon.svg\",\"/pkg/bilten.css\",\"/tickets.js\"];";
    assert!(worker.body.contains(list), "{}", worker.body);
    for other in ["wasm", "a.txt", "\"VERSION\""] {
        assert!(!worker.body.contains(other), "{other}");
    }
    let offline = get(&w, "/offline", "ar").await;
    assert_eq!(offline.status, StatusCode::OK);
    assert!(offline.body.contains("لا توجد شبكة") && offline.body.contains("data-kept-list"));
}
