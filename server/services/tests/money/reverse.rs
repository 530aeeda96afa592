//! Businesses in other states of the Union that take part from afar: they pay without tax, owe it themselves, and every page,
//! mail, book and document says so.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    invoices::{Category, Document},
    money::{Currency, Money},
    pricing::VatId,
    text::{Fault, FieldErrors},
};
use jiff::civil::date;
use services::{
    Origin, Services,
    checkout::{self, Held, InvoiceInput, PlaceError, Placed},
    db::Scope,
    ledger::{By, Span, Wanted, report},
    orders::{self, ExchangeWish, RefundChoice, RefundOrder, SetInvoiceError},
    payments::NewsKind,
    ports::{PortError, VatRegister, VatTold},
    vat,
};
use testkit::{Event, World};

use crate::looks;

const FRENCH: &str = "FR 40 303265045";

/// Of a German organization with tax in its prices.
async fn talk(w: &World, title: &str) -> Event {
    let hall = w.organization("Hall").await;
    let event = w
        .event(title)
        .by(&hall)
        .changes(24, 0, true)
        .ticket_type("Seat", 11_900, 50)
        .ticket_type("Stage", 23_800, 50)
        .published()
        .await;
    w.execute(
        "update organizations set legal_name = 'Hall GmbH', street = 'Hafenstr. 1', postcode = '20457', city = 'Hamburg',
                country = 'DE', vat_id = 'DE136695976', tax_mode = 'included'",
    )
    .await;
    w.execute("update events set attendance = 'online', venue_country = 'DE', online_url = 'https://stream.test/1'")
        .await;
    event
}

fn company(vat_id: &str) -> InvoiceInput {
    InvoiceInput {
        name: "Salle SARL".into(),
        address: "1 rue du Port\n13001 Marseille".into(),
        vat_id: vat_id.into(),
    }
}

async fn place(
    sv: &Services,
    w: &World,
    held: &Held,
    vat_id: &str,
    accepted: Money,
) -> Result<Placed, PlaceError> {
    let mut form = w.buyer("Ada").form(&held.token, accepted);
    form.invoice = Some(company(vat_id));
    checkout::place(sv, form).await
}

/// Asked for a seat with this id, and what it costs then.
async fn total_with(w: &World, event: &Event, vat_id: &str) -> (i64, bool) {
    let held = w.buyer("Ada").holds(event, &[("Seat", 1)]).await.unwrap();
    match place(&w.sv, w, &held, vat_id, event.money(1)).await {
        Err(PlaceError::TotalChanged {
            now,
            reverse_charge,
            ..
        }) => {
            let view = checkout::show(&w.sv, &held.token).await.unwrap().unwrap();
            assert_eq!((view.total, view.reverse_charge), (now, reverse_charge));
            checkout::release(&w.sv, &held.token).await.unwrap();
            (now.minor, reverse_charge)
        }
        other => panic!("{other:?}"),
    }
}

/// Sees the total without tax, accepts it and pays.
async fn buys(w: &World, event: &Event, lines: &[(&str, u16)], net: i64) -> Placed {
    let held = w.buyer("Ada").holds(event, lines).await.unwrap();
    let before = checkout::show(&w.sv, &held.token).await.unwrap().unwrap();
    let refused = place(&w.sv, w, &held, FRENCH, before.total).await;
    assert_eq!(refused.unwrap_err().code(), "total_without_tax");
    let shown = checkout::show(&w.sv, &held.token).await.unwrap().unwrap();
    assert_eq!(
        (shown.total, shown.reverse_charge),
        (event.money(net), true)
    );
    assert!(shown.taxes.is_empty());
    assert_eq!(
        shown.lines.iter().map(|line| line.total.minor).sum::<i64>(),
        net + shown.code.map_or(0, |code| code.saved.minor)
    );
    let placed = place(&w.sv, w, &held, FRENCH, shown.total).await.unwrap();
    w.provider_says(&placed, NewsKind::Succeeded).await.unwrap();
    w.settle().await;
    placed
}

