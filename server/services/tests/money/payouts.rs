use domain::{
    ids::PayoutId,
    money::Currency,
    orders::OrderState,
    payouts::{PayoutState, Reserve, Schedule},
    pricing::{Rate, TaxMode},
};
use futures::future::join_all;
use jiff::SignedDuration;
use services::{
    ledger::{Balance, balances},
    orders::{self, RefundChoice, RefundOrder},
    payouts::{self, EndPayout, EndPayoutError, RequestPayout, RequestPayoutError, Statement},
    permit::{self, ManagePayouts, Permit, Refused},
};
use testkit::{Organization, World};

use crate::{IBAN, eur, hall, looks, platform};

pub(crate) async fn ask(
    w: &World,
    hall: &Organization,
    minor: Option<i64>,
) -> Result<i32, RequestPayoutError> {
    let cmd = RequestPayout {
        currency: Currency::EUR,
        amount: minor.map(eur),
    };
    payouts::request(&w.sv, &hall.proven(), cmd).await
}

pub(crate) async fn balance(w: &World, hall: &Organization) -> Balance {
    balances(&w.sv, &looks(hall.id)).await.unwrap()[0]
}

pub(crate) async fn statement(w: &World, hall: &Organization, number: i32) -> Statement {
    payouts::statement(&w.sv, &looks(hall.id), number)
        .await
        .unwrap()
        .unwrap()
}

pub(crate) async fn id_of(w: &World, hall: &Organization, number: i32) -> PayoutId {
    statement(w, hall, number).await.id
}

pub(crate) fn end(payout: PayoutId, reference: &str) -> EndPayout {
    EndPayout {
        payout,
        reference: reference.into(),
    }
}

async fn refund(w: &World, hall: &Organization, code: domain::ids::OrderCode, minor: i64) {
    let cmd = RefundOrder {
        code,
        choice: RefundChoice::Amount(eur(minor)),
        keep_tickets: true,
        reason: "as asked".into(),
        idempotency_key: None,
    };
    let done = orders::refund(&w.sv, &hall.permit(), cmd).await.unwrap();
    assert_eq!(done.state_after, OrderState::Paid);
    w.settle().await;
}

#[tokio::test]
async fn what_is_owed_is_paid_out_and_every_statement_ties() {
    let w = World::new().await;
    let (hall, event) = hall(&w).await;
    let admin = platform(&w).await;
    let first = w.buyer("Ada").buys(&event, "Seat", 3).await.unwrap();
    w.settle().await;
    assert_eq!(balance(&w, &hall).await.owed, eur(3_000));
    refund(&w, &hall, first.code, 500).await;
    assert_eq!(ask(&w, &hall, None).await.unwrap(), 1);
    let now = balance(&w, &hall).await;
    assert_eq!((now.owed, now.on_the_way), (eur(0), eur(2_500)));
    w.assert_sound().await;
    let one = statement(&w, &hall, 1).await;
    assert_eq!(
        (one.opening, one.amount, one.closing),
        (eur(0), eur(2_500), eur(0))
    );
    let sums: Vec<_> = one
        .sums
        .iter()
        .map(|(kind, sum)| (kind.as_str(), sum.minor))
        .collect();
    assert_eq!(
        sums,
        [("payout", -2_500), ("refund", -500), ("sale", 3_000)]
    );

    let id = one.id;
    payouts::send(&w.sv, &admin, end(id, "NBK-17"))
        .await
        .unwrap();
    let again = payouts::send(&w.sv, &admin, end(id, "NBK-17")).await;
    assert!(matches!(again, Err(EndPayoutError::Transition(_))));
    let off = payouts::call_off(&w.sv, &admin, end(id, "no")).await;
    assert!(matches!(off, Err(EndPayoutError::Transition(_))));
    assert_eq!(balance(&w, &hall).await.on_the_way, eur(0));

    // Money that goes back after it was paid out is owed to the platform, and the next sale makes up for it.
    refund(&w, &hall, first.code, 1_200).await;
    assert_eq!(balance(&w, &hall).await.owed, eur(-1_200));
    assert!(matches!(
        ask(&w, &hall, None).await,
        Err(RequestPayoutError::Nothing)
    ));
    assert!(matches!(
        ask(&w, &hall, Some(1)).await,
        Err(RequestPayoutError::Nothing)
    ));
    w.buyer("Bob").buys(&event, "Seat", 2).await.unwrap();
    w.settle().await;
    assert!(matches!(
        ask(&w, &hall, Some(801)).await,
        Err(RequestPayoutError::TooMuch { available }) if available == eur(800)
    ));
    for wrong in [0, -1, i64::MIN] {
        assert!(ask(&w, &hall, Some(wrong)).await.is_err(), "{wrong}");
    }
    assert_eq!(ask(&w, &hall, Some(300)).await.unwrap(), 2);
    let two = statement(&w, &hall, 2).await;
    assert_eq!((two.opening, two.closing), (eur(0), eur(500)));
    assert!(matches!(
        ask(&w, &hall, None).await,
        Err(RequestPayoutError::OneIsOpen)
    ));
    w.assert_sound().await;

    // Called off, it is owed again, and the statement after it says so.
    payouts::call_off(&w.sv, &admin, end(two.id, "Account closed"))
        .await
        .unwrap();
    assert_eq!(balance(&w, &hall).await.owed, eur(800));
    assert_eq!(ask(&w, &hall, None).await.unwrap(), 3);
    let three = statement(&w, &hall, 3).await;
    assert_eq!(
        (three.opening, three.amount, three.closing),
        (eur(500), eur(800), eur(0))
    );
    let lines: Vec<_> = three.lines.iter().map(|line| line.owed.minor).collect();
    assert_eq!(lines, [300, -800]);
    w.assert_sound().await;
}

