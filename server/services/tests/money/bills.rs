//! What the platform bills organizations over its fees.

use domain::{
    invoices::{Category, Document, Kind},
    permissions::Role,
};
use futures::future::join_all;
use jiff::{SignedDuration, ToSpan, tz::TimeZone};
use services::{
    db::Scope,
    doctor,
    fees::{self, AgreeFee},
    invoices::platform::{self, IssuerInput, ListBills, SetIssuerError},
    orders::{self, RefundChoice, RefundOrder},
};
use testkit::{Organization, World};

use crate::{eur, looks, platform as admin};

pub(crate) fn issuer() -> IssuerInput {
    IssuerInput {
        legal_name: "Platforma d.o.o.".into(),
        street: "Slovenska 1".into(),
        postcode: "1000".into(),
        city: "Ljubljana".into(),
        country: "si".into(),
        vat_id: "SI50223054".into(),
        email: "billing@platform.example".into(),
        invoice_prefix: "P".into(),
        credit_prefix: "PC".into(),
        ..IssuerInput::default()
    }
}

/// The first of the next month, three hours after midnight in UTC.
pub(crate) fn next_month(w: &World) {
    let now = w.now();
    let first = now.to_zoned(TimeZone::UTC).date().first_of_month();
    let next = first.checked_add(1.month()).unwrap();
    let then = next.to_zoned(TimeZone::UTC).unwrap().timestamp() + SignedDuration::from_hours(3);
    w.advance(then.duration_since(now));
}

pub(crate) async fn fee(w: &World, fixed: &str, percent: &str) {
    let plan = AgreeFee {
        currency: "EUR".into(),
        fixed: fixed.into(),
        percent: percent.into(),
        ..AgreeFee::default()
    };
    fees::agree(&w.sv, &*admin(w).await, &plan).await.unwrap();
}

/// An organization that says where it is, and sells so many seats for 10.00.
pub(crate) async fn sells(
    w: &World,
    name: &str,
    country: &'static str,
    vat_id: &'static str,
    seats: u16,
) -> (Organization, Vec<domain::ids::OrderCode>) {
    let hall = w.organization(name).await;
    let mut tx = w.sv.db.begin(Scope::System).await.unwrap();
    sqlx::query("update organizations set legal_name = $2, street = 'Street 1', city = 'City', country = $3, vat_id = $4 where id = $1")
        .bind(hall.id.get())
        .bind(format!("{name} Ltd"))
        .bind(country)
        .bind(vat_id)
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let codes = sell(w, &hall, seats).await;
    (hall, codes)
}

async fn sell(w: &World, hall: &Organization, seats: u16) -> Vec<domain::ids::OrderCode> {
    let event = w
        .event("Evening")
        .by(hall)
        .ticket_type("Seat", 1_000, 500)
        .published()
        .await;
    let mut codes = Vec::new();
    for n in 0..seats {
        let placed = w
            .buyer(&format!("Buyer {n}"))
            .buys(&event, "Seat", 1)
            .await
            .unwrap();
        codes.push(placed.code);
    }
    codes
}

async fn give_back(w: &World, hall: &Organization, code: &domain::ids::OrderCode) {
    let cmd = RefundOrder {
        code: *code,
        choice: RefundChoice::Full,
        keep_tickets: false,
        reason: String::new(),
        idempotency_key: None,
    };
    orders::refund(&w.sv, &hall.permit(), cmd).await.unwrap();
}

