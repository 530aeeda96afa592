//! Many codes at once, as a file, and what they brought in.

use std::collections::HashSet;

use domain::promo::Refusal;
use futures::TryStreamExt;
use jiff::civil::date;
use locales::Locale;
use services::{
    ledger::{By, Span, Wanted},
    permit::{ManagePromoCodes, ViewFinances},
    promo::{self, CodeFilter, CodeForm, CreateCodeError},
};
use testkit::{Event, World};

use crate::{apply, event, form, make, order, refusal};

async fn file(w: &World, event: &Event) -> Vec<String> {
    let permit = event.organization.permit::<ManagePromoCodes>();
    let pieces: Vec<Vec<u8>> = promo::export(&w.sv, &permit, CodeFilter::default(), Locale::En)
        .try_collect()
        .await
        .unwrap();
    let text = String::from_utf8(pieces.concat()).unwrap();
    text.lines().skip(1).map(str::to_owned).collect()
}

#[tokio::test]
async fn many_codes_are_made_handed_out_and_used_once_each() {
    let w = World::new().await;
    let event = event(&w, 20_00).await;
    let permit = event.organization.permit::<ManagePromoCodes>();
    let like = form(&event, "press-", "percent", "100");
    for (number, fault) in [("0", "too_small"), ("5001", "too_large"), ("", "required")] {
        let refused = promo::create_many(&w.sv, &permit, &like, number).await;
        assert!(
            matches!(&refused, Err(CreateCodeError::Fields(fields)) if fields.entries()[0].code == fault),
            "{number}: {refused:?}"
        );
    }
    let made = promo::create_many(&w.sv, &permit, &like, "1201")
        .await
        .unwrap();
    assert_eq!(made, 1201);
    let lines = file(&w, &event).await;
    let codes: HashSet<&str> = lines
        .iter()
        .filter_map(|line| line.split(',').next())
        .collect();
    assert_eq!(codes.len(), 1201);
    assert!(
        codes
            .iter()
            .all(|code| code.starts_with("PRESS") && code.len() == 15)
    );
    assert!(lines[0].contains("/e/") && lines[0].contains("?code=PRESS"));
    let one = *codes.iter().next().unwrap();
    let ada = w.buyer("Ada");
    let first = ada.holds(&event, &[("Seat", 1)]).await.unwrap();
    apply(&w, &first, &one.to_lowercase()).await.unwrap();
    let second = ada.holds(&event, &[("Seat", 1)]).await.unwrap();
    assert_eq!(refusal(apply(&w, &second, one).await), Refusal::UsedUp);
    let page = promo::list(&w.sv, &permit, &CodeFilter::default())
        .await
        .unwrap();
    assert_eq!((page.items.len(), page.next.is_some()), (50, true));
    w.assert_sound().await;
}

#[tokio::test]
async fn the_report_tells_what_codes_brought_in() {
    let w = World::new().await;
    let event = event(&w, 20_00).await;
    let named = CodeForm {
        name: "=March".into(),
        ..form(&event, "TENTH", "percent", "10")
    };
    make(&w, &event, &named).await;
    make(&w, &event, &form(&event, "NEVER", "percent", "10")).await;
    for (buyer, quantity, total) in [("Ada", 1, 18_00), ("Bo", 2, 36_00)] {
        let buyer = w.buyer(buyer);
        let held = buyer.holds(&event, &[("Seat", quantity)]).await.unwrap();
        apply(&w, &held, "tenth").await.unwrap();
        let placed = order(&w, &buyer, &held, event.money(total)).await.unwrap();
        w.provider_says(&placed, services::payments::NewsKind::Succeeded)
            .await
            .unwrap();
    }
    // Not paid yet: not in the figures.
    let late = w.buyer("Late").holds(&event, &[("Seat", 1)]).await.unwrap();
    apply(&w, &late, "tenth").await.unwrap();
    let year = w.now().to_zoned(jiff::tz::TimeZone::UTC).year();
    let wanted = |year: i16| Wanted {
        by: By::Month,
        span: Span {
            first: date(year, 1, 1),
            last: date(year, 12, 31),
        },
        zone: "UTC".into(),
        as_of: w.now(),
        event: None,
    };
    let permit = event.organization.permit::<ViewFinances>();
    let found = promo::report(&w.sv, &permit, &wanted(year)).await.unwrap();
    assert_eq!(found.len(), 1);
    let one = &found[0];
    assert_eq!(
        (
            one.code.as_str(),
            one.orders,
            one.tickets,
            one.revenue,
            one.discount
        ),
        ("TENTH", 2, 3, event.money(54_00), event.money(6_00))
    );
    assert_eq!(
        promo::report(&w.sv, &permit, &wanted(year - 1))
            .await
            .unwrap(),
        []
    );
    let sheet = String::from_utf8(promo::report_sheet(&found).unwrap()).unwrap();
    // What begins like a formula is text.
    assert!(
        sheet.contains("TENTH,'=March,EUR,2,3,54.00,0.00,6.00"),
        "{sheet}"
    );
    // What goes back later stands beside it, and as of now everything is as it was.
    let then = wanted(year);
    w.advance_minutes(5);
    let code = w
        .text("select code from orders where state = 'paid' order by total_minor limit 1")
        .await;
    let cmd = services::orders::RefundOrder {
        code: code.parse().unwrap(),
        choice: services::orders::RefundChoice::Amount(event.money(500)),
        keep_tickets: true,
        reason: String::new(),
        idempotency_key: None,
    };
    services::orders::refund(&w.sv, &event.organization.permit(), cmd)
        .await
        .unwrap();
    assert_eq!(promo::report(&w.sv, &permit, &then).await.unwrap(), found);
    let now = promo::report(&w.sv, &permit, &wanted(year)).await.unwrap();
    assert_eq!(
        (now[0].orders, now[0].revenue, now[0].refunded),
        (2, event.money(54_00), event.money(500))
    );
    let foreign = w.organization("Foreign").await.permit::<ViewFinances>();
    assert_eq!(
        promo::report(&w.sv, &foreign, &wanted(year)).await.unwrap(),
        []
    );
    w.assert_sound().await;
}
