//! The record of who did what: every privileged action leaves an entry, and whatever is done to it is found out.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use domain::permissions::Role;
use futures::TryStreamExt;
use services::{
    audit::{self, AuditFilter},
    doctor, organizers,
    organizers::UpdateOrganization,
    permit::{self, Refused, ViewAudit},
};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use testkit::{Organization, World};

/// A tenant with so many entries, all of them linked.
async fn recorded(w: &World, entries: u32) -> Organization {
    let organization = w.organization("House").await;
    for number in 0..entries {
        change(w, &organization, number).await;
    }
    while audit::link_due(&w.sv, 7).await.unwrap() > 0 {}
    organization
}

async fn change(w: &World, organization: &Organization, number: u32) {
    let cmd = UpdateOrganization {
        name: format!("House {number}"),
        contact_email: "house@people.test".into(),
        ..UpdateOrganization::default()
    };
    organizers::update(&w.sv, &organization.permit(), cmd)
        .await
        .unwrap();
}

async fn found(w: &World) -> Vec<String> {
    let all = doctor::invariants(&w.sv).await.unwrap();
    all.into_iter()
        .filter(|violation| violation.invariant == "A1 audit")
        .map(|violation| violation.what)
        .collect()
}

/// As somebody who owns the database could: around every trigger and policy.
async fn tamper(w: &World, sql: &str) -> u64 {
    let mut connection = PgConnection::connect(w.database_url()).await.unwrap();
    let quiet = format!("set session_replication_role = replica; {sql}");
    sqlx::raw_sql(AssertSqlSafe(quiet))
        .execute(&mut connection)
        .await
        .unwrap()
        .rows_affected()
}

#[tokio::test]
async fn a_whole_record_is_whole() {
    let w = World::new().await;
    recorded(&w, 20).await;
    let other = recorded(&w, 3).await;
    assert_eq!(w.count("select count(*) from audit_entries").await, 23);
    assert_eq!(found(&w).await, Vec::<String>::new());
    // What was added a moment ago and waits for the worker is no fault; what waits for long is.
    change(&w, &other, 99).await;
    assert_eq!(found(&w).await, Vec::<String>::new());
    w.advance_minutes(11);
    assert_eq!(found(&w).await.len(), 1);
    audit::link_due(&w.sv, 10).await.unwrap();
    w.assert_sound().await;
}

#[tokio::test]
async fn every_way_to_change_it_is_found_out() {
    let w = World::new().await;
    recorded(&w, 12).await;
    let tenth = "(select entry_id from audit_links where position = 10)";
    let tries = [
        ("another reason", format!("update audit_entries set reason = 'none' where id = {tenth}")),
        ("another person", format!("update audit_entries set actor_id = gen_random_uuid() where id = {tenth}")),
        ("another time", format!("update audit_entries set occurred_at = occurred_at - interval '1 second' where id = {tenth}")),
        ("other facts", format!("update audit_entries set after = after || '{{\"name\": \"x\"}}' where id = {tenth}")),
        ("another tenant", format!("update audit_entries set organization_id = null where id = {tenth}")),
        ("an entry less", format!("delete from audit_entries where id = {tenth}")),
        ("entry and link less", format!("delete from audit_entries where id = {tenth}; delete from audit_links where position = 10")),
        ("closed ranks", "delete from audit_links where position = 10; update audit_links set position = position - 1 where position > 10".into()),
        ("the end cut off", "delete from audit_entries where id in (select entry_id from audit_links where position > 9); delete from audit_links where position > 9".into()),
        ("the end cut off, with its length", "delete from audit_links where position > 9; update audit_heads set position = 9".into()),
        ("two swapped", "update audit_links set position = 100 where position = 4; update audit_links set position = 4 where position = 5; update audit_links set position = 5 where position = 100".into()),
        ("one invented", "insert into audit_entries (id, action, subject_kind, subject_id, occurred_at) values (gen_random_uuid(), 'order.refund', 'order', 'X', now() - interval '10 years')".into()),
        ("one invented and linked", "insert into audit_entries (id, action, subject_kind, subject_id, occurred_at) values ('00000000-0000-0000-0000-000000000001', 'order.refund', 'order', 'X', now()); insert into audit_links (entry_id, organization_id, position, mac) select '00000000-0000-0000-0000-000000000001', organization_id, 13, mac from audit_links where position = 12".into()),
    ];
    for (what, sql) in tries {
        let mut connection = PgConnection::connect(w.database_url()).await.unwrap();
        for table in ["audit_entries", "audit_links", "audit_heads"] {
            let copy = format!(
                "drop table if exists {table}_kept; create table {table}_kept as table {table}"
            );
            sqlx::raw_sql(AssertSqlSafe(copy))
                .execute(&mut connection)
                .await
                .unwrap();
        }
        tamper(&w, &sql).await;
        assert!(!found(&w).await.is_empty(), "{what} was not found out");
        for table in ["audit_entries", "audit_links", "audit_heads"] {
            let back = format!(
                "set session_replication_role = replica; delete from {table}; insert into {table} select * from {table}_kept"
            );
            sqlx::raw_sql(AssertSqlSafe(back))
                .execute(&mut connection)
                .await
                .unwrap();
        }
        assert_eq!(
            found(&w).await,
            Vec::<String>::new(),
            "after {what} was undone"
        );
    }
}

/// The application itself cannot, whatever it is talked into.
#[tokio::test]
async fn the_application_can_only_add() {
    let w = World::new().await;
    recorded(&w, 3).await;
    for sql in [
        "update audit_entries set reason = 'none'",
        "delete from audit_entries",
        "update audit_links set position = position + 1",
        "delete from audit_links",
        "delete from audit_heads",
    ] {
        let mut tx = w.sv.db.begin(services::db::Scope::System).await.unwrap();
        let refused = sqlx::query(sql).execute(&mut *tx).await.unwrap_err();
        let code = refused.as_database_error().and_then(|e| e.code()).unwrap();
        assert_eq!(code, "42501", "{sql}");
    }
}

#[tokio::test]
async fn an_organization_reads_its_own() {
    let w = World::new().await;
    let house = recorded(&w, 5).await;
    let other = recorded(&w, 2).await;
    let finance = w.member(&house, Role::Finance).await;
    let manager = w.member(&house, Role::Manager).await;
    let refused = permit::for_organization::<ViewAudit>(&w.sv, &manager, house.id).await;
    assert!(matches!(refused, Err(Refused::Forbidden)));
    let all = AuditFilter {
        limit: 50,
        ..AuditFilter::default()
    };
    let may = permit::for_organization(&w.sv, &finance, house.id)
        .await
        .unwrap();
    let page = audit::list_of(&w.sv, &may, &all).await.unwrap();
    assert_eq!(page.items.len(), 5);
    assert!(
        page.items
            .iter()
            .all(|row| row.organization.as_deref() == Some("House 4"))
    );
    let filter = AuditFilter {
        limit: 50,
        action: "team".into(),
        ..AuditFilter::default()
    };
    assert!(
        audit::list_of(&w.sv, &may, &filter)
            .await
            .unwrap()
            .items
            .is_empty()
    );
    let pieces: Vec<Vec<u8>> = audit::export(&w.sv, &other.permit())
        .try_collect()
        .await
        .unwrap();
    let text = String::from_utf8(pieces.concat()).unwrap();
    assert_eq!(text.lines().count(), 3, "{text}");
    assert!(text.starts_with("occurred_at,actor,action,"));
}
