//! Invoices and credit notes, over a real database: numbers without gaps, documents that never change.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use domain::{
    ids::{OrderCode, OrganizationId},
    invoices::{Document, InvoiceNumber, Kind},
    money::Money,
};
use futures::future::join_all;
use jiff::civil::date;
use services::{
    checkout::{InvoiceInput, Placed},
    db::Scope,
    invoices::{self, ListInvoices, MOST_PER_ORDER, Month},
    orders::{self, RefundChoice, RefundOrder, SetInvoiceError},
    payments::NewsKind,
    work,
};
use testkit::{Event, World};

/// An organization whose invoices are full ones, with an event at 22 % tax included.
async fn hall(w: &World) -> Event {
    let event = w
        .event("Night of films")
        .ticket_type("Standing", 30_00, 200)
        .ticket_type("Seat", 45_05, 200)
        .published()
        .await;
    w.execute(
        "update organizations set legal_name = 'Kino d.o.o.', street = 'Trg 3', postcode = '1000', city = 'Ljubljana',
                country = 'SI', vat_id = 'SI12345678', tax_mode = 'included'",
    )
    .await;
    event
}

/// Places an order with tax in its prices and pays it.
async fn buy(w: &World, event: &Event, name: &str, lines: &[(&str, u16)]) -> Placed {
    let buyer = w.buyer(name);
    let held = buyer.holds(event, lines).await.unwrap();
    let placed = buyer.places(&held).await.unwrap();
    tax(w).await;
    w.provider_says(&placed, NewsKind::Succeeded).await.unwrap();
    placed
}

/// 22 % in all prices that say nothing of tax yet.
async fn tax(w: &World) {
    w.execute(
        "update order_lines set tax_rate = 22000, net_minor = round(quantity * unit_price_minor / 1.22),
                tax_minor = quantity * unit_price_minor - round(quantity * unit_price_minor / 1.22)
         where tax_rate = 0",
    )
    .await;
    w.execute(
        "update orders o set tax_minor = (select sum(tax_minor) from order_lines l where l.order_id = o.id)
         where paid_at is null",
    )
    .await;
}

async fn documents(w: &World, event: &Event) -> Vec<Document> {
    let mut tx =
        w.sv.db
            .begin(Scope::Organization(event.organization.id))
            .await
            .unwrap();
    let rows: Vec<serde_json::Value> =
        sqlx::query_scalar("select document from invoices order by issued_at, kind desc, n")
            .fetch_all(&mut *tx)
            .await
            .unwrap();
    rows.into_iter()
        .map(|row| serde_json::from_value(row).unwrap())
        .collect()
}

async fn refund(w: &World, event: &Event, code: OrderCode, amount: Option<i64>) {
    let choice = amount.map_or(RefundChoice::Full, |minor| {
        RefundChoice::Amount(event.money(minor))
    });
    let cmd = RefundOrder {
        code,
        choice,
        keep_tickets: true,
        reason: String::new(),
        idempotency_key: None,
    };
    orders::refund(&w.sv, &event.organization.permit(), cmd)
        .await
        .unwrap();
}

fn number(text: &str) -> InvoiceNumber {
    text.parse().unwrap()
}

fn to(name: &str) -> InvoiceInput {
    InvoiceInput {
        name: name.into(),
        address: "Hafenstraße 1\n20457 Hamburg".into(),
        vat_id: "DE 123 456 789".into(),
    }
}

#[tokio::test]
async fn a_paid_order_gets_its_invoice_and_a_free_one_none() {
    let w = World::new().await;
    let event = hall(&w).await;
    let placed = buy(&w, &event, "Ada", &[("Standing", 2), ("Seat", 1)]).await;
    w.settle().await;
    let free = w
        .event("Free")
        .by(&event.organization)
        .ticket_type("Seat", 0, 5)
        .published()
        .await;
    w.buyer("Bob").buys(&free, "Seat", 1).await.unwrap();
    w.settle().await;
    let issued = documents(&w, &event).await;
    assert_eq!(issued.len(), 1);
    let invoice = &issued[0];
    assert!(
        invoice.number.starts_with("R-") && invoice.number.ends_with("-000001"),
        "{}",
        invoice.number
    );
    assert_eq!(invoice.total().unwrap(), event.money(10_505));
    assert_eq!(
        (invoice.buyer.name.as_str(), invoice.order.as_str()),
        ("Ada", placed.code.as_str())
    );
    assert_eq!(invoice.missing(), []);
    assert!(documents::xml(invoice).unwrap().is_some());
    // What waits for a document is gone, and doing it again makes no second one.
    assert_eq!(w.count("select count(*) from invoices_due").await, 0);
    w.execute("insert into invoices_due (organization_id, order_id, not_before) select organization_id, id, paid_at from orders where total_minor > 0").await;
    w.work().await;
    assert_eq!(w.count("select count(*) from invoices").await, 1);
    w.assert_sound().await;
}