async fn documents(w: &World) -> Vec<Document> {
    let mut tx = w.sv.db.begin(Scope::System).await.unwrap();
    let rows: Vec<serde_json::Value> =
        sqlx::query_scalar("select document from invoices order by issued_at, kind desc, n")
            .fetch_all(&mut *tx)
            .await
            .unwrap();
    rows.into_iter()
        .map(|row| serde_json::from_value(row).unwrap())
        .collect()
}

/// What is wrong with the VAT id.
fn is_faulty(errors: FieldErrors, fault: Fault) -> bool {
    errors == FieldErrors::one("invoice_vat_id", fault)
}

#[tokio::test]
async fn it_pays_without_tax_and_everything_says_so() {
    let w = World::new().await;
    let event = talk(&w, "Talk").await;
    w.fee_plan(None, Currency::EUR, 1_00, 0).await;
    let placed = buys(&w, &event, &[("Seat", 2)], 20_000).await;
    let seen = orders::show_by_secret(&w.sv, &placed.secret)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (seen.total, seen.reverse_charge),
        (event.money(20_000), true)
    );
    assert!(seen.taxes.is_empty());
    let lines = "select concat_ws(' ', o.total_minor, o.tax_minor, o.fee_minor, o.reverse_charge, l.unit_price_minor,
                                  l.net_minor, l.tax_minor, l.tax_rate)
                 from orders o join order_lines l on l.order_id = o.id";
    assert_eq!(w.text(lines).await, "20000 0 200 t 10000 20000 0 0");
    let tax = "select count(*) from ledger_entries where account = 'tax_collected'";
    assert_eq!(w.count(tax).await, 0);
    let mails = w.mailer.to(&w.buyer("Ada").email);
    assert!(
        mails
            .iter()
            .any(|mail| mail.text.contains("Reverse charge"))
    );

    // A part goes back: the note says what the invoice said.
    let cmd = RefundOrder {
        code: placed.code,
        choice: RefundChoice::Amount(event.money(50_00)),
        keep_tickets: true,
        reason: String::new(),
        idempotency_key: None,
    };
    orders::refund(&w.sv, &event.organization.permit(), cmd)
        .await
        .unwrap();
    w.settle().await;
    let issued = documents(&w).await;
    let found: Vec<_> = issued
        .iter()
        .map(|d| {
            let line = &d.lines[0];
            (d.total().unwrap().minor, line.tax, line.category)
        })
        .collect();
    assert_eq!(found, [(20_000, 0, Category::AE), (50_00, 0, Category::AE)]);
    for document in &issued {
        // Both are named by their VAT ids, so there is a structured half.
        assert_eq!(document.missing(), []);
        assert_eq!(document.buyer.country, "FR");
    }
    assert_eq!(w.count(tax).await, 0);

    // Reports tell it from what is taxed at nothing.
    let wanted = Wanted {
        by: By::TaxRate,
        span: Span {
            first: date(2000, 1, 1),
            last: date(2100, 1, 1),
        },
        zone: "UTC".into(),
        as_of: w.now(),
        event: None,
    };
    let rows = report(&w.sv, &looks(event.organization.id), &wanted)
        .await
        .unwrap()
        .rows;
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (
            rows[0].key.as_str(),
            rows[0].gross.minor,
            rows[0].refunded.minor
        ),
        ("reverse_charge", 20_000, 50_00)
    );
    w.assert_sound().await;
}