pub(crate) async fn documents(w: &World) -> Vec<Document> {
    let mut tx = w.sv.db.begin(Scope::System).await.unwrap();
    let rows: Vec<serde_json::Value> = sqlx::query_scalar(
        "select document from invoices where order_id is null order by month, number",
    )
    .fetch_all(&mut *tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
    rows.into_iter()
        .map(|row| serde_json::from_value(row).unwrap())
        .collect()
}

async fn complaints(w: &World) -> Vec<String> {
    let found = doctor::invariants(&w.sv).await.unwrap();
    found
        .into_iter()
        .filter(|one| one.invariant == "D1 documents")
        .map(|one| one.what)
        .collect()
}

#[tokio::test]
async fn invoices_wait_until_it_is_known_who_the_platform_is() {
    let w = World::new().await;
    fee(&w, "0.50", "2.5").await;
    let (hall, _) = sells(&w, "Hall", "SI", "SI12345678", 3).await;
    let owner = w.member(&hall, Role::Owner).await;
    let finance = w.member(&hall, Role::Finance).await;
    w.member(&hall, Role::Manager).await;
    w.settle().await;
    next_month(&w);
    w.settle().await;
    assert_eq!(platform::bill(&w.sv, &*admin(&w).await).await.unwrap(), 0);
    assert!(documents(&w).await.is_empty());
    w.assert_sound().await;

    let root = admin(&w).await;
    platform::set_issuer(&w.sv, &root, &issuer()).await.unwrap();
    w.settle().await;
    let issued = documents(&w).await;
    assert_eq!(issued.len(), 1);
    let one = &issued[0];
    let number = format!("P-{}-000001", one.issued_on.year());
    assert_eq!(
        (one.kind, one.number.as_str()),
        (Kind::Platform, number.as_str())
    );
    // 0.50 and 2.5 % of 10.00, three times; 22 % of it are within.
    assert_eq!(one.total().unwrap(), eur(225));
    assert_eq!((one.lines[0].net, one.lines[0].tax), (184, 41));
    assert_eq!(
        (one.seller.name.as_str(), one.buyer.name.as_str()),
        ("Platforma d.o.o.", "Hall Ltd")
    );
    assert_eq!(one.missing(), []);
    // Who answers for the money is told, and nobody else.
    let mails = w.mailer.sent();
    let told: Vec<&str> = mails
        .iter()
        .filter(|mail| mail.text.contains(&number))
        .map(|mail| mail.to.as_str())
        .collect();
    assert_eq!(told.len(), 2, "{told:?}");
    for person in [&owner, &finance] {
        assert!(told.iter().any(|to| to.contains(&person.email)), "{told:?}");
    }
    // Nothing changes when it is asked for again, or looked for the whole month.
    assert_eq!(platform::bill(&w.sv, &root).await.unwrap(), 0);
    w.advance(SignedDuration::from_hours(24 * 20));
    w.settle().await;
    assert_eq!(documents(&w).await.len(), 1);
    w.assert_sound().await;
}

/// Sales in one month, refunds in the next: an invoice, then a credit note, and their sum is what the books say.
#[tokio::test]
async fn months_tie_to_the_books() {
    let w = World::new().await;
    fee(&w, "0.33", "1.7").await;
    let root = admin(&w).await;
    platform::set_issuer(&w.sv, &root, &issuer()).await.unwrap();
    let (home, codes) = sells(&w, "Home", "SI", "", 7).await;
    let (abroad, _) = sells(&w, "Abroad", "DE", "DE136695976", 4).await;
    sells(&w, "Consumer", "FR", "", 2).await;
    sells(&w, "Far", "US", "", 1).await;
    w.settle().await;
    next_month(&w);
    for code in &codes[..3] {
        give_back(&w, &home, code).await;
    }
    sell(&w, &abroad, 1).await;
    w.settle().await;
    next_month(&w);
    w.settle().await;
    let issued = documents(&w).await;
    let seen: Vec<_> = issued
        .iter()
        .map(|one| {
            let line = &one.lines[0];
            (
                one.buyer.name.as_str(),
                one.kind,
                line.category,
                line.rate.thousandths(),
                line.net + line.tax,
            )
        })
        .collect();
    let mut expected = [
        ("Home Ltd", Kind::Platform, Category::S, 22_000, 7 * 50),
        ("Abroad Ltd", Kind::Platform, Category::AE, 0, 4 * 50),
        ("Consumer Ltd", Kind::Platform, Category::S, 20_000, 2 * 50),
        ("Far Ltd", Kind::Platform, Category::O, 0, 50),
        ("Abroad Ltd", Kind::Platform, Category::AE, 0, 50),
        (
            "Home Ltd",
            Kind::PlatformCredit,
            Category::S,
            22_000,
            3 * 50,
        ),
    ];
    let mut seen = seen;
    seen.sort_by_key(|row| (row.0, row.4));
    expected.sort_by_key(|row| (row.0, row.4));
    assert_eq!(seen, expected);
    for one in &issued {
        assert_eq!(one.missing(), [], "{one:?}");
        assert!(documents::xml(one).unwrap().is_some());
    }
    let billed = w
        .count("select sum(case kind when 'platform' then total_minor else -total_minor end)::bigint from invoices where order_id is null")
        .await;
    let earned = w
        .count(
            "select -sum(amount_minor)::bigint from ledger_entries where account = 'platform_fees'",
        )
        .await;
    assert_eq!(billed, earned);
    w.assert_sound().await;

    // Lists: what is one's own, and everything for a platform admin.
    let mine = platform::of_organization(&w.sv, &looks(home.id), None, 50)
        .await
        .unwrap();
    assert_eq!(mine.items.len(), 2);
    assert!(mine.items[0].kind == Kind::PlatformCredit && mine.next.is_none());
    let ask = ListBills {
        limit: 4,
        ..ListBills::default()
    };
    let first = platform::all(&w.sv, &root, &ask).await.unwrap();
    let rest = ListBills {
        cursor: first.next.clone(),
        ..ask.clone()
    };
    let rest = platform::all(&w.sv, &root, &rest).await.unwrap();
    assert_eq!(
        (first.items.len(), rest.items.len(), rest.next),
        (4, 2, None)
    );
    let abroad_only = ListBills {
        organization: "ABROAD".into(),
        limit: 9,
        ..ListBills::default()
    };
    let found = platform::all(&w.sv, &root, &abroad_only).await.unwrap();
    assert!(found.items.len() == 2 && found.items.iter().all(|one| one.reverse_charge));
    // Another organization's document is not there for this one.
    let number = found.items[0].number.parse().unwrap();
    assert!(
        platform::print_for_organization(&w.sv, &looks(home.id), &number)
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        platform::print_for_organization(&w.sv, &looks(abroad.id), &number)
            .await
            .unwrap()
            .is_some()
    );
}

/// Tickets may be taxed in another country than the one where the organization is: that is no matter of what it pays.
#[tokio::test]
async fn where_tickets_are_taxed_does_not_say_where_the_organization_is() {
    let w = World::new().await;
    fee(&w, "0.50", "").await;
    let root = admin(&w).await;
    platform::set_issuer(&w.sv, &root, &issuer()).await.unwrap();
    for (name, country, vat_id) in [
        ("Home", "SI", ""),
        ("Consumer", "FR", ""),
        ("Business", "DE", "DE136695976"),
        ("Other id", "FR", "DE136695976"),
        ("Far", "US", ""),
        ("Unsaid", "", ""),
    ] {
        sells(&w, name, country, vat_id, 1).await;
    }
    w.execute(
        "update organizations
         set tax_country = case legal_name when 'Business Ltd' then 'SI' when 'Far Ltd' then 'FR'
                                           when 'Home Ltd' then 'US' when 'Consumer Ltd' then 'US' else 'DE' end",
    )
    .await;
    w.settle().await;
    next_month(&w);
    w.settle().await;
    let mut issued = documents(&w).await;
    issued.sort_by(|a, b| a.buyer.name.cmp(&b.buyer.name));
    let seen: Vec<_> = issued
        .iter()
        .map(|one| {
            let line = &one.lines[0];
            (
                one.buyer.name.as_str(),
                one.buyer.country.as_str(),
                line.category,
                line.rate.thousandths(),
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("Business Ltd", "DE", Category::AE, 0),
            ("Consumer Ltd", "FR", Category::S, 20_000),
            ("Far Ltd", "US", Category::O, 0),
            ("Home Ltd", "SI", Category::S, 22_000),
            ("Other id Ltd", "FR", Category::S, 20_000),
            ("Unsaid Ltd", "DE", Category::S, 19_000),
        ]
    );
    w.assert_sound().await;
}

/// What was taken under one tax goes back under the same, whatever the organization and the platform are by then.
#[tokio::test]
async fn fees_go_back_as_they_were_taken_and_name_the_invoice() {
    let w = World::new().await;
    fee(&w, "0.50", "").await;
    let root = admin(&w).await;
    platform::set_issuer(&w.sv, &root, &issuer()).await.unwrap();
    let mut halls = Vec::new();
    for (name, country, vat_id) in [
        ("Abroad", "DE", "DE136695976"),
        ("Consumer", "FR", ""),
        ("Far", "US", ""),
        ("Home", "SI", ""),
    ] {
        halls.push(sells(&w, name, country, vat_id, 3).await);
    }
    w.settle().await;
    next_month(&w);
    w.settle().await;
    // A second invoice, which is the one that notes name, and then all are something else.
    for (hall, _) in &halls {
        sell(&w, hall, 1).await;
    }
    w.settle().await;
    next_month(&w);
    w.settle().await;
    w.execute(
        "update organizations set country = case country when 'SI' then 'US' else 'SI' end, vat_id = ''",
    )
    .await;
    let small = IssuerInput {
        small_business: true,
        tax_note: "No tax".into(),
        ..issuer()
    };
    platform::set_issuer(&w.sv, &root, &small).await.unwrap();
    for (hall, codes) in &halls {
        give_back(&w, hall, &codes[0]).await;
        give_back(&w, hall, &codes[1]).await;
    }
    w.settle().await;
    next_month(&w);
    w.settle().await;
    let issued = documents(&w).await;
    let (notes, invoices): (Vec<_>, Vec<_>) = issued
        .into_iter()
        .partition(|one| one.kind == Kind::PlatformCredit);
    assert_eq!((notes.len(), invoices.len()), (4, 8));
    for (name, category, net, tax) in [
        ("Abroad Ltd", Category::AE, 100, 0),
        ("Consumer Ltd", Category::S, 83, 17),
        ("Far Ltd", Category::O, 100, 0),
        ("Home Ltd", Category::S, 82, 18),
    ] {
        let by_name = |one: &&Document| one.buyer.name == name;
        let note = notes.iter().find(by_name).unwrap();
        let latest = invoices.iter().rfind(by_name).unwrap();
        let line = &note.lines[0];
        assert_eq!((line.category, line.net, line.tax), (category, net, tax));
        assert_eq!(
            (line.rate.thousandths(), &line.reason),
            (latest.lines[0].rate.thousandths(), &latest.lines[0].reason)
        );
        let named = note.corrects.as_ref().unwrap();
        assert_eq!(
            (&named.number, named.issued_on),
            (&latest.number, latest.issued_on)
        );
        assert_eq!((&note.buyer, &note.seller), (&latest.buyer, &latest.seller));
        assert_eq!(note.missing(), [], "{note:?}");
        let xml = documents::xml(note).unwrap().unwrap();
        assert!(xml.contains("ram:InvoiceReferencedDocument") && xml.contains(&latest.number));
    }
    assert_eq!(
        w.count(
            "select count(*) from invoices n join invoices i on i.id = n.corrects_id and i.kind = 'platform'
             where n.kind = 'platform_credit' and i.number = n.document #>> '{corrects,number}'"
        )
        .await,
        4
    );
    w.assert_sound().await;
}

/// Months that are issued together: the note names the invoice beside it. Without any invoice it names none.
#[tokio::test]
async fn a_note_names_an_invoice_of_the_same_day_and_none_where_there_is_none() {
    let w = World::new().await;
    fee(&w, "0.50", "").await;
    let (hall, codes) = sells(&w, "Hall", "SI", "", 2).await;
    w.settle().await;
    next_month(&w);
    give_back(&w, &hall, &codes[0]).await;
    w.settle().await;
    next_month(&w);
    w.organization("Never sold").await;
    w.execute(
        "with t as (insert into ledger_transactions (id, organization_id, kind, reference, occurred_at)
                    select gen_random_uuid(), id, 'cost', 'odd', '2026-03-20T12:00:00Z' from organizations
                    where name = 'Never sold' returning id, organization_id)
         insert into ledger_entries (transaction_id, n, organization_id, account, amount_minor, currency)
         select t.id, e.n, t.organization_id, e.account, e.amount, 'EUR'
         from t cross join (values (1, 'platform_fees', 122), (2, 'provider_costs', -122)) as e (n, account, amount)",
    )
    .await;
    let root = admin(&w).await;
    platform::set_issuer(&w.sv, &root, &issuer()).await.unwrap();
    assert_eq!(platform::bill(&w.sv, &root).await.unwrap(), 3);
    let issued = documents(&w).await;
    let of = |kind, name: &str| {
        let found = issued
            .iter()
            .find(|one| one.kind == kind && one.buyer.name == name);
        found.unwrap()
    };
    let invoice = of(Kind::Platform, "Hall Ltd");
    let note = of(Kind::PlatformCredit, "Hall Ltd");
    assert_eq!(
        note.corrects.as_ref().map(|one| one.number.as_str()),
        Some(invoice.number.as_str())
    );
    let alone = of(Kind::PlatformCredit, "Never sold");
    let line = &alone.lines[0];
    assert_eq!((line.net, line.tax, &alone.corrects), (100, 22, &None));
}

#[tokio::test]
async fn printing_again_gives_the_same_and_the_database_refuses_changes() {
    let w = World::new().await;
    fee(&w, "1", "").await;
    let root = admin(&w).await;
    platform::set_issuer(&w.sv, &root, &issuer()).await.unwrap();
    sells(&w, "Hall", "SI", "", 1).await;
    w.settle().await;
    next_month(&w);
    w.settle().await;
    let number = documents(&w).await[0].number.parse().unwrap();
    let first = platform::print(&w.sv, &root, &number)
        .await
        .unwrap()
        .unwrap();
    assert!(first.pdf.starts_with(b"%PDF-1.7"));
    let other = IssuerInput {
        legal_name: "Somebody else".into(),
        small_business: true,
        tax_note: "No tax".into(),
        ..issuer()
    };
    platform::set_issuer(&w.sv, &root, &other).await.unwrap();
    w.execute("update organizations set legal_name = 'Renamed', country = 'DE'")
        .await;
    w.advance(SignedDuration::from_hours(24 * 400));
    w.settle().await;
    let again = platform::print(&w.sv, &root, &number)
        .await
        .unwrap()
        .unwrap();
    assert!(first.pdf == again.pdf, "the bytes differ");
    assert_eq!(documents(&w).await.len(), 1);
    for sql in [
        "update invoices set total_minor = 1, net_minor = 1, tax_minor = 0",
        "delete from invoices",
    ] {
        let mut tx = w.sv.db.begin(Scope::System).await.unwrap();
        let error = sqlx::query(sql).execute(&mut *tx).await.unwrap_err();
        let code = error.as_database_error().and_then(|e| e.code()).unwrap();
        assert_eq!(code, "42501", "{sql}");
    }
    w.assert_sound().await;
}

/// Fifty at once ask for the invoices of sixty organizations.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_at_once_leave_no_gap_and_bill_nobody_twice() {
    let w = World::new().await;
    fee(&w, "0.40", "").await;
    let root = admin(&w).await;
    for n in 0..60 {
        sells(&w, &format!("Hall {n}"), "SI", "", 1).await;
    }
    w.work().await;
    next_month(&w);
    platform::set_issuer(&w.sv, &root, &issuer()).await.unwrap();
    let asked = (0..50).map(|n| {
        let (sv, root) = (w.sv.clone(), root.clone());
        tokio::spawn(async move {
            if n % 2 == 0 {
                platform::bill(&sv, &root).await.unwrap()
            } else {
                platform::bill_due(&sv).await.unwrap()
            }
        })
    });
    let issued: usize = join_all(asked).await.into_iter().map(Result::unwrap).sum();
    assert_eq!(issued, 60);
    assert_eq!(
        w.count("select count(distinct number) from invoices where order_id is null")
            .await,
        60
    );
    assert_eq!(
        w.count("select max(n) from invoices where order_id is null")
            .await,
        60
    );
    assert_eq!(
        w.count("select next from invoice_series where organization_id is null")
            .await,
        61
    );
    w.assert_sound().await;
    // A number that is gone is seen, and so is a booking that no invoice knows.
    w.execute("update invoice_series set next = next + 1 where organization_id is null")
        .await;
    let found = complaints(&w).await;
    assert!(
        found.iter().any(|what| what.contains("of the platform")),
        "{found:?}"
    );
}

