//! The worker dies at every moment there is: between two portions, between two orders, and within one.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    task::Poll,
};

use jiff::SignedDuration;
use services::{audit, work};
use testkit::World;

use super::{call_off, crowd, run_of};

/// Lets work go on for so many steps, then drops it where it stands: its transaction is rolled back, as if the process had
/// been killed. Whether it came to its end before.
async fn for_steps(work: impl Future, steps: u32) -> bool {
    let mut work = pin!(work);
    let mut left = steps;
    poll_fn(|cx| {
        if work.as_mut().poll(cx).is_ready() {
            return Poll::Ready(true);
        }
        if left == 0 {
            return Poll::Ready(false);
        }
        left -= 1;
        Poll::Pending
    })
    .await
}

#[tokio::test]
async fn a_worker_that_dies_anywhere_loses_and_repeats_nothing() {
    let w = World::new().await;
    let event = w
        .event("Evening")
        .ticket_type("Seat", 1500, 400)
        .published()
        .await;
    crowd::paid(&w, &event, 230).await;
    w.assert_sound().await;
    call_off(&w, &event).await.unwrap();
    while audit::link_due(&w.sv, 100).await.unwrap() > 0 {}
    let (mut killed, mut ended) = (0, 0);
    for steps in 0..60 {
        if for_steps(work::run_due_jobs(&w.sv, 3), steps).await {
            ended += 1;
        } else {
            killed += 1;
        }
        // The lease of the dead has to run out.
        w.advance(SignedDuration::from_secs(26));
        w.assert_sound().await;
    }
    assert!(killed > 20, "{killed} were killed, {ended} ended");
    let half = run_of(&w, &event).await;
    assert_eq!(half.counts.all(), 230);
    w.work().await;
    let run = run_of(&w, &event).await;
    assert_eq!((run.counts.sent, run.working), (230, false));
    assert_eq!(w.gateway.refunds().len(), 230);
    assert_eq!(w.count("select count(*) from refunds").await, 230);
    assert_eq!(w.count("select sum(sold) from pools").await, 0);
    assert_eq!(
        w.count("select count(*) from mails where kind = 'event_cancelled'")
            .await,
        230
    );
    w.assert_sound().await;
}