#[tokio::test]
async fn everybody_else_pays_with_tax() {
    let w = World::new().await;
    let event = talk(&w, "Talk").await;
    for (vat_id, without) in [
        (FRENCH, true),
        ("ATU13585627", true),
        ("EL094259216", true),
        ("GR 094259216", true),
        // The seller's own state, and what is no part of the Union.
        ("DE136695976", false),
        ("XI980780684", false),
        ("GB980780684", false),
        ("CHE-107.787.577 MWST", false),
        ("12-3456789", false),
        ("", false),
    ] {
        let total = if without { 10_000 } else { 11_900 };
        let found = total_with(&w, &event, vat_id).await;
        assert_eq!(found, (total, without), "{vat_id}");
    }
    for change in [
        // Whoever is there in person is taxed there.
        "update events set attendance = 'in_person'",
        "update organizations set vat_id = ''",
        "update organizations set vat_id = 'ATU13585627'",
        "update organizations set tax_country = 'CH'",
    ] {
        w.execute(change).await;
        let found = total_with(&w, &event, "EL094259216").await;
        assert_eq!(found, (11_900, false), "{change}");
        w.execute("update organizations set vat_id = 'DE136695976', tax_country = ''")
            .await;
        w.execute("update events set attendance = 'online'").await;
    }
    // A small business has no tax in its price.
    w.execute("update organizations set tax_mode = 'small_business'")
        .await;
    assert_eq!(total_with(&w, &event, FRENCH).await, (11_900, false));
    // A Greek seller, and a Greek buyer under the other name of the country.
    w.execute(
        "update organizations set tax_mode = 'included', country = 'GR', vat_id = 'EL094259216'",
    )
    .await;
    assert!(total_with(&w, &event, FRENCH).await.1);
    assert!(!total_with(&w, &event, "GR094259216").await.1);
    w.assert_sound().await;
}

/// Who takes the number away again, or mistypes it, is never charged another sum than the one that was shown.
#[tokio::test]
async fn the_sum_shown_is_the_sum_owed() {
    let w = World::new().await;
    let event = talk(&w, "Talk").await;
    let held = w.buyer("Ada").holds(&event, &[("Seat", 1)]).await.unwrap();
    let (gross, net) = (event.money(11_900), event.money(10_000));
    assert!(place(&w.sv, &w, &held, FRENCH, gross).await.is_err());
    // The number is gone again: the sum with tax comes back, and is accepted.
    let refused = place(&w.sv, &w, &held, "", net).await;
    assert_eq!(refused.unwrap_err().code(), "total_changed");
    let view = checkout::show(&w.sv, &held.token).await.unwrap().unwrap();
    assert_eq!((view.total, view.reverse_charge), (gross, false));
    // Mistyped by a digit: no tax is charged for that unasked.
    match place(&w.sv, &w, &held, "FR41303265045", gross).await {
        Err(PlaceError::Fields(errors)) => {
            assert!(is_faulty(errors, Fault::NotAVatId));
        }
        other => panic!("{other:?}"),
    }
    let placed = place(&w.sv, &w, &held, "", gross).await.unwrap();
    // A number that is added later changes what stands on the invoice, and no sum.
    w.provider_says(&placed, NewsKind::Succeeded).await.unwrap();
    w.settle().await;
    orders::set_invoice(&w.sv, &placed.secret, &company(FRENCH), "")
        .await
        .unwrap();
    let seen = orders::show_by_secret(&w.sv, &placed.secret)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((seen.total, seen.reverse_charge), (gross, false));
    assert_eq!(seen.taxes[0].1, event.money(19_00));
    let last = documents(&w).await.pop().unwrap();
    assert_eq!(last.lines[0].category, Category::S);
    w.assert_sound().await;
}

#[tokio::test]
async fn its_invoice_keeps_naming_a_business_that_owes_the_tax() {
    let w = World::new().await;
    let event = talk(&w, "Talk").await;
    let placed = buys(&w, &event, &[("Seat", 1)], 10_000).await;
    for vat_id in ["", "DE136695976", "XI980780684", "FR1"] {
        match orders::set_invoice(&w.sv, &placed.secret, &company(vat_id), "").await {
            Err(SetInvoiceError::Fields(errors)) => {
                assert!(is_faulty(errors, Fault::VatIdNeeded), "{vat_id}");
            }
            other => panic!("{vat_id}: {other:?}"),
        }
    }
    orders::set_invoice(&w.sv, &placed.secret, &company("ATU13585627"), "")
        .await
        .unwrap();
    let issued = documents(&w).await;
    assert_eq!(issued.len(), 3);
    assert!(
        issued
            .iter()
            .all(|d| d.lines[0].category == Category::AE && d.missing().is_empty())
    );
    w.assert_sound().await;
}

