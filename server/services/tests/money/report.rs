use domain::{
    money::{Currency, Money},
    pricing::TaxMode,
};
use jiff::{SignedDuration, ToSpan, civil::Date, tz::TimeZone};
use services::{
    checkout::Placed,
    ledger::{
        By, Report, ReportRow, Span, Wanted, movements, platform_balances, platform_report, report,
        report_book, report_sheet, set_zone, zone,
    },
    orders::{self, RefundChoice, RefundOrder},
    payments::NewsKind,
};
use testkit::World;

use crate::{eur, hall, looks, platform};

pub(crate) fn today(w: &World) -> Date {
    w.now().to_zoned(TimeZone::UTC).date()
}

pub(crate) fn wanted(w: &World, by: By, (first, last): (Date, Date)) -> Wanted {
    Wanted {
        by,
        span: Span { first, last },
        zone: "UTC".into(),
        as_of: w.now(),
        event: None,
    }
}

async fn give_back(w: &World, hall: &testkit::Organization, placed: &Placed, minor: i64) {
    let cmd = RefundOrder {
        code: placed.code,
        choice: RefundChoice::Amount(eur(minor)),
        keep_tickets: true,
        reason: String::new(),
        idempotency_key: None,
    };
    orders::refund(&w.sv, &hall.permit(), cmd).await.unwrap();
    w.settle().await;
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
    let asked = wanted(&w, By::Event, (first, first));
    let whole = report(&w.sv, &mine, &asked).await.unwrap();
    let then = whole.rows.clone();
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
    give_back(&w, &hall, &placed, 700).await;
    // What happens later does not change the day before.
    let again = wanted(&w, By::Event, (first, first));
    assert_eq!(report(&w.sv, &mine, &again).await.unwrap(), whole);
    let both = (first, first.saturating_add(1.day()));
    // Nor does it change a longer span, as of then.
    let as_of = Wanted {
        span: Span {
            first: both.0,
            last: both.1,
        },
        ..asked
    };
    assert_eq!(report(&w.sv, &mine, &as_of).await.unwrap(), whole);
    let asked = wanted(&w, By::Event, both);
    let now = report(&w.sv, &mine, &asked).await.unwrap().rows;
    assert_eq!(
        (now[0].gross, now[0].refunded, now[0].net),
        (eur(4_000), eur(700), eur(3_300))
    );

    let admin = platform(&w).await;
    let asked = wanted(&w, By::Organization, both);
    let all = platform_report(&w.sv, &admin, &asked).await.unwrap().rows;
    let seen: Vec<_> = all.iter().map(|row| (row.name.as_str(), row.net)).collect();
    assert_eq!(
        seen,
        [
            ("Barn", Money::new(5_000, Currency::JPY)),
            ("Hall", eur(3_300))
        ]
    );
    assert_eq!(all[1].owed, Some(eur(3_300)));
    for row in &all {
        let parts = row.refunded.minor + row.disputed.minor + row.tax.minor + row.fees.minor;
        assert_eq!(row.gross.minor - parts, row.net.minor);
    }
    for held in platform_balances(&w.sv, &admin).await.unwrap() {
        assert_eq!(
            held.provider.minor + held.bank.minor + held.costs.minor + held.adjustments.minor,
            held.organizers.minor + held.buyers.minor + held.fees.minor
        );
    }
    w.assert_sound().await;
}

/// Gross, refunded, disputed, tax, fees, net.
fn sums<'a>(rows: impl IntoIterator<Item = &'a ReportRow>) -> [i64; 6] {
    rows.into_iter().fold([0; 6], |mut sums, row| {
        let figures = [
            row.gross,
            row.refunded,
            row.disputed,
            row.tax,
            row.fees,
            row.net,
        ];
        for (sum, figure) in sums.iter_mut().zip(figures) {
            *sum += figure.minor;
        }
        sums
    })
}

