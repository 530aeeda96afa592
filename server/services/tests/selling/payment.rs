use domain::{
    orders::{OrderState, OrderTransitionError},
    payments::DeclineReason,
};
use futures::future::join_all;
use services::{
    orders,
    payments::{
        self, Applied, NewsError, NewsKind, StartError,
        sandbox::{self, SandboxOutcome},
    },
};
use testkit::{Event, World};

const DECLINED: NewsKind = NewsKind::Failed {
    reason: DeclineReason::InsufficientFunds,
};

async fn demo(w: &World, capacity: i32) -> Event {
    w.event("Demo")
        .ticket_type("Seat", 1500, capacity)
        .published()
        .await
}

async fn state(w: &World, secret: &str) -> OrderState {
    orders::show_by_secret(&w.sv, secret)
        .await
        .unwrap()
        .unwrap()
        .state
}

#[tokio::test]
async fn a_paid_order_has_tickets_books_and_one_mail() {
    let w = World::new().await;
    let event = demo(&w, 10).await;
    let ada = w.buyer("Ada");
    let placed = ada.buys(&event, "Seat", 3).await.unwrap();
    w.settle().await;
    let order = orders::show_by_secret(&w.sv, &placed.secret)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((order.state, order.tickets.len()), (OrderState::Paid, 3));
    assert_eq!(order.payment.unwrap().state, "succeeded");
    let clearing =
        "select sum(amount_minor)::bigint from ledger_entries where account = 'provider_clearing'";
    assert_eq!(w.count(clearing).await, 4500);
    assert_eq!(w.mailer.to(&ada.email).len(), 1);
    assert_eq!(w.count("select sum(sold) from pools").await, 3);
    let again = payments::start(&w.sv, &placed.secret).await;
    assert!(matches!(
        again,
        Err(StartError::Transition(OrderTransitionError::AlreadyPaid))
    ));
    w.assert_sound().await;
}

#[tokio::test]
async fn a_declined_buyer_may_try_again() {
    let w = World::new().await;
    let event = demo(&w, 1).await;
    let placed = w.buyer("Ada").orders(&event, "Seat", 1).await.unwrap();
    let first = w.payment_of(&placed).await;
    assert_eq!(w.payment_of(&placed).await, first);
    assert_eq!(
        w.news(&first, "no money", DECLINED).await.unwrap(),
        Applied::Done
    );
    let order = orders::show_by_secret(&w.sv, &placed.secret)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(order.state, OrderState::Pending);
    assert_eq!(
        order.payment.unwrap().decline_reason,
        Some(DeclineReason::InsufficientFunds)
    );
    let second = w.payment_of(&placed).await;
    assert_ne!(second, first);
    w.news(&second, "money", NewsKind::Succeeded).await.unwrap();
    assert_eq!(state(&w, &placed.secret).await, OrderState::Paid);
    w.assert_sound().await;
}

#[tokio::test]
async fn an_unpaid_order_expires_and_its_places_are_free() {
    let w = World::new().await;
    let event = demo(&w, 2).await;
    let placed = w.buyer("Ada").orders(&event, "Seat", 2).await.unwrap();
    w.advance_minutes(14);
    w.settle().await;
    assert_eq!(state(&w, &placed.secret).await, OrderState::Pending);
    w.advance_minutes(2);
    w.settle().await;
    assert_eq!(state(&w, &placed.secret).await, OrderState::Expired);
    w.buyer("Bo").buys(&event, "Seat", 2).await.unwrap();
    let late = payments::start(&w.sv, &placed.secret).await;
    assert!(matches!(
        late,
        Err(StartError::Transition(OrderTransitionError::AlreadyExpired))
    ));
    w.assert_sound().await;
}

#[tokio::test]
async fn money_after_the_end_holds_again_while_there_are_places() {
    let w = World::new().await;
    let event = demo(&w, 2).await;
    let placed = w.buyer("Ada").orders(&event, "Seat", 2).await.unwrap();
    let payment = w.payment_of(&placed).await;
    w.advance_minutes(20);
    w.settle().await;
    let applied = w.news(&payment, "late", NewsKind::Succeeded).await.unwrap();
    assert_eq!(applied, Applied::LateAndHeldAgain);
    let order = orders::show_by_secret(&w.sv, &placed.secret)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((order.state, order.tickets.len()), (OrderState::Paid, 2));
    w.settle().await;
    w.assert_sound().await;
}

