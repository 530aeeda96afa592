use domain::orders::OrderState;
use services::{
    db::Scope,
    jobs::{self, Job},
    orders,
};
use testkit::World;

#[tokio::test]
async fn everybody_is_refunded_and_told_once() {
    let w = World::new().await;
    let event = w
        .event("Demo")
        .ticket_type("Seat", 1500, 200)
        .ticket_type("Child", 0, 200)
        .published()
        .await;
    let mut all = Vec::new();
    for n in 0..54 {
        let kind = if n % 9 == 0 { "Child" } else { "Seat" };
        all.push(
            w.buyer(&format!("Buyer {n}"))
                .buys(&event, kind, 1)
                .await
                .unwrap(),
        );
    }
    let waiting = w
        .buyer("Still choosing")
        .orders(&event, "Seat", 1)
        .await
        .unwrap();
    w.work().await;
    assert_eq!(w.count("select count(*) from mails").await, 54);

    w.execute("update events set state = 'cancelled', state_reason = 'storm'")
        .await;
    let mut tx =
        w.sv.db
            .begin(Scope::Organization(event.organization.id))
            .await
            .unwrap();
    let job = Job::CancelEventOrders {
        event: event.id.get(),
        reason: "storm".into(),
    };
    jobs::enqueue(&w.sv, &mut tx, event.organization.id, &job, w.now(), None)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    w.work().await;

    for (n, placed) in all.iter().enumerate() {
        let order = orders::show_by_secret(&w.sv, &placed.secret)
            .await
            .unwrap()
            .unwrap();
        let expected = if n % 9 == 0 {
            OrderState::Cancelled
        } else {
            OrderState::Refunded
        };
        assert_eq!(
            (order.state, order.cancel_reason.as_str()),
            (expected, "storm")
        );
    }
    let order = orders::show_by_secret(&w.sv, &waiting.secret)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(order.state, OrderState::Cancelled);
    assert_eq!(w.gateway.refunds().len(), 48);
    assert_eq!(w.count("select sum(sold + held) from pools").await, 0);
    // Each of 55 hears of the event, 48 of them also of their money.
    assert_eq!(
        w.count("select count(*) from mails where kind = 'event_cancelled'")
            .await,
        55
    );
    assert_eq!(
        w.count("select count(*) from mails where kind = 'order_refunded'")
            .await,
        48
    );
    w.assert_sound().await;
}