#[tokio::test]
async fn printing_again_gives_the_same_whatever_has_changed_since() {
    let w = World::new().await;
    let event = hall(&w).await;
    let placed = buy(&w, &event, "Ada", &[("Standing", 1)]).await;
    w.settle().await;
    let n = number(&documents(&w, &event).await[0].number);
    let first = invoices::print_by_secret(&w.sv, &placed.secret, &n)
        .await
        .unwrap()
        .unwrap();
    assert!(first.pdf.starts_with(b"%PDF-1.7"));
    w.execute("update organizations set legal_name = 'Somebody else', invoice_prefix = 'X'")
        .await;
    w.execute("update ticket_types set name = 'Sitting ' || number")
        .await;
    w.execute("update orders set buyer_name = 'Eve'").await;
    w.advance_minutes(60 * 24 * 400);
    let again = invoices::print_by_secret(&w.sv, &placed.secret, &n)
        .await
        .unwrap()
        .unwrap();
    assert!(first.pdf == again.pdf, "the bytes differ");
    let organizers = invoices::print(&w.sv, &event.organization.permit(), &n)
        .await
        .unwrap()
        .unwrap();
    assert!(first.pdf == organizers.pdf);
}

#[tokio::test]
async fn the_database_itself_refuses_to_change_a_document() {
    let w = World::new().await;
    let event = hall(&w).await;
    buy(&w, &event, "Ada", &[("Standing", 1)]).await;
    w.settle().await;
    for sql in ["update invoices set number = 'R-1'", "delete from invoices"] {
        for role in ["bilten_app", "postgres"] {
            let mut tx = w.sv.db.begin(Scope::System).await.unwrap();
            // As the program, and as whoever owns the tables.
            if role == "postgres" {
                sqlx::query("reset role").execute(&mut *tx).await.unwrap();
            }
            let error = sqlx::query(sql).execute(&mut *tx).await.unwrap_err();
            let code = error.as_database_error().and_then(|e| e.code()).unwrap();
            assert_eq!(code, "42501", "{role}: {sql}: {error}");
        }
    }
    assert_eq!(w.count("select count(*) from invoices").await, 1);
}

/// Fifty at once draw numbers and write documents with them; every third comes to nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_writers_leave_no_gap_and_take_no_number_twice() {
    let w = World::new().await;
    let event = hall(&w).await;
    let placed = buy(&w, &event, "Ada", &[("Standing", 1)]).await;
    w.settle().await;
    let organization = event.organization.id;
    let year = w
        .text("select max(year)::text from invoices")
        .await
        .parse()
        .unwrap();
    let writers = (0..50).map(|writer| {
        let sv = w.sv.clone();
        let code = placed.code.to_string();
        tokio::spawn(async move {
            let mut written = 0;
            for turn in 0..4_usize {
                let mut tx = sv
                    .db
                    .begin(Scope::Organization(organization))
                    .await
                    .unwrap();
                let many = 1 + (writer + turn) % 3;
                let drawn = invoices::draw(
                    &mut tx,
                    organization,
                    Kind::Invoice,
                    date(year, 1, 1),
                    i64::try_from(many).unwrap(),
                )
                .await
                .unwrap();
                for n in (drawn.first..).take(many) {
                    copy(
                        &mut tx,
                        &code,
                        drawn.series.number(n).as_str(),
                        n,
                        sv.new_id(),
                    )
                    .await;
                }
                if (writer + turn) % 3 == 0 {
                    drop(tx);
                } else {
                    tx.commit().await.unwrap();
                    written += many;
                }
            }
            written
        })
    });
    let written: usize = join_all(writers)
        .await
        .into_iter()
        .map(Result::unwrap)
        .sum();
    assert!(written > 200, "{written}");
    let all = i64::try_from(written).unwrap() + 1;
    assert_eq!(w.count("select count(*) from invoices").await, all);
    assert_eq!(
        w.count("select count(distinct number) from invoices").await,
        all
    );
    assert_eq!(w.count("select max(n) from invoices").await, all);
    assert_eq!(w.count("select min(n) from invoices").await, 1);
    assert_eq!(w.count("select next from invoice_series").await, all + 1);
    // So many copies are more tax than their one order has; nothing else is wrong with them.
    let broken = services::doctor::invariants(&w.sv).await.unwrap();
    assert!(
        broken.len() == 1 && broken[0].what.contains("tax by its documents"),
        "{broken:?}"
    );
    // A number that is gone is seen.
    w.execute("update invoice_series set next = next + 1").await;
    let broken = services::doctor::invariants(&w.sv).await.unwrap();
    assert!(
        broken.iter().any(|b| b.what.starts_with("series")),
        "{broken:?}"
    );
}