#[tokio::test]
async fn tax_and_fee_are_told_apart_and_come_back_in_part() {
    let w = World::new().await;
    let (hall, event) = hall(&w).await;
    let rate = Rate::from_bp(1_900);
    w.prices(&event, (TaxMode::Included, "DE"), rate, 0).await;
    w.fee_plan(None, Currency::EUR, 50, 0).await;
    let placed = w.buyer("Ada").buys(&event, "Seat", 3).await.unwrap();
    w.settle().await;
    let before = balance(&w, &hall).await;
    assert_eq!((before.owed, before.tax), (eur(2_850), eur(479)));
    for minor in [100, 899, 1_001] {
        refund(&w, &hall, placed.code, minor).await;
    }
    let now = balance(&w, &hall).await;
    // A third is left of everything.
    assert_eq!((now.owed, now.tax), (eur(950), eur(160)));
    ask(&w, &hall, None).await.unwrap();
    let one = statement(&w, &hall, 1).await;
    let line = one.lines.iter().find(|line| line.kind == "sale").unwrap();
    assert_eq!(
        (line.owed, line.tax, line.fee),
        (eur(2_850), eur(479), eur(150))
    );
    let books =
        "select sum(amount_minor)::bigint from ledger_entries where account = 'tax_collected'";
    assert_eq!(w.count(books).await, 0, "tax goes first");
    w.assert_sound().await;
}

#[tokio::test]
async fn without_an_account_nothing_leaves() {
    let w = World::new().await;
    let (hall, event) = hall(&w).await;
    w.buyer("Ada").buys(&event, "Seat", 1).await.unwrap();
    w.settle().await;
    payouts::remove_account(&w.sv, &hall.proven())
        .await
        .unwrap();
    assert!(matches!(
        ask(&w, &hall, None).await,
        Err(RequestPayoutError::NoAccount)
    ));
    assert_eq!(w.count("select count(*) from payouts").await, 0);
    assert_eq!(balance(&w, &hall).await.owed, eur(1_000));
}

#[tokio::test]
async fn the_account_is_sealed_kept_with_the_payout_and_all_owners_hear_of_a_change() {
    let w = World::new().await;
    let (hall, event) = hall(&w).await;
    let owner = w.member(&hall, domain::permissions::Role::Owner).await;
    let email = w.text("select email from users where name = 'owner'").await;
    w.buyer("Ada").buys(&event, "Seat", 1).await.unwrap();
    w.settle().await;
    ask(&w, &hall, None).await.unwrap();
    let permit = services::permit::for_organization(&w.sv, &owner, hall.id)
        .await
        .unwrap();
    let permit = services::permit::proven(&w.sv, &owner, permit).unwrap();
    payouts::set_account(&w.sv, &permit, "Other Ltd", "GB33BUKB20201555555555", "")
        .await
        .unwrap();
    w.settle().await;
    assert_eq!(w.mailer.to(&email).len(), 1);
    let stored = w
        .text("select encode(sealed, 'escape') || last_four from payout_accounts")
        .await;
    assert!(!stored.contains("BUKB") && stored.ends_with("5555"));
    // The open payout goes where it was meant to go.
    let open = payouts::open(&w.sv, &*platform(&w).await).await.unwrap();
    assert_eq!(open[0].account.number.electronic(), IBAN);
    assert_eq!(open[0].account.holder, "Hall Ltd");
}