#[tokio::test]
async fn however_they_are_grouped_figures_sum_to_the_ledger() {
    let w = World::new().await;
    let hall = w.organization("Hall").await;
    w.fee_plan(None, Currency::EUR, 37, 310).await;
    let mut events = Vec::new();
    for (title, price) in [("Evening", 1_999), ("Matinee", 777)] {
        let event = w
            .event(title)
            .by(&hall)
            .ticket_type("Seat", price, 50)
            .ticket_type("Standing", price / 3, 50)
            .published()
            .await;
        w.prices(&event, (TaxMode::Included, "DE"), None, 40).await;
        events.push(event);
    }
    let mut orders = Vec::new();
    for n in 0..12_u16 {
        let event = &events[usize::from(n % 2)];
        let buyer = w.buyer(&format!("Buyer {n}"));
        let lines = [("Seat", 1 + n % 3), ("Standing", 1 + n % 2)];
        let held = buyer.holds(event, &lines).await.unwrap();
        let placed = buyer.places(&held).await.unwrap();
        w.provider_says(&placed, NewsKind::Succeeded).await.unwrap();
        orders.push(placed);
        w.advance(SignedDuration::from_hours(9));
    }
    w.settle().await;
    let first = today(&w).saturating_sub(30.days());
    let last = today(&w).saturating_add(30.days());
    for (n, placed) in (1..).zip(orders.iter().step_by(2)) {
        give_back(&w, &hall, placed, 101 * n).await;
        w.advance(SignedDuration::from_hours(30));
        give_back(&w, &hall, placed, 33).await;
    }
    let mine = looks(hall.id);
    let books = async |account: &'static str| {
        let sql = match account {
            "net" => {
                "select -coalesce(sum(amount_minor), 0)::bigint from ledger_entries where account = 'organizer_payable'"
            }
            "tax" => {
                "select -coalesce(sum(amount_minor), 0)::bigint from ledger_entries where account = 'tax_collected'"
            }
            _ => {
                "select -coalesce(sum(amount_minor), 0)::bigint from ledger_entries where account = 'platform_fees'"
            }
        };
        w.count(sql).await
    };
    let mut seen = Vec::new();
    for by in [
        By::Total,
        By::Month,
        By::Day,
        By::Event,
        By::TicketType,
        By::TaxRate,
        By::Phase,
        By::Method,
        By::Channel,
    ] {
        for zone in ["UTC", "Pacific/Auckland"] {
            let asked = Wanted {
                zone: zone.into(),
                ..wanted(&w, by, (first, last))
            };
            let Report { rows, totals } = report(&w.sv, &mine, &asked).await.unwrap();
            let sum = sums(&rows);
            assert_eq!(sum, sums(&totals), "{by:?}");
            assert_eq!(totals[0].orders, 12);
            assert_eq!(sum[0] - sum[1] - sum[2] - sum[3] - sum[4], sum[5], "{by:?}");
            // Not by days: money goes back on others than those it came on.
            if !matches!(by, By::Day | By::Month) {
                for row in &rows {
                    assert!(row.gross.minor >= row.refunded.minor, "{by:?} {row:?}");
                }
            }
            seen.push(sum);
        }
    }
    seen.dedup();
    let [gross, refunded, _, tax, fees, net] = seen[0];
    assert_eq!(seen.len(), 1, "{seen:?}");
    assert!(gross > 0 && refunded > 0 && tax > 0 && fees > 0);
    assert_eq!(
        [books("net").await, books("tax").await, books("fees").await],
        [net, tax, fees]
    );
    // Event by event, they sum to all events.
    let mut parts = Vec::new();
    for event in &events {
        for by in [By::Month, By::TicketType] {
            let asked = Wanted {
                event: Some(event.slug.clone()),
                ..wanted(&w, by, (first, last))
            };
            let found = report(&w.sv, &mine, &asked).await.unwrap();
            assert_eq!(sums(&found.rows), sums(&found.totals));
            if by == By::Month {
                parts.push(sums(&found.rows));
            }
        }
    }
    let both: Vec<i64> = (0..6).map(|n| parts[0][n] + parts[1][n]).collect();
    assert_eq!(both, seen[0]);
    // And so does the platform's own view.
    let admin = platform(&w).await;
    for by in [By::Month, By::Organization] {
        let asked = wanted(&w, by, (first, last));
        let found = platform_report(&w.sv, &admin, &asked).await.unwrap();
        assert_eq!((sums(&found.rows), sums(&found.totals)), (seen[0], seen[0]));
    }
    let asked = wanted(&w, By::TicketType, (first, last));
    let found = report(&w.sv, &mine, &asked).await.unwrap();
    assert_eq!(found.rows.len(), 4);
    let text = String::from_utf8(report_sheet(&found).unwrap()).unwrap();
    assert_eq!(text.lines().count(), 5);
    assert!(report_book(&found).unwrap().starts_with(b"PK"));
    w.assert_sound().await;
}

#[tokio::test]
async fn months_end_where_the_organizer_is() {
    let w = World::new().await;
    let (hall, event) = hall(&w).await;
    let mine = looks(hall.id);
    // Events say where they are until the organization says otherwise.
    assert_eq!(zone(&w.sv, &mine).await.unwrap(), "Europe/Ljubljana");
    assert!(
        set_zone(&w.sv, &hall.permit(), "Mars/Olympus")
            .await
            .is_err()
    );
    set_zone(&w.sv, &hall.permit(), "Pacific/Auckland")
        .await
        .unwrap();
    let there = zone(&w.sv, &mine).await.unwrap();
    assert_eq!(there, "Pacific/Auckland");
    w.buyer("Ada").buys(&event, "Seat", 1).await.unwrap();
    w.settle().await;
    let day_there = w.now().to_zoned(TimeZone::get(&there).unwrap()).date();
    for (zone, day) in [("UTC", today(&w)), ("Pacific/Auckland", day_there)] {
        let asked = Wanted {
            zone: zone.into(),
            ..wanted(&w, By::Day, (day, day))
        };
        let found = report(&w.sv, &mine, &asked).await.unwrap();
        assert_eq!(found.rows[0].key, day.to_string());
    }
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
