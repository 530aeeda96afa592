//! PostgreSQL plans a statement once for each connection, often while the tables are nearly empty, and keeps the plan. These
//! statements are made so that even a plan for empty tables finds each thing by itself; an earlier form of each went
//! through everything at an on-sale.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::{fs, path::Path};

use serde_json::Value;
use services::db::Scope;
use sqlx::AssertSqlSafe;
use testkit::World;

/// Words that only this statement has, and what an index must be asked for in one look.
const FOUND_ONE_BY_ONE: &[(&str, &[&str])] = &[
    ("as asked (key)", &["scope = ", "key = asked.key"]),
    ("as a (asker)", &["event_id = ", "asked_by = a.asker"]),
    (
        "-- One by one: a plan made while the house was empty",
        &["ticket_id = s.ticket_id"],
    ),
    ("as told (id, device_id, counter, place)", &["= told."]),
    (
        "-- By its id alone, which no plan can get wrong",
        &["(id = $2)"],
    ),
];

/// The statement with these words, and how many parameters it has.
fn statement(words: &str) -> (String, usize) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.sqlx");
    let mut found: Vec<Value> = fs::read_dir(folder)
        .unwrap()
        .map(|file| serde_json::from_slice(&fs::read(file.unwrap().path()).unwrap()).unwrap())
        .filter(|described: &Value| described["query"].as_str().unwrap().contains(words))
        .collect();
    assert_eq!(found.len(), 1, "statements with {words:?}");
    let found = found.remove(0);
    let parameters = found["describe"]["parameters"]["Left"].as_array().unwrap();
    (
        found["query"].as_str().unwrap().to_owned(),
        parameters.len(),
    )
}

/// How the statement with these words is carried out by a plan that is kept.
async fn plan(w: &World, words: &str, settings: &str) -> Vec<String> {
    let (sql, parameters) = statement(words);
    let nulls = vec!["null"; parameters].join(", ");
    let mut tx = w.sv.db.begin(Scope::System).await.unwrap();
    for command in [
        format!("set local plan_cache_mode = force_generic_plan; {settings}"),
        format!("prepare looked_at as {sql}"),
    ] {
        sqlx::raw_sql(AssertSqlSafe(command))
            .execute(&mut *tx)
            .await
            .unwrap();
    }
    let plan = sqlx::query_scalar(AssertSqlSafe(format!(
        "explain (costs off) execute looked_at({nulls})"
    )))
    .fetch_all(&mut *tx)
    .await
    .unwrap();
    sqlx::raw_sql("deallocate looked_at")
        .execute(&mut *tx)
        .await
        .unwrap();
    plan
}

#[tokio::test]
async fn a_plan_for_empty_tables_finds_each_thing_by_itself() {
    let w = World::new().await;
    for (words, asked) in FOUND_ONE_BY_ONE {
        let plan = plan(&w, words, "").await;
        let is_found = |line: &String| {
            line.trim_start().starts_with("Index Cond:")
                && asked.iter().all(|condition| line.contains(condition))
        };
        assert!(plan.iter().any(is_found), "{words}:\n{}", plan.join("\n"));
    }
}

/// As `where id in (select … limit … for update skip locked)` each of them asked, in a plan for a table that statistics call empty,
/// for the whole list again with each row: 44 ms for 500 announcements, 681 ms when 2000 wait.
#[tokio::test]
async fn what_is_taken_is_found_out_once() {
    let w = World::new().await;
    for words in [
        "delete from outbox\n        -- As a list",
        "update jobs set attempts = attempts + 1, locked_until = $2\n        -- As a list",
        "update mails set attempts = attempts + 1, next_attempt_at = $2\n        -- As a list",
    ] {
        let by_keys = "set local enable_seqscan = off; set local enable_hashjoin = off; \
                       set local enable_mergejoin = off";
        for settings in ["", by_keys] {
            let plan = plan(&w, words, settings).await.join("\n");
            assert!(
                plan.contains("InitPlan") && !plan.contains("Join"),
                "{words}:\n{plan}"
            );
        }
    }
}

/// Most refunds were sent long ago: what is still to be sent, and what left by bank, is found among them by an index.
#[tokio::test]
async fn refunds_to_send_are_found_among_all() {
    let w = World::new().await;
    for (words, index) in [
        (
            "-- The index on what is to be sent is seen",
            "refunds_to_send_idx",
        ),
        ("where r.by_bank and", "refunds_by_bank_idx"),
    ] {
        let plan = plan(&w, words, "set local enable_seqscan = off").await;
        let plan = plan.join("\n");
        assert!(plan.contains(index), "{words}:\n{plan}");
    }
}
