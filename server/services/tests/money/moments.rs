//! Figures that do not change with the next look, and agree with other pages.

use services::{
    Origin,
    ledger::{By, report},
    orders,
};
use testkit::World;

use crate::{
    hall, looks,
    report::{today, wanted},
};

/// Rows and totals are two statements: what is booked in between stands in neither.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_and_totals_are_of_the_same_moment() {
    let w = World::new().await;
    let (hall, event) = hall(&w).await;
    let day = (today(&w), today(&w));
    let asked = wanted(&w, By::Day, day);
    let sells = async {
        for n in 0..25 {
            let name = format!("Buyer {n}");
            w.buyer(&name).buys(&event, "Seat", 1).await.unwrap();
        }
    };
    let looks_on = async {
        for _ in 0..120 {
            let found = report(&w.sv, &looks(hall.id), &asked).await.unwrap();
            let rows: i64 = found.rows.iter().map(|row| row.gross.minor).sum();
            let totals: i64 = found.totals.iter().map(|row| row.gross.minor).sum();
            assert_eq!(rows, totals);
        }
    };
    futures::join!(sells, looks_on);
}

#[tokio::test]
async fn tickets_that_pay_are_a_method_and_the_page_of_the_event_says_the_same() {
    let w = World::new().await;
    let hall = w.organization("Hall").await;
    let event = w
        .event("Demo")
        .by(&hall)
        .changes(24, 0, true)
        .ticket_type("Floor", 2_000, 10)
        .ticket_type("Seat", 3_000, 10)
        .published()
        .await;
    let bought = w.buyer("Ada").buys(&event, "Floor", 2).await.unwrap();
    let view = orders::show_by_secret(&w.sv, &bought.secret)
        .await
        .unwrap()
        .unwrap();
    let wish = orders::ExchangeWish {
        tickets: vec![view.tickets[0].id],
        event: Some(event.id),
        wanted: [(event.of_type("Floor"), 1)].into(),
    };
    let page = orders::change_page(&w.sv, &bought.secret, &wish)
        .await
        .unwrap()
        .unwrap();
    let done = orders::exchange_by_buyer(
        &w.sv,
        &bought.secret,
        &wish,
        page.preview.unwrap().unwrap(),
        &Origin::default(),
    )
    .await
    .unwrap();
    assert!(!done.needs_payment);
    // Its money can go back, although it has no payment of its own.
    let detail = orders::show(&w.sv, &hall.permit(), done.code)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (detail.order.payment, detail.left),
        (None, event.money(2_000))
    );
    w.settle().await;
    let day = (today(&w), today(&w));
    let asked = wanted(&w, By::Method, day);
    let found = report(&w.sv, &looks(hall.id), &asked).await.unwrap();
    let seen: Vec<_> = found
        .rows
        .iter()
        .map(|row| (row.key.as_str(), row.gross.minor, row.refunded.minor))
        .collect();
    assert_eq!(seen, [("sandbox", 4_000, 2_000), ("tickets", 2_000, 0)]);
    let sales = orders::sales(&w.sv, &hall.permit(), event.id)
        .await
        .unwrap()
        .unwrap();
    let total = &found.totals[0];
    assert_eq!(
        (sales.revenue.minor, sales.refunded),
        (total.gross.minor - total.refunded.minor, total.refunded)
    );
}

/// A second payment that was begun first is no reason to change what was said before.
#[tokio::test]
async fn the_method_of_an_order_does_not_change_with_a_second_payment() {
    let w = World::new().await;
    let (hall, event) = hall(&w).await;
    let placed = w.buyer("Ada").buys(&event, "Seat", 1).await.unwrap();
    w.settle().await;
    let asked = wanted(&w, By::Method, (today(&w), today(&w)));
    let before = report(&w.sv, &looks(hall.id), &asked).await.unwrap();
    assert_eq!(before.rows[0].key, "sandbox");
    w.execute(
        "insert into payments (id, organization_id, order_id, provider, provider_ref, amount_minor, currency, state, created_at, updated_at)
         select gen_random_uuid(), organization_id, order_id, 'transfer', 'second', amount_minor, currency, 'refunded',
                created_at - interval '1 hour', updated_at from payments",
    )
    .await;
    w.execute(
        "insert into refunds (id, organization_id, order_id, payment_id, amount_minor, currency, state, created_at, of_second_payment)
         select gen_random_uuid(), organization_id, order_id, id, amount_minor, currency, 'pending', created_at, true
         from payments where provider = 'transfer'",
    )
    .await;
    assert_eq!(placed.code.to_string().len(), 8);
    let after = report(&w.sv, &looks(hall.id), &asked).await.unwrap();
    assert_eq!(after.rows, before.rows);
}
