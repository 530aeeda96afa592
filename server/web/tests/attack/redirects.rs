//! Addresses of other sites, spelt so that they look like one of ours: after signing in, after a choice, after a fault.

use axum::{
    body::Body,
    http::{Request, header},
};
use domain::permissions::Role;
use locales::Locale;
use services::accounts::{self, SignUp};
use testkit::{Attack, World};
use url::Url;

use super::{ORIGIN, app, encoded, form, send};

const PASSWORD: &str = "a quiet evening by the sea";

const SPELLINGS: [&str; 64] = [
    "https://evil.example",
    "http://evil.example",
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "\\\\evil.example",
    "/\\/evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "http:\\\\evil.example",
    "HTTPS://EVIL.EXAMPLE",
    "hTtPs://evil.example",
    " https://evil.example",
    "\thttps://evil.example",
    "\nhttps://evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    "/ /evil.example",
    "\u{1}https://evil.example",
    "\u{feff}https://evil.example",
    "/\u{200b}/evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "ftp://evil.example",
    "blob:https://evil.example/x",
    "mailto:eve@evil.example",
    "/..//evil.example",
    "/.//evil.example",
    "/./\\evil.example",
    "/a/..//evil.example",
    "/%2f/evil.example",
    "/%5cevil.example",
    "%2f%2fevil.example",
    "/%09/evil.example",
    "/%2e%2e//evil.example",
    "/%2e//evil.example",
    "//%65vil.example",
    "//evil%2eexample",
    "//evil。example",
    "//ｅｖｉｌ.example",
    "／／evil.example",
    "/／evil.example",
    "//localhost:3000@evil.example",
    "http://localhost:3000@evil.example",
    "http://localhost:3000.evil.example",
    "//evil.example/%2f..",
    "//[::1]",
    "//2130706433",
    ".evil.example",
    "@evil.example",
    ":80",
    "?//evil.example",
    "#//evil.example",
    "/\r\nLocation: https://evil.example",
    "/\r\n\r\n<script>alert(1)</script>",
    "",
];

/// As a browser reads it: stays here, and is no script.
fn leads_away(location: &str) -> bool {
    let here = Url::parse(ORIGIN).unwrap();
    here.join(location)
        .is_ok_and(|to| to.origin() != here.origin())
}

#[test]
fn the_judge_is_a_judge() {
    assert!(
        leads_away("//evil.example")
            && leads_away("/\\evil.example")
            && leads_away("/\t/evil.example")
    );
    assert!(!leads_away("/events") && !leads_away("?x=//evil.example"));
}

#[tokio::test]
async fn nobody_is_sent_away() {
    let w = World::new().await;
    let app = app(&w);
    let new = SignUp {
        name: "Ada".into(),
        email: "ada@people.test".into(),
        password: PASSWORD.into(),
        locale: Locale::En,
        client: String::new(),
    };
    accounts::sign_up(&w.sv, new).await.unwrap();
    let mut attack = Attack::on("ways to another site after signing in, a choice or a fault");
    for spelling in SPELLINGS {
        let query = encoded(&[("next", spelling)]);
        let query =
            String::from_utf8(axum::body::to_bytes(query, 10_000).await.unwrap().to_vec()).unwrap();
        let get = |path: &str| {
            Request::get(format!("{path}?{query}"))
                .header(header::ACCEPT, "text/html")
                .body(Body::empty())
        };
        let sign_in = [
            ("email", "ada@people.test"),
            ("password", PASSWORD),
            ("next", spelling),
        ];
        let wrong = [
            ("email", "ada@people.test"),
            ("password", ""),
            ("next", spelling),
        ];
        let html = |path: &str| form(path).header(header::ACCEPT, "text/html");
        let mut requests = vec![
            (
                "a language",
                form("/preferences/locale").body(encoded(&[("locale", "ar"), ("next", spelling)])),
            ),
            (
                "an appearance",
                form("/preferences/theme").body(encoded(&[("theme", "dark"), ("next", spelling)])),
            ),
            (
                "signing in",
                html("/api/app_api/accounts/sign_in").body(encoded(&sign_in)),
            ),
            (
                "signing in with a script",
                form("/api/app_api/accounts/sign_in").body(encoded(&sign_in)),
            ),
            ("the way to a provider", get("/sign-in/provider")),
            ("the page to sign in", get("/sign-in")),
            ("the page for a code", get("/sign-in/code")),
            ("the page to prove again", get("/sign-in/again")),
        ];
        if let Ok(referer) = header::HeaderValue::from_str(spelling) {
            let back = html("/api/app_api/accounts/sign_in").header(header::REFERER, referer);
            requests.push(("a fault", back.body(encoded(&wrong))));
        }
        for referer in [
            format!("{ORIGIN}{spelling}"),
            format!("{ORIGIN}/{spelling}"),
        ] {
            if let Ok(referer) = header::HeaderValue::from_str(&referer) {
                let back = html("/api/app_api/accounts/sign_in").header(header::REFERER, referer);
                requests.push(("a fault of a page", back.body(encoded(&wrong))));
            }
        }
        for (what, request) in requests {
            let answer = send(&app, request.unwrap()).await;
            let sent = [
                answer.header("location"),
                answer.header("serverfnredirect"),
                answer.header("refresh"),
            ];
            let away = sent
                .iter()
                .any(|location| !location.is_empty() && leads_away(location));
            // A link or a hidden field that would lead there later.
            let later = answer.body.contains("href=\"//evil")
                || answer.body.contains("href=\"https://evil");
            attack.note(away || later || answer.status.is_server_error(), || {
                format!("{what} with {spelling:?}: {} {sent:?}", answer.status)
            });
        }
    }
    attack.end(600);
}

/// Who comes back from a provider without having gone there, or as somebody else, comes in nowhere.
#[tokio::test]
async fn nobody_comes_back_who_did_not_go() {
    let w = World::new().await;
    let house = w.organization("House").await;
    w.member(&house, Role::Owner).await;
    let app = app(&w);
    let mut attack = Attack::on("ways back from a provider that nobody went to");
    let values = [
        "",
        "x",
        "null",
        "' or 1=1 --",
        "../..",
        "%00",
        "a%0d%0aset-cookie:x=1",
        "https://evil.example",
    ];
    for state in values {
        for code in values {
            for issuer in ["", "&iss=https://evil.example", "&state=y&state=z"] {
                for cookie in ["", "bilten_trip=x", "__Host-bilten_trip=x"] {
                    let path =
                        format!("/sign-in/provider/return?state={state}&code={code}{issuer}")
                            .replace(' ', "+");
                    let request = Request::get(path)
                        .header(header::COOKIE, cookie)
                        .body(Body::empty());
                    let answer = send(&app, request.unwrap()).await;
                    let sent = answer.header("location");
                    let cookies = answer.headers.get_all(header::SET_COOKIE);
                    let came_in = cookies
                        .iter()
                        .any(|cookie| cookie.to_str().unwrap().contains("bilten_session="));
                    let bad = came_in || answer.status.is_server_error() || leads_away(sent);
                    attack.note(bad, || {
                        format!("{state} {code} {issuer} {cookie}: {} {sent}", answer.status)
                    });
                }
            }
        }
    }
    assert_eq!(w.count("select count(*) from sessions").await, 0);
    attack.end(500);
}