/// The order's invoice once more under another number.
async fn copy(tx: &mut services::db::Tx, code: &str, number: &str, n: i64, id: uuid::Uuid) {
    sqlx::query(
        "insert into invoices (id, organization_id, event_id, order_id, kind, number, prefix, year, n, currency, net_minor,
                               tax_minor, total_minor, issued_at, issued_on, document)
         select $1, i.organization_id, i.event_id, i.order_id, i.kind, $2, i.prefix, i.year, $3, i.currency, i.net_minor,
                i.tax_minor, i.total_minor, i.issued_at, i.issued_on,
                jsonb_set(i.document, '{number}', to_jsonb($2::text))
         from invoices i join orders o on o.id = i.order_id where o.code = $4 and i.n = 1",
    )
    .bind(id)
    .bind(number)
    .bind(n)
    .bind(code)
    .execute(&mut **tx)
    .await
    .unwrap();
}

/// Fifty buyers correct their invoices at once, while the worker issues others.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn corrections_at_once_keep_both_series_whole() {
    let w = World::new().await;
    let event = hall(&w).await;
    let mut placed = Vec::new();
    for n in 0..50 {
        placed.push(buy(&w, &event, &format!("Buyer {n}"), &[("Standing", 1)]).await);
    }
    w.work().await;
    for n in 0..10 {
        buy(&w, &event, &format!("Late {n}"), &[("Seat", 1)]).await;
    }
    let corrections = placed.iter().map(|placed| {
        let (sv, secret) = (w.sv.clone(), placed.secret.clone());
        tokio::spawn(
            async move { orders::set_invoice(&sv, &secret, &to("Halle 7 GmbH"), "").await },
        )
    });
    let (done, ()) = tokio::join!(join_all(corrections), w.work());
    for done in done {
        done.unwrap().unwrap();
    }
    w.work().await;
    assert_eq!(
        w.count("select count(*) from invoices where kind = 'invoice'")
            .await,
        110
    );
    assert_eq!(
        w.count("select count(*) from invoices where kind = 'credit_note'")
            .await,
        50
    );
    w.assert_sound().await;
}

#[tokio::test]
async fn notes_of_an_order_given_back_in_parts_sum_to_its_invoice() {
    let w = World::new().await;
    let event = hall(&w).await;
    let placed = buy(&w, &event, "Ada", &[("Standing", 2), ("Seat", 1)]).await;
    for part in [Some(1), Some(33_33), Some(7), None] {
        refund(&w, &event, placed.code, part).await;
        w.advance_minutes(1);
    }
    w.settle().await;
    let issued = documents(&w, &event).await;
    let (invoices, notes): (Vec<_>, Vec<_>) = issued.iter().partition(|d| d.kind == Kind::Invoice);
    assert_eq!((invoices.len(), notes.len()), (1, 4));
    let sum = |of: fn(&domain::invoices::Line) -> i64, documents: &[&Document]| -> i64 {
        documents.iter().flat_map(|d| &d.lines).map(of).sum()
    };
    assert_eq!(sum(|l| l.net, &invoices), sum(|l| l.net, &notes));
    assert_eq!(sum(|l| l.tax, &invoices), sum(|l| l.tax, &notes));
    for note in &notes {
        assert_eq!(note.corrects.as_ref().unwrap().number, invoices[0].number);
        assert!(note.number.starts_with("D-"), "{}", note.number);
        assert!(
            documents::xml(note)
                .unwrap()
                .unwrap()
                .contains("<ram:TypeCode>381<")
        );
    }
    // The books took back the same tax.
    assert_eq!(
        w.count("select coalesce(sum(amount_minor), 0)::bigint from ledger_entries where account = 'tax_collected'").await,
        0
    );
    w.assert_sound().await;
}

