//! Money that goes back, comes back, or cannot go back as it came.

use domain::{orders::OrderState, payments::DeclineReason};
use jiff::tz::TimeZone;
use services::{
    orders::{self, RefundChoice, RefundOrder, RetryRefundError},
    payments::{self, NewsKind},
    transfers::{self, CameBackError, SentError},
};

use crate::{House, house, table};

async fn left(h: &House, placed: &services::checkout::Placed) -> (String, i64) {
    let code = h.view(placed).await.code;
    let found = orders::show(&h.w.sv, &h.hall.permit(), code).await;
    let detail = found.unwrap().unwrap();
    (detail.order.payment.unwrap().state, detail.left.minor)
}

async fn give_back(h: &House, placed: &services::checkout::Placed, minor: i64) {
    let cmd = RefundOrder {
        code: h.view(placed).await.code,
        choice: RefundChoice::Amount(h.event.money(minor)),
        keep_tickets: true,
        reason: String::new(),
        idempotency_key: None,
    };
    orders::refund(&h.w.sv, &h.hall.permit(), cmd)
        .await
        .unwrap();
    h.w.settle().await;
}

#[tokio::test]
async fn money_can_go_back_whatever_came_of_the_newest_attempt() {
    let h = house(9).await;
    let placed = h.order_by_transfer("Ada", 2).await;
    let reference = h.reference(&placed).await;
    // A card is tried and declined; then the transfer arrives.
    h.w.advance_minutes(1);
    payments::start(&h.w.sv, &placed.secret).await.unwrap();
    let page = h.w.payment_of(&placed).await;
    let reason = DeclineReason::CardDeclined;
    h.w.news(&page, "no", NewsKind::Failed { reason })
        .await
        .unwrap();
    h.bank_tells(table(&[("20.00", &reference, "A")])).await;
    h.w.settle().await;
    assert_eq!(h.state(&placed).await, OrderState::Paid);
    assert_eq!(left(&h, &placed).await, ("failed".to_owned(), 2_000));
    give_back(&h, &placed, 500).await;
    assert_eq!(left(&h, &placed).await, ("failed".to_owned(), 1_500));

    // Paid twice: the second payment has gone back, the first is there.
    let twice = h.order_by_transfer("Bob", 1).await;
    let reference = h.reference(&twice).await;
    h.w.advance_minutes(1);
    payments::start(&h.w.sv, &twice.secret).await.unwrap();
    let page = h.w.payment_of(&twice).await;
    h.bank_tells(table(&[("10.00", &reference, "B")])).await;
    h.w.settle().await;
    h.w.news(&page, "late", NewsKind::Succeeded).await.unwrap();
    h.w.settle().await;
    assert_eq!(left(&h, &twice).await, ("refunded".to_owned(), 1_000));
    // And an order that nobody has paid has nothing to give.
    let unpaid = h.order_by_transfer("Cem", 1).await;
    assert_eq!(left(&h, &unpaid).await.1, 0);
    h.w.assert_sound().await;
}

