//! Work that breaks whoever does it.

use jiff::SignedDuration;
use services::{
    orders::{self, RefundChoice, RefundOrder},
    work,
};
use testkit::World;

#[tokio::test]
async fn a_thousand_broken_jobs_are_put_aside_and_stop_no_other() {
    let w = World::new().await;
    let event = w
        .event("Demo")
        .ticket_type("Seat", 1500, 10)
        .published()
        .await;
    let placed = w.buyer("Ada").buys(&event, "Seat", 1).await.unwrap();
    w.settle().await;
    w.execute(
        "insert into jobs (organization_id, kind, payload, run_at, created_at)
         select (select organization_id from events), 'nonsense',
                (array['{}', '[]', 'null', '{\"kind\": \"send_refund\"}', '{\"kind\": \"send_refund\", \"refund\": 7}',
                       '{\"kind\": \"cancel_event_orders\", \"event\": \"\\u0000\"}'])[1 + n % 6]::json::jsonb,
                now() - interval '10 years', now()
         from generate_series(1, 1000) n where n % 6 <> 5",
    )
    .await;
    let permit = event.organization.permit();
    let refund = RefundOrder {
        code: placed.code,
        choice: RefundChoice::Full,
        keep_tickets: false,
        reason: String::new(),
        idempotency_key: None,
    };
    orders::refund(&w.sv, &permit, refund).await.unwrap();
    // The provider's part of the program breaks at the first try.
    w.gateway.break_next(1);
    for _ in 0..40 {
        while work::run_due_jobs(&w.sv, 200).await.unwrap() > 0 {}
        w.advance(SignedDuration::from_secs(30));
    }
    assert_eq!(w.gateway.refunds().len(), 1);
    let (left, dead) = (
        w.count("select count(*) from jobs where dead_at is null")
            .await,
        w.count("select count(*) from jobs where dead_at is not null and last_error is not null")
            .await,
    );
    assert_eq!((left, dead), (0, 834));
    w.settle().await;
    w.assert_sound().await;
}

#[tokio::test]
async fn a_mail_that_breaks_the_mailer_is_tried_again_and_the_others_go_out() {
    let w = World::new().await;
    let event = w.event("Demo").ticket_type("Seat", 0, 20).published().await;
    let bo = w.buyer("Bo");
    w.mailer.break_for(&bo.email);
    for buyer in [&w.buyer("Ada"), &bo, &w.buyer("Cy")] {
        buyer.buys(&event, "Seat", 1).await.unwrap();
    }
    w.settle().await;
    assert_eq!(w.mailer.sent().len(), 2);
    assert_eq!(
        w.count("select count(*) from mails where state = 'queued' and last_error like '%broken mailer%'")
            .await,
        1
    );
}

#[tokio::test]
async fn an_event_whose_places_cannot_be_given_back_keeps_no_other() {
    let w = World::new().await;
    let broken = w.event("One").ticket_type("Seat", 0, 5).published().await;
    let ada = w.buyer("Ada");
    ada.holds(&broken, &[("Seat", 2)]).await.unwrap();
    w.advance_minutes(1);
    let whole = w.event("Other").ticket_type("Seat", 0, 5).published().await;
    ada.holds(&whole, &[("Seat", 2)]).await.unwrap();
    w.execute("update pools set held = 0 where event_id = (select event_id from holds order by expires_at limit 1)")
        .await;
    w.advance_minutes(30);
    while work::expire_holds(&w.sv, 50).await.unwrap() > 0 {}
    let active = "select count(*) from holds where state = 'active'";
    assert_eq!(w.count(active).await, 1);
    assert_eq!(w.count("select sum(held)::bigint from pools").await, 0);
    // Once it adds up again, so does it.
    w.execute("update pools set held = 2 where event_id = (select event_id from holds where state = 'active')")
        .await;
    while work::expire_holds(&w.sv, 50).await.unwrap() > 0 {}
    assert_eq!(w.count(active).await, 0);
    w.assert_sound().await;
}
