use domain::money::{Currency, Money};
use jiff::{SignedDuration, ToSpan, civil::Date, tz::TimeZone};
use services::{
    ledger::{By, Span, movements, platform_balances, platform_report, report},
    orders::{self, RefundChoice, RefundOrder},
};
use testkit::World;

use crate::{eur, hall, looks, platform};

fn today(w: &World) -> Date {
    w.now().to_zoned(TimeZone::UTC).date()
}

fn day(day: Date) -> Span {
    Span {
        first: day,
        last: day,
    }
}

#[tokio::test]
async fn figures_are_sums_over_the_books_and_stay_what_they_were() {
    let w = World::new().await;
    let (hall, event) = hall(&w).await;
    let other = w.organization("Barn").await;
    let yen = w
        .event("Matsuri")
        .by(&other)
        .currency(Currency::JPY)
        .ticket_type("Seat", 2_500, 9)
        .published()
        .await;
    let placed = w.buyer("Ada").buys(&event, "Seat", 3).await.unwrap();
    w.buyer("Bob").buys(&event, "Seat", 1).await.unwrap();
    w.buyer("Eve").buys(&yen, "Seat", 2).await.unwrap();
    w.settle().await;
    let first = today(&w);
    let mine = looks(hall.id);
    let then = report(&w.sv, &mine, By::Event, day(first)).await.unwrap();
    assert_eq!(then.len(), 1);
    assert_eq!(
        (
            then[0].name.as_str(),
            then[0].orders,
            then[0].gross,
            then[0].net
        ),
        ("Evening", 2, eur(4_000), eur(4_000))
    );
    w.advance(SignedDuration::from_hours(24));
    let cmd = RefundOrder {
        code: placed.code,
        choice: RefundChoice::Amount(eur(700)),
        keep_tickets: true,
        reason: String::new(),
        idempotency_key: None,
    };
    orders::refund(&w.sv, &hall.permit(), cmd).await.unwrap();
    w.settle().await;
    // What happens later does not change the day before.
    assert_eq!(
        report(&w.sv, &mine, By::Event, day(first)).await.unwrap(),
        then
    );
    let both = Span {
        first,
        last: first.saturating_add(1.day()),
    };
    let now = report(&w.sv, &mine, By::Event, both).await.unwrap();
    assert_eq!(
        (now[0].gross, now[0].refunded, now[0].net),
        (eur(4_000), eur(700), eur(3_300))
    );

    let admin = platform(&w).await;
    let all = platform_report(&w.sv, &admin, By::Organization, both)
        .await
        .unwrap();
    let seen: Vec<_> = all.iter().map(|row| (row.name.as_str(), row.net)).collect();
    assert_eq!(
        seen,
        [
            ("Barn", Money::new(5_000, Currency::JPY)),
            ("Hall", eur(3_300))
        ]
    );
    for row in &all {
        let parts = row.refunded.minor + row.disputed.minor + row.tax.minor + row.fees.minor;
        assert_eq!(row.gross.minor - parts, row.net.minor);
    }
    for held in platform_balances(&w.sv, &admin).await.unwrap() {
        assert_eq!(
            held.provider.minor + held.bank.minor + held.costs.minor,
            held.organizers.minor + held.buyers.minor + held.fees.minor
        );
    }
    w.assert_sound().await;
}

#[tokio::test]
async fn movements_come_page_by_page_and_only_ones_own() {
    let w = World::new().await;
    let (hall, event) = hall(&w).await;
    for n in 0..5 {
        w.buyer(&format!("Buyer {n}"))
            .buys(&event, "Seat", 1)
            .await
            .unwrap();
        w.advance_minutes(1);
    }
    w.settle().await;
    let mine = looks(hall.id);
    let (mut seen, mut cursor) = (Vec::new(), None);
    loop {
        let page = movements(&w.sv, &mine, cursor.as_deref(), 2).await.unwrap();
        seen.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 5);
    assert!(seen.windows(2).all(|two| two[0].at > two[1].at));
    assert!(
        seen.iter()
            .all(|one| one.kind == "sale" && one.owed == eur(1_000))
    );
    let other = w.organization("Barn").await;
    let page = movements(&w.sv, &looks(other.id), None, 50).await.unwrap();
    assert!(page.items.is_empty());
}
