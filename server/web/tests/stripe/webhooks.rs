use domain::orders::OrderState;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::shop::{GOOD, Shop, now};

pub fn sign(secret: &str, second: i64, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(format!("{second}.{body}").as_bytes());
    let bytes = mac.finalize().into_bytes();
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("t={second},v1={digits}")
}

pub async fn post(shop: &Shop, body: &str, proof: Option<&str>) -> u16 {
    let mut request = reqwest::Client::new()
        .post(format!("{}/webhooks/stripe", shop.url))
        .header("content-type", "application/json")
        .body(body.to_owned());
    if let Some(proof) = proof {
        request = request.header("stripe-signature", proof);
    }
    request.send().await.unwrap().status().as_u16()
}

/// What Stripe would say of a payment, for whoever wants to forge it.
fn paid(page: &str, payment: &Value) -> String {
    json!({
        "id": format!("evt_{page}"), "object": "event", "type": "checkout.session.completed",
        "data": { "object": {
            "id": page, "payment_status": "paid", "payment_intent": "pi_1", "amount_total": 1500, "currency": "eur",
            "metadata": { "bilten_payment": payment },
        } },
    })
    .to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_but_stripe_is_believed() {
    let shop = Shop::open(10).await;
    let placed = shop.orders(1).await;
    let page = shop.page(&placed).await.unwrap();
    let payment = shop.stripe.object(&page)["client_reference_id"].clone();
    let (second, secret) = (now().as_second(), shop.stripe.webhook_secret.clone());
    let body = paid(&page, &payment);
    let good = sign(&secret, second, &body);
    let altered = body.replace("1500", "1501");
    // A machine's clock may be set right meanwhile.
    let old = sign(&secret, second - 310, &body);
    let early = sign(&secret, second + 400, &body);
    for (what, body, proof) in [
        ("unsigned", &body, None),
        ("empty", &body, Some(String::new())),
        (
            "with another secret",
            &body,
            Some(sign("whsec_other", second, &body)),
        ),
        ("altered", &altered, Some(good.clone())),
        ("old", &body, Some(old)),
        ("from the future", &body, Some(early)),
        (
            "of another version",
            &body,
            Some(good.replace("v1=", "v0=")),
        ),
    ] {
        assert_eq!(post(&shop, body, proof.as_deref()).await, 400, "{what}");
    }
    let nonsense = "{\"id\":1}";
    assert_eq!(
        post(&shop, nonsense, Some(&sign(&secret, second, nonsense))).await,
        400
    );
    let large = format!("\"{}\"", "x".repeat(200 * 1024));
    assert_eq!(
        post(&shop, &large, Some(&sign(&secret, second, &large))).await,
        413
    );
    assert_eq!(shop.count("select count(*) from provider_events").await, 0);
    assert_eq!(shop.order(&placed).await.state, OrderState::Pending);
    // The same message with a good signature, beside one of a secret that is gone.
    let both = format!(
        "{},{}",
        sign("whsec_before", second, &body).replace("t=", "t0="),
        good
    );
    assert_eq!(post(&shop, &body, Some(&both)).await, 200);
    assert_eq!(post(&shop, &body, Some(&good)).await, 200, "again is fine");
    assert_eq!(shop.order(&placed).await.state, OrderState::Paid);
    assert_eq!(shop.count("select count(*) from provider_events").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_come_in_without_cookies_forms_or_a_pace() {
    let shop = Shop::open(10).await;
    shop.sells(2).await;
    let kept = shop
        .count("select count(*) from provider_events where outcome in ('done', 'ignored')")
        .await;
    assert!(kept >= 2, "{kept}");
    assert!(
        shop.stripe
            .deliveries()
            .iter()
            .all(|delivery| delivery["status"] == 200)
    );
    // Nothing of the buyer is in them.
    assert_eq!(
        shop.count("select count(*) from provider_events where told::text ilike '%@%' or told::text ilike '%ada%'").await,
        0
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn between_our_form_and_their_page_stands_a_page_of_ours() {
    let shop = Shop::open(10).await;
    let placed = shop.orders(1).await;
    let browser = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let get = async |path: &str| {
        let address = format!("{}/orders/{}{path}", shop.url, placed.secret);
        let answer = browser
            .get(address)
            .header("accept", "text/html")
            .send()
            .await
            .unwrap();
        let to = answer
            .headers()
            .get("location")
            .map(|to| to.to_str().unwrap().to_owned());
        (
            answer.status().as_u16(),
            to.unwrap_or_default(),
            answer.text().await.unwrap(),
        )
    };
    let (status, to, _) = get("/leave").await;
    assert_eq!((status, to), (302, format!("/orders/{}", placed.secret)));
    let page = shop.page(&placed).await.unwrap();
    let url = shop.stripe.object(&page)["url"]
        .as_str()
        .unwrap()
        .to_owned();
    let (status, _, body) = get("/leave").await;
    assert_eq!(status, 200);
    assert!(
        body.contains(&format!("content=\"0; url={url}\"")),
        "{body}"
    );
    assert!(
        body.contains(&format!("href=\"{url}\"")),
        "without scripts and refreshing there is a link"
    );
    shop.stripe.pay_session(&page, GOOD).unwrap();
    shop.hear().await;
    let (status, to, _) = get("/leave").await;
    assert_eq!((status, to), (302, format!("/orders/{}", placed.secret)));
}
