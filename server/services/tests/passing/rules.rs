//! The organizer says whether, until when and how often; and what cannot be given at all.

use domain::orders::PassingRefusal as R;
use jiff::SignedDuration;
use locales::Locale;
use services::{
    events,
    passing::{self, OfferError, PassingInput},
};
use testkit::{Event, World};

use super::{give, held, link, offer, sold};

async fn set(w: &World, event: &Event, allowed: bool, hours: &str, most: &str) {
    let cmd = PassingInput {
        allowed,
        hours_before: hours.into(),
        most: most.into(),
    };
    let permit = event.organization.permit();
    passing::set_passing_policy(&w.sv, &permit, event.id, &cmd)
        .await
        .unwrap();
}

async fn refused(w: &World, secret: &str) -> R {
    match offer(w, secret, "cy@example.com").await {
        Err(OfferError::Refused(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn whether_until_when_and_how_often() {
    let w = World::new().await;
    let (event, placed) = sold(&w, 1).await;
    let cmd = PassingInput {
        allowed: true,
        hours_before: "-1".into(),
        most: "99".into(),
    };
    let permit = event.organization.permit();
    assert!(
        passing::set_passing_policy(&w.sv, &permit, event.id, &cmd)
            .await
            .is_err()
    );
    set(&w, &event, false, "0", "1").await;
    assert_eq!(refused(&w, &placed.secret).await, R::NotAllowed);
    set(&w, &event, true, "48", "1").await;
    let ticket = give(&w, &placed.secret, "bo@example.com").await;
    assert_eq!(refused(&w, &ticket).await, R::TooManyHands);
    set(&w, &event, true, "48", "2").await;
    assert_eq!(held(&w, &ticket).await.ticket.hands_left, 0);
    w.clock
        .set(event.starts_at - SignedDuration::from_hours(48));
    assert_eq!(refused(&w, &ticket).await, R::TooLate);
    w.clock
        .set(event.starts_at - SignedDuration::from_hours(49));
    offer(&w, &ticket, "cy@example.com").await.unwrap();
    let secret = link(&w, "cy@example.com", "/accept/").await;
    // The rule that holds when it is accepted counts.
    set(&w, &event, false, "0", "2").await;
    let shown = passing::offered(&w.sv, &secret, Locale::En)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(shown.state, passing::OfferState::Refused(R::NotAllowed));
    let late = passing::accept(&w.sv, &secret, Locale::En).await;
    assert_eq!(late.unwrap_err().code(), "passing_not_allowed");
    w.assert_sound().await;
}

#[tokio::test]
async fn what_does_not_admit_cannot_be_given() {
    let w = World::new().await;
    let (event, placed) = sold(&w, 1).await;
    w.execute("update orders set blocked = true").await;
    assert_eq!(refused(&w, &placed.secret).await, R::Blocked);
    w.execute("update orders set blocked = false").await;
    let unpaid = w.buyer("Cy").orders(&event, "Seat", 1).await.unwrap();
    let of_unpaid = passing::passable(&w.sv, &unpaid.secret).await.unwrap();
    assert!(of_unpaid.unwrap().is_empty());
    events::cancel(&w.sv, &event.organization.permit(), event.id, "flood")
        .await
        .unwrap();
    // Before the jobs have called its orders off, too.
    let none = passing::passable(&w.sv, &placed.secret).await.unwrap();
    assert!(none.unwrap().is_empty());
}

#[tokio::test]
async fn a_dispute_blocks_the_holder_too() {
    let w = World::new().await;
    let (_, placed) = sold(&w, 1).await;
    let ticket = give(&w, &placed.secret, "bo@example.com").await;
    w.execute("update orders set blocked = true").await;
    let shown = held(&w, &ticket).await;
    assert!(shown.blocked && shown.code.is_none());
    w.execute("update orders set blocked = false").await;
    assert!(held(&w, &ticket).await.code.is_some());
}
