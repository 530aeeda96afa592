//! Tickets for the wallets of phones, as a phone gets them.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::io::{Cursor, Read as _};

use adapters::config::Config;
use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use bilten::{AppState, router};
use locales::Locale;
use serde_json::Value;
use services::{
    Services,
    checkout::Placed,
    orders::{self, OrderView},
    passing::{self, OfferTicket},
};
use sha1::{Digest, Sha1};
use testkit::{Event, PassAuthority, World};
use tower::ServiceExt;
use zip::ZipArchive;

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn file(&self, name: &str) -> Vec<u8> {
        let mut archive = ZipArchive::new(Cursor::new(self.body.clone())).unwrap();
        let mut bytes = Vec::new();
        let mut file = archive.by_name(name).unwrap();
        file.read_to_end(&mut bytes).unwrap();
        bytes
    }

    fn json(&self, name: &str) -> Value {
        serde_json::from_slice(&self.file(name)).unwrap()
    }

    /// What the link to Google's wallet carries.
    fn claims(&self) -> Value {
        let link = self.header("location");
        let token = link.strip_prefix("https://pay.google.com/gp/v/save/");
        let parts: Vec<&str> = token.unwrap().split('.').collect();
        assert_eq!(parts.len(), 3);
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap()
    }
}

async fn get(sv: &Services, path: &str) -> Answer {
    let config = Config::development().unwrap();
    let state = AppState::new(sv.clone(), config, "no-such-folder".into(), None).unwrap();
    let request = Request::get(path).header("accept", "text/html");
    let request = request.body(Body::empty()).unwrap();
    let answer = router(state).oneshot(request).await.unwrap();
    let (status, headers) = (answer.status(), answer.headers().clone());
    let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    Answer {
        status,
        headers,
        body: body.to_vec(),
    }
}

async fn sold(w: &World, quantity: u16) -> (Event, Placed) {
    let event = w.event("Late \"show\"").ticket_type("Seat", 1505, 30);
    let event = event.published().await;
    let placed = w.buyer("Ada").buys(&event, "Seat", quantity).await.unwrap();
    w.settle().await;
    (event, placed)
}

async fn order(w: &World, placed: &Placed) -> OrderView {
    let order = orders::show_by_secret(&w.sv, &placed.secret).await;
    order.unwrap().unwrap()
}

fn set_up(w: &World) -> Services {
    let (apple, google) = PassAuthority::new().signers();
    w.with_wallets(Some(apple), Some(google))
}

#[tokio::test]
async fn a_pass_holds_the_code_of_its_ticket_and_its_list_is_right() {
    let w = World::new().await;
    let (_, placed) = sold(&w, 2).await;
    let (sv, order) = (set_up(&w), order(&w, &placed).await);
    let page = get(&sv, &format!("/orders/{}", placed.secret)).await.text();
    for ticket in &order.tickets {
        let path = format!(
            "/orders/{}/tickets/{}/ticket.pkpass",
            placed.secret, ticket.id
        );
        assert!(page.contains(&path), "the page leads there");
        let pass = get(&sv, &path).await;
        assert_eq!(pass.status, StatusCode::OK);
        assert_eq!(pass.header("content-type"), "application/vnd.apple.pkpass");
        assert_eq!(pass.header("cache-control"), "no-store");
        let told = pass.json("pass.json");
        assert_eq!(told["barcodes"][0]["message"], ticket.code.clone().unwrap());
        assert_eq!(told["serialNumber"], ticket.id.to_string());
        assert_eq!(told["passTypeIdentifier"], "pass.test.bilten");
        let fields = &told["eventTicket"];
        assert_eq!(fields["primaryFields"][0]["value"], "Late \"show\"");
        assert_eq!(fields["auxiliaryFields"][0]["value"], "Ada");
        let relevant = told["relevantDate"].as_str().unwrap();
        let relevant: jiff::Timestamp = relevant.parse().unwrap();
        assert_eq!(relevant, order.event.starts_at);

        let manifest = pass.json("manifest.json");
        let listed = manifest.as_object().unwrap();
        let mut files = ZipArchive::new(Cursor::new(pass.body.clone())).unwrap();
        assert_eq!(files.len(), listed.len() + 2);
        for (name, digest) in listed {
            let bytes = Sha1::digest(pass.file(name));
            let found: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(*digest, *found, "{name}");
        }
        assert!(files.by_name("signature").unwrap().size() > 1000);
        for name in ["icon.png", "icon@2x.png", "logo.png", "pass.json"] {
            assert!(listed.contains_key(name), "{name}");
        }
        let words = |l: &str| String::from_utf8(pass.file(&format!("{l}.lproj/pass.strings")));
        assert!(
            words("en")
                .unwrap()
                .contains("\"pass_description\" = \"Ticket: Late \\\"show\\\"\";")
        );
        assert!(words("ar").unwrap().contains("الفعالية"));
    }
}

