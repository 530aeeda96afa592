//! What a person can take away, and what is left when they go.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::collections::{BTreeMap, BTreeSet};

use domain::permissions::Role;
use serde_json::Value;
use services::{
    Origin, accounts,
    db::{Scope, Tx},
    permit::Refused,
    privacy::{self, Class, EraseError, classes},
    session::Session,
};
use sqlx::AssertSqlSafe;
use testkit::{Event, PasskeyDevice, World};

async fn columns(tx: &mut Tx) -> BTreeSet<(String, String)> {
    sqlx::query_as(
        "select c.table_name::text, c.column_name::text from information_schema.columns c
         join information_schema.tables t using (table_schema, table_name)
         where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.table_name <> '_sqlx_migrations'",
    )
    .fetch_all(&mut **tx)
    .await
    .unwrap()
    .into_iter()
    .collect()
}

#[tokio::test]
async fn every_column_is_classed_once() {
    let w = World::new().await;
    let mut tx = w.sv.db.begin(Scope::System).await.unwrap();
    let there = columns(&mut tx).await;
    let mut classed = BTreeSet::new();
    for (table, column, _) in classes() {
        assert!(
            classed.insert((table.to_owned(), column.to_owned())),
            "{table}.{column} twice"
        );
    }
    let missing: Vec<_> = there.difference(&classed).collect();
    let left_over: Vec<_> = classed.difference(&there).collect();
    assert!(
        missing.is_empty() && left_over.is_empty(),
        "privacy/columns.txt lacks {missing:?}, and has in vain {left_over:?}"
    );
}

/// Words that are nowhere but in what belongs to the person.
const NAME: &str = "Zephyrine Quillfeather";
const ADDRESS: &str = "203.0.113.77";
const EMAIL: &str = "zephyrine.quillfeather@people.test";

async fn somebody(w: &World) -> (Session, Event) {
    let event = w
        .event("Demo")
        .ticket_type("Standing", 15_00, 100)
        .published()
        .await;
    let mut buyer = w.buyer(NAME);
    buyer.email = EMAIL.into();
    let address = ADDRESS.parse().ok();
    buyer.origin = Origin::new(address, "Quillfeather’s browser");
    buyer.buys(&event, "Standing", 2).await.unwrap();
    let mut session = w.person(NAME).await;
    session.email = EMAIL.into();
    let mut tx = w.sv.db.begin(Scope::System).await.unwrap();
    sqlx::query("update users set email = $2 where id = $1")
        .bind(session.user.get())
        .bind(EMAIL)
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let question = accounts::begin_passkey(&w.sv, &session).await.unwrap();
    let credential = PasskeyDevice::new(1).make(&question.options);
    let cmd = accounts::NewPasskey {
        token: question.token,
        credential,
        name: "Quillfeather’s phone".into(),
    };
    accounts::add_passkey(&w.sv, &session, cmd).await.unwrap();
    accounts::request_sign_in_link(&w.sv, EMAIL, "")
        .await
        .unwrap();
    let other = w.buyer("Bob").buys(&event, "Standing", 1).await.unwrap();
    services::orders::keep(&w.sv, &session, &other.secret)
        .await
        .unwrap();
    (session, event)
}

#[tokio::test]
async fn the_file_has_all_columns_and_nobody_elses_rows() {
    let w = World::new().await;
    let (session, _) = somebody(&w).await;
    w.settle().await;
    let file = privacy::export_account(&w.sv, &session).await.unwrap();
    let tables = file["tables"].as_object().unwrap();
    let mut expected: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (table, column, _) in classes().filter(|(_, _, class)| class.is_given()) {
        expected.entry(table).or_default().insert(column);
    }
    let (has, should): (BTreeSet<_>, BTreeSet<_>) = (
        tables.keys().map(String::as_str).collect(),
        expected.keys().copied().collect(),
    );
    assert_eq!(has, should, "tables");
    for (table, rows) in tables {
        for row in rows.as_array().unwrap() {
            let columns: BTreeSet<&str> = row
                .as_object()
                .unwrap()
                .keys()
                .map(String::as_str)
                .collect();
            assert_eq!(columns, expected[table.as_str()], "columns of {table}");
        }
    }
    let rows = |table: &str| tables[table].as_array().map_or(0, Vec::len);
    assert_eq!(
        (
            rows("users"),
            rows("orders"),
            rows("tickets"),
            rows("kept_orders")
        ),
        (1, 1, 2, 1)
    );
    for table in [
        "attendees",
        "order_lines",
        "payments",
        "invoices",
        "mails",
        "passkeys",
        "email_tokens",
        "audit_entries",
    ] {
        assert!(rows(table) > 0, "nothing of {table}");
    }
    let text = file.to_string();
    assert!(
        !text.to_lowercase().contains("bob"),
        "somebody else is in it"
    );
    assert!(!text.contains("argon2"), "a secret is in it");
}

