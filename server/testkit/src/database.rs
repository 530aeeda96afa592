//! A database per test, copied from a template that is migrated once.

use std::{
    env,
    path::Path,
    sync::atomic::{AtomicU32, Ordering},
};

use services::db::{Db, MIGRATIONS};
use sqlx::{ConnectOptions, Connection, PgConnection, postgres::PgConnectOptions};
use tokio::sync::OnceCell;

/// Any number that nobody else locks.
const TEMPLATE_LOCK: i64 = 0x6269_6c74;

static TEMPLATE: OnceCell<String> = OnceCell::const_new();
static NUMBER: AtomicU32 = AtomicU32::new(0);

/// Dropped with the test.
pub struct TestDatabase {
    name: String,
    url: String,
}

impl TestDatabase {
    /// A new database with the newest schema and nothing in it.
    pub async fn create() -> Self {
        let template = TEMPLATE.get_or_init(prepare_template).await;
        let name = format!(
            "bilten_test_{}_{}",
            std::process::id(),
            NUMBER.fetch_add(1, Ordering::Relaxed)
        );
        run(&format!("create database {name} template {template}")).await;
        let url = url_of(&name);
        Self { name, url }
    }

    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let command = format!("drop database if exists {} with (force)", self.name);
        // A thread of its own, because the test's runtime cannot be waited for from inside.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(run(&command));
        });
        // What could not be dropped is swept by a later run.
        let _ = dropping.join();
    }
}

/// The server that tests may use, as a role that may create databases.
fn server() -> PgConnectOptions {
    let url = env::var("TEST_DATABASE_URL")
        .or_else(|_| env::var("DATABASE_URL"))
        .expect("set TEST_DATABASE_URL (or DATABASE_URL) to a PostgreSQL server on which databases may be created");
    url.parse()
        .expect("TEST_DATABASE_URL is not a PostgreSQL address")
}

fn url_of(database: &str) -> String {
    server().database(database).to_url_lossy().to_string()
}

async fn connect() -> PgConnection {
    server()
        .database("postgres")
        .connect()
        .await
        .expect("connect to the test server")
}

async fn run(command: &str) {
    let mut connection = connect().await;
    let command = sqlx::AssertSqlSafe(command.to_owned());
    sqlx::raw_sql(command)
        .execute(&mut connection)
        .await
        .expect("run on the test server");
    connection.close().await.expect("close");
}

/// Makes the template unless another process of this or an earlier run has made it.
async fn prepare_template() -> String {
    let mut connection = connect().await;
    sqlx::query("select pg_advisory_lock($1)")
        .bind(TEMPLATE_LOCK)
        .execute(&mut connection)
        .await
        .unwrap();
    sweep(&mut connection).await;
    let name = format!("bilten_template_{:016x}", fingerprint());
    let ready: bool = sqlx::query_scalar(
        "select exists (select from pg_database where datname = $1 and datistemplate)",
    )
    .bind(&name)
    .fetch_one(&mut connection)
    .await
    .unwrap();
    if !ready {
        run(&format!("drop database if exists {name} with (force)")).await;
        run(&format!("create database {name}")).await;
        Db::migrate(&url_of(&name))
            .await
            .expect("migrate the template");
        run(&format!("alter database {name} with is_template true")).await;
    }
    connection.close().await.unwrap();
    name
}

/// Changes with the migrations.
fn fingerprint() -> u64 {
    let checksums = MIGRATIONS
        .iter()
        .flat_map(|migration| migration.checksum.iter().copied());
    // FNV-1a, 64 bits.
    checksums.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Drops what processes that are gone have left behind.
async fn sweep(connection: &mut PgConnection) {
    let names: Vec<String> = sqlx::query_scalar(
        r"select datname::text from pg_database where datname like 'bilten\_test\_%'",
    )
    .fetch_all(connection)
    .await
    .unwrap();
    for name in names {
        let process = name
            .trim_start_matches("bilten_test_")
            .split('_')
            .next()
            .unwrap_or_default();
        if Path::new("/proc/self").exists() && !Path::new("/proc").join(process).exists() {
            run(&format!("drop database if exists {name} with (force)")).await;
        }
    }
}
