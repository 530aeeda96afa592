//! Whose clock counts.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use domain::when::Timestamp;
use jiff::SignedDuration;
use services::{
    db::{Db, Limits},
    ports::{Clock, System},
};
use sqlx::{Connection, PgConnection, raw_sql};
use testkit::TestDatabase;

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// A database in which the clock is a day ahead of this machine's: what is the same, this machine's is a day behind.
async fn a_day_ahead(database: &TestDatabase) -> Db {
    let mut connection = PgConnection::connect(database.url()).await.unwrap();
    raw_sql(
        "create schema ahead;
         create function ahead.clock_timestamp() returns timestamptz language sql volatile
         as $$ select pg_catalog.clock_timestamp() + interval '1 day' $$;",
    )
    .execute(&mut connection)
    .await
    .unwrap();
    let joint = if database.url().contains('?') {
        '&'
    } else {
        '?'
    };
    let url = format!(
        "{}{joint}options=-c%20search_path%3Dahead,pg_catalog,public",
        database.url()
    );
    Db::open(&url, &Limits::default()).unwrap()
}

fn ahead(clock: &dyn Clock) -> SignedDuration {
    let own: Timestamp = System.now();
    clock.now().duration_since(own)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_with_a_clock_a_day_behind_goes_by_the_databases_from_its_first_look() {
    let database = TestDatabase::create().await;
    let db = a_day_ahead(&database).await;
    let clock = db.clock();
    // Both programs do this before they take up any work.
    db.ping().await.unwrap();
    let off = (ahead(&*clock) - DAY).abs();
    assert!(off < SignedDuration::from_secs(2), "{off}");
    let watching = tokio::spawn(db.clone().watch());
    tokio::time::sleep(std::time::Duration::from_millis(600)).await;
    let off = (ahead(&*clock) - DAY).abs();
    assert!(off < SignedDuration::from_secs(2), "{off}");
    watching.abort();
}
