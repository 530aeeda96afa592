//! Ten thousand orders.

use std::time::Instant;

use services::{orders, work};
use testkit::World;

use super::{call_off, crowd, run_of};

#[tokio::test]
async fn ten_thousand_orders_end_portion_by_portion_before_their_money_is_sent() {
    const ORDERS: u32 = 10_000;
    let w = World::new().await;
    let event = w
        .event("Stadium")
        .ticket_type("Seat", 1500, 20_000)
        .published()
        .await;
    crowd::paid(&w, &event, 10_000).await;
    let begun = Instant::now();
    let figures = orders::call_off_figures(&w.sv, &event.organization.permit(), event.id)
        .await
        .unwrap();
    let shown = begun.elapsed();
    assert_eq!((figures.orders, figures.tickets), (ORDERS, ORDERS));
    let begun = Instant::now();
    call_off(&w, &event).await.unwrap();
    let listed = begun.elapsed();

    let begun = Instant::now();
    // One job at a time: the run's own, which comes before those that send the money. The last one finds nothing left.
    for _ in 0..=ORDERS / 100 {
        work::run_due_jobs(&w.sv, 1).await.unwrap();
    }
    let ended = begun.elapsed();
    println!("{ORDERS} orders: preview {shown:?}, call off {listed:?}, ended in {ended:?}");
    let run = run_of(&w, &event).await;
    assert!(!run.working);
    assert_eq!(run.counts.on_the_way, ORDERS);
    assert_eq!(run.money[0].promised, event.money(15_000_000));
    assert_eq!(w.count("select sum(sold) from pools").await, 0);
    assert_eq!(
        w.count("select count(*) from jobs where kind = 'send_refund'")
            .await,
        10_000
    );
    assert!(w.gateway.refunds().is_empty());
    w.assert_sound().await;
}
