//! Messages in Stripe's name that Stripe has not sent: none counts, and none is kept.

use std::sync::Arc;

use adapters::{Stripe, config::Config};
use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use bilten::{AppState, router};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use testkit::{Attack, World, tries};

use super::send;

const SECRET: &str = "whsec_of_the_house";

fn sign(secret: &str, second: i64, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(format!("{second}.{body}").as_bytes());
    let digits: String = mac
        .finalize()
        .into_bytes()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("t={second},v1={digits}")
}

/// The same numbers in each run.
fn drawn(state: &mut u64) -> u64 {
    *state = state
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    *state >> 33
}

/// One hexadecimal digit is another one.
fn bent(text: &str, at: usize) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let at = at % bytes.len();
    bytes[at] = if bytes[at] == b'0' { b'1' } else { b'0' };
    String::from_utf8(bytes).unwrap()
}

#[tokio::test]
async fn forged_messages_of_the_payment_provider() {
    let w = World::new().await;
    let settings = [
        ("BILTEN_PAYMENT__KIND", "stripe"),
        ("BILTEN_PAYMENT__STRIPE_SECRET_KEY", "sk_test_1"),
        ("BILTEN_PAYMENT__STRIPE_WEBHOOK_SECRET", SECRET),
    ];
    let settings = settings.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let config = Config::load(None, settings).unwrap();
    let sv = w.paid_through(Arc::new(Stripe::new(&config.payment).unwrap()));
    let app = router(AppState::new(sv, config, "no-such-folder".into(), None).unwrap());
    let tell = async |body: &str, proof: &str| {
        let request = Request::post("/webhooks/stripe")
            .header(header::CONTENT_TYPE, "application/json")
            .header("stripe-signature", proof)
            .body(Body::from(body.to_owned()));
        send(&app, request.unwrap()).await.status
    };
    let now = w.now().as_second();
    let mut attack = Attack::on("messages in the payment provider's name");
    let mut state = 7;
    for number in 0..tries(300, 10_000) {
        let body = format!(
            r#"{{"id":"evt_{number}","object":"event","type":"checkout.session.completed","data":{{"object":{{"id":"cs_{number}","payment_status":"paid"}}}}}}"#
        );
        let good = sign(SECRET, now, &body);
        let (time, signature) = good.split_once(",v1=").unwrap();
        let at = usize::try_from(drawn(&mut state)).unwrap();
        let away = 301 + i64::try_from(drawn(&mut state) % 1_000_000).unwrap();
        let (body, proof) = match number % 12 {
            0 => (body, format!("{time},v1={}", bent(signature, at))),
            1 => (body.replace("paid", "paiD"), good),
            2 => (body.clone(), sign(SECRET, now - away, &body)),
            3 => (body.clone(), sign(SECRET, now + away, &body)),
            4 => (body.clone(), sign(&format!("whsec_{at}"), now, &body)),
            5 => (body.clone(), sign("", now, &body)),
            6 => (body, good.replace("v1=", "v0=")),
            7 => (
                body,
                format!("{time},v1={}", &signature[..at % signature.len()]),
            ),
            8 => (body, format!("t={},v1={signature}", now - 1 - away % 200)),
            9 => (body, format!("v1={signature}")),
            10 => (
                body,
                format!("{time},t={},v1={}", now + 1, bent(signature, at)),
            ),
            // The signature of another message.
            _ => (body, sign(SECRET, now, "{}")),
        };
        let status = tell(&body, &proof).await;
        attack.note(status != StatusCode::BAD_REQUEST, || {
            format!("{status}: {proof} {body}")
        });
    }
    let kept = w.count("select count(*) from provider_events").await;
    attack.note(kept > 0, || format!("{kept} messages were kept"));
    let body = r#"{"id":"evt_good","object":"event","type":"customer.created","data":{"object":{"id":"cus_1"}}}"#;
    let genuine = tell(body, &sign(SECRET, now, body)).await;
    assert_eq!(genuine, StatusCode::OK, "the genuine one is taken");
    attack.end(300);
}
