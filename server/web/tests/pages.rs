//! Pages that are kept for everybody must belong to nobody, and never show what is no longer so.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::time::{Duration, Instant};

use adapters::config::Config;
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode, header},
};
use bilten::{AppState, router};
use futures::future::join_all;
use services::{Services, db::Scope, live::PageChange};
use testkit::{Event, World};
use tower::ServiceExt;

struct Store {
    w: World,
    app: Router,
    event: Event,
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

    /// The view's cookie as the browser sends it back.
    fn view(&self) -> String {
        let cookies = self.headers.get_all(header::SET_COOKIE);
        let views: Vec<_> = cookies
            .iter()
            .map(|cookie| cookie.to_str().unwrap())
            .filter(|cookie| cookie.starts_with("bilten_view="))
            .collect();
        assert_eq!(views.len(), 1, "{views:?}");
        views[0].split(';').next().unwrap().to_owned()
    }

    fn is_kept(&self) -> bool {
        let policy = self.header("content-security-policy");
        let kept = policy.contains("'sha256-");
        assert_ne!(kept, policy.contains("'nonce-"), "{policy}");
        assert_ne!(kept, self.body.contains(" nonce="));
        kept
    }
}

/// A server process of the world.
async fn node(sv: &Services) -> Router {
    let mut changes = sv.live.page_changes();
    tokio::spawn(sv.live.clone().listen(sv.db.clone()));
    // The first thing that is heard is that listening has begun.
    assert_eq!(changes.recv().await.unwrap(), PageChange::All);
    let config = Config::development().unwrap();
    let state = AppState::new(sv.clone(), config, "no-such-folder".into(), None).unwrap();
    state.follow_changes();
    router(state)
}

impl Store {
    async fn open() -> Self {
        let w = World::new().await;
        let event = w
            .event("Demo")
            .ticket_type("Seat", 1500, 50)
            .published()
            .await;
        let app = node(&w.sv).await;
        Self { w, app, event }
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        self.send_to(&self.app, request).await
    }

    async fn send_to(&self, app: &Router, request: Request<Body>) -> Answer {
        let response = app.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    async fn page(&self, headers: &[(&str, &str)]) -> Answer {
        self.page_at(&format!("/e/{}", self.event.slug), headers)
            .await
    }

    async fn page_at(&self, address: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::get(address);
        request = request.header(header::ACCEPT, "text/html");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = self.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::OK);
        answer
    }

