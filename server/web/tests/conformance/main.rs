//! A scanner that somebody else has written: it knows the description of the API and docs/api/check-in.md, and nothing of
//! our types. Every answer must be one that the description foretells.
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod described;
mod stranger;

use axum::http::StatusCode;
use described::Described;
use domain::{door::Names, permissions::Role};
use jiff::SignedDuration;
use serde_json::{Value, json};
use services::{
    checkin::{CreatePairing, create_pairing, revoke_device},
    orders,
    permit::{self, ManageDevices, Permit},
};
use stranger::{ticket_in, uuid};
use testkit::{Event, World};

struct Evening {
    w: World,
    event: Event,
    permit: Permit<ManageDevices>,
    api: Described,
}

impl Evening {
    async fn new() -> Self {
        let w = World::new().await;
        let event = w
            .event("Night")
            .ticket_type("Standing", 0, 10)
            .published()
            .await;
        let session = w.member(&event.organization, Role::Manager).await;
        let permit = permit::for_event(&w.sv, &session, event.id).await.unwrap();
        let api = Described::read(&w).await;
        Self {
            w,
            event,
            permit,
            api,
        }
    }

    /// What a person copies from the door page: the part behind `#pair=`.
    async fn link(&self, gate: &str) -> String {
        let cmd = CreatePairing {
            event: self.event.id,
            gate: gate.into(),
            names: Names::Full,
            works_until: None,
        };
        let link = create_pairing(&self.w.sv, &self.permit, cmd)
            .await
            .unwrap()
            .link;
        link.split_once("#pair=").unwrap().1.to_owned()
    }

    async fn paired(&self, gate: &str) -> (String, Value) {
        let body = json!({ "token": self.link(gate).await, "device_name": "Turnstile" });
        let paired = self.api.ask(&self.w, "pair", None, "", Some(&body)).await;
        let paired = paired.good();
        (paired["token"].as_str().unwrap().to_owned(), paired)
    }

    async fn code(&self, who: &str) -> String {
        let placed = self.w.buyer(who).buys(&self.event, "Standing", 1).await;
        let secret = placed.unwrap().secret;
        let order = orders::show_by_secret(&self.w.sv, &secret).await.unwrap();
        order.unwrap().tickets[0].code.clone().unwrap()
    }

    fn line(&self, counter: u64, ticket: Option<&str>, kind: Value) -> Value {
        json!({
            "id": self.w.sv.new_id().to_string(),
            "ticket": ticket,
            "kind": kind,
            "verdict": "valid",
            "at": self.w.now().to_string(),
            "counter": counter,
        })
    }
}

#[tokio::test]
async fn the_description_is_whole() {
    let e = Evening::new().await;
    let document = e.api.document();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(e.api.operations(), ["event", "pair", "roster", "scans"]);
    e.api.assert_references();
}

#[tokio::test]
async fn an_evening_by_the_description_alone() {
    let e = Evening::new().await;
    let (w, api) = (&e.w, &e.api);
    let code = e.code("Ana").await;
    let (north, paired) = e.paired("North").await;
    let here = api.ask(w, "event", Some(&north), "", None).await.good();
    assert_eq!(here["event"]["id"], paired["door"]["event"]["id"]);
    assert_eq!(here["place"]["gate"], "North");

    let page = api.ask(w, "roster", Some(&north), "", None).await.good();
    assert_eq!(page["more"], false);
    // The signature is checked with nothing but the keys of the list.
    let ticket = ticket_in(&code, &page["keys"], here["event"]["id"].as_str().unwrap()).unwrap();
    assert_eq!(page["entries"][0]["ticket"], *ticket);
    let bad = code.replace("BT1", "BT1A");
    assert!(ticket_in(&bad[..code.len()], &page["keys"], "").is_none());

    let admit = e.line(1, Some(&ticket), json!("admit"));
    let batch = json!({ "scans": [admit], "pending": 0 });
    let told = api
        .ask(w, "scans", Some(&north), "", Some(&batch))
        .await
        .good();
    assert_eq!(told["answers"][0]["answer"], "accepted");
    assert_eq!(told["counters"]["inside"], 1);
    // Nobody heard the answer: the same lines once more.
    let again = api
        .ask(w, "scans", Some(&north), "", Some(&batch))
        .await
        .good();
    assert_eq!(again["answers"][0]["answer"], "duplicate");
    assert_eq!(again["answers"][0]["settled"], "accepted");
    assert_eq!(again["counters"]["inside"], 1);

    // Another door that had not heard of it.
    let (south, _) = e.paired("South").await;
    let mut second = e.line(1, Some(&ticket), json!("admit"));
    second["at"] = (w.now() + SignedDuration::from_secs(30)).to_string().into();
    let (second_id, batch) = (
        second["id"].clone(),
        json!({ "scans": [second, e.line(2, None, json!("refuse"))], "pending": 0 }),
    );
    let told = api
        .ask(w, "scans", Some(&south), "", Some(&batch))
        .await
        .good();
    assert_eq!(told["answers"][0]["answer"], "conflict");
    assert_eq!(told["answers"][0]["used"]["gate"], "North");
    assert_eq!(told["answers"][1]["answer"], "accepted");
    let undo = e.line(3, Some(&ticket), json!({ "undo": { "of": second_id } }));
    let strange = e.line(4, Some(&uuid("nobody")), json!("admit"));
    let batch = json!({ "scans": [undo, strange], "pending": 0 });
    let told = api
        .ask(w, "scans", Some(&south), "", Some(&batch))
        .await
        .good();
    assert_eq!(told["answers"][0]["answer"], "accepted");
    assert_eq!(told["answers"][1]["reason"], "unknown_ticket");

    let cursor = format!("cursor={}", page["cursor"].as_str().unwrap());
    let news = api
        .ask(w, "roster", Some(&north), &cursor, None)
        .await
        .good();
    assert_eq!(news["entries"][0]["ticket"], *ticket);
    assert_eq!(news["entries"][0]["admitted"][0]["gate"], "North");
}