#[tokio::test]
async fn the_doctor_sees_fees_that_nobody_billed() {
    let w = World::new().await;
    fee(&w, "1", "").await;
    let root = admin(&w).await;
    platform::set_issuer(&w.sv, &root, &issuer()).await.unwrap();
    w.settle().await;
    let (hall, _) = sells(&w, "Hall", "SI", "", 2).await;
    w.work().await;
    next_month(&w);
    assert_eq!(complaints(&w).await, Vec::<String>::new());
    w.advance(SignedDuration::from_hours(24 * 3));
    let found = complaints(&w).await;
    assert!(
        found
            .iter()
            .any(|what| what.contains("months that are over")),
        "{found:?}"
    );
    w.settle().await;
    assert_eq!(complaints(&w).await, Vec::<String>::new());
    // A booking of a billed month that shows itself later is seen, and goes with the next invoice.
    w.execute(
        "with t as (insert into ledger_transactions (id, organization_id, kind, reference, occurred_at)
                    select gen_random_uuid(), id, 'cost', 'late', '2026-03-20T12:00:00Z' from organizations returning id, organization_id)
         insert into ledger_entries (transaction_id, n, organization_id, account, amount_minor, currency)
         select t.id, e.n, t.organization_id, e.account, e.amount, 'EUR'
         from t cross join (values (1, 'platform_fees', -7), (2, 'provider_costs', 7)) as e (n, account, amount)",
    )
    .await;
    let found = complaints(&w).await;
    assert!(
        found.iter().any(|what| what.contains("has billed")),
        "{found:?}"
    );
    sell(&w, &hall, 1).await;
    w.settle().await;
    next_month(&w);
    w.settle().await;
    let issued = documents(&w).await;
    assert_eq!(
        issued
            .iter()
            .map(|one| one.total().unwrap())
            .collect::<Vec<_>>(),
        [eur(200), eur(107)]
    );
    assert_eq!(complaints(&w).await, Vec::<String>::new());
}