#[tokio::test]
async fn a_note_says_the_tax_of_the_books_even_when_a_later_one_is_issued_first() {
    let w = World::new().await;
    let event = hall(&w).await;
    let placed = buy(&w, &event, "Ada", &[("Standing", 2), ("Seat", 1)]).await;
    w.settle().await;
    // Of such small parts, the tax is that of the place in the row.
    let parts = [3, 4, 5, 4];
    for part in parts {
        refund(&w, &event, placed.code, Some(part)).await;
        w.advance_minutes(1);
    }
    // The money goes back; the notes still wait.
    while w.count("select count(*) from outbox").await > 0 {
        work::drain_outbox(&w.sv).await.unwrap();
    }
    while work::run_due_jobs(&w.sv, 50).await.unwrap() > 0 {}
    let mut tx =
        w.sv.db
            .begin(Scope::Organization(event.organization.id))
            .await
            .unwrap();
    let late = sqlx::query(
        "update invoices_due set not_before = not_before + interval '1 hour'
         where id in (select id from invoices_due order by id limit 2)",
    )
    .execute(&mut *tx)
    .await
    .unwrap();
    assert_eq!(late.rows_affected(), 2);
    tx.commit().await.unwrap();
    w.work().await;
    assert_eq!(notes(&w).await, 2);
    w.advance_minutes(120);
    w.work().await;
    assert_eq!(notes(&w).await, 4);
    assert_eq!(
        w.count(
            "select count(*) from invoices i
             where i.refund_id is not null and i.tax_minor <>
               (select coalesce(sum(e.amount_minor), 0) from ledger_transactions t
                join ledger_entries e on e.transaction_id = t.id and e.account = 'tax_collected'
                where t.refund_id = i.refund_id)"
        )
        .await,
        0
    );
    w.assert_sound().await;
}

async fn notes(w: &World) -> i64 {
    w.count("select count(*) from invoices where kind = 'credit_note'")
        .await
}

#[tokio::test]
async fn another_recipient_means_a_credit_note_and_a_new_invoice() {
    let w = World::new().await;
    let event = hall(&w).await;
    let placed = buy(&w, &event, "Ada", &[("Standing", 3)]).await;
    // Before it is issued, nothing is to be taken back.
    orders::set_invoice(&w.sv, &placed.secret, &to("First GmbH"), "")
        .await
        .unwrap();
    w.settle().await;
    assert_eq!(documents(&w, &event).await[0].buyer.name, "First GmbH");
    refund(&w, &event, placed.code, Some(10_00)).await;
    w.work().await;
    w.advance_minutes(1);
    orders::set_invoice(&w.sv, &placed.secret, &to("Second GmbH"), "AT")
        .await
        .unwrap();
    let issued = documents(&w, &event).await;
    let kinds: Vec<_> = issued
        .iter()
        .map(|d| (d.kind, d.total().unwrap().minor))
        .collect();
    assert_eq!(
        kinds,
        [
            (Kind::Invoice, 90_00),
            (Kind::CreditNote, 10_00),
            (Kind::Invoice, 80_00),
            (Kind::CreditNote, 80_00),
        ],
    );
    let new = &issued[2];
    assert_eq!(
        (new.buyer.name.as_str(), new.buyer.country.as_str()),
        ("Second GmbH", "AT")
    );
    assert_eq!(new.corrects.as_ref().unwrap().number, issued[0].number);
    // The same once more issues nothing.
    orders::set_invoice(&w.sv, &placed.secret, &to("Second GmbH"), "AT")
        .await
        .unwrap();
    assert_eq!(w.count("select count(*) from invoices").await, 4);
    // What goes back from now on belongs to the new one.
    w.advance_minutes(1);
    refund(&w, &event, placed.code, None).await;
    w.settle().await;
    let issued = documents(&w, &event).await;
    let last = issued.last().unwrap();
    assert_eq!(last.total().unwrap(), event.money(80_00));
    assert!(
        issued
            .iter()
            .any(|d| d.corrects.as_ref().is_some_and(|c| c.number == new.number))
    );
    w.assert_sound().await;
}