/// Whoever finds a browser that is signed in sends no money anywhere: the use cases themselves ask for a proof.
#[tokio::test]
async fn a_proof_is_fresh_and_of_whoever_asks() {
    let w = World::new().await;
    let (hall, _) = hall(&w).await;
    let owner = w.member(&hall, domain::permissions::Role::Owner).await;
    let other = w.member(&hall, domain::permissions::Role::Owner).await;
    let permit: Permit<ManagePayouts> = permit::for_organization(&w.sv, &owner, hall.id)
        .await
        .unwrap();
    assert!(permit::proven(&w.sv, &owner, permit.clone()).is_ok());
    let of_another = permit::proven(&w.sv, &other, permit.clone());
    assert!(matches!(of_another, Err(Refused::Forbidden)));
    w.advance(SignedDuration::from_mins(15));
    assert!(permit::proven(&w.sv, &owner, permit.clone()).is_ok());
    w.advance(SignedDuration::from_secs(1));
    let late = permit::proven(&w.sv, &owner, permit);
    assert!(matches!(late, Err(Refused::ProofNeeded)));
}

#[tokio::test]
async fn a_share_is_kept_back_until_the_event_is_over() {
    let w = World::new().await;
    let (hall, event) = hall(&w).await;
    let admin = platform(&w).await;
    let reserve = Reserve {
        percent: 20,
        days_after: 2,
    };
    payouts::set_reserve(&w.sv, &admin, hall.id, reserve, "New here")
        .await
        .unwrap();
    w.buyer("Ada").buys(&event, "Seat", 5).await.unwrap();
    w.settle().await;
    assert!(matches!(
        ask(&w, &hall, Some(4_001)).await,
        Err(RequestPayoutError::TooMuch { available }) if available == eur(4_000)
    ));
    let kept = "select count(*) from ledger_transactions where kind = 'reserve'";
    assert_eq!(w.count(kept).await, 0, "nothing was half done");
    // What is shown is what is paid.
    let now = balance(&w, &hall).await;
    assert_eq!((now.owed, now.reserve), (eur(4_000), eur(1_000)));
    ask(&w, &hall, None).await.unwrap();
    let one = statement(&w, &hall, 1).await;
    assert_eq!((one.amount, one.closing), (eur(4_000), eur(0)));
    assert_eq!(balance(&w, &hall).await.reserve, eur(1_000));
    payouts::send(&w.sv, &admin, end(id_of(&w, &hall, 1).await, "1"))
        .await
        .unwrap();
    assert!(matches!(
        ask(&w, &hall, None).await,
        Err(RequestPayoutError::Nothing)
    ));
    assert_eq!(balance(&w, &hall).await.owed, eur(0));
    w.advance(SignedDuration::from_hours(24 * 400));
    // Everything else is paid: it shows itself as money that can be had, or nobody would ever ask for it.
    let now = balance(&w, &hall).await;
    assert_eq!((now.owed, now.reserve), (eur(1_000), eur(0)));
    ask(&w, &hall, None).await.unwrap();
    assert_eq!(statement(&w, &hall, 2).await.amount, eur(1_000));
    assert_eq!(balance(&w, &hall).await.reserve, eur(0));
    w.settle().await;
    w.assert_sound().await;
}

#[tokio::test]
async fn many_at_once_pay_out_once() {
    let w = World::new().await;
    let (hall, event) = hall(&w).await;
    w.buyer("Ada").buys(&event, "Seat", 4).await.unwrap();
    w.settle().await;
    let asked = join_all((0..12).map(|_| ask(&w, &hall, None))).await;
    assert_eq!(asked.iter().filter(|one| one.is_ok()).count(), 1);
    for other in asked.iter().filter(|one| one.is_err()) {
        assert!(
            matches!(other, Err(RequestPayoutError::OneIsOpen)),
            "{other:?}"
        );
    }
    let admin = platform(&w).await;
    let id = id_of(&w, &hall, 1).await;
    let sent = join_all((0..8).map(|n| {
        let (sv, admin) = (w.sv.clone(), admin.clone());
        async move {
            if n % 2 == 0 {
                payouts::send(&sv, &admin, end(id, "x")).await
            } else {
                payouts::call_off(&sv, &admin, end(id, "x")).await
            }
        }
    }))
    .await;
    assert_eq!(sent.iter().filter(|one| one.is_ok()).count(), 1);
    w.assert_sound().await;
}

