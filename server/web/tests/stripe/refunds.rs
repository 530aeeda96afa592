//! Refunds whose answers are lost, and those that somebody makes with Stripe's own tools.

use std::time::Duration;

use domain::{orders::OrderState, tickets::TicketState};
use serde_json::{Value, json};
use services::{db::Scope, orders::RefundChoice, payments};

use crate::{disputes::exchanged, shop::Shop};

fn by_dashboard(charge: &str, status: &str) -> Value {
    json!({
        "id": "re_dashboard", "object": "refund", "amount": 500, "currency": "eur", "status": status,
        "payment_intent": charge, "metadata": {},
        "failure_reason": if status == "failed" { json!("lost_or_stolen_card") } else { Value::Null },
    })
}

async fn ends(shop: &Shop) -> (i64, i64, i64) {
    (
        shop.count("select count(*) from refunds where state = 'failed'").await,
        shop.count("select count(*) from refunds").await,
        shop.count("select coalesce(sum(amount_minor), 0)::bigint from ledger_entries where account = 'refunds_payable'").await,
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refund_of_the_dashboard_that_is_told_to_have_failed_first_ends_as_if_told_in_order() {
    let mut seen = Vec::new();
    for order in [["pending", "failed"], ["failed", "pending"]] {
        let shop = Shop::open(10).await;
        shop.sells(2).await;
        let charge = shop.text("select charge_ref from payments").await;
        for (n, status) in order.iter().enumerate() {
            let kind = if *status == "failed" {
                "refund.failed"
            } else {
                "refund.created"
            };
            let object = by_dashboard(&charge, status);
            assert_eq!(shop.says(&format!("evt_{n}"), kind, &object).await, 200);
        }
        shop.work().await;
        seen.push(ends(&shop).await);
        shop.sound().await;
    }
    assert_eq!(seen, [(1, 1, -500); 2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_messages_about_one_refund_of_the_dashboard_at_once_are_one_refund() {
    let shop = Shop::open(10).await;
    shop.sells(2).await;
    let charge = shop.text("select charge_ref from payments").await;
    let object = by_dashboard(&charge, "succeeded");
    let says = |n: usize| {
        let (shop, object) = (&shop, &object);
        async move {
            shop.says(&format!("evt_{n}"), "refund.updated", object)
                .await
        }
    };
    let (a, b, c, d) = tokio::join!(says(1), says(2), says(3), says(4));
    assert_eq!([a, b, c, d], [200; 4]);
    shop.hurry().await;
    assert_eq!(ends(&shop).await, (0, 1, 0));
    assert_eq!(shop.count("select refunded_minor from orders").await, 500);
    assert_eq!(
        shop.count(
            "select count(*) from provider_events where outcome <> 'done' and told is not null"
        )
        .await,
        0
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refund_of_the_dashboard_is_compared_by_its_name() {
    let shop = Shop::open(10).await;
    shop.sells(2).await;
    let charge = shop.text("select charge_ref from payments").await;
    shop.stripe
        .webhooks("lose", json!({ "count": 1000 }))
        .unwrap();
    let mut made = shop
        .by_hand(
            "/v1/refunds",
            &[("payment_intent", &charge), ("amount", "500")],
        )
        .await;
    // The only message that comes says that it is under way.
    made["status"] = json!("pending");
    assert_eq!(shop.says("evt_early", "refund.created", &made).await, 200);
    assert_eq!(shop.text("select state from refunds").await, "pending");
    shop.compare().await;
    assert_eq!(shop.text("select state from refunds").await, "succeeded");
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_answer_to_a_refund_is_unknown_no_other_try_is_begun() {
    let shop = Shop::open(10).await;
    let placed = shop.sells(3).await;
    shop.stripe
        .webhooks("lose", json!({ "count": 1000 }))
        .unwrap();
    let fault =
        json!({ "kind": "timeout_before", "path": "/v1/refunds", "method": "POST", "count": 20 });
    shop.stripe.fault(fault).unwrap();
    shop.give_back(&placed, RefundChoice::Amount(shop.event.money(500)))
        .await;
    shop.work().await;
    // Its job is gone, as if the process had died with it.
    shop.run("update jobs set dead_at = now() where kind = 'send_refund'")
        .await;
    shop.compare().await;
    assert_eq!(shop.count("select attempt::bigint from refunds").await, 1);
    assert_eq!(
        shop.count("select count(*) from jobs where kind = 'send_refund' and dead_at is null")
            .await,
        0
    );
    // Long after, the provider says that it knows of nothing.
    shop.stripe.control("DELETE", "faults", json!({})).unwrap();
    shop.run("update refunds set tried_at = tried_at - interval '16 minutes'")
        .await;
    shop.compare().await;
    assert_eq!(shop.count("select attempt::bigint from refunds").await, 2);
    assert_eq!(shop.order(&placed).await.refunds[0].state, "succeeded");
    assert_eq!(shop.stripe.ids("refund").len(), 1);
    assert_eq!(shop.books().await, 4000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_try_that_nobody_knew_of_is_never_dropped_in_silence() {
    let shop = Shop::open(10).await;
    let placed = shop.sells(3).await;
    shop.give_back(&placed, RefundChoice::Amount(shop.event.money(500)))
        .await;
    shop.hear().await;
    let charge = shop.text("select charge_ref from payments").await;
    let refund = shop.text("select id::text from refunds").await;
    shop.run("update refunds set attempt = 2").await;
    let object = json!({
        "id": "re_ghost", "object": "refund", "amount": 500, "currency": "eur", "status": "succeeded",
        "payment_intent": charge, "metadata": { "bilten_refund": refund, "bilten_attempt": "1" },
    });
    shop.says("evt_ghost", "refund.updated", &object).await;
    for _ in 0..12 {
        shop.hurry().await;
    }
    let found = services::doctor::invariants(&shop.sv).await.unwrap();
    let said = found
        .iter()
        .any(|one| one.what.contains("evt_ghost") && one.what.contains("may have left twice"));
    assert!(said, "{found:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_cannot_be_read_does_not_hold_up_the_others() {
    let shop = Shop::open(10).await;
    let placed = shop.orders(1).await;
    let page = shop.page(&placed).await.unwrap();
    shop.run("insert into provider_events (provider, event_id, kind, told, outcome, received_at, attempts, next_try_at)
              values ('stripe', 'evt_bad', 'odd', '{\"about\": \"nobody knows\"}', 'waiting', now(), 0, now() - interval '1 hour')").await;
    let payment = shop.text("select id::text from payments").await;
    let told = json!({
        "about": "payment", "payment": payment,
        "known": { "standing": "succeeded", "charge_ref": "pi_1", "closed": true, "amount": { "minor": 1500, "currency": "EUR" } },
    });
    shop.run(&format!("insert into provider_events (provider, event_id, kind, told, outcome, received_at, attempts, next_try_at)
              values ('stripe', 'evt_good', 'odd', '{told}', 'waiting', now(), 0, now() - interval '1 minute')")).await;
    payments::take_in_due(&shop.sv, 50).await.unwrap();
    assert_eq!(shop.order(&placed).await.state, OrderState::Paid, "{page}");
    assert_eq!(
        shop.text("select outcome from provider_events where event_id = 'evt_bad'")
            .await,
        "dead"
    );
    let found = services::doctor::invariants(&shop.sv).await.unwrap();
    assert!(
        found
            .iter()
            .any(|one| one.what.contains("evt_bad") && one.what.contains("cannot be read"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refund_waits_for_the_payment_without_holding_the_order() {
    let shop = Shop::open(10).await;
    let placed = shop.sells(1).await;
    let mut news = shop.sv.db.begin(Scope::System).await.unwrap();
    sqlx::query("select from payments for update")
        .execute(&mut *news)
        .await
        .unwrap();
    let refund = shop.give_back(&placed, RefundChoice::Full);
    let look = async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        // What the news would do next.
        let order = sqlx::query("select from orders for update nowait")
            .execute(&mut *news)
            .await;
        news.commit().await.unwrap();
        order
    };
    let ((), order) = tokio::join!(refund, look);
    assert!(
        order.is_ok(),
        "the two would wait for each other: {order:?}"
    );
}

/// A payment of 30.00 whose money is in two orders by now, 15.00 each: a refund of more than either has comes out of both.
#[tokio::test(flavor = "multi_thread")]
async fn a_refund_of_the_dashboard_is_borne_by_all_orders_that_live_on_the_payment() {
    let shop = Shop::open(10).await;
    let (placed, newer) = exchanged(&shop).await;
    let charge = shop
        .text("select charge_ref from payments where charge_ref is not null")
        .await;
    let form = [("payment_intent", charge.as_str()), ("amount", "2000")];
    let made = shop.by_hand("/v1/refunds", &form).await;
    shop.hear().await;
    // Told again, it is the same.
    assert_eq!(shop.says("evt_again", "refund.updated", &made).await, 200);
    shop.hear().await;
    let (first, second) = (shop.order(&placed).await, shop.order(&newer).await);
    assert_eq!(first.state, OrderState::Refunded);
    assert_eq!(first.refunded, shop.event.money(3000));
    assert!(
        first
            .tickets
            .iter()
            .all(|ticket| ticket.state == TicketState::Cancelled)
    );
    assert_eq!(second.state, OrderState::Paid);
    assert_eq!(second.refunded, shop.event.money(500));
    assert_eq!(shop.books().await, 1000);
    shop.compare().await;
    shop.sound().await;
    let form = [("payment_intent", charge.as_str()), ("amount", "1000")];
    shop.by_hand("/v1/refunds", &form).await;
    shop.hear().await;
    assert_eq!(shop.order(&newer).await.state, OrderState::Refunded);
    assert_eq!(
        shop.count("select count(*) from tickets where state = 'valid'")
            .await,
        0
    );
    assert_eq!(shop.books().await, 0);
    shop.sound().await;
}

/// It comes back: each order owes its part again.
#[tokio::test(flavor = "multi_thread")]
async fn a_shared_refund_of_the_dashboard_fails_as_a_whole() {
    let shop = Shop::open(10).await;
    exchanged(&shop).await;
    let charge = shop
        .text("select charge_ref from payments where charge_ref is not null")
        .await;
    for status in ["succeeded", "failed", "failed"] {
        let mut object = by_dashboard(&charge, status);
        object["amount"] = json!(2000);
        let id = format!("evt_{status}_{}", shop.w.sv.new_secret());
        assert_eq!(shop.says(&id, "refund.updated", &object).await, 200);
        shop.work().await;
    }
    let owed =
        "select count(*) from refunds where state = 'failed' and amount_minor in (1500, 500)";
    assert_eq!(shop.count(owed).await, 2);
    assert_eq!(ends(&shop).await.2, -2000);
    shop.sound().await;
    let (_, refunds, _) = ends(&shop).await;
    // Somebody sends it once more: what is owed has gone once it is there, and nothing else is taken of anybody. This one may come
    // back too.
    for (status, failed, left) in [
        ("pending", 0, -2000),
        ("succeeded", 0, 0),
        ("succeeded", 0, 0),
        ("failed", 2, -2000),
    ] {
        let mut object = by_dashboard(&charge, status);
        object["id"] = json!("re_once_more");
        object["amount"] = json!(2000);
        let id = format!("evt_{status}_{}", shop.w.sv.new_secret());
        assert_eq!(shop.says(&id, "refund.updated", &object).await, 200);
        shop.work().await;
        assert_eq!(ends(&shop).await, (failed, refunds, left), "{status}");
        shop.sound().await;
    }
    let gone = "select sum(refunded_minor)::bigint from orders";
    assert_eq!(shop.count(gone).await, 1500 + 2000);
    let tries =
        "select count(*) from refund_tries where reference = 're_once_more' and attempt = 2";
    assert_eq!(shop.count(tries).await, 2);
    let dead = "select count(*) from provider_events where outcome <> 'done' and told is not null";
    assert_eq!(shop.count(dead).await, 0);
}