#[tokio::test]
async fn google_is_asked_to_save_the_same() {
    let w = World::new().await;
    let (event, placed) = sold(&w, 1).await;
    let (sv, order) = (set_up(&w), order(&w, &placed).await);
    let ticket = &order.tickets[0];
    let path = format!(
        "/orders/{}/tickets/{}/google-wallet",
        placed.secret, ticket.id
    );
    let sent = get(&sv, &path).await;
    assert_eq!(
        (sent.status, sent.header("cache-control")),
        (StatusCode::SEE_OTHER, "no-store")
    );
    // What Google promises to take; these names are short.
    assert!(sent.header("location").len() < 1800);
    let claims = sent.claims();
    assert_eq!(
        (&claims["aud"], &claims["typ"]),
        (&"google".into(), &"savetowallet".into())
    );
    assert_eq!(claims["iss"], "passes@bilten.test");
    let saved = &claims["payload"]["eventTicketObjects"][0];
    assert_eq!(saved["barcode"]["value"], ticket.code.clone().unwrap());
    assert_eq!(saved["ticketHolderName"], "Ada");
    let kind = &claims["payload"]["eventTicketClasses"][0];
    assert_eq!(saved["classId"], kind["id"]);
    let id = event.id.to_string().replace('-', "");
    let class = kind["id"].as_str().unwrap();
    assert!(
        class.starts_with(&format!("3388000000012345678.{id}-")),
        "{class}"
    );
}

#[tokio::test]
async fn without_settings_there_is_nothing_of_it() {
    let w = World::new().await;
    let (_, placed) = sold(&w, 1).await;
    let id = order(&w, &placed).await.tickets[0].id;
    let page = get(&w.sv, &format!("/orders/{}", placed.secret)).await;
    assert_eq!(page.status, StatusCode::OK);
    for word in ["Wallet", "pkpass"] {
        assert!(!page.text().contains(word), "{word}");
    }
    for file in ["ticket.pkpass", "google-wallet"] {
        let path = format!("/orders/{}/tickets/{id}/{file}", placed.secret);
        assert_eq!(
            get(&w.sv, &path).await.status,
            StatusCode::NOT_FOUND,
            "{file}"
        );
    }
}

/// Guarded as the tickets on paper are.
#[tokio::test]
async fn only_whoever_has_the_ticket_gets_its_pass() {
    let w = World::new().await;
    let (_, placed) = sold(&w, 2).await;
    let (_, other) = sold(&w, 1).await;
    let sv = set_up(&w);
    let (mine, theirs) = (order(&w, &placed).await, order(&w, &other).await);
    let offer = OfferTicket {
        secret: placed.secret.clone(),
        ticket: mine.tickets[0].id,
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
    let given = passing::accept(&w.sv, &link, Locale::En).await.unwrap();
    w.settle().await;
    for file in ["ticket.pkpass", "google-wallet"] {
        let of = |secret: &str, id| format!("/orders/{secret}/tickets/{id}/{file}");
        for path in [
            of(&placed.secret, theirs.tickets[0].id),
            of("nothing", mine.tickets[1].id),
            // Passed on: the buyer's code has ended.
            of(&placed.secret, mine.tickets[0].id),
            format!("/orders/{}/tickets/one/{file}", placed.secret),
            format!("/tickets/{}/{file}", placed.secret),
        ] {
            assert_eq!(
                get(&sv, &path).await.status,
                StatusCode::NOT_FOUND,
                "{path}"
            );
        }
        let kept = get(&sv, &of(&placed.secret, mine.tickets[1].id)).await;
        assert!(kept.status.is_success() || kept.status.is_redirection());
    }
    // Its new holder has one of their own, which says nothing of the order.
    let held = passing::held(&w.sv, &given).await.unwrap().unwrap();
    let pass = get(&sv, &format!("/tickets/{given}/ticket.pkpass")).await;
    let told = pass.json("pass.json");
    assert_eq!(told["barcodes"][0]["message"], held.code.unwrap());
    assert!(!told.to_string().contains(&mine.code.to_string()));
    let page = get(&sv, &format!("/tickets/{given}")).await.text();
    assert!(page.contains("/ticket.pkpass") && page.contains("Add to Google Wallet"));

    w.execute("update tickets set state = 'cancelled' where state = 'valid'")
        .await;
    for path in [
        format!("/tickets/{given}/ticket.pkpass"),
        format!(
            "/orders/{}/tickets/{}/google-wallet",
            placed.secret, mine.tickets[1].id
        ),
    ] {
        assert_eq!(
            get(&sv, &path).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
    let page = get(&sv, &format!("/orders/{}", placed.secret)).await.text();
    assert!(!page.contains("pkpass"));
}
