//! Payouts that go wrong on the way, and what mends the books.

use domain::{
    ids::OrganizationId,
    payouts::{PayoutState, Reserve, Schedule},
};
use jiff::SignedDuration;
use services::{
    ledger::{AdjustError, adjust},
    payouts::{self, EndPayoutError, RequestPayoutError},
};
use testkit::{Organization, World};
use uuid::Uuid;

use crate::{
    IBAN, eur, hall, looks,
    payouts::{ask, balance, end, id_of, statement},
    platform,
};

#[tokio::test]
async fn a_payout_that_cannot_be_asked_for_keeps_nobody_else_waiting() {
    let w = World::new().await;
    let (broken, _) = hall(&w).await;
    let other = w.organization("Barn").await;
    payouts::set_account(&w.sv, &other.proven(), "Barn Ltd", IBAN, "")
        .await
        .unwrap();
    let event = w
        .event("Fair")
        .by(&other)
        .ticket_type("Seat", 1_000, 9)
        .published()
        .await;
    for house in [&broken, &other] {
        payouts::set_schedule(&w.sv, &house.proven(), Schedule::Weekly)
            .await
            .unwrap();
    }
    let next = payouts::next_day(&w.sv, &looks(other.id)).await.unwrap();
    assert_eq!(next, Schedule::Weekly.next_after(w.now()));
    w.buyer("Ada").buys(&event, "Seat", 1).await.unwrap();
    w.settle().await;
    // The first in the line has an account that nobody can read, and money.
    w.execute(
        "update organizations set payout_due_at = payout_due_at - interval '1 hour' where name = 'Hall'",
    )
    .await;
    w.execute(
        "update payout_accounts a set sealed = 'x' from organizations o where o.id = a.organization_id and o.name = 'Hall'",
    )
    .await;
    services::ledger::adjust(
        &w.sv,
        &platform(&w).await,
        (broken.id, w.sv.new_id()),
        ("5", "EUR"),
        "so that it has money",
    )
    .await
    .unwrap();
    w.advance(SignedDuration::from_hours(24 * 8));
    assert_eq!(payouts::request_due(&w.sv).await.unwrap(), 1);
    assert_eq!(payouts::request_due(&w.sv).await.unwrap(), 1);
    assert_eq!(payouts::request_due(&w.sv).await.unwrap(), 0);
    assert_eq!(statement(&w, &other, 1).await.amount, eur(1_000));
    assert_eq!(w.count("select count(*) from payouts").await, 1);
    // It is tried again in an hour.
    w.advance(SignedDuration::from_hours(2));
    assert_eq!(payouts::request_due(&w.sv).await.unwrap(), 1);
}

#[tokio::test]
async fn a_payout_that_the_bank_gives_back_is_owed_again() {
    let w = World::new().await;
    let (hall, event) = hall(&w).await;
    let admin = platform(&w).await;
    w.buyer("Ada").buys(&event, "Seat", 3).await.unwrap();
    w.settle().await;
    ask(&w, &hall, None).await.unwrap();
    let id = id_of(&w, &hall, 1).await;
    let early = payouts::came_back(&w.sv, &admin, end(id, "closed")).await;
    assert!(matches!(early, Err(EndPayoutError::Transition(_))));
    payouts::send(&w.sv, &admin, end(id, "NBK-17"))
        .await
        .unwrap();
    for (text, found) in [("1", 1), ("nbk-1", 1), ("HALL", 1), ("2", 0)] {
        let sent = payouts::sent(&w.sv, &admin, text).await.unwrap();
        assert_eq!(sent.len(), found, "{text}");
    }
    let sent = payouts::sent(&w.sv, &admin, "").await.unwrap();
    assert_eq!((sent[0].id, sent[0].amount), (id, eur(3_000)));
    payouts::came_back(&w.sv, &admin, end(id, "account closed"))
        .await
        .unwrap();
    let again = payouts::came_back(&w.sv, &admin, end(id, "closed")).await;
    assert!(matches!(again, Err(EndPayoutError::Transition(_))));
    let one = statement(&w, &hall, 1).await;
    assert_eq!(one.state, PayoutState::Returned);
    assert_eq!(one.reference, "NBK-17");
    assert_eq!(one.returned.unwrap().1, "account closed");
    let bank =
        "select coalesce(sum(amount_minor), 0)::bigint from ledger_entries where account = 'bank'";
    assert_eq!(w.count(bank).await, 0);
    assert_eq!(balance(&w, &hall).await.owed, eur(3_000));
    w.assert_sound().await;
    w.advance_minutes(1);
    ask(&w, &hall, None).await.unwrap();
    assert_eq!(statement(&w, &hall, 2).await.amount, eur(3_000));
    w.assert_sound().await;
    let permit = looks(hall.id);
    let sheet = payouts::payouts_sheet(&w.sv, &permit).await.unwrap();
    let sheet = String::from_utf8(sheet).unwrap();
    let lines: Vec<_> = sheet.lines().collect();
    assert!(lines[0].starts_with("number,state,currency,amount,account,reference,"));
    assert!(lines[1].starts_with("2,requested,EUR,30.00,3000,,"));
    assert!(lines[2].starts_with("1,returned,EUR,30.00,3000,NBK-17,"));
    assert_eq!(lines.len(), 3);
    let book = payouts::payouts_book(&w.sv, &permit).await.unwrap();
    assert!(book.starts_with(b"PK"));
}