#[tokio::test]
async fn what_is_wrong_is_refused_as_described() {
    let e = Evening::new().await;
    let (w, api) = (&e.w, &e.api);
    let used = e.link("").await;
    let first = json!({ "token": used, "device_name": "Turnstile" });
    let paired = api.ask(w, "pair", None, "", Some(&first)).await.good();
    let token = paired["token"].as_str();
    for operation in ["event", "roster", "scans"] {
        let none = json!({ "scans": [], "pending": 0 });
        let body = (operation == "scans").then_some(&none);
        let bare = api.ask(w, operation, None, "", body).await;
        bare.refused(StatusCode::UNAUTHORIZED, "token_missing");
        let other = api.ask(w, operation, Some("x"), "", body).await;
        other.refused(StatusCode::UNAUTHORIZED, "device_unknown");
    }
    let twice = api.ask(w, "pair", None, "", Some(&first)).await;
    twice.refused(StatusCode::GONE, "pairing_used");
    let unknown = json!({ "token": "x", "device_name": "Turnstile" });
    let unknown = api.ask(w, "pair", None, "", Some(&unknown)).await;
    unknown.refused(StatusCode::NOT_FOUND, "pairing_unknown");
    let nameless = json!({ "token": e.link("").await, "device_name": " " });
    let nameless = api.ask(w, "pair", None, "", Some(&nameless)).await;
    nameless.refused(StatusCode::UNPROCESSABLE_ENTITY, "device_name_invalid");
    for query in [
        "cursor=x",
        "cursor=1&cursor=2",
        "cursor=%ff%fe",
        "cursor=-1.-1",
    ] {
        let lost = api.ask(w, "roster", token, query, None).await;
        lost.refused(StatusCode::UNPROCESSABLE_ENTITY, "cursor_unknown");
    }
    let many: Vec<Value> = (0..101).map(|n| e.line(n, None, json!("refuse"))).collect();
    let many = api
        .ask(
            w,
            "scans",
            token,
            "",
            Some(&json!({ "scans": many, "pending": 0 })),
        )
        .await;
    many.refused(StatusCode::PAYLOAD_TOO_LARGE, "too_many_scans");
    let large = json!({ "scans": [], "pending": 0, "note": "x".repeat(200_000) });
    let large = api.ask(w, "scans", token, "", Some(&large)).await;
    large.refused(StatusCode::PAYLOAD_TOO_LARGE, "payload_too_large");

    let device = paired["door"]["device"].as_str().unwrap().parse().unwrap();
    revoke_device(&w.sv, &e.permit, device).await.unwrap();
    let late = api.ask(w, "event", token, "", None).await;
    late.refused(StatusCode::UNAUTHORIZED, "device_revoked");
}

/// Whatever the description calls required is; whatever has another type than it says is not taken.
#[tokio::test]
async fn bodies_that_the_description_forbids_are_refused() {
    let e = Evening::new().await;
    let (w, api) = (&e.w, &e.api);
    let (token, _) = e.paired("").await;
    let line = e.line(1, None, json!("refuse"));
    let pairing = json!({ "token": "x", "device_name": "Turnstile" });
    let mut tried = 0;
    for (schema, whole) in [("ScanReport", &line), ("PairRequest", &pairing)] {
        for field in api.required(schema) {
            for put in [None, Some(json!({ "not": "this" })), Some(json!([[]]))] {
                let mut broken = whole.clone();
                let fields = broken.as_object_mut().unwrap();
                match put {
                    None => fields.remove(&field),
                    Some(other) => fields.insert(field.clone(), other),
                };
                assert!(!api.allows(schema, &broken), "{schema}.{field}");
                let answer = if schema == "PairRequest" {
                    api.ask(w, "pair", None, "", Some(&broken)).await
                } else {
                    let batch = json!({ "scans": [broken], "pending": 0 });
                    api.ask(w, "scans", Some(&token), "", Some(&batch)).await
                };
                answer.refused(StatusCode::UNPROCESSABLE_ENTITY, "bad_request");
                tried += 1;
            }
        }
    }
    assert!(tried >= 18, "{tried}");
}
