//! Every table of the database, read and written as a tenant it does not belong to. The list comes from the database
//! itself, so a new table is tried by being there.
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use std::str::FromStr;

use domain::{ids::OrganizationId, money::Currency};
use serde_json::Value;
use services::{
    db::{Db, Limits, Scope, Tx},
    demo,
};
use sqlx::{AssertSqlSafe, ConnectOptions, Row, postgres::PgConnectOptions};
use testkit::World;

/// Tables without a tenant, and why.
const SHARED: &[(&str, &str)] = &[
    ("_sqlx_migrations", "the owner's own"),
    ("users", "people work for several organizations"),
    ("sessions", "of people"),
    ("email_tokens", "of people"),
    ("authenticators", "of people"),
    ("recovery_codes", "of people"),
    ("half_sign_ins", "of people"),
    ("kept_orders", "of people"),
    ("passkeys", "of people"),
    ("identities", "of people"),
    ("challenges", "of browsers"),
    ("provider_book", "the provider's own, as it keeps it"),
    ("provider_book_reads", "how far that was read"),
    ("finance_comparisons", "the platform's own"),
    (
        "provider_events",
        "messages of a provider, before it is known whose they are",
    ),
    (
        "transfer_settings",
        "the platform's account, which buyers are told",
    ),
    ("platform_issuer", "who the platform is on its own invoices"),
    ("bank_files", "of the platform's bank"),
    (
        "bank_lines",
        "of the platform's bank, before it is known whose they are",
    ),
    (
        "vat_checks",
        "what a public register says of ids, whoever uses them",
    ),
    ("idempotency_keys", "of requests; the key names its scope"),
    ("organizations", "the tenants themselves; tried below"),
    (
        "listings",
        "what everybody may find; drawn from what visitors may see",
    ),
];

/// Whose rows without an organization are for all of them to read.
const EVERYBODYS: &[&str] = &["fee_plans"];

async fn names(tx: &mut Tx, sql: &'static str) -> Vec<String> {
    sqlx::query_scalar(sql).fetch_all(&mut **tx).await.unwrap()
}

async fn number(tx: &mut Tx, sql: String) -> i64 {
    sqlx::query(AssertSqlSafe(sql))
        .fetch_one(&mut **tx)
        .await
        .unwrap()
        .get(0)
}

const TENANT_TABLES: &str = "
    select c.table_name::text from information_schema.columns c
    join information_schema.tables t using (table_schema, table_name)
    where c.table_schema = 'public' and c.column_name = 'organization_id' and t.table_type = 'BASE TABLE'
    order by 1";

#[tokio::test]
async fn every_table_has_a_tenant_or_a_reason() {
    let w = World::new().await;
    let mut tx = w.sv.db.begin(Scope::System).await.unwrap();
    let without = names(
        &mut tx,
        "select t.table_name::text from information_schema.tables t
         where t.table_schema = 'public' and t.table_type = 'BASE TABLE'
           and not exists (select from information_schema.columns c
                           where c.table_schema = 'public' and c.table_name = t.table_name
                             and c.column_name = 'organization_id')",
    )
    .await;
    for table in &without {
        assert!(
            SHARED.iter().any(|(name, _)| name == table),
            "{table} has neither a tenant nor a reason to have none"
        );
    }
    let open = names(
        &mut tx,
        "select c.relname::text from pg_class c
         join pg_attribute a on a.attrelid = c.oid and a.attname = 'organization_id' and not a.attisdropped
         where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
           and not (c.relrowsecurity and c.relforcerowsecurity)",
    )
    .await;
    assert!(
        open.is_empty(),
        "without forced row-level security: {open:?}"
    );
}

#[tokio::test]
async fn a_foreign_tenant_reads_and_writes_nothing() {
    let w = World::new().await;
    demo::fill(&w.sv).await.unwrap();
    let foreign = w.organization("Foreign").await.id;
    let planned = w.organization("With a plan of its own").await;
    w.fee_plan(Some(&planned), Currency::EUR, 50, 0).await;
    w.fee_plan(None, Currency::EUR, 99, 0).await;
    let mut tx = w.sv.db.begin(Scope::System).await.unwrap();
    let tables = names(&mut tx, TENANT_TABLES).await;
    tx.commit().await.unwrap();
    assert!(tables.len() > 20, "{tables:?}");
    let (mut read, mut written) = (0, 0);
    for table in &tables {
        for scope in [
            Scope::Organization(foreign),
            Scope::Organization(OrganizationId::new(w.sv.new_id())),
        ] {
            let mut tx = w.sv.db.begin(scope.clone()).await.unwrap();
            let seen = number(
                &mut tx,
                format!(
                    "select count(*) from {table} where organization_id is distinct from '{foreign}' {}",
                    if EVERYBODYS.contains(&table.as_str()) { "and organization_id is not null" } else { "" }
                ),
            )
            .await;
            assert_eq!(seen, 0, "{table} shows rows of others");
            read += 1;
        }
        written += writes(&w, table, foreign).await;
    }
    let mut tx = w.sv.db.begin(Scope::Organization(foreign)).await.unwrap();
    let seen = number(&mut tx, "select count(*) from organizations".into()).await;
    assert_eq!(seen, 1, "an organization sees itself only");
    assert!(
        read >= 40 && written >= 40,
        "{read} reads, {written} writes tried"
    );
}