/// Says no to everything.
struct Refuting;

#[async_trait]
impl VatRegister for Refuting {
    async fn ask(&self, _: &VatId) -> Result<VatTold, PortError> {
        Ok(VatTold {
            valid: false,
            identifier: String::new(),
        })
    }
}

#[tokio::test]
async fn what_the_register_refutes_is_refused() {
    let w = World::new().await;
    let event = talk(&w, "Talk").await;
    let sv = w.asking(Arc::new(Refuting));
    let held = w.buyer("Ada").holds(&event, &[("Seat", 1)]).await.unwrap();
    // Not answered yet: the form of the number suffices to be asked about the sum, and the register is asked.
    let refused = place(&sv, &w, &held, FRENCH, event.money(11_900)).await;
    assert_eq!(refused.unwrap_err().code(), "total_without_tax");
    assert!(vat::ask_due(&sv).await.unwrap());
    match place(&sv, &w, &held, FRENCH, event.money(10_000)).await {
        Err(PlaceError::Fields(errors)) => {
            assert!(is_faulty(errors, Fault::UnknownVatId));
        }
        other => panic!("{other:?}"),
    }
    // Without it, the tickets are had with tax.
    let placed = place(&sv, &w, &held, "", event.money(11_900)).await;
    assert!(placed.is_ok());
    w.assert_sound().await;
}

/// Tickets are changed at prices without tax as long as what is changed for has no place.
#[tokio::test]
async fn an_exchange_is_taxed_like_the_order() {
    let w = World::new().await;
    let event = talk(&w, "Talk").await;
    let placed = buys(&w, &event, &[("Seat", 1)], 10_000).await;
    let order = orders::show_by_secret(&w.sv, &placed.secret).await.unwrap();
    let ticket = order.unwrap().tickets[0].id;
    let wish = ExchangeWish {
        tickets: vec![ticket],
        event: Some(event.id),
        wanted: vec![(event.of_type("Stage"), 1)],
    };
    let page = orders::change_page(&w.sv, &placed.secret, &wish)
        .await
        .unwrap()
        .unwrap();
    let offered: Vec<i64> = page.offers.iter().map(|offer| offer.unit.minor).collect();
    assert_eq!(offered, [10_000, 20_000]);
    let preview = page.preview.unwrap().unwrap();
    assert_eq!(
        (preview.total.minor, preview.money.to_pay.minor),
        (20_000, 10_000)
    );
    let done = orders::exchange_by_buyer(&w.sv, &placed.secret, &wish, preview, &Origin::default())
        .await
        .unwrap();
    let new = Placed {
        order: done.order,
        secret: done.secret.clone(),
        code: done.code,
        needs_payment: done.needs_payment,
    };
    w.provider_says(&new, NewsKind::Succeeded).await.unwrap();
    w.settle().await;
    let seen = orders::show_by_secret(&w.sv, &new.secret)
        .await
        .unwrap()
        .unwrap();
    assert!(seen.reverse_charge && seen.taxes.is_empty());
    let issued = documents(&w).await;
    assert_eq!(issued.len(), 3);
    assert!(issued.iter().all(|d| d.lines[0].category == Category::AE));
    w.assert_sound().await;

    // The same ticket for one at a place: the tax of the place is in it.
    w.execute("update events set attendance = 'in_person', tax_rate = 19000")
        .await;
    let ticket = seen.tickets[0].id;
    let wish = ExchangeWish {
        tickets: vec![ticket],
        event: Some(event.id),
        wanted: vec![(event.of_type("Stage"), 1)],
    };
    let page = orders::change_page(&w.sv, &new.secret, &wish)
        .await
        .unwrap()
        .unwrap();
    let preview = page.preview.unwrap().unwrap();
    assert_eq!(
        (preview.total.minor, preview.money.to_pay.minor),
        (23_800, 38_00)
    );
    w.assert_sound().await;
}