#[tokio::test]
async fn sales_go_on_while_it_is_paid_out() {
    let w = World::new().await;
    let (hall, event) = hall(&w).await;
    let admin = platform(&w).await;
    let sell = async |n: usize| {
        let name = format!("Buyer {n}");
        w.buyer(&name).buys(&event, "Seat", 1).await.unwrap();
    };
    let pay = async {
        for _ in 0..6 {
            if let Ok(number) = ask(&w, &hall, None).await {
                let id = id_of(&w, &hall, number).await;
                payouts::send(&w.sv, &admin, end(id, "x")).await.unwrap();
            }
        }
    };
    let ((), _) = futures::join!(pay, join_all((0..20).map(sell)));
    w.settle().await;
    let _ = ask(&w, &hall, None).await;
    let out = w
        .count("select sum(amount_minor)::bigint from payouts")
        .await;
    assert_eq!(out + balance(&w, &hall).await.owed.minor, 20_000);
    w.assert_sound().await;
}

#[tokio::test]
async fn the_schedule_asks_by_itself() {
    let w = World::new().await;
    let (hall, event) = hall(&w).await;
    payouts::set_schedule(&w.sv, &hall.proven(), Schedule::Weekly)
        .await
        .unwrap();
    w.buyer("Ada").buys(&event, "Seat", 1).await.unwrap();
    w.settle().await;
    assert_eq!(payouts::request_due(&w.sv).await.unwrap(), 0);
    w.advance(SignedDuration::from_hours(24 * 8));
    assert_eq!(payouts::request_due(&w.sv).await.unwrap(), 1);
    assert_eq!(payouts::request_due(&w.sv).await.unwrap(), 0);
    let one = statement(&w, &hall, 1).await;
    assert_eq!(
        (one.state, one.amount),
        (PayoutState::Requested, eur(1_000))
    );
    // The next week one is still open: nothing happens, and nothing is lost.
    w.advance(SignedDuration::from_hours(24 * 8));
    assert_eq!(payouts::request_due(&w.sv).await.unwrap(), 1);
    assert_eq!(w.count("select count(*) from payouts").await, 1);
    payouts::set_schedule(&w.sv, &hall.proven(), Schedule::Manual)
        .await
        .unwrap();
    w.advance(SignedDuration::from_hours(24 * 40));
    assert_eq!(payouts::request_due(&w.sv).await.unwrap(), 0);
    w.settle().await;
    w.assert_sound().await;
}

/// What the database itself refuses, should the code ever be wrong.
#[tokio::test]
async fn a_listed_booking_cannot_be_listed_again_or_taken_out() {
    let w = World::new().await;
    let (hall, event) = hall(&w).await;
    w.buyer("Ada").buys(&event, "Seat", 1).await.unwrap();
    w.settle().await;
    ask(&w, &hall, None).await.unwrap();
    let mut tx = w.sv.db.begin(services::db::Scope::System).await.unwrap();
    for sql in [
        "insert into payout_items select * from payout_items limit 1",
        "delete from payout_items",
        "update payout_items set payout_id = payout_id",
        "delete from payouts",
    ] {
        sqlx::query("savepoint a").execute(&mut *tx).await.unwrap();
        assert!(sqlx::query(sql).execute(&mut *tx).await.is_err(), "{sql}");
        sqlx::query("rollback to a")
            .execute(&mut *tx)
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn a_long_statement_comes_page_by_page_and_whole_in_its_file() {
    let w = World::new().await;
    let (hall, event) = hall(&w).await;
    for n in 0..7 {
        let buyer = w.buyer(&format!("Buyer {n}"));
        buyer.buys(&event, "Seat", 1).await.unwrap();
        // Two of them at the same moment.
        if n != 3 {
            w.advance_minutes(1);
        }
    }
    w.settle().await;
    ask(&w, &hall, None).await.unwrap();
    let whole = statement(&w, &hall, 1).await;
    assert_eq!(whole.lines.len(), 8);
    let (mut seen, mut cursor) = (Vec::new(), None);
    loop {
        let mine = looks(hall.id);
        let page = payouts::statement_page(&w.sv, &mine, 1, cursor.as_deref(), 3);
        let (page, next) = page.await.unwrap().unwrap();
        assert_eq!(page.sums, whole.sums);
        assert!(page.lines.len() <= 3);
        seen.extend(page.lines);
        cursor = next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen, whole.lines);
    assert_eq!(seen.last().map(|line| line.kind.as_str()), Some("payout"));
}