/// Tries to change, to remove and to copy in rows of others; how many ways were tried.
async fn writes(w: &World, table: &str, foreign: OrganizationId) -> u32 {
    let mut tx = w.sv.db.begin(Scope::System).await.unwrap();
    let row: Option<Value> = sqlx::query_scalar(AssertSqlSafe(format!(
        "select to_jsonb(t) from {table} t where organization_id is distinct from '{foreign}' order by organization_id nulls last limit 1"
    )))
    .fetch_optional(&mut *tx)
    .await
    .unwrap();
    // What the database works out by itself cannot be given.
    let columns: String = sqlx::query_scalar(
        "select string_agg(quote_ident(column_name), ', ') from information_schema.columns
         where table_schema = 'public' and table_name = $1 and is_generated = 'NEVER'",
    )
    .bind(table)
    .fetch_one(&mut *tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let mut tried = 0;
    for sql in [
        format!(
            "update {table} set organization_id = '{foreign}' where organization_id is distinct from '{foreign}'"
        ),
        format!("delete from {table} where organization_id is distinct from '{foreign}'"),
    ] {
        let mut tx = w.sv.db.begin(Scope::Organization(foreign)).await.unwrap();
        // Some tables cannot be changed by the application at all.
        if let Ok(done) = sqlx::query(AssertSqlSafe(sql)).execute(&mut *tx).await {
            assert_eq!(done.rows_affected(), 0, "{table}");
        }
        tried += 1;
    }
    if let Some(row) = row.filter(|row| !row["organization_id"].is_null()) {
        let mut tx = w.sv.db.begin(Scope::Organization(foreign)).await.unwrap();
        let smuggled = sqlx::query(AssertSqlSafe(format!(
            "insert into {table} ({columns}) overriding system value
             select {columns} from jsonb_populate_record(null::{table}, $1)"
        )))
        .bind(row)
        .execute(&mut *tx)
        .await;
        let Err(error) = smuggled else {
            panic!("{table} takes rows of others");
        };
        let code = error.as_database_error().and_then(|e| e.code()).unwrap();
        assert_eq!(code, "42501", "{table} refused for another reason: {error}");
        tried += 1;
    }
    tried
}

/// As docs/operating.md makes it, such a user can do its work and cannot become more.
#[tokio::test]
async fn a_sign_in_that_owns_nothing_is_enough_and_any_other_is_known() {
    let w = World::new().await;
    assert!(w.sv.db.is_above_policies().await.unwrap());
    let owner = PgConnectOptions::from_str(w.database_url()).unwrap();
    let name = format!("{}_login", owner.get_database().unwrap());
    let mut connection = owner.connect().await.unwrap();
    let mut run = async |sql: String| {
        sqlx::raw_sql(AssertSqlSafe(sql))
            .execute(&mut connection)
            .await
            .unwrap();
    };
    run(format!(
        "create role {name} login noinherit password 'secret' in role bilten_app"
    ))
    .await;
    let url = owner.clone().username(&name).password("secret");
    let db = Db::open(url.to_url_lossy().as_ref(), &Limits::default()).unwrap();
    let mut above = Vec::new();
    let tx = db.begin(Scope::System).await.unwrap();
    tx.commit().await.unwrap();
    for (more, less) in [
        ("nosuperuser", "nosuperuser"),
        ("bypassrls", "nobypassrls"),
        ("createrole", "nocreaterole"),
    ] {
        run(format!("alter role {name} {more}")).await;
        above.push(db.is_above_policies().await.unwrap());
        run(format!("alter role {name} {less}")).await;
    }
    let (as_owner, database) = (owner.get_username(), owner.get_database().unwrap());
    for thing in ["table users".to_owned(), format!("database {database}")] {
        run(format!("alter {thing} owner to {name}")).await;
        above.push(db.is_above_policies().await.unwrap());
        run(format!("alter {thing} owner to \"{as_owner}\"")).await;
    }
    db.pool().close().await;
    run(format!("drop role {name}")).await;
    assert_eq!(above, [false, true, true, true, true]);
}