#[tokio::test]
async fn an_invoice_can_be_corrected_only_so_often() {
    let w = World::new().await;
    let event = hall(&w).await;
    let placed = buy(&w, &event, "Ada", &[("Standing", 1)]).await;
    w.settle().await;
    for n in 1..MOST_PER_ORDER {
        orders::set_invoice(&w.sv, &placed.secret, &to(&format!("Name {n}")), "")
            .await
            .unwrap();
    }
    let refused = orders::set_invoice(&w.sv, &placed.secret, &to("Once more"), "").await;
    assert!(
        matches!(refused, Err(SetInvoiceError::TooOften)),
        "{refused:?}"
    );
    // What was refused is not half done.
    assert_eq!(
        w.text("select invoice_name from orders").await,
        format!("Name {}", MOST_PER_ORDER - 1)
    );
    w.assert_sound().await;
}

#[tokio::test]
async fn nobody_sees_documents_of_others() {
    let w = World::new().await;
    let event = hall(&w).await;
    let placed = buy(&w, &event, "Ada", &[("Standing", 1)]).await;
    let other = buy(&w, &event, "Bob", &[("Standing", 1)]).await;
    w.settle().await;
    let issued = documents(&w, &event).await;
    let adas = issued.iter().find(|d| d.buyer.name == "Ada").unwrap();
    let n = number(&adas.number);
    assert!(
        invoices::print_by_secret(&w.sv, &placed.secret, &n)
            .await
            .unwrap()
            .is_some()
    );
    for secret in [other.secret.as_str(), "wrong", ""] {
        assert!(
            invoices::print_by_secret(&w.sv, secret, &n)
                .await
                .unwrap()
                .is_none()
        );
    }
    let foreign = w.organization("Foreign").await;
    assert!(
        invoices::print(&w.sv, &foreign.permit(), &n)
            .await
            .unwrap()
            .is_none()
    );
    let seen = invoices::list(
        &w.sv,
        &foreign.permit(),
        &ListInvoices {
            limit: 50,
            ..Default::default()
        },
    )
    .await
    .unwrap();
    assert_eq!(seen.items, []);
    for table in ["invoices", "invoice_series", "invoices_due"] {
        let mut tx =
            w.sv.db
                .begin(Scope::Organization(foreign.id))
                .await
                .unwrap();
        let sql = sqlx::AssertSqlSafe(format!("select count(*) from {table}"));
        let count: i64 = sqlx::query_scalar(sql).fetch_one(&mut *tx).await.unwrap();
        assert_eq!(count, 0, "{table}");
        let smuggle = sqlx::query("insert into invoice_series (organization_id, prefix, year, next) values ($1, 'R', 1, 1)")
            .bind(event.organization.id.get())
            .execute(&mut *tx)
            .await;
        assert!(smuggle.is_err());
    }
    // Whoever works for one event sees that event's.
    let mut tx =
        w.sv.db
            .begin(Scope::Events(
                event.organization.id,
                [domain::ids::EventId::new(w.sv.new_id())].into(),
            ))
            .await
            .unwrap();
    let count: i64 = sqlx::query_scalar("select count(*) from invoices")
        .fetch_one(&mut *tx)
        .await
        .unwrap();
    assert_eq!(count, 0);
}

