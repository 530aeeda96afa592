//! An event was postponed or moved, and buyers decide about their tickets.

use domain::orders::OrderState;
use jiff::SignedDuration;
use services::{
    checkout::Placed,
    events::{self, AfterMoveInput, EventError, WhenInput},
    orders::{self, AnswerOffer, AnswerOfferError, OfferState},
};
use testkit::{Event, World};

async fn evening(w: &World) -> (Event, Placed, Placed, Placed) {
    let event = w
        .event("Evening")
        .ticket_type("Seat", 1500, 20)
        .published()
        .await;
    let mut all = Vec::new();
    for name in ["Ada", "Bo", "Cy"] {
        all.push(w.buyer(name).buys(&event, "Seat", 2).await.unwrap());
    }
    let [a, b, c] = <[Placed; 3]>::try_from(all).unwrap();
    w.settle().await;
    (event, a, b, c)
}

fn until(w: &World, days: i64) -> AfterMoveInput {
    let at = w.now() + SignedDuration::from_hours(24 * days);
    AfterMoveInput {
        choice: "give_back".into(),
        until: at.strftime("%Y-%m-%dT%H:%M").to_string(),
    }
}

async fn page(w: &World, placed: &Placed) -> orders::OfferPage {
    orders::offer_page(&w.sv, &placed.secret)
        .await
        .unwrap()
        .unwrap()
}

async fn answer(
    w: &World,
    placed: &Placed,
    give_back: Option<domain::money::Money>,
) -> Result<(), AnswerOfferError> {
    let cmd = AnswerOffer {
        secret: placed.secret.clone(),
        give_back,
    };
    orders::answer_offer(&w.sv, cmd).await
}

#[tokio::test]
async fn who_says_nothing_keeps_and_who_gives_back_gets_everything() {
    let w = World::new().await;
    let (event, ada, bo, cy) = evening(&w).await;
    let permit = event.organization.permit();
    events::postpone(&w.sv, &permit, event.id, "flood", &until(&w, 10))
        .await
        .unwrap();
    w.settle().await;
    let mails = w.mailer.to("ada@");
    let mail = mails.last().unwrap();
    assert!(
        mail.text
            .contains(&format!("/orders/{}/new-date", ada.secret)),
        "{}",
        mail.text
    );
    let shown = page(&w, &ada).await;
    assert_eq!(
        (shown.state, shown.amount, shown.tickets, shown.moved),
        (OfferState::Open, event.money(3000), 2, false)
    );
    // An amount that was not shown is asked about again; keeping can be changed, giving back cannot.
    let other = answer(&w, &ada, Some(event.money(2000))).await;
    assert!(matches!(other, Err(AnswerOfferError::Changed)));
    answer(&w, &ada, None).await.unwrap();
    assert!(page(&w, &ada).await.kept);
    answer(&w, &ada, Some(event.money(3000))).await.unwrap();
    let again = answer(&w, &ada, Some(event.money(3000))).await;
    assert!(matches!(again, Err(AnswerOfferError::GivenBack)));
    answer(&w, &bo, None).await.unwrap();
    w.settle().await;
    let order = orders::show_by_secret(&w.sv, &ada.secret)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(order.state, OrderState::Refunded);
    let figures = orders::offer_figures(&w.sv, &event.organization.permit(), event.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (figures.kept, figures.given_back, figures.silent),
        (1, 1, 1)
    );
    assert_eq!(figures.money_back, event.money(3000));
    w.advance(SignedDuration::from_hours(24 * 10 + 1));
    let late = answer(&w, &cy, Some(event.money(3000))).await;
    assert!(matches!(late, Err(AnswerOfferError::Over)));
    assert_eq!(w.gateway.refunds().len(), 1);
    assert_eq!(w.count("select sum(sold) from pools").await, 4);
    w.assert_sound().await;
}

#[tokio::test]
async fn whoever_buys_after_the_new_date_has_nothing_to_decide() {
    let w = World::new().await;
    let (event, ada, ..) = evening(&w).await;
    let when = |days: i64| WhenInput {
        starts: (w.now() + SignedDuration::from_hours(24 * days))
            .strftime("%Y-%m-%dT%H:%M")
            .to_string(),
        time_zone: "UTC".into(),
        ..WhenInput::default()
    };
    let permit = event.organization.permit();
    let too_late = events::set_when(&w.sv, &permit, event.id, when(5), &until(&w, 6)).await;
    assert!(matches!(too_late, Err(EventError::Fields(_))));
    events::set_when(&w.sv, &permit, event.id, when(60), &until(&w, 6))
        .await
        .unwrap();
    w.advance_minutes(1);
    let new = w.buyer("New").buys(&event, "Seat", 1).await.unwrap();
    w.settle().await;
    assert!(page(&w, &ada).await.moved);
    assert_eq!(orders::offer_page(&w.sv, &new.secret).await.unwrap(), None);
    assert_eq!(
        w.count("select count(*) from mails where kind = 'give_back_offer'")
            .await,
        3
    );
    w.assert_sound().await;
}

#[tokio::test]
async fn everybody_can_be_refunded_when_an_event_is_postponed_and_again_when_it_is_called_off() {
    let w = World::new().await;
    let (event, ..) = evening(&w).await;
    let permit = event.organization.permit();
    let refund = AfterMoveInput {
        choice: "refund".into(),
        until: String::new(),
    };
    events::postpone(&w.sv, &permit, event.id, "flood", &refund)
        .await
        .unwrap();
    w.settle().await;
    assert_eq!(w.gateway.refunds().len(), 3);
    // There is a new date, new buyers, and then it is called off after all.
    w.execute("update events set state = 'published'").await;
    let new = w.buyer("New").buys(&event, "Seat", 1).await.unwrap();
    w.settle().await;
    let permit = event.organization.permit();
    events::cancel(&w.sv, &permit, event.id, "flood again")
        .await
        .unwrap();
    w.settle().await;
    let order = orders::show_by_secret(&w.sv, &new.secret)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(order.state, OrderState::Refunded);
    assert_eq!(w.gateway.refunds().len(), 4);
    assert_eq!(w.count("select count(*) from refund_runs").await, 2);
    w.assert_sound().await;
}