#[tokio::test]
async fn who_the_platform_is_must_be_said_in_full() {
    let w = World::new().await;
    let root = admin(&w).await;
    assert!(platform::issuer(&w.sv, &root).await.unwrap().is_none());
    let wrong = IssuerInput {
        country: "XX".into(),
        tax_rate: "51".into(),
        invoice_prefix: "p-".into(),
        credit_prefix: "PC".into(),
        small_business: true,
        email: "nobody".into(),
        ..IssuerInput::default()
    };
    let Err(SetIssuerError::Fields(faults)) = platform::set_issuer(&w.sv, &root, &wrong).await
    else {
        panic!("it was taken");
    };
    let text = format!("{faults:?}");
    for field in [
        "legal_name",
        "street",
        "city",
        "country",
        "vat_id",
        "email",
        "tax_note",
        "tax_rate",
        "invoice_prefix",
    ] {
        assert!(text.contains(field), "{field}: {text}");
    }
    // Where no rates are known, one is typed.
    let far = IssuerInput {
        country: "US".into(),
        vat_id: String::new(),
        tax_number: "12-3456789".into(),
        ..issuer()
    };
    let refused = platform::set_issuer(&w.sv, &root, &far).await;
    assert!(matches!(refused, Err(SetIssuerError::Fields(_))));
    let far = IssuerInput {
        tax_rate: "0".into(),
        ..far
    };
    platform::set_issuer(&w.sv, &root, &far).await.unwrap();
    let found = platform::issuer(&w.sv, &root).await.unwrap().unwrap();
    assert_eq!(
        (found.party.country.as_str(), found.changed_by.as_str()),
        ("US", "Root")
    );
    assert_eq!(found.biller.rate.map(|rate| rate.thousandths()), Some(0));
}
