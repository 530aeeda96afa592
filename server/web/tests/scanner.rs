//! The scanner's API through the router, from a bought ticket to the door.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use adapters::config::Config;
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use bilten::{AppState, router};
use domain::{
    checkin::{Verdict, Way, decide, unpack_behind},
    door::{
        Answer, PACKED, PairRequest, Paired, ReportKind, RosterHead, RosterPage, ScanAnswers,
        ScanBatch, ScanReport,
    },
    ids::CheckInId,
    permissions::Role,
    tickets,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use services::{
    checkin::{CreatePairing, create_pairing, revoke_device},
    orders,
    permit::{self, ManageDevices, Permit},
};
use testkit::{Event, World};
use tower::ServiceExt;

fn app(w: &World) -> Router {
    let config = Config::development().unwrap();
    router(AppState::new(w.sv.clone(), config, "no-such-folder".into(), None).unwrap())
}

async fn send(w: &World, request: Request<Body>) -> (StatusCode, Value) {
    let response = app(w).oneshot(request).await.unwrap();
    let status = response.status();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (
        status,
        serde_json::from_slice(&body)
            .unwrap_or(Value::String(String::from_utf8_lossy(&body).into())),
    )
}

fn read<T: DeserializeOwned>((status, body): (StatusCode, Value)) -> T {
    assert_eq!(status, StatusCode::OK, "{body}");
    serde_json::from_value(body).unwrap()
}

fn post(path: &str, token: &str, body: &impl Serialize) -> Request<Body> {
    Request::post(path)
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .body(Body::from(serde_json::to_string(body).unwrap()))
        .unwrap()
}

fn get(path: &str, token: &str) -> Request<Body> {
    Request::get(path)
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .body(Body::empty())
        .unwrap()
}

async fn manager(w: &World, event: &Event) -> Permit<ManageDevices> {
    let session = w.member(&event.organization, Role::Manager).await;
    permit::for_event(&w.sv, &session, event.id).await.unwrap()
}

async fn paired(w: &World, event: &Event, permit: &Permit<ManageDevices>) -> Paired {
    let cmd = CreatePairing {
        event: event.id,
        gate: "North".into(),
        names: domain::door::Names::Full,
        works_until: None,
    };
    let token = create_pairing(&w.sv, permit, cmd).await.unwrap().token;
    let request = PairRequest {
        token,
        device_name: "Phone".into(),
    };
    read(send(w, post("/api/v1/scanner/pair", "", &request)).await)
}

#[tokio::test]
async fn a_bought_ticket_enters_once() {
    let w = World::new().await;
    let event = w
        .event("Night")
        .ticket_type("Standing", 0, 10)
        .published()
        .await;
    let placed = w.buyer("Ana").buys(&event, "Standing", 1).await.unwrap();
    let order = orders::show_by_secret(&w.sv, &placed.secret)
        .await
        .unwrap()
        .unwrap();
    let code = order.tickets[0].code.clone().unwrap();
    let device = paired(&w, &event, &manager(&w, &event).await).await;

    let page: RosterPage =
        read(send(&w, get("/api/v1/scanner/roster?cursor=", &device.token)).await);
    assert_eq!(
        (page.entries.len(), page.counters.sold, page.more),
        (1, 1, false)
    );
    // As the device does it, from the list alone.
    let claims = tickets::read(&code, &page.keys);
    let context = page.door.context(Way::In, event.starts_at);
    assert_eq!(
        decide(&claims, page.entries.first(), &context).verdict,
        Verdict::Valid
    );
    let today = page.door.context(Way::In, w.now());
    assert_eq!(
        decide(&claims, page.entries.first(), &today).verdict,
        Verdict::Valid,
        "a door can be tried before"
    );

    let scan = ScanReport {
        id: CheckInId::new(w.sv.new_id()),
        ticket: Some(claims.unwrap().ticket),
        list: None,
        gate: None,
        reason: None,
        kind: ReportKind::Admit,
        verdict: "valid".into(),
        at: w.now(),
        counter: 1,
    };
    let batch = ScanBatch {
        scans: vec![scan],
        pending: 0,
    };
    let told: ScanAnswers =
        read(send(&w, post("/api/v1/scanner/scans", &device.token, &batch)).await);
    assert_eq!(
        (told.answers[0].answer, told.counters.inside),
        (Answer::Accepted, 1)
    );
    let again: ScanAnswers =
        read(send(&w, post("/api/v1/scanner/scans", &device.token, &batch)).await);
    assert_eq!(again.answers[0].answer, Answer::Duplicate);
    let page: RosterPage = read(
        send(
            &w,
            get(
                &format!("/api/v1/scanner/roster?cursor={}", page.cursor),
                &device.token,
            ),
        )
        .await,
    );
    assert_eq!(page.entries[0].admitted[0].gate.as_deref(), Some("North"));
    w.assert_sound().await;
}

#[tokio::test]
async fn strangers_are_told_why_not() {
    let w = World::new().await;
    let event = w
        .event("Night")
        .ticket_type("Standing", 0, 10)
        .published()
        .await;
    let permit = manager(&w, &event).await;
    let device = paired(&w, &event, &permit).await;
    let refused = async |request, status: StatusCode, code: &str| {
        let (got, body) = send(&w, request).await;
        assert_eq!((got, body["code"].as_str()), (status, Some(code)), "{body}");
        assert!(
            body["message"]
                .as_str()
                .is_some_and(|words| !words.is_empty())
        );
    };
    let bare = Request::get("/api/v1/scanner/event")
        .body(Body::empty())
        .unwrap();
    refused(bare, StatusCode::UNAUTHORIZED, "token_missing").await;
    refused(
        get("/api/v1/scanner/event", "x"),
        StatusCode::UNAUTHORIZED,
        "device_unknown",
    )
    .await;
    let nonsense = get("/api/v1/scanner/roster?cursor=x", &device.token);
    refused(nonsense, StatusCode::UNPROCESSABLE_ENTITY, "cursor_unknown").await;
    let wrong = post("/api/v1/scanner/scans", &device.token, &"x");
    refused(wrong, StatusCode::UNPROCESSABLE_ENTITY, "bad_request").await;
    let unknown = PairRequest {
        token: "x".into(),
        device_name: "Phone".into(),
    };
    refused(
        post("/api/v1/scanner/pair", "", &unknown),
        StatusCode::NOT_FOUND,
        "pairing_unknown",
    )
    .await;
    let nameless = PairRequest {
        token: "x".into(),
        device_name: " ".into(),
    };
    let request = post("/api/v1/scanner/pair", "", &nameless);
    refused(
        request,
        StatusCode::UNPROCESSABLE_ENTITY,
        "device_name_invalid",
    )
    .await;
    revoke_device(&w.sv, &permit, device.door.device)
        .await
        .unwrap();
    let late = get("/api/v1/scanner/event", &device.token);
    refused(late, StatusCode::UNAUTHORIZED, "device_revoked").await;
    // This process knows it from what it reported, and refuses what it reports all the same.
    let nothing = ScanBatch {
        scans: Vec::new(),
        pending: 0,
    };
    let late = post("/api/v1/scanner/scans", &device.token, &nothing);
    refused(late, StatusCode::UNAUTHORIZED, "device_revoked").await;
}

#[tokio::test]
async fn the_list_says_the_same_in_few_bytes() {
    let w = World::new().await;
    let event = w
        .event("Night")
        .ticket_type("Standing", 0, 10)
        .published()
        .await;
    w.buyer("Ana").buys(&event, "Standing", 3).await.unwrap();
    w.buyer("Berta").buys(&event, "Standing", 1).await.unwrap();
    let device = paired(&w, &event, &manager(&w, &event).await).await;
    let page: RosterPage =
        read(send(&w, get("/api/v1/scanner/roster?cursor=", &device.token)).await);
    let mut request = get("/api/v1/scanner/roster?cursor=", &device.token);
    let kind = header::HeaderValue::from_static(PACKED);
    request.headers_mut().insert(header::ACCEPT, kind.clone());
    let response = app(&w).oneshot(request).await.unwrap();
    assert_eq!(response.headers()[header::CONTENT_TYPE], kind);
    assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let (head, entries) = unpack_behind(&body).unwrap();
    let head: RosterHead = serde_json::from_slice(head).unwrap();
    assert_eq!(head.with(entries), page);
    // Tickets of one order follow each other: that is what makes it short.
    let ids: Vec<u128> = page
        .entries
        .iter()
        .map(|entry| entry.ticket.get().as_u128())
        .collect();
    let next = ids.windows(2).filter(|pair| pair[0] + 1 == pair[1]);
    assert_eq!(next.count(), 2, "{ids:x?}");
}