#[tokio::test]
async fn a_file_needs_a_fresh_proof() {
    let w = World::new().await;
    let ada = w.person("Ada").await;
    w.advance_minutes(16);
    let refused = privacy::export_account(&w.sv, &ada).await;
    assert!(matches!(refused, Err(Refused::ProofNeeded)));
    let refused = privacy::erase_account(&w.sv, &ada, &ada.email).await;
    assert!(matches!(
        refused,
        Err(EraseError::Refused(Refused::ProofNeeded))
    ));
}

/// Where in the whole database a word is, as table and column.
async fn traces(w: &World, word: &str) -> Vec<String> {
    let mut tx = w.sv.db.begin(Scope::System).await.unwrap();
    let mut found = BTreeSet::new();
    let tables: BTreeSet<String> = columns(&mut tx)
        .await
        .into_iter()
        .map(|(table, _)| table)
        .collect();
    for table in tables {
        let rows: Vec<Value> =
            sqlx::query_scalar(AssertSqlSafe(format!("select to_jsonb(t) from {table} t")))
                .fetch_all(&mut *tx)
                .await
                .unwrap();
        for row in rows {
            for (column, value) in row.as_object().unwrap() {
                if value.to_string().to_lowercase().contains(word) {
                    found.insert(format!("{table}.{column}"));
                }
            }
        }
    }
    found.into_iter().collect()
}

#[tokio::test]
async fn nothing_names_a_person_who_has_gone() {
    let w = World::new().await;
    let (session, _) = somebody(&w).await;
    w.settle().await;
    assert!(!traces(&w, "quillfeather").await.is_empty());
    assert_eq!(traces(&w, ADDRESS).await, ["orders.placed_from"]);
    let before = w
        .count("select sum(amount_minor)::bigint from ledger_entries where amount_minor > 0")
        .await;
    privacy::erase_account(&w.sv, &session, " Zephyrine.QUILLFEATHER@people.test ")
        .await
        .unwrap();
    w.settle().await;
    // An issued invoice stays as it was: tax law asks for it.
    assert_eq!(traces(&w, "quillfeather").await, ["invoices.document"]);
    assert_eq!(traces(&w, ADDRESS).await, Vec::<String>::new());
    let last = w.mailer.to(EMAIL).pop().unwrap();
    assert!(last.subject.contains("deleted"), "{}", last.subject);
    // Figures, tickets and the record stay, and the ledger still balances.
    assert_eq!(
        w.count("select sum(amount_minor)::bigint from ledger_entries where amount_minor > 0")
            .await,
        before
    );
    assert_eq!(
        w.count("select count(*) from tickets where state = 'valid'")
            .await,
        3
    );
    w.assert_sound().await;
    // What is classed as a person's is empty, or not there.
    let left = classes().filter(|(table, _, class)| *table == "users" && *class == Class::Secret);
    for (_, column, _) in left {
        assert_eq!(column, "password_hash");
    }
    // The address is free for somebody new, who finds nothing of what was there.
    let again = privacy::erase_account(&w.sv, &session, EMAIL).await;
    assert!(
        matches!(again, Err(EraseError::Refused(Refused::NotFound))),
        "{again:?}"
    );
}

#[tokio::test]
async fn an_invoice_that_was_paid_stays() {
    let w = World::new().await;
    let (session, _) = somebody(&w).await;
    w.execute(
        "update orders set invoice_name = 'Quillfeather Ltd', invoice_vat_id = 'X1' where buyer_name like 'Zeph%'",
    )
    .await;
    privacy::erase_account(&w.sv, &session, EMAIL)
        .await
        .unwrap();
    w.settle().await;
    assert_eq!(
        traces(&w, "quillfeather").await,
        ["invoices.document", "orders.invoice_name"]
    );
}