#[tokio::test]
async fn money_after_the_end_goes_back_when_the_places_are_gone() {
    let w = World::new().await;
    let event = demo(&w, 2).await;
    let ada = w.buyer("Ada");
    let placed = ada.orders(&event, "Seat", 2).await.unwrap();
    let payment = w.payment_of(&placed).await;
    w.advance_minutes(20);
    w.settle().await;
    w.buyer("Bo").buys(&event, "Seat", 1).await.unwrap();
    assert_eq!(
        w.news(&payment, "late", NewsKind::Succeeded).await.unwrap(),
        Applied::SentBack
    );
    assert_eq!(
        w.news(&payment, "late", NewsKind::Succeeded).await.unwrap(),
        Applied::Nothing
    );
    w.settle().await;
    let order = orders::show_by_secret(&w.sv, &placed.secret)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (order.state, order.tickets.len(), order.refunded),
        (OrderState::Expired, 0, event.money(3000))
    );
    assert_eq!(
        w.gateway
            .refunds()
            .iter()
            .map(|r| r.amount)
            .collect::<Vec<_>>(),
        [event.money(3000)]
    );
    assert_eq!(w.mailer.to(&ada.email).len(), 1);
    w.assert_sound().await;
}

#[tokio::test]
async fn an_order_whose_late_money_went_back_is_over() {
    let w = World::new().await;
    let event = demo(&w, 2).await;
    let placed = w.buyer("Ada").orders(&event, "Seat", 2).await.unwrap();
    let first = w.payment_of(&placed).await;
    w.news(&first, "no money", DECLINED).await.unwrap();
    let second = w.payment_of(&placed).await;
    w.advance_minutes(20);
    w.settle().await;
    w.buyer("Bo").orders(&event, "Seat", 1).await.unwrap();
    // The provider was wrong about the first attempt, and late; nothing is left.
    assert_eq!(
        w.news(&first, "after all", NewsKind::Succeeded)
            .await
            .unwrap(),
        Applied::SentBack
    );
    w.advance_minutes(20);
    w.settle().await;
    // By now everything is free again, but the buyer was told that it is over.
    assert_eq!(
        w.news(&second, "and this", NewsKind::Succeeded)
            .await
            .unwrap(),
        Applied::SentBack
    );
    w.settle().await;
    assert_eq!(state(&w, &placed.secret).await, OrderState::Expired);
    assert_eq!(w.gateway.refunds().len(), 2);
    assert_eq!(w.count("select sum(sold + held) from pools").await, 0);
    w.assert_sound().await;
}

#[tokio::test]
async fn money_for_a_cancelled_order_goes_back() {
    let w = World::new().await;
    let event = demo(&w, 2).await;
    let placed = w.buyer("Ada").orders(&event, "Seat", 2).await.unwrap();
    let payment = w.payment_of(&placed).await;
    let preview = orders::preview_cancel(&w.sv, &placed.secret, &orders::WhichTickets::All)
        .await
        .unwrap()
        .unwrap();
    let cmd = orders::CancelByBuyer {
        secret: placed.secret.clone(),
        tickets: orders::WhichTickets::All,
        accepted_refund: preview.refund,
    };
    assert_eq!(
        orders::cancel_by_buyer(&w.sv, cmd).await.unwrap(),
        OrderState::Cancelled
    );
    assert_eq!(
        w.news(&payment, "late", NewsKind::Succeeded).await.unwrap(),
        Applied::SentBack
    );
    w.settle().await;
    assert_eq!(w.gateway.refunds().len(), 1);
    w.assert_sound().await;
}

#[tokio::test]
async fn whoever_pays_twice_gets_the_second_payment_back() {
    let w = World::new().await;
    let event = demo(&w, 5).await;
    let placed = w.buyer("Ada").orders(&event, "Seat", 2).await.unwrap();
    let first = w.payment_of(&placed).await;
    w.news(&first, "declined", DECLINED).await.unwrap();
    let second = w.payment_of(&placed).await;
    assert_eq!(
        w.news(&second, "paid", NewsKind::Succeeded).await.unwrap(),
        Applied::Done
    );
    // The provider corrects itself about the first attempt.
    assert_eq!(
        w.news(&first, "paid after all", NewsKind::Succeeded)
            .await
            .unwrap(),
        Applied::SentBack
    );
    w.settle().await;
    let order = orders::show_by_secret(&w.sv, &placed.secret)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (order.state, order.tickets.len(), order.refunded),
        (OrderState::Paid, 2, event.money(0))
    );
    let sent = w.gateway.refunds();
    assert_eq!(
        (sent.len(), sent[0].provider_ref.as_str()),
        (1, first.as_str())
    );
    // What was bought stands, so no document takes it back.
    services::invoices::issue_due(&w.sv).await.unwrap();
    let documents = w.text("select string_agg(kind, ' ') from invoices").await;
    assert_eq!(documents, "invoice");
    w.assert_sound().await;
}