    /// What the page's form sends without any script; returns where it leads.
    async fn choose(&self, view: &str, quantity: u32) -> String {
        let request = Request::post("/api/app_api/checkout/hold/hold_tickets")
            .header(header::ACCEPT, "text/html")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, "http://localhost:3000")
            .header(header::COOKIE, view)
            .body(Body::from(format!(
                "event={}&tickets[t{}]={quantity}",
                self.event.slug,
                self.event.of_type("Seat")
            )))
            .unwrap();
        let answer = self.send(request).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        let target = answer.header("location").to_owned();
        assert!(target.starts_with("/checkout/"), "{target}");
        target
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_of_the_address_is_decoded_once() {
    let store = Store::open().await;
    for (written, read) in [("%2525", "%25"), ("%2561", "%61"), ("100%25", "100%")] {
        let page = store.page_at(&format!("/events?q={written}"), &[]).await;
        let field = format!("value=\"{read}\"");
        assert!(page.body.contains(&field), "{written}: {field} is missing");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_are_sent_the_same_page_never_share_a_wish() {
    let store = Store::open().await;
    let pages = join_all((0..12).map(|_| store.page(&[]))).await;
    for page in &pages {
        assert!(page.is_kept());
        assert_eq!(page.body, pages[0].body);
    }
    let (ada, bob) = (pages[0].view(), pages[1].view());
    assert_ne!(ada, bob);
    assert!(!pages[0].body.contains(ada.split('=').nth(1).unwrap()));
    let of_ada = store.choose(&ada, 2).await;
    let of_bob = store.choose(&bob, 2).await;
    assert_ne!(of_ada, of_bob);
    // Pressed twice, it is one wish; another choice is another one.
    assert_eq!(store.choose(&ada, 2).await, of_ada);
    assert_ne!(store.choose(&ada, 1).await, of_ada);
    // Who takes no cookies can buy all the same.
    let nobody = store.choose("other=1", 2).await;
    assert_ne!(store.choose("other=1", 2).await, nobody);
    store.w.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_organizer_changed_is_seen_at_once() {
    let store = Store::open().await;
    let mut changes = store.w.sv.live.page_changes();
    let statements = [
        "update events set title = 'Another name'",
        "update ticket_types set name = 'Another name'",
        "update pools set capacity = 0",
        "update organizations set name = 'Another name'",
    ];
    for statement in statements {
        let before = store.page(&[]).await;
        assert!(before.is_kept());
        store.w.execute(statement).await;
        let heard = tokio::time::timeout(Duration::from_secs(10), changes.recv()).await;
        assert!(heard.is_ok(), "{statement}");
        tokio::time::sleep(Duration::from_millis(100)).await;
        let after = store.page(&[]).await;
        assert_ne!(before.body, after.body, "{statement}");
        // One change may be told of more than once.
        while changes.try_recv().is_ok() {}
    }
    store.w.execute("update events set state = 'draft'").await;
    let heard = tokio::time::timeout(Duration::from_secs(10), changes.recv()).await;
    assert!(heard.is_ok());
    tokio::time::sleep(Duration::from_millis(100)).await;
    let request = Request::get(format!("/e/{}", store.event.slug))
        .header(header::ACCEPT, "text/html")
        .body(Body::empty())
        .unwrap();
    assert_eq!(store.send(request).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_something_of_their_own_gets_a_page_of_their_own() {
    let store = Store::open().await;
    assert!(store.page(&[]).await.is_kept());
    let signed_in = store.page(&[("cookie", "bilten_session=whoever")]).await;
    assert!(!signed_in.is_kept());
    // Languages and appearances are kept apart.
    let arabic = store.page(&[("accept-language", "ar")]).await;
    assert!(arabic.is_kept() && arabic.body.contains("dir=\"rtl\""));
    let dark = store.page(&[("cookie", "bilten_theme=dark")]).await;
    assert!(dark.is_kept() && dark.body.contains("data-theme=\"dark\""));
    let plain = store.page(&[]).await;
    assert!(plain.body.contains("dir=\"ltr\"") && !plain.body.contains("data-theme=\"dark\""));
    // How somebody came here is no page of its own; anything else may be.
    let asked = async |query: &str| {
        let request = Request::get(format!("/e/{}?{query}", store.event.slug));
        let request = request.header(header::ACCEPT, "text/html");
        store.send(request.body(Body::empty()).unwrap()).await
    };
    let from_a_mail = asked("utm_source=mail&utm_campaign=x").await;
    assert!(from_a_mail.is_kept() && !from_a_mail.body.contains("utm_"));
    assert!(!asked("lang=ar").await.is_kept());
    // Nothing is chosen on the start page, so it leaves nothing behind.
    let start = Request::get("/").header(header::ACCEPT, "text/html");
    let start = store.send(start.body(Body::empty()).unwrap()).await;
    assert!(start.is_kept() && !start.headers.contains_key(header::SET_COOKIE));
    // Packed as the browser takes it.
    let packed = Request::get(format!("/e/{}", store.event.slug))
        .header(header::ACCEPT, "text/html")
        .header(header::ACCEPT_ENCODING, "br");
    let packed = packed.body(Body::empty()).unwrap();
    let response = store.app.clone().oneshot(packed).await.unwrap();
    assert_eq!(response.headers()[header::CONTENT_ENCODING], "br");
    let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    assert!(bytes.len() * 2 < plain.body.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiting_room_stands_before_the_kept_page() {
    let store = Store::open().await;
    let before = store.page(&[]).await;
    assert!(before.body.contains("id=\"choose\""));
    let permit = store.event.organization.permit();
    let mut changes = store.w.sv.live.page_changes();
    services::waiting_room::set_waiting_room(&store.w.sv, &permit, store.event.id, true)
        .await
        .unwrap();
    changes.recv().await.unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    let after = store.page(&[]).await;
    assert!(after.is_kept() && !after.body.contains("id=\"choose\""));

    let form = async |path: &str, cookie: &str, body: String| {
        let request = Request::post(format!("/api/app_api/checkout/{path}"))
            .header(header::ACCEPT, "text/html")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, "http://localhost:3000")
            .header(header::COOKIE, cookie)
            .body(Body::from(body))
            .unwrap();
        let answer = store.send(request).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        answer
    };
    let slug = &store.event.slug;
    let choice = format!("event={slug}&tickets[t{}]=1", store.event.of_type("Seat"));
    let led = form("hold/hold_tickets", "a=1", choice.clone()).await;
    assert_eq!(led.header("location"), format!("/e/{slug}/waiting"));

    let joined = form("waiting/join_waiting_room", "a=1", format!("event={slug}")).await;
    let place = joined.header("location").to_owned();
    let number = place.strip_prefix(&format!("/e/{slug}/waiting/")).unwrap();
    assert!(number.starts_with("1-"));
    // Another room's place is beside it.
    let cookie = format!("bilten_place_other=7-x; bilten_place_{slug}={number}");
    let kept = format!("bilten_place_{slug}={number};");
    assert!(joined.header("set-cookie").starts_with(&kept));
    let again = form(
        "waiting/join_waiting_room",
        &cookie,
        format!("event={slug}"),
    )
    .await;
    assert_eq!(again.header("location"), place);
    let early = form("hold/hold_tickets", &cookie, choice.clone()).await;
    assert_eq!(early.header("location"), place);

    // The link with a promo code leads through the room without losing it.
    let door = store
        .page_at(&format!("/e/{slug}?code=early-10"), &[])
        .await;
    assert!(door.body.contains("name=\"code\" value=\"early-10\""));
    let with_code = format!("event={slug}&code=early-10");
    let joined = form("waiting/join_waiting_room", &cookie, with_code).await;
    assert_eq!(joined.header("location"), format!("{place}?code=EARLY10"));
    let line = store
        .page_at(joined.header("location"), &[("cookie", &cookie)])
        .await;
    assert!(line.body.contains(&format!("{place}?code=EARLY10\"")));
    assert!(line.body.contains("name=\"code\" value=\"EARLY10\""));
    let door = format!("/e/{slug}/waiting?code=early-10");
    let goes = async |address: &str| {
        let request = Request::get(address)
            .header(header::ACCEPT, "text/html")
            .header(header::COOKIE, &cookie);
        store.send(request.body(Body::empty()).unwrap()).await
    };
    let mine = goes(&door).await;
    assert_eq!(mine.header("location"), format!("{place}?code=EARLY10"));

    store.w.advance_minutes(1);
    services::waiting_room::turn(&store.w.sv).await.unwrap();
    let board = Request::get(format!("/live/waiting/{slug}"));
    let board = store.send(board.body(Body::empty()).unwrap()).await;
    assert_eq!(board.header("cache-control"), "public, max-age=1");
    let board: domain::waiting_room::Board = serde_json::from_str(&board.body).unwrap();
    assert_eq!((board.serving, board.arrived), (1, 1));
    let led = form("hold/hold_tickets", &cookie, choice).await;
    assert!(led.header("location").starts_with("/checkout/"));
    // The room is gone: the code goes on to the event.
    services::waiting_room::set_waiting_room(&store.w.sv, &permit, store.event.id, false)
        .await
        .unwrap();
    let event = format!("/e/{slug}?code=EARLY10");
    let gone = goes(&door).await;
    assert_eq!(gone.header("location"), event);
    let with_code = format!("event={slug}&code=early-10");
    let late = form("waiting/join_waiting_room", &cookie, with_code).await;
    assert_eq!(late.header("location"), event);
    let nowhere = Request::get("/live/waiting/nowhere");
    let nowhere = store.send(nowhere.body(Body::empty()).unwrap()).await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
}

/// The database is slow, and many ask: one of them renders, and all others wait for the same page.
#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_at_a_cold_page_is_one_rendering() {
    let store = Store::open().await;
    let mut slow = store.w.sv.db.begin(Scope::System).await.unwrap();
    // The application's role does not see what others wait for.
    for statement in ["lock table events in access exclusive mode", "reset role"] {
        sqlx::query(statement).execute(&mut *slow).await.unwrap();
    }
    let crowd = join_all((0..40).map(|_| store.page(&[])));
    let look = async {
        let mut waiting = 0;
        // Until the first is there, and then long enough for the others.
        for _ in 0..100 {
            let is_first = waiting == 0;
            let pause = if is_first { 100 } else { 500 };
            tokio::time::sleep(Duration::from_millis(pause)).await;
            // A transaction sees the same until it asks anew.
            sqlx::query("select pg_stat_clear_snapshot()")
                .execute(&mut *slow)
                .await
                .unwrap();
            let row = sqlx::query(
                "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
            )
            .fetch_one(&mut *slow)
            .await
            .unwrap();
            waiting = sqlx::Row::get::<i64, _>(&row, 0);
            if !is_first {
                break;
            }
        }
        slow.commit().await.unwrap();
        waiting
    };
    let (pages, waiting) = tokio::join!(crowd, look);
    assert_eq!(waiting, 1, "statements that waited for the table");
    for page in &pages {
        assert!(page.is_kept());
        assert_eq!(page.body, pages[0].body);
    }
}

/// What no trigger tells of is seen a moment later: the next visitor is still sent the old page at once, and has a new one made.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_no_longer_fresh_is_sent_while_a_new_one_is_made() {
    let store = Store::open().await;
    let born = Instant::now();
    let first = store.page(&[]).await;
    store
        .w
        .execute("update pools set held = capacity - 3")
        .await;
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    let second = store.page(&[]).await;
    assert_eq!(first.body, second.body, "nobody waits for the new one");
    let mut third = second;
    while third.body == first.body && born.elapsed() < Duration::from_millis(2_700) {
        tokio::time::sleep(Duration::from_millis(20)).await;
        third = store.page(&[]).await;
    }
    assert_ne!(first.body, third.body, "it was made behind their backs");
    assert!(third.is_kept());
}

/// A change is told to all server processes by the database, whichever of them made it.
#[tokio::test(flavor = "multi_thread")]
async fn every_server_process_hears_of_a_change() {
    let store = Store::open().await;
    let other = store.w.paid_through(store.w.gateway.clone());
    let mut heard = other.live.page_changes();
    let nodes = [store.app.clone(), node(&other).await];
    assert_eq!(heard.recv().await.unwrap(), PageChange::All);
    let pages = async || {
        let mut pages = Vec::new();
        for node in &nodes {
            for address in [format!("/e/{}", store.event.slug), "/events".to_owned()] {
                let request = Request::get(address)
                    .header(header::ACCEPT, "text/html")
                    .body(Body::empty())
                    .unwrap();
                pages.push(store.send_to(node, request).await);
            }
        }
        pages
    };
    for page in pages().await {
        assert!(page.is_kept() && !page.body.contains("Another name"));
    }
    store
        .w
        .execute("update events set title = 'Another name'")
        .await;
    let change = tokio::time::timeout(Duration::from_secs(10), heard.recv()).await;
    assert_eq!(
        change.unwrap().unwrap(),
        PageChange::Event(store.event.slug.clone())
    );
    tokio::time::sleep(Duration::from_millis(100)).await;
    let after = pages().await;
    for at in [0, 2] {
        assert!(after[at].body.contains("Another name"), "an event's page");
    }
}

/// Each language and each appearance is a page of its own, and a mark of how somebody came here is none.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_kept_by_address_language_and_appearance() {
    let store = Store::open().await;
    let address = format!("/e/{}", store.event.slug);
    let english = store.page(&[("accept-language", "en")]).await;
    let arabic = store.page(&[("accept-language", "ar")]).await;
    let dark = store
        .page(&[("accept-language", "en"), ("cookie", "bilten_theme=dark")])
        .await;
    let marked = store
        .page_at(
            &format!("{address}?utm_source=mail"),
            &[("accept-language", "en")],
        )
        .await;
    for page in [&english, &arabic, &dark, &marked] {
        assert!(page.is_kept());
    }
    assert!(english.body.contains("lang=\"en\"") && arabic.body.contains("lang=\"ar\""));
    assert_ne!(english.body, dark.body);
    assert_eq!(english.body, marked.body);
}