#[tokio::test]
async fn not_everybody_can_go() {
    let w = World::new().await;
    let hall = w.organization("Hall").await;
    let owner = w.member(&hall, Role::Owner).await;
    let wrong = privacy::erase_account(&w.sv, &owner, "somebody@else.test").await;
    assert!(matches!(wrong, Err(EraseError::Fields(_))), "{wrong:?}");
    let alone = privacy::erase_account(&w.sv, &owner, &owner.email).await;
    assert!(
        matches!(&alone, Err(EraseError::LastOwner(names)) if names == &["Hall".to_owned()]),
        "{alone:?}"
    );
    let mut admin = w.person("Admin").await;
    admin.platform_admin = true;
    let refused = privacy::erase_account(&w.sv, &admin, &admin.email).await;
    assert!(
        matches!(refused, Err(EraseError::PlatformAdmin)),
        "{refused:?}"
    );
    w.member(&hall, Role::Owner).await;
    privacy::erase_account(&w.sv, &owner, &owner.email)
        .await
        .unwrap();
    assert_eq!(w.count("select count(*) from memberships").await, 1);
}

#[tokio::test]
async fn what_is_kept_for_a_while_goes_when_it_is_over() {
    let w = World::new().await;
    let (session, event) = somebody(&w).await;
    w.session_of(&session).await;
    let unpaid = w.buyer("Unfortunate Wavering");
    unpaid.orders(&event, "Standing", 1).await.unwrap();
    w.settle().await;
    w.advance_minutes(60);
    w.settle().await;
    let kept = async |w: &World| {
        let mut counts = Vec::new();
        for query in [
            "select count(*) from sessions",
            "select count(*) from email_tokens",
            "select count(*) from mails",
            "select count(*) from orders where buyer_name = 'Unfortunate Wavering'",
            "select count(*) from orders where buyer_name like 'Zeph%'",
        ] {
            counts.push(w.count(query).await.min(1));
        }
        counts
    };
    let day = 24 * 60;
    for (days, left) in [
        (0, [1, 1, 1, 1, 1]),
        (29, [1, 1, 1, 1, 1]),
        // The session was good for nine days, and is kept for thirty more.
        (3, [1, 0, 1, 1, 1]),
        (10, [0, 0, 1, 1, 1]),
        (137, [0, 0, 1, 1, 1]),
        (2, [0, 0, 0, 1, 1]),
        (183, [0, 0, 0, 1, 1]),
        (2, [0, 0, 0, 0, 1]),
    ] {
        w.advance_minutes(days * day);
        while privacy::forget_due(&w.sv, 1).await.unwrap() {}
        assert_eq!(kept(&w).await, left, "after {days} more days");
    }
    assert_eq!(traces(&w, "wavering").await, Vec::<String>::new());
    assert!(!traces(&w, "quillfeather").await.is_empty());
    w.assert_sound().await;
}

/// A dispute may come for months after the event, however early the tickets were bought; then nobody asks any more.
#[tokio::test]
async fn where_an_order_came_from_is_known_until_no_bank_asks() {
    let w = World::new().await;
    let (_, event) = somebody(&w).await;
    w.settle().await;
    let to_end = {
        let mut tx = w.sv.db.begin(Scope::System).await.unwrap();
        let days: i32 = sqlx::query_scalar(
            "select ceil(extract(epoch from ends_at - $2) / 86400)::int from events where id = $1",
        )
        .bind(event.id.get())
        .bind(jiff_sqlx::Timestamp::from(w.sv.now()))
        .fetch_one(&mut *tx)
        .await
        .unwrap();
        i64::from(days)
    };
    assert!(to_end > 1, "the event is to come");
    let day = 24 * 60;
    for (days, known) in [(179, true), (to_end, true), (2, false)] {
        w.advance_minutes(days * day);
        while privacy::forget_due(&w.sv, 1).await.unwrap() {}
        let there = traces(&w, ADDRESS).await;
        assert_eq!(
            there.is_empty(),
            !known,
            "after {days} more days: {there:?}"
        );
    }
    assert!(
        !traces(&w, "quillfeather").await.is_empty(),
        "the order keeps its buyer"
    );
    assert!(
        !traces(&w, "quillfeather")
            .await
            .contains(&"orders.placed_with".to_owned()),
        "and nothing of the browser"
    );
}