/// A code takes its part off the price without tax; what it counts for its budget is what it takes off with tax.
#[tokio::test]
async fn a_code_takes_its_part_off_what_is_owed() {
    let w = World::new().await;
    let event = talk(&w, "Talk").await;
    let code = services::promo::CodeForm {
        code: "HALF".into(),
        currency: "EUR".into(),
        kind: "percent".into(),
        value: "50".into(),
        ..Default::default()
    };
    services::promo::create(&w.sv, &event.organization.permit(), &code)
        .await
        .unwrap();
    let held = w.buyer("Ada").holds(&event, &[("Seat", 2)]).await.unwrap();
    let cmd = checkout::ApplyCode {
        token: held.token.clone(),
        code: "half".into(),
        address: None,
    };
    checkout::apply_code(&w.sv, &cmd).await.unwrap();
    let refused = place(&w.sv, &w, &held, FRENCH, event.money(11_900)).await;
    assert_eq!(refused.unwrap_err().code(), "total_without_tax");
    let shown = checkout::show(&w.sv, &held.token).await.unwrap().unwrap();
    assert_eq!(
        (shown.lines[0].total, shown.code.unwrap().saved, shown.total),
        (
            event.money(20_000),
            event.money(10_000),
            event.money(10_000)
        )
    );
    let placed = place(&w.sv, &w, &held, FRENCH, shown.total).await.unwrap();
    w.provider_says(&placed, NewsKind::Succeeded).await.unwrap();
    w.settle().await;
    let seen = orders::show_by_secret(&w.sv, &placed.secret)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(seen.promo.unwrap().saved, event.money(10_000));
    w.assert_sound().await;
}

/// A code over the whole order can make two prices that are one without the tax.
#[tokio::test]
async fn neighbouring_prices_become_one_line() {
    let w = World::new().await;
    let event = talk(&w, "Talk").await;
    let code = services::promo::CodeForm {
        code: "ODD".into(),
        currency: "EUR".into(),
        kind: "order".into(),
        value: "217.89".into(),
        ..Default::default()
    };
    services::promo::create(&w.sv, &event.organization.permit(), &code)
        .await
        .unwrap();
    let held = w.buyer("Ada").holds(&event, &[("Seat", 2)]).await.unwrap();
    let cmd = checkout::ApplyCode {
        token: held.token.clone(),
        code: "odd".into(),
        address: None,
    };
    checkout::apply_code(&w.sv, &cmd).await.unwrap();
    // 10.05 and 10.06 with 19 % in them, 8.45 each without.
    let parts = "select count(distinct unit_price_minor) from hold_lines";
    assert_eq!(w.count(parts).await, 2);
    let placed = place(&w.sv, &w, &held, FRENCH, event.money(1_690)).await;
    w.provider_says(&placed.unwrap(), NewsKind::Succeeded)
        .await
        .unwrap();
    w.settle().await;
    assert_eq!(w.count("select count(*) from order_lines").await, 1);
    w.assert_sound().await;
}

/// What cannot be charged is not sold: there are amounts that no provider takes.
#[tokio::test]
async fn a_total_that_nobody_can_be_charged_is_refused() {
    let w = World::new().await;
    let event = talk(&w, "Talk").await;
    w.gateway.take_at_least(11_000);
    let held = w.buyer("Ada").holds(&event, &[("Seat", 1)]).await.unwrap();
    let refused = place(&w.sv, &w, &held, FRENCH, event.money(10_000)).await;
    assert_eq!(refused.unwrap_err().code(), "not_payable_without_tax");
    assert!(
        place(&w.sv, &w, &held, "", event.money(11_900))
            .await
            .is_ok()
    );
}
