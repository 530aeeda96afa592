//! What browsers are told, held against every address there is, as nobody and as an owner, refusals included.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::path::Path;

use adapters::config::Config;
use axum::{
    Router,
    body::{Body, HttpBody},
    http::{HeaderMap, Request, header},
    response::Response,
};
use bilten::{AppState, router};
use domain::permissions::Role;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use testkit::World;
use tower::ServiceExt;

const ORIGIN: &str = "https://tickets.example";

/// The same for all.
const FIXED: [(&str, &str); 7] = [
    (
        "strict-transport-security",
        "max-age=63072000; includeSubDomains",
    ),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "strict-origin-when-cross-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("cross-origin-resource-policy", "same-origin"),
];

const POLICY: [&str; 2] = ["base-uri 'none'", "frame-ancestors 'none'"];

fn over_https() -> Config {
    let variables = [
        ("BILTEN_SERVER__PUBLIC_URL".into(), ORIGIN.into()),
        ("BILTEN_COOKIES__SECURE".into(), "true".into()),
    ];
    Config::load(None, variables).unwrap()
}

/// A folder as the build leaves it.
fn site() -> &'static Path {
    let site = Path::new(env!("CARGO_TARGET_TMPDIR")).join("site");
    std::fs::create_dir_all(site.join("pkg")).unwrap();
    for name in ["pkg/a.css", "pkg/a.js", "logo.svg", "pixel.png"] {
        std::fs::write(site.join(name), "x").unwrap();
    }
    site.leak()
}

fn value<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers
        .get(name)
        .map_or("", |value| value.to_str().unwrap())
}

/// What is missing or wrong in an answer.
fn faults(answer: &Response) -> Vec<String> {
    let headers = answer.headers();
    let mut faults: Vec<String> = FIXED
        .iter()
        .filter(|(name, expected)| value(headers, name) != *expected)
        .map(|(name, _)| format!("{name}: {:?}", value(headers, name)))
        .collect();
    let policy = value(headers, "content-security-policy");
    let missing = POLICY.iter().filter(|part| !policy.contains(**part));
    faults.extend(missing.map(|part| format!("{part} is not in {policy:?}")));
    let kind = value(headers, "content-type");
    let bare = kind.split(';').next().unwrap_or_default();
    let text = bare.starts_with("text/") || bare.ends_with("xml");
    if text && !kind.ends_with("charset=utf-8") {
        faults.push(format!("content-type: {kind}"));
    }
    let empty = answer.body().size_hint().exact() == Some(0);
    if kind.is_empty() && !empty {
        faults.push("a body of no kind".into());
    }
    for cookie in headers.get_all(header::SET_COOKIE) {
        let cookie = cookie.to_str().unwrap();
        let (name, rest) = cookie.split_once('=').unwrap();
        let parts: Vec<_> = rest.split("; ").skip(1).collect();
        let wanted = ["Path=/", "HttpOnly", "SameSite=Lax", "Secure"];
        let whole = wanted.iter().all(|part| parts.contains(part)) && parts.len() == 5;
        if !name.starts_with("__Host-") || !whole {
            faults.push(format!("set-cookie: {cookie}"));
        }
    }
    faults
}

struct House {
    _w: World,
    app: Router,
    /// An owner's cookie.
    cookie: String,
    things: [(&'static str, String); 3],
}

impl House {
    async fn open() -> Self {
        let w = World::new().await;
        let house = w.organization("House").await;
        let event = w.event("Demo").by(&house).ticket_type("Seat", 1500, 9);
        let event = event.published().await;
        let (owner, token) = (w.member(&house, Role::Owner).await, w.sv.new_secret());
        let session = format!(
            "insert into sessions (id, user_id, token_hash, created_at, last_seen_at, expires_at, proved_at)
             values (gen_random_uuid(), '{user}', sha256('{token}'), '{now}', '{now}', '{now}'::timestamptz + interval '9 days', '{now}')",
            user = owner.user,
            now = w.now(),
        );
        let mut db = PgConnection::connect(w.database_url()).await.unwrap();
        sqlx::query(AssertSqlSafe(session))
            .execute(&mut db)
            .await
            .unwrap();
        let state = AppState::new(w.sv.clone(), over_https(), site().into(), None).unwrap();
        Self {
            app: router(state),
            _w: w,
            cookie: format!("__Host-bilten_session={token}"),
            things: [
                ("{org}", house.slug),
                ("{event}", event.slug.clone()),
                ("{slug}", event.slug),
            ],
        }
    }

    async fn call(&self, method: &str, path: &str, accept: &str, who: Option<&str>) -> Response {
        let mut path = path.to_owned();
        for (name, thing) in &self.things {
            path = path.replace(name, thing);
        }
        let path = path.replace(['{', '}'], "");
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::ORIGIN, ORIGIN)
            .header(header::ACCEPT, accept)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        if let Some(cookie) = who {
            request = request.header(header::COOKIE, cookie);
        }
        let request = request.body(Body::empty()).unwrap();
        self.app.clone().oneshot(request).await.unwrap()
    }
}

#[tokio::test]
async fn every_answer_says_what_browsers_are_to_refuse() {
    let house = House::open().await;
    let known = include_str!("access.txt")
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .map(|line| {
            let mut words = line.split_whitespace();
            (words.next().unwrap(), words.next().unwrap())
        });
    let more = [
        ("GET", "/no/such/page"),
        ("GET", "/e/nothing"),
        ("GET", "/events?lang=ar"),
        ("GET", "/live/waiting/nothing"),
        ("GET", "/live/waiting/NO%20SLUG"),
        ("GET", "/live/waiting/%ff"),
        ("POST", "/live/waiting/nothing"),
        ("GET", "/pkg/a.css"),
        ("GET", "/pkg/a.js"),
        ("GET", "/pkg/nothing.js"),
        ("GET", "/logo.svg"),
        ("GET", "/pixel.png"),
        ("DELETE", "/events"),
        ("POST", "/preferences/locale?locale=ar"),
    ];
    let mut wrong = Vec::new();
    for (method, path) in known.chain(more) {
        for accept in ["text/html", "application/json"] {
            for who in [None, Some(house.cookie.as_str())] {
                let answer = house.call(method, path, accept, who).await;
                let status = answer.status();
                for fault in faults(&answer) {
                    wrong.push(format!("{method} {path} ({status}, {accept}): {fault}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn a_page_kept_for_everybody_is_kept_under_https_too() {
    let house = House::open().await;
    let answer = house.call("GET", "/e/{slug}", "text/html", None).await;
    let policy = value(answer.headers(), "content-security-policy");
    assert!(policy.contains("'sha256-"), "{policy}");
    let cookie = value(answer.headers(), "set-cookie");
    assert!(cookie.starts_with("__Host-bilten_view="), "{cookie}");
}
