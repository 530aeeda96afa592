//! Every object has every field that Stripe's has; `keys.json` says where the names come from.
#![expect(clippy::expect_used, reason = "helpers of tests")]

use serde_json::{Value, json};
use stripe_double::{Double, Options};

struct Shop {
    double: Double,
    client: reqwest::Client,
}

impl Shop {
    async fn post(&self, path: &str, form: &[(&str, &str)]) -> Value {
        self.ask(
            self.client
                .post(format!("{}/v1/{path}", self.double.url))
                .form(form),
        )
        .await
    }

    async fn get(&self, path: &str) -> Value {
        self.ask(self.client.get(format!("{}/v1/{path}", self.double.url)))
            .await
    }

    async fn ask(&self, request: reqwest::RequestBuilder) -> Value {
        let answer = request
            .bearer_auth(&self.double.secret_key)
            .send()
            .await
            .expect("an answer");
        let well = answer.status().is_success();
        let text = answer.text().await.expect("a body");
        assert!(well, "{text}");
        serde_json::from_str(&text).expect("JSON")
    }

    async fn pays(&self, method: &str, more: &[(&str, &str)]) -> Value {
        let mut form = vec![
            ("amount", "5000"),
            ("currency", "eur"),
            ("confirm", "true"),
            ("payment_method_types[0]", "card"),
            ("payment_method", method),
        ];
        form.extend(more);
        self.post("payment_intents", &form).await
    }
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().expect(key)
}

/// The names that an object lacks.
fn lacking(object: &Value, names: &Value) -> Vec<String> {
    let names = names.as_array().expect("names of this kind of object");
    let lacks = |name: &&str| {
        let parts: Vec<&str> = name.split('.').collect();
        let (last, before) = parts.split_last().expect("a name");
        let mut parent = object;
        for part in before {
            // What is made by another kind of method has other fields.
            if *part == "card" && parent["type"] != "card" {
                return false;
            }
            parent = &parent[*part];
        }
        let other_kind = *last == "card" && parent["type"].is_string() && parent["type"] != "card";
        parent
            .as_object()
            .is_some_and(|map| !map.contains_key(*last))
            && !other_kind
    };
    names
        .iter()
        .filter_map(Value::as_str)
        .filter(lacks)
        .map(str::to_owned)
        .collect()
}

#[tokio::test]
async fn every_object_has_every_field() {
    let double = Double::start(Options::default().webhook("http://127.0.0.1:9/nobody"))
        .await
        .expect("a free port");
    let shop = Shop {
        double,
        client: reqwest::Client::new(),
    };
    let account = shop
        .post(
            "accounts",
            &[
                ("type", "express"),
                ("country", "DE"),
                ("capabilities[transfers][requested]", "true"),
            ],
        )
        .await;
    let account = text(&account, "id").to_owned();
    let link = shop
        .post(
            "account_links",
            &[
                ("account", &account),
                ("type", "account_onboarding"),
                ("return_url", "http://shop.example/"),
                ("refresh_url", "http://shop.example/"),
            ],
        )
        .await;
    shop.double
        .account_state(&account, "enabled")
        .expect("a state");
    let login = shop
        .post(&format!("accounts/{account}/login_links"), &[])
        .await;

    let shares = [
        ("transfer_data[destination]", account.as_str()),
        ("application_fee_amount", "300"),
    ];
    let paid = shop.pays("pm_card_bypassPending", &shares).await;
    shop.post(
        "refunds",
        &[
            ("payment_intent", text(&paid, "id")),
            ("amount", "100"),
            ("reverse_transfer", "true"),
            ("refund_application_fee", "true"),
        ],
    )
    .await;
    shop.pays(
        "pm_card_threeDSecure2Required",
        &[("return_url", "http://shop.example/")],
    )
    .await;
    shop.pays("pm_card_visa", &[("capture_method", "manual")])
        .await;
    let disputed = shop.pays("pm_card_visa", &[]).await;
    shop.double
        .dispute(text(&disputed, "id"), "fraudulent")
        .expect("a dispute");
    shop.double
        .control("POST", "payouts/run", json!({}))
        .expect("payouts");
    assert_eq!(shop.double.ids("payout").len(), 1);
    shop.post("customers", &[("email", "ada@example.com")])
        .await;
    for by in ["card", "debit"] {
        let session = shop
            .post(
                "checkout/sessions",
                &[
                    ("mode", "payment"),
                    ("success_url", "http://shop.example/"),
                    ("line_items[0][quantity]", "1"),
                    ("line_items[0][price_data][currency]", "eur"),
                    ("line_items[0][price_data][unit_amount]", "2000"),
                    ("line_items[0][price_data][product_data][name]", "Stalls"),
                ],
            )
            .await;
        let id = text(&session, "id");
        match by {
            "card" => shop
                .double
                .pay_session(id, "4242424242424242")
                .expect("a payment"),
            _ => shop.double.pay_session_by_debit(id).expect("a debit"),
        };
    }

    let keys: Value = serde_json::from_str(include_str!("keys.json")).expect("names");
    let mut faults = Vec::new();
    let alone = [
        ("account_link", link),
        ("login_link", login),
        ("balance", shop.get("balance").await),
    ];
    for (kind, object) in &alone {
        faults.extend(
            lacking(object, &keys[kind])
                .into_iter()
                .map(|name| format!("{kind}: {name}")),
        );
    }
    for kind in keys.as_object().expect("kinds").keys() {
        let ids = shop.double.ids(kind);
        let is_alone = kind == "_note" || alone.iter().any(|(known, _)| known == kind);
        assert_eq!(ids.is_empty(), is_alone, "{kind} was not made");
        for id in ids {
            let object = shop.double.object(&id);
            faults.extend(
                lacking(&object, &keys[kind])
                    .into_iter()
                    .map(|name| format!("{kind}: {name}")),
            );
        }
    }
    faults.sort();
    faults.dedup();
    assert!(faults.is_empty(), "lacking:\n{}", faults.join("\n"));
}