#[tokio::test]
async fn a_refund_that_no_card_takes_is_sent_by_bank() {
    let h = house(9).await;
    let placed = h.w.buyer("Ada").buys(&h.event, "Seat", 2).await.unwrap();
    h.w.gateway.refuse_next(1);
    give_back(&h, &placed, 700).await;
    let waiting = transfers::refunds(&h.w.sv, &h.platform).await.unwrap();
    assert_eq!(waiting.len(), 1);
    assert!(waiting[0].failed.is_some() && waiting[0].account.is_empty());
    let sheet = transfers::refunds_sheet(&waiting).unwrap();
    let lines = String::from_utf8(sheet).unwrap().lines().count();
    assert_eq!(lines, 1, "no program sends it");
    let id = waiting[0].id;
    let early = transfers::mark_sent(&h.w.sv, &h.platform, id).await;
    assert!(matches!(early, Err(SentError::NotFound)));
    transfers::take_on(&h.w.sv, &h.platform, id).await.unwrap();
    transfers::mark_sent(&h.w.sv, &h.platform, id)
        .await
        .unwrap();
    let again = transfers::mark_sent(&h.w.sv, &h.platform, id).await;
    assert!(matches!(again, Err(SentError::NotFound)));
    assert_eq!((h.on("bank").await, h.on("provider").await), (-700, 2_000));
    let refund = &h.view(&placed).await.refunds[0];
    assert_eq!(
        (refund.state.as_str(), refund.failure.as_str()),
        ("succeeded", "")
    );
    h.w.assert_sound().await;

    // The bank gives it back, and then the card is tried once more.
    let sent = transfers::sent_refunds(&h.w.sv, &h.platform, "")
        .await
        .unwrap();
    assert_eq!((sent[0].id, sent[0].amount.minor), (id, 700));
    // However long ago it was sent, it is found by what the bank's paper says.
    let code = h.view(&placed).await.code.to_string();
    for (text, found) in [
        (waiting[0].reference.grouped(), 1),
        (waiting[0].reference.as_str().to_lowercase(), 1),
        (format!(" {} ", code.to_lowercase()), 1),
        ("nothing".to_owned(), 0),
    ] {
        let sent = transfers::sent_refunds(&h.w.sv, &h.platform, &text).await;
        assert_eq!(sent.unwrap().len(), found, "{text}");
    }
    transfers::mark_came_back(&h.w.sv, &h.platform, id, "account closed")
        .await
        .unwrap();
    let again = transfers::mark_came_back(&h.w.sv, &h.platform, id, "account closed").await;
    assert!(matches!(again, Err(CameBackError::NotFound)));
    assert_eq!((h.on("bank").await, h.on("provider").await), (0, 2_000));
    let refund = &h.view(&placed).await.refunds[0];
    assert_eq!(
        (refund.state.as_str(), refund.failure.as_str()),
        ("failed", "account closed")
    );
    h.w.assert_sound().await;
    orders::retry_refund(&h.w.sv, &h.hall.permit(), id)
        .await
        .unwrap();
    h.w.settle().await;
    assert_eq!((h.on("bank").await, h.on("provider").await), (0, 1_300));
    assert!(
        transfers::sent_refunds(&h.w.sv, &h.platform, "")
            .await
            .unwrap()
            .is_empty()
    );
    h.w.assert_sound().await;
}

#[tokio::test]
async fn a_refund_of_a_transfer_that_comes_back_waits_again() {
    let h = house(9).await;
    let placed = h.order_by_transfer("Ada", 1).await;
    let reference = h.reference(&placed).await;
    h.bank_tells(table(&[("10.00", &reference, "A")])).await;
    h.w.settle().await;
    give_back(&h, &placed, 300).await;
    let id = transfers::refunds(&h.w.sv, &h.platform).await.unwrap()[0].id;
    let early = transfers::mark_came_back(&h.w.sv, &h.platform, id, "no such account").await;
    assert!(matches!(early, Err(CameBackError::NotFound)));
    for round in 0..2 {
        if round == 1 {
            transfers::take_on(&h.w.sv, &h.platform, id).await.unwrap();
        }
        transfers::mark_sent(&h.w.sv, &h.platform, id)
            .await
            .unwrap();
        assert_eq!(h.on("bank").await, 700, "{round}");
        h.w.assert_sound().await;
        if round == 0 {
            transfers::mark_came_back(&h.w.sv, &h.platform, id, "no such account")
                .await
                .unwrap();
            assert_eq!(h.on("bank").await, 1_000);
            let waiting = transfers::refunds(&h.w.sv, &h.platform).await.unwrap();
            assert_eq!(waiting[0].failed.as_deref(), Some("no such account"));
            h.w.assert_sound().await;
        }
    }
}

/// Others have failed by the hundred, and are older: the refund of a transfer is in the list and in the file for the bank.
#[tokio::test]
async fn what_failed_elsewhere_crowds_out_no_refund_of_a_transfer() {
    let h = house(9).await;
    let card = h.w.buyer("Ada").buys(&h.event, "Seat", 1).await.unwrap();
    h.w.gateway.refuse_next(1);
    give_back(&h, &card, 100).await;
    let placed = h.order_by_transfer("Bob", 1).await;
    let reference = h.reference(&placed).await;
    h.bank_tells(table(&[("10.00", &reference, "A")])).await;
    h.w.settle().await;
    give_back(&h, &placed, 300).await;
    h.w.execute(
        "insert into refunds (id, organization_id, order_id, payment_id, amount_minor, currency, state, created_at)
         select gen_random_uuid(), organization_id, order_id, payment_id, 1, currency, 'failed', created_at - interval '1 hour'
         from refunds, generate_series(1, 250) where state = 'failed'",
    )
    .await;
    let waiting = transfers::refunds(&h.w.sv, &h.platform).await.unwrap();
    let failed = waiting.iter().filter(|row| row.failed.is_some()).count();
    assert_eq!((failed, waiting.len()), (200, 201));
    let sheet = String::from_utf8(transfers::refunds_sheet(&waiting).unwrap()).unwrap();
    assert_eq!(sheet.lines().count(), 2, "{sheet}");
    assert!(sheet.contains(",3.00,EUR,"), "{sheet}");
}

