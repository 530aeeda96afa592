//! The one way to the database: a transaction opened for a scope, which the row-level policies then enforce.

mod pulse;
mod time;

use std::{
    ops::{Deref, DerefMut},
    sync::Arc,
    time::Duration,
};

use domain::ids::{EventId, OrganizationId, UserId};
use sqlx::{
    AssertSqlSafe, Connection, PgConnection, PgPool, Postgres, SqlSafeStr, Transaction,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use self::{pulse::Pulse, time::Time};
use crate::{Unexpected, ports::Clock};

/// Migrations of the whole product, embedded.
pub static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../../migrations");

/// On whose behalf a transaction works; decides which rows the policies let it see and write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// A visitor: published events of active organizations, read only.
    Public,
    /// One tenant's rows.
    Organization(OrganizationId),
    /// One tenant's rows, but of events only these and what belongs to them.
    Events(OrganizationId, Arc<[EventId]>),
    /// A signed-in person's own memberships and organizations, read only.
    Account(UserId),
    /// A platform admin: all tenants. Ask `permit::platform` first.
    Platform,
    /// The machine itself: workers, and look-ups that must find the tenant first (by secret, by token).
    System,
}

impl Scope {
    /// The scope's name, the organization and the account, as the policies read them.
    fn settings(&self) -> (&'static str, String, String) {
        match self {
            Scope::Public => ("public", String::new(), String::new()),
            Scope::Organization(id) | Scope::Events(id, _) => {
                ("organization", id.to_string(), String::new())
            }
            Scope::Account(id) => ("account", String::new(), id.to_string()),
            Scope::Platform => ("platform", String::new(), String::new()),
            Scope::System => ("system", String::new(), String::new()),
        }
    }
}

/// The connection pool.
#[derive(Clone)]
pub struct Db {
    pool: PgPool,
    pulse: Arc<Pulse>,
    time: Time,
}

/// What whoever is turned away because the database is not there is told to wait.
const AWAY_SECONDS: u32 = 2;

/// Whether a connection that nobody used for so long is still there is asked before it is used.
const RESTED: Duration = Duration::from_secs(1);

/// A transaction that works as `bilten_app` within one scope. Rolls back unless committed.
pub struct Tx {
    inner: Transaction<'static, Postgres>,
}

/// How statements of a transaction are planned.
#[derive(Debug, Clone, Copy)]
enum Plans {
    /// As PostgreSQL thinks best.
    Free,
    /// Once, to find rows by their keys.
    KeptByKeys,
    /// As PostgreSQL thinks best; all of them see what the first one saw.
    Snapshot,
}

impl Plans {
    fn begin(self) -> &'static str {
        match self {
            Self::Free | Self::KeptByKeys => "begin",
            Self::Snapshot => "begin isolation level repeatable read read only",
        }
    }

    /// PostgreSQL's settings for it, for as long as the transaction lasts.
    fn settings(self) -> &'static str {
        match self {
            Self::Free | Self::Snapshot => "",
            Self::KeptByKeys => {
                "set local plan_cache_mode = force_generic_plan; set local enable_seqscan = off; \
                 set local enable_hashjoin = off; set local enable_mergejoin = off;"
            }
        }
    }
}

/// What begins a transaction: as whom it works, for whom, and how it is planned.
fn opening(scope: &Scope, plans: Plans) -> String {
    let (name, organization, account) = scope.settings();
    let events = match scope {
        Scope::Events(_, ids) => {
            let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
            format!("{{{}}}", ids.join(","))
        }
        _ => String::new(),
    };
    format!(
        "{}; set local role bilten_app; set local bilten.scope = '{name}'; \
         set local bilten.organization = '{organization}'; set local bilten.account = '{account}'; \
         set local bilten.events = '{events}'; {}",
        plans.begin(),
        plans.settings()
    )
}

/// How much of the database one process may take, and how long it waits.
#[derive(Debug, Clone)]
pub struct Limits {
    pub connections: u32,
    pub acquire: Duration,
    pub statement: Duration,
    pub lock: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 20,
            acquire: Duration::from_secs(5),
            statement: Duration::from_secs(15),
            lock: Duration::from_secs(4),
        }
    }
}

