//! What the script in a page may do with the publishable key, and what it is served.
#![expect(clippy::expect_used, reason = "helpers of tests")]

use serde_json::Value;
use stripe_double::{Double, Options};

const CARD: [(&str, &str); 5] = [
    ("payment_method_data[type]", "card"),
    ("payment_method_data[card][number]", "4242424242424242"),
    ("payment_method_data[card][exp_month]", "12"),
    ("payment_method_data[card][exp_year]", "44"),
    ("return_url", "http://shop.example/back"),
];

async fn answer(request: reqwest::RequestBuilder) -> (u16, Value) {
    let answer = request.send().await.expect("an answer");
    let status = answer.status().as_u16();
    let text = answer.text().await.expect("a body");
    (status, serde_json::from_str(&text).expect("JSON"))
}

#[tokio::test]
async fn a_page_sees_and_confirms_the_one_payment_whose_secret_it_has() {
    let double = Double::start(Options::default()).await.expect("a double");
    let client = reqwest::Client::new();
    let (intents, key) = (
        format!("{}/v1/payment_intents", double.url),
        double.publishable_key.as_str(),
    );
    let made = client.post(&intents).bearer_auth(&double.secret_key);
    let (_, made) = answer(made.form(&[
        ("amount", "5000"),
        ("currency", "eur"),
        ("metadata[mine]", "1"),
    ]))
    .await;
    let id = made["id"].as_str().expect("an id");
    let secret = made["client_secret"].as_str().expect("a secret");
    // Nothing else may be done with it, and nothing without the secret.
    for (request, status) in [
        (client.get(format!("{intents}?key={key}")), 403),
        (client.post(&intents).bearer_auth(key), 403),
        (
            client
                .post(format!("{intents}/{id}/cancel"))
                .bearer_auth(key),
            403,
        ),
        (client.get(format!("{intents}/{id}?key={key}")), 400),
        (
            client.get(format!("{intents}/{id}?key={key}&client_secret=pi_x")),
            404,
        ),
        (client.get(format!("{intents}/{id}?key=pk_test_other")), 401),
    ] {
        let (told, body) = answer(request).await;
        assert_eq!(told, status, "{body}");
    }
    let shown = format!("{intents}/{id}?key={key}&client_secret={secret}");
    let (_, shown) = answer(client.get(shown)).await;
    assert_eq!(
        (&shown["amount"], &shown["metadata"]),
        (&made["amount"], &Value::Null)
    );
    let mut form = vec![("key", key), ("client_secret", secret)];
    form.extend(CARD);
    let confirmed = client.post(format!("{intents}/{id}/confirm")).form(&form);
    let (_, confirmed) = answer(confirmed).await;
    assert_eq!(
        (&confirmed["status"], &confirmed["latest_charge"]),
        (&Value::from("succeeded"), &Value::Null)
    );
    for path in ["/v3/", "/endive/stripe.js", "/elements/payment"] {
        let file = client.get(format!("{}{path}", double.url)).send().await;
        assert_eq!(file.expect("an answer").status(), 200, "{path}");
    }
}