/// A form that was just opened.
fn form(w: &World, of: &Organization) -> (OrganizationId, Uuid) {
    (of.id, w.sv.new_id())
}

#[tokio::test]
async fn a_correction_gives_or_takes_and_says_why() {
    let w = World::new().await;
    let (hall, event) = hall(&w).await;
    let admin = platform(&w).await;
    w.buyer("Ada").buys(&event, "Seat", 1).await.unwrap();
    w.settle().await;
    for (amount, currency, reason) in [
        ("", "EUR", "long enough a reason"),
        ("0", "EUR", "long enough a reason"),
        ("1.001", "EUR", "long enough a reason"),
        ("1", "XXX", "long enough a reason"),
        ("1", "EUR", "short"),
    ] {
        let refused = adjust(&w.sv, &admin, form(&w, &hall), (amount, currency), reason).await;
        assert!(
            matches!(refused, Err(AdjustError::Fields(_))),
            "{amount} {currency} {reason}"
        );
    }
    let first = form(&w, &hall);
    for _ in 0..2 {
        // Sent twice: it is booked once.
        adjust(&w.sv, &admin, first, ("2.50", "EUR"), "a fee was wrong")
            .await
            .unwrap();
    }
    let other = adjust(&w.sv, &admin, first, ("2.51", "EUR"), "a fee was wrong").await;
    assert!(matches!(other, Err(AdjustError::Booked)));
    adjust(
        &w.sv,
        &admin,
        form(&w, &hall),
        ("-12.50", "EUR"),
        "posters we printed",
    )
    .await
    .unwrap();
    assert_eq!(balance(&w, &hall).await.owed, eur(0));
    let page = services::ledger::movements(&w.sv, &looks(hall.id), None, 10)
        .await
        .unwrap();
    let seen: Vec<_> = page
        .items
        .iter()
        .filter(|one| one.kind == "adjustment")
        .map(|one| (one.owed.minor, one.reason.clone().unwrap()))
        .collect();
    assert_eq!(seen.len(), 2);
    assert!(seen.contains(&(-1_250, "posters we printed".to_owned())));
    let held = services::ledger::platform_balances(&w.sv, &admin)
        .await
        .unwrap();
    assert_eq!(held[0].adjustments, eur(-1_000));
    assert_eq!(
        w.count("select count(*) from audit_entries where action = 'organization.adjust'")
            .await,
        2
    );
    // It stands in the next statement, with its reason.
    w.buyer("Bob").buys(&event, "Seat", 1).await.unwrap();
    w.settle().await;
    ask(&w, &hall, None).await.unwrap();
    let one = statement(&w, &hall, 1).await;
    assert_eq!(one.amount, eur(1_000));
    let reasons: Vec<_> = one
        .lines
        .iter()
        .filter_map(|line| line.reason.as_deref())
        .collect();
    assert_eq!(reasons.len(), 2);
    let sheet = String::from_utf8(one.sheet().unwrap()).unwrap();
    assert!(sheet.contains(",-12.50,posters we printed"), "{sheet}");
    w.assert_sound().await;
}

/// All was paid out, and then a share is to be kept back of it: there is nothing to keep back, and no debt.
#[tokio::test]
async fn a_share_that_is_set_after_the_payout_is_no_debt() {
    let w = World::new().await;
    let (hall, event) = hall(&w).await;
    let admin = platform(&w).await;
    w.buyer("Ada").buys(&event, "Seat", 5).await.unwrap();
    w.settle().await;
    ask(&w, &hall, None).await.unwrap();
    payouts::send(&w.sv, &admin, end(id_of(&w, &hall, 1).await, "1"))
        .await
        .unwrap();
    let reserve = Reserve {
        percent: 20,
        days_after: 2,
    };
    payouts::set_reserve(&w.sv, &admin, hall.id, reserve, "Complaints came")
        .await
        .unwrap();
    let now = balance(&w, &hall).await;
    assert_eq!((now.owed, now.reserve), (eur(0), eur(0)));
    let refused = ask(&w, &hall, None).await;
    assert!(matches!(refused, Err(RequestPayoutError::Nothing)));
    // The next money is kept back as far as it reaches.
    w.buyer("Bob").buys(&event, "Seat", 1).await.unwrap();
    w.settle().await;
    let now = balance(&w, &hall).await;
    assert_eq!((now.owed, now.reserve), (eur(0), eur(1_000)));
    w.assert_sound().await;
}