#[tokio::test]
async fn the_order_of_news_does_not_matter() {
    let w = World::new().await;
    let event = demo(&w, 50).await;
    let news = [
        ("p", NewsKind::Processing),
        ("f", DECLINED),
        ("s", NewsKind::Succeeded),
    ];
    for order in [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
    ] {
        let placed = w.buyer("Ada").orders(&event, "Seat", 1).await.unwrap();
        let payment = w.payment_of(&placed).await;
        for n in order {
            let (id, kind) = news[n];
            for _ in 0..3 {
                w.news(&payment, &format!("{payment}-{id}"), kind)
                    .await
                    .unwrap();
            }
        }
        assert_eq!(
            state(&w, &placed.secret).await,
            OrderState::Paid,
            "{order:?}"
        );
    }
    w.settle().await;
    assert!(w.gateway.refunds().is_empty());
    w.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_message_ten_times_at_once_pays_once() {
    let w = World::new().await;
    let event = demo(&w, 5).await;
    let placed = w.buyer("Ada").orders(&event, "Seat", 2).await.unwrap();
    let payment = w.payment_of(&placed).await;
    let answers = join_all((0..10).map(|_| w.news(&payment, "once", NewsKind::Succeeded))).await;
    let done = answers
        .into_iter()
        .map(Result::unwrap)
        .filter(|applied| *applied == Applied::Done)
        .count();
    assert_eq!(done, 1);
    assert_eq!(w.count("select count(*) from tickets").await, 2);
    w.assert_sound().await;
}

#[tokio::test]
async fn news_of_an_unknown_payment_comes_again() {
    let w = World::new().await;
    let unknown = w.news("sandbox-of-nobody", "x", NewsKind::Succeeded).await;
    assert!(matches!(unknown, Err(NewsError::UnknownPayment)));
}

#[tokio::test]
async fn a_provider_that_is_down_costs_nothing() {
    let w = World::new().await;
    let event = demo(&w, 5).await;
    let placed = w.buyer("Ada").orders(&event, "Seat", 2).await.unwrap();
    w.gateway.fail_next(1);
    assert!(matches!(
        payments::start(&w.sv, &placed.secret).await,
        Err(StartError::ProviderDown)
    ));
    w.provider_says(&placed, NewsKind::Succeeded).await.unwrap();
    assert_eq!(w.count("select count(*) from payments").await, 1);
    w.assert_sound().await;
}

#[tokio::test]
async fn the_sandbox_does_what_it_is_told() {
    let w = World::new().await;
    let event = demo(&w, 50).await;
    use OrderState::{Expired, Paid, Pending};
    // What the buyer comes back to, and what becomes of it.
    let expected = [
        (SandboxOutcome::Succeed, Paid, Paid),
        (SandboxOutcome::Decline, Pending, Pending),
        (SandboxOutcome::Slow, Pending, Paid),
        (SandboxOutcome::AfterExpiry, Expired, Paid),
    ];
    for (outcome, at_once, end) in expected {
        let placed = w.buyer("Ada").orders(&event, "Seat", 1).await.unwrap();
        let payment = w.payment_of(&placed).await;
        let page = sandbox::show(&w.sv, &payment).await.unwrap().unwrap();
        assert!(page.open && page.amount == event.money(1500));
        let back = sandbox::choose(&w.sv, &payment, outcome, "")
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            back,
            format!("https://bilten.test/orders/{}", placed.secret)
        );
        // Choosing again changes nothing.
        sandbox::choose(&w.sv, &payment, SandboxOutcome::Succeed, "")
            .await
            .unwrap();
        let view = orders::show_by_secret(&w.sv, &placed.secret)
            .await
            .unwrap()
            .unwrap();
        let later = matches!(outcome, SandboxOutcome::Slow | SandboxOutcome::AfterExpiry);
        assert_eq!(view.is_processing(), later, "{outcome:?}");
        assert_eq!(view.state, at_once, "{outcome:?}");
        w.settle().await;
        w.advance_minutes(1);
        w.settle().await;
        assert_eq!(state(&w, &placed.secret).await, end, "{outcome:?}");
        assert!(!sandbox::show(&w.sv, &payment).await.unwrap().unwrap().open);
    }
    assert_eq!(
        sandbox::show(&w.sv, "sandbox-of-nobody").await.unwrap(),
        None
    );
    w.assert_sound().await;
}

#[tokio::test]
async fn a_sandbox_that_is_switched_off_gives_nothing_away() {
    let w = World::new().await;
    let event = demo(&w, 50).await;
    let [begun, told] = [w.buyer("Ada"), w.buyer("Bob")];
    let begun = begun.orders(&event, "Seat", 1).await.unwrap();
    let told = told.orders(&event, "Seat", 1).await.unwrap();
    let (payment, slow) = (w.payment_of(&begun).await, w.payment_of(&told).await);
    sandbox::choose(&w.sv, &slow, SandboxOutcome::Slow, "")
        .await
        .unwrap();
    w.gateway.replace();
    assert_eq!(sandbox::show(&w.sv, &payment).await.unwrap(), None);
    let chosen = sandbox::choose(&w.sv, &payment, SandboxOutcome::Succeed, "").await;
    assert_eq!(chosen.unwrap(), None);
    w.advance_minutes(1);
    w.settle().await;
    for placed in [begun, told] {
        assert_eq!(state(&w, &placed.secret).await, OrderState::Pending);
    }
}