impl Db {
    /// Connects lazily: the first transaction opens the first connection.
    pub fn open(url: &str, limits: &Limits) -> Result<Self, Unexpected> {
        let options: PgConnectOptions = url.parse()?;
        let options = options.application_name("bilten").options([
            ("lock_timeout", limits.lock.as_millis().to_string()),
            (
                "statement_timeout",
                limits.statement.as_millis().to_string(),
            ),
            ("idle_in_transaction_session_timeout", "30000".to_owned()),
        ]);
        let pool = PgPoolOptions::new()
            .max_connections(limits.connections)
            .acquire_timeout(limits.acquire)
            // Each is asked whether it is there when it comes back; asking once more right after costs every transaction.
            .test_before_acquire(false)
            .before_acquire(|connection, known| {
                Box::pin(async move {
                    if known.idle_for > RESTED {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
            .connect_lazy_with(options);
        Ok(Self {
            pool,
            pulse: Arc::default(),
            time: Time::default(),
        })
    }

    /// Keeps an eye on the database until the process ends, so that nobody waits for one that is not there.
    pub async fn watch(self) {
        self.pulse.listen(&self.pool, &self.time).await;
    }

    /// The database's clock since the first [`Db::ping`], corrected for as long as [`Db::watch`] runs; before that the machine's.
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::new(self.time.clone())
    }

    /// A transaction of one request. Busy, without waiting, while the database is not there.
    pub async fn begin(&self, scope: Scope) -> Result<Tx, Unexpected> {
        self.open_tx(scope, Plans::Free).await
    }

    /// A transaction that serves many requests with statements that always look for rows by their keys. Their plans are
    /// made once per connection: planning them anew for each portion costs more than running them. A plan that is kept
    /// must not depend on how few rows there were when it was made: a table that is empty before a sale has ten thousand
    /// rows some seconds later. So these plans go by indexes, whatever the planner thinks of them.
    pub(crate) async fn begin_shared(&self, scope: Scope) -> Result<Tx, Unexpected> {
        self.open_tx(scope, Plans::KeptByKeys).await
    }

    /// A transaction that reads only, and in which several statements see the same.
    pub(crate) async fn begin_snapshot(&self, scope: Scope) -> Result<Tx, Unexpected> {
        self.open_tx(scope, Plans::Snapshot).await
    }

    async fn open_tx(&self, scope: Scope, plans: Plans) -> Result<Tx, Unexpected> {
        tokio::select! {
            biased;
            () = self.pulse.lost() => Err(Unexpected::busy(AWAY_SECONDS)),
            tx = self.open_for(&scope, plans) => tx,
        }
    }

    async fn open_for(&self, scope: &Scope, plans: Plans) -> Result<Tx, Unexpected> {
        let connection = self.pool.acquire().await?;
        // One message in the place of three. Nothing in it was typed by anybody: names of ours and ids.
        let opening = AssertSqlSafe(opening(scope, plans)).into_sql_str();
        // Given up half-way, it would leave the connection within a transaction that nobody knows of: so nobody can.
        let begun = tokio::spawn(Transaction::begin(connection, Some(opening)));
        let inner = begun
            .await
            .map_err(|e| Unexpected::new("begin a transaction", e))??;
        Ok(Tx { inner })
    }

    /// Whether the database answers, and by the way what time it has: a program that begins with this never goes by the
    /// clock of its machine.
    pub async fn ping(&self) -> Result<(), Unexpected> {
        let mut connection = self.pool.acquire().await?;
        self.time.ask(&mut connection).await?;
        Ok(())
    }

    /// Whether the user we sign in as stands above the policies, by itself or by what it may become: then one injected
    /// statement would be enough to pass by them.
    pub async fn is_above_policies(&self) -> Result<bool, Unexpected> {
        let above = sqlx::query_scalar!(
            r#"
            select exists (
                select from pg_roles
                where (rolsuper or rolbypassrls or rolcreaterole) and pg_has_role(session_user, oid, 'member')
            ) or exists (
                select from pg_class
                where relnamespace = 'public'::regnamespace and pg_has_role(session_user, relowner, 'member')
            ) or exists (
                select from pg_database
                where datname = current_database() and pg_has_role(session_user, datdba, 'member')
            ) as "above!"
            "#
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(above)
    }

    /// Brings the schema to the newest version. Needs an owner's rights; safe to call again.
    pub async fn migrate(url: &str) -> Result<(), Unexpected> {
        let mut connection = PgConnection::connect(url).await?;
        MIGRATIONS
            .run(&mut connection)
            .await
            .map_err(|e| Unexpected::new("migrate", e))
    }

    /// For LISTEN and for the test kit.
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }
}

impl Tx {
    /// From here on only one tenant's rows: for a transaction that had to find the tenant first.
    pub async fn narrow(&mut self, organization: OrganizationId) -> Result<(), Unexpected> {
        let (name, organization, account) = Scope::Organization(organization).settings();
        sqlx::query!(
            r#"
            select set_config('bilten.scope', $1, true) as "a!",
                   set_config('bilten.organization', $2, true) as "b!",
                   set_config('bilten.account', $3, true) as "c!"
            "#,
            name,
            organization,
            account
        )
        .fetch_one(&mut *self.inner)
        .await?;
        Ok(())
    }

    pub async fn commit(self) -> Result<(), Unexpected> {
        Ok(self.inner.commit().await?)
    }
}

impl Deref for Tx {
    type Target = PgConnection;
    fn deref(&self) -> &PgConnection {
        &self.inner
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.inner
    }
}