/// Somebody of the platform is at the bank with it: meanwhile nobody has the provider pay the same.
#[tokio::test]
async fn what_the_platform_sends_is_not_tried_again() {
    let h = house(9).await;
    let placed = h.w.buyer("Ada").buys(&h.event, "Seat", 1).await.unwrap();
    h.w.gateway.refuse_next(1);
    give_back(&h, &placed, 700).await;
    let id = transfers::refunds(&h.w.sv, &h.platform).await.unwrap()[0].id;
    transfers::take_on(&h.w.sv, &h.platform, id).await.unwrap();
    let other = transfers::take_on(&h.w.sv, &h.platform, id).await;
    assert!(matches!(other, Err(SentError::NotFound)));
    let waiting = transfers::refunds(&h.w.sv, &h.platform).await.unwrap();
    assert!(waiting[0].taken_by.is_some());
    assert!(h.view(&placed).await.refunds[0].taken);
    let retried = orders::retry_refund(&h.w.sv, &h.hall.permit(), id).await;
    assert!(matches!(retried, Err(RetryRefundError::Taken)));
    // They do not send it after all: then it can be tried, once.
    transfers::let_go(&h.w.sv, &h.platform, id).await.unwrap();
    let again = transfers::let_go(&h.w.sv, &h.platform, id).await;
    assert!(matches!(again, Err(SentError::NotFound)));
    orders::retry_refund(&h.w.sv, &h.hall.permit(), id)
        .await
        .unwrap();
    let late = transfers::take_on(&h.w.sv, &h.platform, id).await;
    assert!(matches!(late, Err(SentError::NotFound)));
    h.w.settle().await;
    assert_eq!((h.on("bank").await, h.on("provider").await), (0, 300));
    h.w.assert_sound().await;
}

/// The statement of the day it first left is taken in late: it says nothing of the try that waits now.
#[tokio::test]
async fn a_debit_before_the_return_settles_no_new_try() {
    let h = house(9).await;
    let placed = h.order_by_transfer("Ada", 1).await;
    let reference = h.reference(&placed).await;
    h.bank_tells(table(&[("10.00", &reference, "A")])).await;
    h.w.settle().await;
    give_back(&h, &placed, 300).await;
    let waiting = transfers::refunds(&h.w.sv, &h.platform).await.unwrap();
    let (id, back) = (waiting[0].id, waiting[0].reference.as_str().to_owned());
    let sheet = |what: &str| {
        let day = h.w.now().to_zoned(TimeZone::UTC).date();
        let head = "Date,Name,IBAN,Reference,Amount,Bank reference";
        format!("{head}\n{day},Ada,GB33BUKB20201555555555,{back},-3.00,{what}\n").into_bytes()
    };
    let first = sheet("first");
    transfers::mark_sent(&h.w.sv, &h.platform, id)
        .await
        .unwrap();
    h.w.advance_minutes(60 * 48);
    transfers::mark_came_back(&h.w.sv, &h.platform, id, "account closed")
        .await
        .unwrap();
    orders::retry_refund(&h.w.sv, &h.hall.permit(), id)
        .await
        .unwrap();
    h.w.settle().await;
    h.bank_tells(first).await;
    h.w.settle().await;
    assert_eq!(h.on("bank").await, 1_000, "it waits");
    h.bank_tells(sheet("second")).await;
    h.w.settle().await;
    assert_eq!(h.on("bank").await, 700);
    let waiting = transfers::refunds(&h.w.sv, &h.platform).await.unwrap();
    assert!(waiting.is_empty());
    h.w.assert_sound().await;
}
