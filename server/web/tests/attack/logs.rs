//! What is written to the log says nothing of people and gives nobody a way in.

use std::{
    io,
    sync::{Arc, Mutex},
};

use axum::{
    body::Body,
    http::{Request, header},
};
use domain::permissions::Role;
use services::{
    checkin::{CreatePairing, create_pairing},
    permit,
};
use sqlx::PgPool;
use testkit::{Attack, World};
use tracing_subscriber::{EnvFilter, layer::SubscriberExt, util::SubscriberInitExt};

use super::{app, encoded, form, send};

const PASSWORD: &str = "hushpassword by the sea";
const EMAIL: &str = "hushmail@people.test";
const NAME: &str = "Hushname Hushfamily";

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_secret_and_nobody_is_in_the_log() {
    let log = Log::default();
    let writer = log.clone();
    let lines = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .with_writer(move || writer.clone());
    // More than is ever switched on.
    tracing_subscriber::registry()
        .with(EnvFilter::new("trace"))
        .with(lines)
        .try_init()
        .unwrap();
    let w = World::new().await;
    let app = app(&w);
    let api = "/api/app_api";
    let event = w
        .event("Night")
        .ticket_type("Seat", 1500, 50)
        .published()
        .await;
    let mut secrets: Vec<(&str, String)> = [
        ("a password", "hushpassword"),
        ("a mail address", "hushmail"),
        ("a name", "hushname"),
        ("a family", "hushfamily"),
    ]
    .map(|(what, word)| (what, word.to_owned()))
    .to_vec();

    // An account: made, proven, entered with a wrong and the right password, left.
    let new = [("name", NAME), ("email", EMAIL), ("password", PASSWORD)];
    send(
        &app,
        form(&format!("{api}/accounts/sign_up"))
            .body(encoded(&new))
            .unwrap(),
    )
    .await;
    let asks = [("email", EMAIL)];
    for path in ["request_password_reset", "request_sign_in_link"] {
        send(
            &app,
            form(&format!("{api}/accounts/{path}"))
                .body(encoded(&asks))
                .unwrap(),
        )
        .await;
    }
    w.settle().await;
    for mail in w.mailer.sent() {
        for path in ["/verify/", "/reset/", "/sign-in/link/"] {
            if let Some((_, rest)) = mail.text.split_once(path) {
                let token: String = rest.chars().take(32).collect();
                send(
                    &app,
                    Request::get(format!("{path}{token}"))
                        .header(header::ACCEPT, "text/html")
                        .body(Body::empty())
                        .unwrap(),
                )
                .await;
                secrets.push(("a link", token));
            }
        }
    }
    for password in [PASSWORD, "hushpassword that is wrong"] {
        let pairs = [("email", EMAIL), ("password", password)];
        let answer = send(
            &app,
            form(&format!("{api}/accounts/sign_in"))
                .body(encoded(&pairs))
                .unwrap(),
        )
        .await;
        let cookies = answer.headers.get_all(header::SET_COOKIE);
        for cookie in cookies
            .iter()
            .filter_map(|cookie| cookie.to_str().ok()?.strip_prefix("bilten_session="))
        {
            secrets.push(("a session", cookie.split(';').next().unwrap().to_owned()));
        }
    }
    let session = secrets.last().unwrap().1.clone();
    for page in [
        "/account",
        "/account/security",
        "/account/export.json",
        "/organize",
    ] {
        let request = Request::get(page)
            .header(header::COOKIE, format!("bilten_session={session}"))
            .body(Body::empty());
        send(&app, request.unwrap()).await;
    }

    // An order, with everything that can go wrong on the way to it.
    let mut buyer = w.buyer(NAME);
    buyer.email = EMAIL.into();
    let held = buyer.holds(&event, &[("Seat", 1)]).await.unwrap();
    send(
        &app,
        Request::get(format!("/checkout/{}", held.token))
            .body(Body::empty())
            .unwrap(),
    )
    .await;
    let wrong = [
        ("token", held.token.as_str()),
        ("name", NAME),
        ("email", "hushmail@"),
    ];
    send(
        &app,
        form(&format!("{api}/checkout/details/place_order"))
            .body(encoded(&wrong))
            .unwrap(),
    )
    .await;
    let placed = buyer.places(&held).await.unwrap();
    let payment = w.payment_of(&placed).await;
    w.news(
        &payment,
        "hushnews-event-id",
        services::payments::NewsKind::Succeeded,
    )
    .await
    .unwrap();
    w.settle().await;
    for page in [
        format!("/orders/{}", placed.secret),
        format!("/orders/{}/pay", placed.secret),
        "/orders/hushsecret".into(),
    ] {
        send(
            &app,
            Request::get(page)
                .header(header::ACCEPT, "text/html")
                .body(Body::empty())
                .unwrap(),
        )
        .await;
    }
    send(
        &app,
        form(&format!("{api}/checkout/manage/find_my_tickets"))
            .body(encoded(&asks))
            .unwrap(),
    )
    .await;
    secrets.extend([
        ("a hold", held.token),
        ("an order", placed.secret.clone()),
        ("an unknown order", "hushsecret".into()),
    ]);
    let order = services::orders::show_by_secret(&w.sv, &placed.secret)
        .await
        .unwrap()
        .unwrap();
    secrets.extend(
        order
            .tickets
            .into_iter()
            .filter_map(|ticket| Some(("a ticket", ticket.code?))),
    );

    // A door.
    let owner = w.member(&event.organization, Role::Owner).await;
    let may = permit::for_event(&w.sv, &owner, event.id).await.unwrap();
    let cmd = CreatePairing {
        event: event.id,
        gate: String::new(),
        names: domain::door::Names::Full,
        works_until: None,
    };
    let pairing = create_pairing(&w.sv, &may, cmd).await.unwrap();
    let pair = format!(
        "{{\"token\":\"{}\",\"device_name\":\"Hushname phone\"}}",
        pairing.token
    );
    let request = Request::post("/api/v1/scanner/pair")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(pair));
    let answer = send(&app, request.unwrap()).await;
    let device = answer
        .body
        .split("\"token\":\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    for cursor in ["", "hushsecret"] {
        let request = Request::get(format!("/api/v1/scanner/roster?cursor={cursor}"))
            .header(header::AUTHORIZATION, format!("Bearer {device}"));
        send(&app, request.body(Body::empty()).unwrap()).await;
    }
    secrets.extend([("a pairing", pairing.token), ("a device", device)]);

    // A faulty database, seen by an organizer.
    let token = w.session_of(&owner).await;
    let db = PgPool::connect(w.database_url()).await.unwrap();
    for fault in [
        "update events set time_zone = 'nowhere'",
        "alter table orders rename column buyer_name to hidden",
    ] {
        sqlx::query(fault).execute(&db).await.unwrap();
    }
    for page in [
        format!("/e/{}", event.slug),
        format!("/organize/{}/orders", event.organization.slug),
        format!("/orders/{}", placed.secret),
    ] {
        let request = Request::get(page)
            .header(header::ACCEPT, "text/html")
            .header(header::COOKIE, format!("bilten_session={token}"));
        send(&app, request.body(Body::empty()).unwrap()).await;
    }
    secrets.push(("a session", token));

    let written = String::from_utf8_lossy(&log.0.lock().unwrap()).to_lowercase();
    assert!(written.contains("answered"), "nothing was written");
    let mut attack = Attack::on("secrets and people looked for in the log");
    for line in written.lines() {
        let told = secrets
            .iter()
            .find(|(_, secret)| line.contains(&secret.to_lowercase()));
        attack.note(told.is_some(), || format!("{told:?}: {line}"));
    }
    attack.end(300);
}
