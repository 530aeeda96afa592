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

#[tokio::test]
async fn a_plan_for_empty_tables_finds_each_thing_by_itself() {
    let w = World::new().await;
    for (n, (words, asked)) in FOUND_ONE_BY_ONE.iter().enumerate() {
        let (sql, parameters) = statement(words);
        let nulls = vec!["null"; parameters].join(", ");
        let mut tx = w.sv.db.begin(Scope::System).await.unwrap();
        for command in [
            "set local plan_cache_mode = force_generic_plan".to_owned(),
            format!("prepare looked_at_{n} as {sql}"),
        ] {
            sqlx::raw_sql(AssertSqlSafe(command))
                .execute(&mut *tx)
                .await
                .unwrap();
        }
        let plan: Vec<String> = sqlx::query_scalar(AssertSqlSafe(format!(
            "explain (costs off) execute looked_at_{n}({nulls})"
        )))
        .fetch_all(&mut *tx)
        .await
        .unwrap();
        let is_found = |line: &String| {
            line.trim_start().starts_with("Index Cond:")
                && asked.iter().all(|condition| line.contains(condition))
        };
        assert!(plan.iter().any(is_found), "{words}:\n{}", plan.join("\n"));
    }
}
