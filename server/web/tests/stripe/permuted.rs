//! Four messages about an order in every order, each ten times, up to three days late: one end.

use std::collections::BTreeSet;

use domain::when::Timestamp;
use jiff::SignedDuration;
use serde_json::Value;
use services::{checkout::Placed, payments};

use crate::{
    shop::{GOOD, Shop, now},
    webhooks::{post, sign},
};

/// In the order in which it happened.
const KINDS: [&str; 4] = [
    "payment_intent.payment_failed",
    "payment_intent.succeeded",
    "refund.created",
    "charge.dispute.closed",
];
const TIMES: usize = 10;
const LATEST: u64 = 72 * 3600;

/// A generator of its own, so that a failure comes again (Vigna, SplitMix64).
struct Chance(u64);

impl Chance {
    fn between(&mut self, first: u64, last: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        first + (z ^ (z >> 31)) % (last - first + 1)
    }
}

/// All ways to put four things in a row.
fn permutations() -> Vec<[usize; 4]> {
    let all = (0..256).map(|n| [n / 64, n / 16 % 4, n / 4 % 4, n % 4]);
    all.filter(|row| row.iter().collect::<BTreeSet<_>>().len() == 4)
        .collect()
}

struct Bought {
    placed: Placed,
    /// What Stripe has to say, by [`KINDS`].
    messages: [String; 4],
}

/// One card is declined and another pays, a third of it goes back by Stripe's own tools, and a bank takes the rest. We hear
/// nothing.
async fn bought(shop: &Shop) -> Bought {
    let placed = shop.orders(1).await;
    let page = shop.page(&placed).await.unwrap();
    assert!(shop.stripe.pay_session(&page, "4000000000000002").is_err());
    shop.stripe.pay_session(&page, GOOD).unwrap();
    let intent = shop.stripe.object(&page)["payment_intent"].clone();
    let intent = intent.as_str().unwrap();
    let refund = [("payment_intent", intent), ("amount", "500")];
    shop.by_hand("/v1/refunds", &refund).await;
    let charge = shop.stripe.object(intent)["latest_charge"].clone();
    let made = shop.stripe.dispute(charge.as_str().unwrap(), "fraudulent");
    let made = made.unwrap();
    shop.stripe
        .close_dispute(made["id"].as_str().unwrap(), false)
        .unwrap();
    let events: Vec<Value> = shop
        .stripe
        .ids("event")
        .iter()
        .map(|id| shop.stripe.object(id))
        .collect();
    let messages = KINDS.map(|kind| {
        let of_it = |event: &&Value| {
            let object = &event["data"]["object"];
            event["type"] == kind && (object["id"] == intent || object["payment_intent"] == intent)
        };
        let found = events.iter().find(of_it);
        assert!(found.is_some(), "no {kind}");
        found.unwrap().to_string()
    });
    Bought { placed, messages }
}

/// A message on its way.
struct Delivery {
    second: u64,
    order: usize,
    message: usize,
}

/// When each comes: the first time in the order of the row, then again and again. The last of the row is as late as can be.
fn deliveries(rows: &[[usize; 4]], chance: &mut Chance) -> Vec<Delivery> {
    let mut all = Vec::new();
    for (order, row) in rows.iter().enumerate() {
        let mut firsts = BTreeSet::from([LATEST]);
        while firsts.len() < 4 {
            firsts.insert(chance.between(0, LATEST - 1));
        }
        for (message, first) in row.iter().zip(firsts) {
            let again = (1..TIMES).map(|_| chance.between(first, LATEST));
            let seconds: Vec<u64> = std::iter::once(first).chain(again).collect();
            all.extend(seconds.into_iter().map(|second| Delivery {
                second,
                order,
                message: *message,
            }));
        }
    }
    all.sort_by_key(|delivery| delivery.second);
    all
}

/// All that is left of an order, money and tickets, by what it says of itself and by the books.
async fn end_of(shop: &Shop, one: &Bought) -> String {
    let order = shop.order(&one.placed).await;
    let books = format!(
        "select coalesce(string_agg(account || ' ' || sum, ', ' order by account), '') from (
             select e.account, sum(e.amount_minor)::text as sum from ledger_entries e
             join ledger_transactions t on t.id = e.transaction_id
             join orders o on o.id = t.order_id
             where o.code = '{}' group by e.account having sum(e.amount_minor) <> 0) s",
        one.placed.code
    );
    let tickets: Vec<_> = order.tickets.iter().map(|ticket| ticket.state).collect();
    let refunds: Vec<_> = order
        .refunds
        .iter()
        .map(|refund| (refund.amount.minor, refund.state.clone()))
        .collect();
    format!(
        "{:?} {tickets:?} {refunds:?} refunded {} blocked {} books {}",
        order.state,
        order.refunded.minor,
        order.blocked,
        shop.text(&books).await
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn every_order_of_four_messages_has_one_end() {
    let rows = permutations();
    assert_eq!(rows.len(), 24);
    let shop = Shop::open(60).await;
    let lose = serde_json::json!({ "count": 1_000_000 });
    shop.stripe.webhooks("lose", lose).unwrap();
    let mut orders = Vec::new();
    for _ in &rows {
        orders.push(bought(&shop).await);
    }
    assert_eq!(shop.count("select count(*) from provider_events").await, 0);
    let begin: Timestamp = now();
    let secret = shop.stripe.webhook_secret.clone();
    let all = deliveries(&rows, &mut Chance(24));
    assert_eq!(all.len(), 24 * 4 * TIMES);
    for (number, delivery) in all.iter().enumerate() {
        let second = i64::try_from(delivery.second).unwrap();
        let at = begin + SignedDuration::from_secs(second);
        shop.w.clock.set(at);
        let body = &orders[delivery.order].messages[delivery.message];
        // Stripe signs each delivery anew, with the time at which it is sent.
        let proof = sign(&secret, at.as_second(), body);
        assert_eq!(post(&shop, body, Some(&proof)).await, 200);
        // As the worker does: payments that nobody told of are asked about.
        if number % 16 == 0 {
            shop.work_now().await;
            payments::reconcile(&shop.sv, 50).await.unwrap();
        }
    }
    shop.w
        .clock
        .set(begin + SignedDuration::from_hours(7 * 24 - 1));
    shop.work_now().await;
    let left = "select coalesce(string_agg(distinct kind || ' ' || outcome || ' ' || coalesce(last_error, ''), '; '), '')
                from provider_events where outcome not in ('done', 'ignored')";
    assert_eq!(shop.text(left).await, "");
    assert_eq!(
        shop.count("select count(*) from provider_events").await,
        24 * 4,
        "a repeat is the same message"
    );
    let mut ends = Vec::new();
    for one in &orders {
        ends.push(end_of(&shop, one).await);
    }
    for (row, end) in rows.iter().zip(&ends) {
        assert_eq!(end, &ends[0], "{row:?}");
    }
    // What is left is Stripe's fee for the dispute.
    assert!(ends[0].contains("refunded 500"), "{}", ends[0]);
    assert_eq!(shop.count("select count(*) from disputes").await, 24);
    shop.books().await;
    shop.sound().await;
}
