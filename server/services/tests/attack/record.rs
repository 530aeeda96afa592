//! The record: as many entries as deeds, and whatever somebody does to it is found.

use domain::permissions::Role;
use services::{
    audit, doctor,
    organizers::{self, UpdateOrganization},
    team::{self, Invite},
};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use testkit::{Attack, Organization, World, tries};

use crate::chance::Chance;

const TABLES: [&str; 3] = ["audit_entries", "audit_links", "audit_heads"];

async fn deed(w: &World, house: &Organization, owner: &services::session::Session, number: usize) {
    if number.is_multiple_of(2) {
        let cmd = UpdateOrganization {
            name: format!("House {number}"),
            contact_email: "house@people.test".into(),
            ..UpdateOrganization::default()
        };
        organizers::update(&w.sv, &house.permit(), cmd)
            .await
            .unwrap();
    } else {
        let cmd = Invite {
            email: format!("new{number}@people.test"),
            role: "door".into(),
            ..Invite::default()
        };
        let id = team::invite(&w.sv, &house.permit(), owner, cmd)
            .await
            .unwrap();
        // So many may not be open at once.
        let mut tx = w.sv.db.begin(services::db::Scope::System).await.unwrap();
        sqlx::query("update invitations set revoked_at = now() where id = $1")
            .bind(id.get())
            .execute(&mut *tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }
}

async fn run(db: &mut PgConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(db)
        .await
        .unwrap();
}

async fn is_found(w: &World) -> bool {
    doctor::invariants(&w.sv)
        .await
        .unwrap()
        .iter()
        .any(|violation| violation.invariant == "A1 audit")
}

/// What somebody who owns the database could do to the entry at a place.
fn change(kind: usize, at: usize, other: usize) -> String {
    let entry = |at: usize| format!("(select entry_id from audit_links where position = {at})");
    let set = |what: &str| format!("update audit_entries set {what} where id = {}", entry(at));
    match kind {
        0 => set("reason = coalesce(reason, '') || 'x'"),
        1 => set("actor_id = gen_random_uuid()"),
        2 => set("occurred_at = occurred_at + interval '1 microsecond'"),
        3 => set("after = coalesce(after, '{}') || '{\"x\": 1}'"),
        4 => set("before = coalesce(before, '{}') || '{\"x\": 1}'"),
        5 => set("action = action || 'x'"),
        6 => set("subject_id = subject_id || 'x'"),
        7 => set("organization_id = null"),
        8 => format!("delete from audit_entries where id = {}", entry(at)),
        9 => format!("delete from audit_links where position = {at}"),
        10 => format!(
            "delete from audit_entries where id = {}; delete from audit_links where position = {at};
             update audit_links set position = position - 1 where position > {at}; update audit_heads set position = position - 1",
            entry(at)
        ),
        11 => format!(
            "update audit_links set position = -1 where position = {at}; update audit_links set position = {at} where position = {other};
             update audit_links set position = {other} where position = -1"
        ),
        12 => format!(
            "insert into audit_entries (id, organization_id, action, subject_kind, subject_id, occurred_at)
             select gen_random_uuid(), organization_id, action, subject_kind, subject_id, occurred_at - interval '1 year'
             from audit_entries where id = {}",
            entry(at)
        ),
        _ => format!("delete from audit_links where position >= {at}; update audit_heads set position = {at} - 1"),
    }
}

#[tokio::test]
async fn every_deed_is_recorded_and_every_change_found() {
    let w = World::new().await;
    let house = w.organization("House").await;
    let owner = w.member(&house, Role::Owner).await;
    let deeds = tries(30, 1000);
    for number in 0..deeds {
        deed(&w, &house, &owner, number).await;
    }
    let entries = w.count("select count(*) from audit_entries").await;
    assert_eq!(entries, i64::try_from(deeds).unwrap());
    while audit::link_due(&w.sv, 500).await.unwrap() > 0 {}
    assert!(!is_found(&w).await);
    let mut db = PgConnection::connect(w.database_url()).await.unwrap();
    run(&mut db, "set session_replication_role = replica").await;
    for table in TABLES {
        run(
            &mut db,
            &format!("create table {table}_kept as table {table}"),
        )
        .await;
    }
    let chance = Chance::new(11);
    let mut attack = Attack::on("changes to the record that are not found");
    let count = tries(14, 210);
    for number in 0..count {
        // Places begin at one; two that are swapped are two.
        let at = 1 + chance.below(deeds - 1);
        let sql = change(number % 14, at, at + 1);
        run(&mut db, &sql).await;
        attack.note(!is_found(&w).await, || sql.clone());
        for table in TABLES {
            run(
                &mut db,
                &format!("delete from {table}; insert into {table} select * from {table}_kept"),
            )
            .await;
        }
    }
    assert!(!is_found(&w).await);
    attack.end(count);
}
