use domain::{
    money::{Currency, Money},
    payments::{DeclineReason, RefundState},
    when::Timestamp,
};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use services::ports::{
    KnownPayment, NotTaken, PaymentStanding, ProviderEvent, ProviderTold, WebhookError,
};
use sha2::Sha256;

use super::{amount, event, signature};

const SECRET: &str = "whsec_test";
const PAYMENT: &str = "019a0000-0000-7000-8000-000000000001";

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn signed(secret: &str, second: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(second.as_bytes());
    mac.update(b".");
    mac.update(body);
    let bytes = mac.finalize().into_bytes();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn only_what_stripe_has_signed_just_now_is_proven() {
    let body = br#"{"id":"evt_1"}"#;
    let good = signed(SECRET, "1000", body);
    let other = signed("whsec_other", "1000", body);
    let verify =
        |proof: &str, body: &[u8], now: i64| signature::verify(SECRET, proof, body, at(now));
    for proof in [
        format!("t=1000,v1={good}"),
        format!("t=1000, v1={good}"),
        format!("v1={other},t=1000,v0={other},v1={good}"),
        format!("t=1000,v1=none,v1={},v1={good}", "g".repeat(64)),
        format!("t=1000,v1={}", good.to_uppercase()),
    ] {
        for now in [700, 1000, 1300] {
            assert_eq!(verify(&proof, body, now), Ok(()), "{proof} at {now}");
        }
    }
    let proof = format!("t=1000,v1={good}");
    assert_eq!(
        verify(&proof, body, 1301),
        Err(WebhookError::NotProven("another time"))
    );
    assert_eq!(
        verify(&proof, body, 699),
        Err(WebhookError::NotProven("another time"))
    );
    let forged = Err(WebhookError::NotProven("another signature"));
    assert_eq!(verify(&proof, br#"{"id":"evt_2"}"#, 1000), forged);
    for proof in [
        // A later time with an old signature; other versions; other secrets; pieces.
        format!("t=1200,v1={good}"),
        format!("t=1000,v0={good}"),
        format!("t=1000,v1={other}"),
        format!("t=1000,v1={}", &good[..62]),
        format!("t=1000,v1={good}00"),
        "t=1000".to_owned(),
        "t=1000,v1=".to_owned(),
    ] {
        assert_eq!(verify(&proof, body, 1000), forged, "{proof}");
    }
    for proof in ["", "v1", &format!("v1={good}")] {
        assert_eq!(
            verify(proof, body, 1000),
            Err(WebhookError::NotProven("no time"))
        );
    }
}

fn read(kind: &str, object: &Value) -> Option<ProviderTold> {
    let body =
        json!({ "id": "evt_1", "object": "event", "type": kind, "data": { "object": object } });
    let event = event::read(&serde_json::to_vec(&body).unwrap()).unwrap();
    assert_eq!((event.id.as_str(), event.kind.as_str()), ("evt_1", kind));
    event.told
}

fn known(told: Option<ProviderTold>) -> KnownPayment {
    match told {
        Some(ProviderTold::Payment { payment, known }) => {
            assert_eq!(payment.to_string(), PAYMENT);
            known
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn sessions_and_intents_say_where_a_payment_stands() {
    let session = |status: &str| {
        json!({
            "id": "cs_1", "payment_status": status, "payment_intent": "pi_1", "amount_total": 4500, "currency": "eur",
            "metadata": { "bilten_payment": PAYMENT }, "customer_details": { "email": "ada@example.com" },
        })
    };
    let failed = |reason| PaymentStanding::Failed { reason };
    for (kind, status, standing, closed) in [
        (
            "checkout.session.completed",
            "paid",
            PaymentStanding::Succeeded,
            true,
        ),
        (
            "checkout.session.completed",
            "unpaid",
            PaymentStanding::Processing,
            false,
        ),
        (
            "checkout.session.async_payment_succeeded",
            "paid",
            PaymentStanding::Succeeded,
            true,
        ),
        (
            "checkout.session.async_payment_failed",
            "unpaid",
            failed(DeclineReason::CardDeclined),
            true,
        ),
        (
            "checkout.session.expired",
            "unpaid",
            failed(DeclineReason::Abandoned),
            true,
        ),
    ] {
        let known = known(read(kind, &session(status)));
        assert_eq!(
            (known.standing, known.closed),
            (standing, closed),
            "{kind} {status}"
        );
        assert_eq!(known.charge_ref.as_deref(), Some("pi_1"));
        assert_eq!(known.amount, Some(Money::new(4500, Currency::EUR)));
    }
    let intent = |error: Value| {
        json!({
            "id": "pi_1", "amount": 700, "currency": "jpy", "last_payment_error": error,
            "metadata": { "bilten_payment": PAYMENT },
        })
    };
    let declined = intent(json!({ "code": "card_declined", "decline_code": "insufficient_funds" }));
    let told = known(read("payment_intent.payment_failed", &declined));
    assert_eq!(told.standing, failed(DeclineReason::InsufficientFunds));
    assert!(!told.closed, "another card may be used on the same page");
    let told = known(read("payment_intent.succeeded", &intent(Value::Null)));
    assert_eq!(
        (told.standing, told.closed),
        (PaymentStanding::Succeeded, true)
    );
    let told = known(read("payment_intent.processing", &intent(Value::Null)));
    assert_eq!(told.standing, PaymentStanding::Processing);
    let told = known(read("payment_intent.canceled", &intent(Value::Null)));
    let abandoned = failed(DeclineReason::Abandoned);
    assert_eq!((told.standing, told.closed), (abandoned, true));
    let mut held = intent(Value::Null);
    held["status"] = json!("requires_capture");
    let told = known(read("payment_intent.amount_capturable_updated", &held));
    assert_eq!((told.standing, told.closed), (PaymentStanding::Held, false));
    held["status"] = json!("canceled");
    let told = read("payment_intent.amount_capturable_updated", &held);
    assert_eq!(told, None, "what is not held any more");
}

#[test]
fn what_is_not_ours_or_not_known_says_nothing() {
    let strange = json!({ "id": "pi_1", "amount": 700, "currency": "eur", "metadata": {} });
    assert_eq!(read("payment_intent.succeeded", &strange), None);
    assert_eq!(
        read("customer.created", &json!({ "email": "ada@example.com" })),
        None
    );
    for body in [
        "",
        "[]",
        "{}",
        r#"{"id":1}"#,
        r#"{"id":"a","type":"payment_intent.succeeded","data":{"object":7}}"#,
    ] {
        let read = event::read(body.as_bytes());
        assert!(
            matches!(read, Err(WebhookError::NotUnderstood(_))),
            "{body}"
        );
    }
}

#[test]
fn refunds_say_whose_they_are() {
    let refund = |status: &str, metadata: Value| {
        json!({
            "id": "re_1", "amount": 300, "currency": "usd", "status": status, "failure_reason": "expired_or_canceled_card",
            "payment_intent": { "id": "pi_1" }, "metadata": metadata,
        })
    };
    let ours = json!({ "bilten_refund": PAYMENT, "bilten_attempt": "2" });
    for (status, state) in [
        ("pending", RefundState::Pending),
        ("requires_action", RefundState::Pending),
        ("succeeded", RefundState::Succeeded),
        ("failed", RefundState::Failed),
        ("canceled", RefundState::Failed),
    ] {
        let Some(ProviderTold::Refund {
            names,
            amount,
            known,
        }) = read("refund.updated", &refund(status, ours.clone()))
        else {
            panic!("{status}");
        };
        assert_eq!((known.state, known.reference.as_str()), (state, "re_1"));
        assert_eq!(names.charge_ref, "pi_1");
        assert_eq!(
            names.ours.map(|(id, attempt)| (id.to_string(), attempt)),
            Some((PAYMENT.to_owned(), 2))
        );
        assert_eq!(amount, Money::new(300, Currency::USD));
    }
    let Some(ProviderTold::Refund { names, .. }) =
        read("refund.created", &refund("succeeded", Value::Null))
    else {
        panic!("a refund of the dashboard");
    };
    assert_eq!(names.ours, None);
}

/// It is kept in the database for months.
#[test]
fn nothing_about_people_is_kept_of_a_message() {
    let session = json!({
        "id": "cs_1", "payment_status": "paid", "amount_total": 4500, "currency": "eur",
        "metadata": { "bilten_payment": PAYMENT }, "customer_email": "ada@example.com",
        "customer_details": { "name": "Ada", "address": { "line1": "1 Long Lane" } },
    });
    let told = read("checkout.session.completed", &session);
    let kept = serde_json::to_string(&told).unwrap();
    for word in ["ada@", "Ada", "Lane"] {
        assert!(!kept.contains(word), "{kept}");
    }
    let event = ProviderEvent {
        id: "evt_1".into(),
        kind: "x".into(),
        told,
    };
    let again: ProviderEvent =
        serde_json::from_str(&serde_json::to_string(&event).unwrap()).unwrap();
    assert_eq!(again, event);
}

#[test]
fn what_no_card_can_be_charged_with_is_known() {
    let takes = |minor, currency| amount::takes(Money::new(minor, currency));
    let too_small = |least, currency| {
        let least = Money::new(least, currency);
        Err(NotTaken::TooSmall { least })
    };
    let step = Money::new(10, Currency::KWD);
    for (minor, currency, expected) in [
        (50, Currency::EUR, Ok(())),
        (49, Currency::EUR, too_small(50, Currency::EUR)),
        (17_499, Currency::HUF, too_small(17_500, Currency::HUF)),
        (50, Currency::JPY, Ok(())),
        (1_255, Currency::KWD, Err(NotTaken::Uneven { step })),
        (1_250, Currency::KWD, Ok(())),
    ] {
        assert_eq!(takes(minor, currency), expected, "{minor} {currency}");
    }
}

#[test]
fn amounts_are_counted_as_stripe_does() {
    for (minor, currency, theirs) in [
        (1250, Currency::EUR, 1250),
        (1250, Currency::JPY, 1250),
        (1250, Currency::KWD, 1250),
        (12, Currency::ISK, 1200),
    ] {
        let ours = Money::new(minor, currency);
        assert_eq!(amount::to_stripe(ours).unwrap(), theirs);
        assert_eq!(
            amount::from_stripe(theirs, &currency.as_str().to_lowercase()),
            Some(ours)
        );
    }
    let odd = amount::to_stripe(Money::new(1255, Currency::KWD));
    assert!(odd.unwrap_err().to_string().contains("0.010"));
    assert_eq!(amount::from_stripe(1, "xxx"), None);
}
