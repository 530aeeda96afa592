//! The books: whatever somebody who owns the database does to a booking of a sale is found.

use domain::{
    money::Currency,
    pricing::{Rate, TaxMode},
};
use services::{
    Origin, doctor,
    orders::{self, ExchangeWish},
};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use testkit::{Attack, World, tries};

const TABLES: [&str; 2] = ["ledger_transactions", "ledger_entries"];

/// The changes leave each booking at zero in sum, where they can.
const CHANGES: [&str; 11] = [
    "update ledger_entries set amount_minor = amount_minor + 1 where transaction_id = $t and account = 'organizer_payable'",
    "update ledger_entries set amount_minor = amount_minor + case account when 'organizer_payable' then 1 else -1 end
     where transaction_id = $t and account in ('organizer_payable', 'tax_collected')",
    "update ledger_entries set amount_minor = amount_minor + case account when 'organizer_payable' then 1 else -1 end
     where transaction_id = $t and account in ('organizer_payable', 'platform_fees')",
    "update ledger_entries set amount_minor = amount_minor + case account when 'organizer_payable' then -1 else 1 end
     where transaction_id = $t and account in ('organizer_payable', 'provider_clearing', 'exchange')",
    "update ledger_entries set amount_minor = amount_minor + case account when 'platform_fees' then -1 else 1 end
     where transaction_id = $t and account in ('platform_fees', 'tax_collected')",
    "update ledger_entries set amount_minor = 2 * amount_minor where transaction_id = $t",
    "update ledger_entries set currency = 'USD' where transaction_id = $t",
    "update ledger_entries set account = 'bank' where transaction_id = $t and account in ('provider_clearing', 'exchange')",
    "update ledger_transactions set order_id = (select id from orders where id <> ledger_transactions.order_id and total_minor > 0
     order by total_minor desc limit 1) where id = $t",
    "delete from ledger_entries where transaction_id = $t; delete from ledger_transactions where id = $t",
    "insert into ledger_transactions (id, organization_id, kind, order_id, occurred_at)
     select 'ffffffff-ffff-4fff-bfff-ffffffffffff', organization_id, kind, order_id, occurred_at from ledger_transactions where id = $t;
     insert into ledger_entries (transaction_id, n, organization_id, account, amount_minor, currency)
     select 'ffffffff-ffff-4fff-bfff-ffffffffffff', n, organization_id, account, amount_minor, currency
     from ledger_entries where transaction_id = $t",
];

async fn run(db: &mut PgConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(db)
        .await
        .unwrap();
}

async fn is_found(w: &World) -> bool {
    let found = doctor::invariants(&w.sv).await.unwrap();
    found
        .iter()
        .any(|violation| violation.invariant.starts_with("I2"))
}

/// Sales of several prices with tax and fee, and one that tickets of another pay for in part.
async fn sold() -> World {
    let w = World::new().await;
    let event = w
        .event("Demo")
        .changes(0, 0, true)
        .ticket_type("Seat", 1999, 50)
        .ticket_type("Box", 5005, 50)
        .published()
        .await;
    w.prices(&event, (TaxMode::Included, "DE"), Rate::from_bp(1900), 0)
        .await;
    w.fee_plan(None, Currency::EUR, 50, 250).await;
    let ada = w.buyer("Ada");
    for (kind, seats) in [("Seat", 1), ("Seat", 3), ("Box", 2)] {
        ada.buys(&event, kind, seats).await.unwrap();
    }
    let first = ada.buys(&event, "Seat", 2).await.unwrap();
    let order = orders::show_by_secret(&w.sv, &first.secret).await.unwrap();
    let wish = ExchangeWish {
        tickets: vec![order.unwrap().tickets[0].id],
        event: Some(event.id),
        wanted: vec![(event.of_type("Box"), 1)],
    };
    let page = orders::change_page(&w.sv, &first.secret, &wish).await;
    let shown = page.unwrap().unwrap().preview.unwrap().unwrap();
    let done = orders::exchange_by_buyer(&w.sv, &first.secret, &wish, shown, &Origin::default())
        .await
        .unwrap();
    let newer = services::checkout::Placed {
        order: done.order,
        secret: done.secret,
        code: done.code,
        needs_payment: true,
    };
    w.provider_says(&newer, services::payments::NewsKind::Succeeded)
        .await
        .unwrap();
    w.settle().await;
    w.assert_sound().await;
    w
}

#[tokio::test]
async fn every_change_to_a_booked_sale_is_found() {
    let w = sold().await;
    let mut db = PgConnection::connect(w.database_url()).await.unwrap();
    run(&mut db, "set session_replication_role = replica").await;
    for table in TABLES {
        let copy = format!("create table {table}_kept as table {table}");
        run(&mut db, &copy).await;
    }
    let bookings: Vec<String> = sqlx::query_scalar(
        "select id::text from ledger_transactions where kind = 'sale' or kind = 'exchange' and refund_id is null order by id",
    )
    .fetch_all(&mut db)
    .await
    .unwrap();
    assert_eq!(bookings.len(), 6);
    let mut attack = Attack::on("changes to bookings that are not found");
    let count = tries(CHANGES.len() * 2, CHANGES.len() * bookings.len());
    for number in 0..count {
        // The last is the part that tickets paid.
        let booking = &bookings[bookings.len() - 1 - number / CHANGES.len() % bookings.len()];
        let sql = CHANGES[number % CHANGES.len()].replace("$t", &format!("'{booking}'"));
        run(&mut db, &sql).await;
        attack.note(!is_found(&w).await, || sql.clone());
        for table in TABLES {
            let back =
                format!("delete from {table}; insert into {table} select * from {table}_kept");
            run(&mut db, &back).await;
        }
    }
    assert!(!is_found(&w).await);
    attack.end(count);
}
