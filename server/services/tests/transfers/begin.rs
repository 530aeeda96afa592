use domain::{orders::OrderState, transfers::AccountInput};
use jiff::SignedDuration;
use services::transfers::{self, BeginError, ForBuyer};

use crate::{account, admin, house};

#[tokio::test]
async fn off_means_that_nobody_sees_it() {
    let w = testkit::World::new().await;
    let event = w
        .event("Evening")
        .ticket_type("Seat", 1_000, 9)
        .published()
        .await;
    let placed = w.buyer("Ada").orders(&event, "Seat", 1).await.unwrap();
    let order = services::orders::show_by_secret(&w.sv, &placed.secret)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        transfers::for_buyer(&w.sv, &order).await.unwrap(),
        ForBuyer::No
    );
    assert!(matches!(
        transfers::begin(&w.sv, &placed.secret).await,
        Err(BeginError::NotOffered)
    ));
    let platform = admin(&w).await;
    transfers::set_transfers(&w.sv, &platform, false, &account())
        .await
        .unwrap();
    assert_eq!(
        transfers::for_buyer(&w.sv, &order).await.unwrap(),
        ForBuyer::No
    );
    assert!(matches!(
        transfers::begin(&w.sv, &placed.secret).await,
        Err(BeginError::NotOffered)
    ));
}

#[tokio::test]
async fn a_buyer_is_told_where_to_and_the_places_wait() {
    let h = house(2).await;
    let ada = h.w.buyer("Ada");
    let placed = h.order("Ada", 2).await;
    let ForBuyer::Offered { until } = transfers::for_buyer(&h.w.sv, &h.view(&placed).await)
        .await
        .unwrap()
    else {
        panic!("not offered");
    };
    transfers::begin(&h.w.sv, &placed.secret).await.unwrap();
    transfers::begin(&h.w.sv, &placed.secret).await.unwrap();
    let ForBuyer::Waiting(waiting) = transfers::for_buyer(&h.w.sv, &h.view(&placed).await)
        .await
        .unwrap()
    else {
        panic!("not waiting");
    };
    assert_eq!((waiting.until, waiting.amount.minor), (until, 2_000));
    assert!(waiting.qr.is_some_and(|svg| svg.starts_with("<svg")));
    h.w.settle().await;
    let mails = h.w.mailer.to(&ada.email);
    assert_eq!(mails.len(), 1);
    assert!(
        mails[0].text.contains("DE89 3704 0044 0532 0130 00"),
        "{}",
        mails[0].text
    );
    assert!(mails[0].text.contains(&waiting.reference.grouped()));
    // Long after the time of a card, the places are still theirs.
    h.w.advance(SignedDuration::from_hours(4 * 24));
    h.w.settle().await;
    assert_eq!(h.state(&placed).await, OrderState::Pending);
    assert_eq!(h.w.mailer.to(&ada.email).len(), 1);
    h.w.advance(SignedDuration::from_hours(25));
    h.w.settle().await;
    assert_eq!(h.w.mailer.to(&ada.email).len(), 2, "the reminder");
    h.w.advance(SignedDuration::from_hours(3 * 24));
    h.w.settle().await;
    assert_eq!(h.state(&placed).await, OrderState::Expired);
    let mails = h.w.mailer.to(&ada.email);
    assert_eq!(mails.len(), 3, "that nothing came");
    assert!(mails[2].text.contains("Please do not transfer any more"));
    h.w.assert_sound().await;
}

#[tokio::test]
async fn nobody_is_reminded_of_what_is_paid() {
    let h = house(2).await;
    let placed = h.order_by_transfer("Ada", 1).await;
    let reference = h.reference(&placed).await;
    h.bank_tells(crate::table(&[("10.00", &reference, "B1")]))
        .await;
    h.w.advance(SignedDuration::from_hours(6 * 24));
    h.w.settle().await;
    assert_eq!(
        h.w.count("select count(*) from mails where kind = 'transfer_reminder'")
            .await,
        0
    );
}

#[tokio::test]
async fn another_currency_or_too_little_time_is_not_offered() {
    let h = house(9).await;
    let placed = h.order("Ada", 1).await;
    let francs = AccountInput {
        currency: "CHF".into(),
        ..account()
    };
    transfers::set_transfers(&h.w.sv, &h.platform, true, &francs)
        .await
        .unwrap();
    assert!(matches!(
        transfers::begin(&h.w.sv, &placed.secret).await,
        Err(BeginError::NotOffered)
    ));
    let early = AccountInput {
        days_before: "30".into(),
        ..account()
    };
    transfers::set_transfers(&h.w.sv, &h.platform, true, &early)
        .await
        .unwrap();
    assert!(matches!(
        transfers::begin(&h.w.sv, &placed.secret).await,
        Err(BeginError::NotOffered)
    ));
}

#[tokio::test]
async fn nobody_keeps_a_house_for_nothing() {
    let h = house(9).await;
    for _ in 0..3 {
        h.order_by_transfer("Ada", 1).await;
    }
    let fourth = h.order("Ada", 1).await;
    assert!(matches!(
        transfers::begin(&h.w.sv, &fourth.secret).await,
        Err(BeginError::TooMany)
    ));
    h.order_by_transfer("Bob", 1).await;
}