#[tokio::test]
async fn lists_go_by_month_and_page_by_page() {
    let w = World::new().await;
    let event = hall(&w).await;
    for n in 0..7 {
        buy(&w, &event, &format!("Buyer {n}"), &[("Standing", 1)]).await;
        w.work().await;
        w.advance_minutes(1);
    }
    let permit = event.organization.permit();
    let today = w.now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let month = Month::parse(&format!("{:04}-{:02}", today.year(), today.month()));
    assert!(month.is_some());
    let mut ask = ListInvoices {
        month,
        cursor: None,
        limit: 3,
    };
    let mut numbers = Vec::new();
    loop {
        let page = invoices::list(&w.sv, &permit, &ask).await.unwrap();
        numbers.extend(page.items.into_iter().map(|row| row.number));
        match page.next {
            Some(next) => ask.cursor = Some(next),
            None => break,
        }
    }
    let mut expected: Vec<_> = documents(&w, &event)
        .await
        .into_iter()
        .map(|d| d.number)
        .collect();
    expected.reverse();
    assert_eq!(numbers, expected);
    let other = ListInvoices {
        month: Month::parse("2020-01"),
        cursor: None,
        limit: 9,
    };
    assert_eq!(
        invoices::list(&w.sv, &permit, &other).await.unwrap().items,
        []
    );
    let csv = csv(&w, &permit, month.unwrap()).await;
    assert_eq!(csv.lines().count(), 8);
    assert!(
        csv.contains("Invoice,R-") && csv.contains(",27.40,2.60,30.00,"),
        "{csv}"
    );
}

async fn csv(
    w: &World,
    permit: &services::permit::Permit<services::permit::ViewOrders>,
    month: Month,
) -> String {
    use futures::TryStreamExt;
    let pieces: Vec<Vec<u8>> = invoices::export_month(&w.sv, permit, month, locales::Locale::En)
        .try_collect()
        .await
        .unwrap();
    String::from_utf8(pieces.concat()).unwrap()
}

#[tokio::test]
async fn one_that_cannot_be_issued_keeps_no_other_waiting() {
    let w = World::new().await;
    let event = hall(&w).await;
    for n in 0..3 {
        buy(&w, &event, &format!("Buyer {n}"), &[("Standing", 1)]).await;
    }
    while work::drain_outbox(&w.sv).await.unwrap() > 0
        || w.count("select count(*) from outbox").await > 0
    {}
    assert_eq!(w.count("select count(*) from invoices_due").await, 3);
    w.execute("update orders set currency = 'XXX' where buyer_name = 'Buyer 1'")
        .await;
    while invoices::issue_due(&w.sv).await.unwrap() > 0 {}
    assert_eq!(w.count("select count(*) from invoices").await, 2);
    assert_eq!(w.count("select max(n) from invoices").await, 2);
    assert_eq!(
        w.count("select count(*) from invoices_due where attempts = 1")
            .await,
        1
    );
    w.execute("update orders set currency = 'EUR'").await;
    w.advance_minutes(2);
    w.work().await;
    assert_eq!(w.count("select count(*) from invoices").await, 3);
    w.assert_sound().await;
}

/// A year counts from one again where the organization wants that, and goes on where not.
#[tokio::test]
async fn years_have_series_of_their_own() {
    let w = World::new().await;
    let event = hall(&w).await;
    let organization: OrganizationId = event.organization.id;
    let mut numbers = Vec::new();
    for (years, on) in [
        ("each", date(2026, 12, 31)),
        ("each", date(2027, 1, 1)),
        ("through", date(2027, 1, 1)),
        ("through", date(2028, 1, 1)),
    ] {
        let mut tx =
            w.sv.db
                .begin(Scope::Organization(organization))
                .await
                .unwrap();
        sqlx::query("update organizations set invoice_years = $1")
            .bind(years)
            .execute(&mut *tx)
            .await
            .unwrap();
        let drawn = invoices::draw(&mut tx, organization, Kind::Invoice, on, 1)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        numbers.push(drawn.series.number(drawn.first).to_string());
    }
    assert_eq!(
        numbers,
        ["R-2026-000001", "R-2027-000001", "R-000001", "R-000002"]
    );
}

#[tokio::test]
async fn without_tax_data_it_is_a_receipt() {
    let w = World::new().await;
    let event = w
        .event("Small")
        .ticket_type("Seat", 12_00, 5)
        .published()
        .await;
    w.buyer("Ada").buys(&event, "Seat", 1).await.unwrap();
    w.settle().await;
    let issued = documents(&w, &event).await;
    assert!(!issued[0].is_full() && !issued[0].missing().is_empty());
    assert_eq!(documents::xml(&issued[0]).unwrap(), None);
    assert_eq!(
        issued[0].total().unwrap(),
        Money::new(12_00, event.currency)
    );
    let settings = invoices::settings(&w.sv, &event.organization.permit())
        .await
        .unwrap();
    assert!(!settings.missing.is_empty());
    w.assert_sound().await;
}
