//! Paying in the shop's own page, in fields of Stripe's.

use domain::{
    orders::{OrderState, OrderTransitionError},
    payments::DeclineReason,
};
use serde_json::{Value, json};
use services::{
    orders::RefundChoice,
    payments::{self, OpenPage, StartError},
};

use crate::shop::{GOOD, Shop, WITHOUT_MONEY};

const ASKS_FIRST: &str = "4000000000003220";

/// Stripe's name for the payment that a secret is for.
fn intent(client_secret: &str) -> &str {
    client_secret.split("_secret_").next().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn declined_then_refused_at_the_bank_then_paid_all_on_one_intent() {
    let shop = Shop::in_page(10).await;
    let placed = shop.orders(3).await;
    let secret = shop.fields(&placed).await.unwrap();
    let made = shop.stripe.object(intent(&secret));
    assert_eq!(
        (&made["amount"], &made["currency"]),
        (&json!(4500), &json!("eur"))
    );
    assert_eq!(made["automatic_payment_methods"]["enabled"], true);
    assert_eq!(
        made["metadata"]["bilten_payment"],
        shop.text("select id::text from payments").await
    );
    assert!(made["metadata"]["bilten_order"].is_string());
    assert_eq!(made["transfer_data"], Value::Null);
    assert_eq!(
        shop.fields(&placed).await.unwrap(),
        secret,
        "the page is shown again"
    );
    assert_eq!(shop.stripe.ids("payment_intent").len(), 1);
    let declined = shop.confirms_card(&secret, WITHOUT_MONEY).await;
    assert_eq!(declined["error"]["decline_code"], "insufficient_funds");
    assert_eq!(
        declined["error"]["payment_intent"]["metadata"],
        Value::Null,
        "pages see less"
    );
    shop.hear().await;
    let order = shop.order(&placed).await;
    assert_eq!(order.state, OrderState::Pending);
    assert_eq!(
        order.payment.unwrap().decline_reason,
        Some(DeclineReason::InsufficientFunds)
    );
    // The page that is open goes on with the same intent.
    for answer in ["fail", "complete"] {
        let asked = shop.confirms_card(&secret, ASKS_FIRST).await;
        assert_eq!(asked["status"], "requires_action", "{asked}");
        shop.answers_bank(intent(&secret), answer).await;
    }
    shop.hear().await;
    let order = shop.order(&placed).await;
    assert_eq!((order.state, order.tickets.len()), (OrderState::Paid, 3));
    assert_eq!(shop.stripe.ids("payment_intent").len(), 1);
    assert_eq!(shop.books().await, 4500);
    let again = shop.fields(&placed).await;
    assert!(matches!(
        again,
        Err(StartError::Transition(OrderTransitionError::AlreadyPaid))
    ));
    shop.give_back(&placed, RefundChoice::Amount(shop.event.money(1234)))
        .await;
    shop.hear().await;
    assert_eq!(shop.books().await, 3266);
    // Whoever reads our database cannot pay in another's name.
    let secret = secret.split("_secret_").nth(1).unwrap();
    let kept = format!(
        "select (select count(*) from payments p where p::text like '%{secret}%')
              + (select count(*) from provider_events e where e::text like '%{secret}%')
              + (select count(*) from payment_events e where e::text like '%{secret}%')"
    );
    assert_eq!(shop.count(&kept).await, 0);
    shop.sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_can_pay_in_the_page_of_an_order_that_is_over() {
    let shop = Shop::in_page(1).await;
    let placed = shop.orders(1).await;
    let secret = shop.fields(&placed).await.unwrap();
    shop.expire(&placed).await;
    shop.compare().await;
    assert_eq!(shop.stripe.object(intent(&secret))["status"], "canceled");
    let late = shop.confirms_card(&secret, GOOD).await;
    assert_eq!(late["error"]["code"], "payment_intent_unexpected_state");
    shop.hear().await;
    assert_eq!(shop.order(&placed).await.state, OrderState::Expired);
    assert_eq!(
        shop.count("select count(*) from payments where closed_at is null")
            .await,
        0
    );
    assert_eq!(shop.books().await, 0);
    shop.sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_changes_the_way_pays_on_the_last_one_only() {
    let shop = Shop::in_page(10).await;
    let placed = shop.orders(1).await;
    let first = shop.fields(&placed).await.unwrap();
    let nowhere = payments::open_page(&shop.sv, &placed.secret).await.unwrap();
    assert_eq!(nowhere, OpenPage::None, "nobody is sent away");
    let page = shop.page(&placed).await.unwrap();
    assert_eq!(shop.stripe.object(intent(&first))["status"], "canceled");
    assert!(shop.confirms_card(&first, GOOD).await["error"].is_object());
    assert!(shop.stripe.pay_session(&page, WITHOUT_MONEY).is_err());
    shop.hear().await;
    // Declined there, and back to the shop's own page.
    let second = shop.fields(&placed).await.unwrap();
    assert_ne!(first, second);
    assert_eq!(shop.stripe.object(&page)["status"], "expired");
    assert!(shop.stripe.pay_session(&page, GOOD).is_err());
    let paid = shop.confirms_card(&second, GOOD).await;
    assert_eq!(paid["status"], "succeeded");
    // Before the message comes, somebody asks for the other page: it finds the money.
    let other = shop.page(&placed).await;
    assert!(matches!(
        other,
        Err(StartError::Transition(OrderTransitionError::AlreadyPaid))
    ));
    shop.hear().await;
    assert_eq!(shop.order(&placed).await.tickets.len(), 1);
    assert_eq!(shop.books().await, 1500);
    shop.sound().await;
}

/// Two windows at the same moment, one for each way: however it goes, the order is paid once, and what came twice goes back.
#[tokio::test(flavor = "multi_thread")]
async fn two_ways_at_once_are_paid_once() {
    let shop = Shop::in_page(20).await;
    for _ in 0..5 {
        let placed = shop.orders(1).await;
        let (page, fields) = tokio::join!(
            payments::start(&shop.sv, &placed.secret),
            shop.fields(&placed)
        );
        assert!(page.is_ok() && fields.is_ok(), "{page:?} {fields:?}");
        let own = format!(
            "select count(*) from payments p join orders o on o.id = p.order_id where o.code = '{}'",
            placed.code
        );
        assert_eq!(shop.count(&own).await, 2, "each way has a row of its own");
        let session = format!(
            "select p.provider_ref from payments p join orders o on o.id = p.order_id
             where o.code = '{}' and not p.in_page",
            placed.code
        );
        let session = shop.text(&session).await;
        // Whichever of them was not closed is paid, both if need be.
        let hosted = shop.stripe.pay_session(&session, GOOD).is_ok();
        let inside = shop.confirms_card(&fields.unwrap(), GOOD).await;
        let inside = inside["status"] == "succeeded";
        assert!(hosted || inside, "one is open");
        shop.hear().await;
        let order = shop.order(&placed).await;
        assert_eq!((order.state, order.tickets.len()), (OrderState::Paid, 1));
    }
    shop.hear().await;
    assert_eq!(shop.books().await, 5 * 1500);
    shop.sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_whose_answer_was_lost_is_made_by_nobody() {
    let shop = Shop::in_page(10).await;
    let placed = shop.orders(1).await;
    for kind in [
        "error_after",
        "timeout_after",
        "rate_limit",
        "timeout_before",
    ] {
        let fault = json!({ "kind": kind, "path": "/v1/payment_intents" });
        shop.stripe.fault(fault).unwrap();
        let lost = shop.fields(&placed).await;
        assert!(
            matches!(lost, Err(StartError::ProviderDown)),
            "{kind}: {lost:?}"
        );
    }
    let secret = shop.fields(&placed).await.unwrap();
    // Asked for again while Stripe is away: it stays what it is.
    shop.stripe
        .fault(json!({ "kind": "timeout_before", "path": "/v1/payment_intents", "method": "GET" }))
        .unwrap();
    assert!(matches!(
        shop.fields(&placed).await,
        Err(StartError::ProviderDown)
    ));
    assert_eq!(shop.fields(&placed).await.unwrap(), secret);
    shop.confirms_card(&secret, GOOD).await;
    shop.hear().await;
    assert_eq!(shop.order(&placed).await.state, OrderState::Paid);
    assert_eq!(shop.stripe.ids("charge").len(), 1);
    assert_eq!(shop.books().await, 1500);
    shop.sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_messages_the_buyer_who_comes_back_and_the_comparison_find_it() {
    let shop = Shop::in_page(10).await;
    shop.stripe
        .webhooks("lose", json!({ "count": 1000 }))
        .unwrap();
    let (back, found) = (shop.orders(1).await, shop.orders(2).await);
    for placed in [&back, &found] {
        let secret = shop.fields(placed).await.unwrap();
        shop.confirms_card(&secret, GOOD).await;
    }
    assert!(payments::come_back(&shop.sv, &back.secret).await.unwrap());
    assert_eq!(shop.order(&back).await.state, OrderState::Paid);
    assert_eq!(shop.order(&found).await.state, OrderState::Pending);
    shop.compare().await;
    assert_eq!(shop.order(&found).await.tickets.len(), 2);
    assert_eq!(shop.books().await, 4500);
    shop.sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_debit_in_the_page_takes_days_and_may_come_to_nothing() {
    let shop = Shop::in_page(10).await;
    let placed = shop.orders(1).await;
    let debit = [
        ("payment_method_data[type]", "sepa_debit"),
        (
            "payment_method_data[sepa_debit][iban]",
            "DE08370400440532013003",
        ),
        ("payment_method_data[billing_details][name]", "Ada"),
        (
            "payment_method_data[billing_details][email]",
            "ada@example.com",
        ),
    ];
    let secret = shop.fields(&placed).await.unwrap();
    let ordered = shop.confirms(&secret, &debit).await;
    assert_eq!(ordered["status"], "processing", "{ordered}");
    // Before the message comes, and after it: nothing else is begun, whatever way is asked for.
    for heard in [false, true] {
        if heard {
            shop.hear().await;
        }
        assert!(matches!(
            shop.fields(&placed).await,
            Err(StartError::UnderWay)
        ));
        assert!(matches!(
            shop.page(&placed).await,
            Err(StartError::UnderWay)
        ));
        assert!(shop.order(&placed).await.is_processing());
    }
    shop.stripe.settle_payment(intent(&secret), false).unwrap();
    shop.hear().await;
    let order = shop.order(&placed).await;
    assert_eq!(
        (order.state, order.is_processing()),
        (OrderState::Pending, false)
    );
    let again = shop.fields(&placed).await.unwrap();
    shop.confirms_card(&again, GOOD).await;
    shop.hear().await;
    assert_eq!(shop.order(&placed).await.state, OrderState::Paid);
    assert_eq!(shop.books().await, 1500);
    shop.sound().await;
}

/// The page's script asks over HTTP like this; what it may load is said for that page alone.
#[tokio::test(flavor = "multi_thread")]
async fn only_the_page_of_paying_lets_stripe_in_and_only_where_that_is_chosen() {
    let foreign = |policy: &str, url: &str| policy.contains(url);
    for (shop, chosen) in [(Shop::in_page(9).await, true), (Shop::open(9).await, false)] {
        let placed = shop.orders(1).await;
        let order = format!("/orders/{}", placed.secret);
        let get = async |path: &str| {
            let answer = reqwest::get(format!("{}{path}", shop.url)).await.unwrap();
            assert_eq!(answer.status(), 200, "{path}");
            let headers = answer.headers().clone();
            (headers, answer.text().await.unwrap())
        };
        let (headers, page) = get(&format!("{order}/pay")).await;
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert_eq!(foreign(policy, &shop.stripe.url), chosen, "{policy}");
        assert_eq!(!policy.contains("strict-dynamic"), chosen, "{policy}");
        assert!(policy.contains("object-src 'none'; base-uri 'none'; form-action 'self'"));
        assert_eq!(page.contains("/pay.js"), chosen);
        assert_eq!(page.contains(&shop.stripe.publishable_key), chosen);
        assert!(page.contains("start_payment"), "the other way is there");
        for path in ["/", "/events", &order, &format!("/e/{}", shop.event.slug)] {
            let (headers, page) = get(path).await;
            let policy = headers["content-security-policy"].to_str().unwrap();
            assert!(!foreign(policy, &shop.stripe.url), "{path}: {policy}");
            assert!(!page.contains("/pay.js"), "{path}");
        }
        let asked = reqwest::Client::new()
            .post(format!("{}/api/app_api/checkout/pay/pay_in_page", shop.url))
            .header("origin", &shop.url)
            .header("accept", "application/json")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(format!("secret={}", placed.secret))
            .send()
            .await
            .unwrap();
        assert_eq!(asked.status() == 200, chosen);
        if chosen {
            let told: Value = serde_json::from_str(&asked.text().await.unwrap()).unwrap();
            assert_eq!(told["todo"], "show");
            let secret = told["client_secret"].as_str().unwrap();
            assert_eq!(shop.fields(&placed).await.unwrap(), secret);
        }
    }
}
