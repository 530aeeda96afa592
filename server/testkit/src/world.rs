//! The world itself.

use std::{sync::Arc, time::Duration};

use domain::{
    ids::{OrganizationId, SessionId, UserId},
    permissions::Role,
    when::Timestamp,
};
use jiff::SignedDuration;
use services::{
    Parts, Queues, Services, Settings, audit,
    db::{Db, Limits, Scope},
    doctor, invoices,
    live::Live,
    messaging,
    permit::{Act, Permit, Proven},
    ports::{BreachedPasswords, Cache, PassSigner, PaymentGateway, SaveSigner, VatRegister},
    seal::Seal,
    session::Session,
    tickets, transfers,
    waiting_room::Rooms,
    work,
};
use sqlx::Row;

use crate::{
    BookkeepingGateway, Buyer, CollectingMailer, EventBuilder, MemoryFiles, MovableClock, NoCache,
    RepeatingEntropy, TestDatabase,
};

/// Everything a test needs. Dropping it drops its database.
pub struct World {
    pub sv: Services,
    pub clock: Arc<MovableClock>,
    pub mailer: Arc<CollectingMailer>,
    pub gateway: Arc<BookkeepingGateway>,
    pub files: Arc<MemoryFiles>,
    database: TestDatabase,
}

/// A tenant.
#[derive(Debug, Clone)]
pub struct Organization {
    pub id: OrganizationId,
    pub slug: String,
    pub name: String,
}

impl Organization {
    /// The machine's right to do `A` here.
    pub fn permit<A: Act>(&self) -> Permit<A> {
        Permit::system("test", self.id)
    }

    /// The same where a person has to show first who they are.
    pub fn proven<A: Act>(&self) -> Proven<Permit<A>> {
        Proven::system("test", self.id)
    }
}

impl World {
    pub async fn new() -> Self {
        Self::seeded(1).await
    }

    /// A world whose randomness starts elsewhere.
    pub async fn seeded(seed: u64) -> Self {
        Self::made(seed, Arc::new(NoCache), |_| {}).await
    }

    /// A world that remembers how often something was tried.
    pub async fn counting() -> Self {
        Self::made(1, Arc::new(adapters::MemoryCache::default()), |_| {}).await
    }

    /// A world whose operator decided otherwise.
    pub async fn set(change: impl FnOnce(&mut Settings)) -> Self {
        Self::made(1, Arc::new(NoCache), change).await
    }

    async fn made(seed: u64, cache: Arc<dyn Cache>, change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = Settings {
            public_url: "https://bilten.test".into(),
            hold: SignedDuration::from_mins(10),
            hold_extension: SignedDuration::from_mins(5),
            holds_per_address: 3,
            crowd: 0,
            wallets: true,
            mail_from: "Bilten <tickets@bilten.test>".into(),
        };
        change(&mut settings);
        let database = TestDatabase::create().await;
        let clock = Arc::new(MovableClock::default());
        let mailer = Arc::new(CollectingMailer::default());
        let gateway = Arc::new(BookkeepingGateway::default());
        let files = Arc::new(MemoryFiles::default());
        let limits = Limits {
            connections: 12,
            ..Limits::default()
        };
        let sv = Services::new(Parts {
            db: Db::open(database.url(), &limits).expect("a database address"),
            clock: clock.clone(),
            entropy: Arc::new(RepeatingEntropy::new(seed)),
            mailer: mailer.clone(),
            payments: gateway.clone(),
            provider: None,
            breached: None,
            vat_register: None,
            apple_wallet: None,
            google_wallet: None,
            files: files.clone(),
            cache,
            seal: Seal::new([7; 32], [11; 32]),
            live: Live::default(),
            queues: Queues::default(),
            counts: Default::default(),
            reporters: Default::default(),
            rooms: Rooms::read_every(Duration::ZERO),
            addresses: Default::default(),
            proofs: Default::default(),
            facets: Default::default(),
            settings,
        });
        Self {
            sv,
            clock,
            mailer,
            gateway,
            files,
            database,
        }
    }

    /// Another process of this world, with these keys.
    pub fn under(&self, seal: Seal) -> Services {
        self.other(|parts| parts.seal = seal)
    }

    /// Another process of this world, which is paid through somebody else.
    pub fn paid_through(&self, payments: Arc<dyn PaymentGateway>) -> Services {
        self.other(|parts| parts.payments = payments)
    }

    /// Another process of this world, which asks this register of VAT ids.
    pub fn asking(&self, register: Arc<dyn VatRegister>) -> Services {
        self.other(|parts| parts.vat_register = Some(register))
    }

    /// Another process of this world, which knows passwords that others have lost.
    pub fn knowing(&self, breached: Arc<dyn BreachedPasswords>) -> Services {
        self.other(|parts| parts.breached = Some(breached))
    }

    /// Another process of this world, whose operator has what the makers of wallets give out.
    pub fn with_wallets(
        &self,
        apple: Option<Arc<dyn PassSigner>>,
        google: Option<Arc<dyn SaveSigner>>,
    ) -> Services {
        self.other(|parts| {
            parts.apple_wallet = apple;
            parts.google_wallet = google;
        })
    }

    /// Another process of this world, which differs in something.
    fn other(&self, differ: impl FnOnce(&mut Parts)) -> Services {
        let sv = &self.sv;
        let mut parts = Parts {
            db: sv.db.clone(),
            clock: Arc::clone(&sv.clock),
            entropy: Arc::clone(&sv.entropy),
            mailer: Arc::clone(&sv.mailer),
            payments: Arc::clone(&sv.payments),
            provider: None,
            breached: None,
            vat_register: None,
            apple_wallet: None,
            google_wallet: None,
            files: Arc::clone(&sv.files),
            cache: Arc::clone(&sv.cache),
            seal: Seal::new([7; 32], [11; 32]),
            live: Live::default(),
            queues: Queues::default(),
            counts: Default::default(),
            reporters: Default::default(),
            rooms: Rooms::read_every(Duration::ZERO),
            addresses: Default::default(),
            proofs: Default::default(),
            facets: Default::default(),
            settings: sv.settings.clone(),
        };
        differ(&mut parts);
        Services::new(parts)
    }

    /// Of this world's database, for tests that look behind the scenes.
    pub fn database_url(&self) -> &str {
        self.database.url()
    }

    pub fn now(&self) -> Timestamp {
        self.sv.now()
    }

    /// Lets time pass. Nothing happens by itself: see [`World::settle`].
    pub fn advance(&self, by: SignedDuration) {
        self.clock.advance(by);
    }

    pub fn advance_minutes(&self, minutes: i64) {
        self.advance(SignedDuration::from_mins(minutes));
    }

    /// An active organization with a signing key.
    pub async fn organization(&self, name: &str) -> Organization {
        let id = OrganizationId::new(self.sv.new_id());
        let slug = format!(
            "{}-{}",
            domain::text::Slug::from_title(name).as_str(),
            &id.to_string()[30..]
        );
        let mut tx = self.sv.db.begin(Scope::System).await.unwrap();
        sqlx::query(
            "insert into organizations (id, slug, name, contact_email, created_at) values ($1, $2, $3, $4, $5::timestamptz)",
        )
        .bind(id.get())
        .bind(&slug)
        .bind(name)
        .bind(format!("{slug}@bilten.test"))
        .bind(jiff_text(self.now()))
        .execute(&mut *tx)
        .await
        .unwrap();
        tickets::keys::ensure(&self.sv, &mut tx, id).await.unwrap();
        tx.commit().await.unwrap();
        Organization {
            id,
            slug,
            name: name.to_owned(),
        }
    }

    /// Somebody with an account.
    pub async fn person(&self, name: &str) -> Session {
        let user = UserId::new(self.sv.new_id());
        let email = format!("{}@people.test", user.to_string().replace('-', ""));
        let mut tx = self.sv.db.begin(Scope::System).await.unwrap();
        sqlx::query(
            "insert into users (id, email, name, email_verified_at, created_at)
             values ($1, $2, $3, $4::timestamptz, $4::timestamptz)",
        )
        .bind(user.get())
        .bind(&email)
        .bind(name)
        .bind(jiff_text(self.now()))
        .execute(&mut *tx)
        .await
        .unwrap();
        tx.commit().await.unwrap();
        let id = SessionId::new(self.sv.new_id());
        Session {
            id,
            user,
            name: name.to_owned(),
            email,
            email_verified: true,
            platform_admin: false,
            has_second_factor: false,
            has_authenticator: false,
            acting: None,
            proved_at: self.now(),
        }
    }

    /// Signs somebody in: what their browser shows from then on.
    pub async fn session_of(&self, person: &Session) -> String {
        let token = self.sv.new_secret();
        let mut tx = self.sv.db.begin(Scope::System).await.unwrap();
        sqlx::query(
            "insert into sessions (id, user_id, token_hash, created_at, last_seen_at, expires_at, proved_at)
             values ($1, $2, sha256($3::bytea), $4::timestamptz, $4::timestamptz, $4::timestamptz + interval '9 days',
                     $4::timestamptz)",
        )
        .bind(person.id.get())
        .bind(person.user.get())
        .bind(token.as_bytes())
        .bind(jiff_text(self.now()))
        .execute(&mut *tx)
        .await
        .unwrap();
        tx.commit().await.unwrap();
        token
    }

    /// Somebody of an organization's team.
    pub async fn member(&self, organization: &Organization, role: Role) -> Session {
        let session = self.person(role.code()).await;
        let mut tx = self.sv.db.begin(Scope::System).await.unwrap();
        sqlx::query(
            "insert into memberships (organization_id, user_id, role, created_at) values ($1, $2, $3, $4::timestamptz)",
        )
        .bind(organization.id.get())
        .bind(session.user.get())
        .bind(role.code())
        .bind(jiff_text(self.now()))
        .execute(&mut *tx)
        .await
        .unwrap();
        tx.commit().await.unwrap();
        session
    }

    /// An event to be described and then published.
    pub fn event(&self, title: &str) -> EventBuilder<'_> {
        EventBuilder::new(self, title)
    }

    /// A visitor who may buy.
    pub fn buyer(&self, name: &str) -> Buyer<'_> {
        Buyer::new(self, name)
    }

    /// Lets the worker do everything that is due, until nothing is left.
    pub async fn settle(&self) {
        self.work().await;
        while messaging::deliver_due(&self.sv, 50).await.unwrap().any() {}
    }

    /// The same, but mails stay in the queue: writing many of them takes its time.
    pub async fn work(&self) {
        for _ in 0..1000 {
            let over = work::expire_holds(&self.sv, 50).await.unwrap()
                + work::expire_orders(&self.sv, 50).await.unwrap();
            let jobs = work::run_due_jobs(&self.sv, 50).await.unwrap();
            let said = work::drain_outbox(&self.sv).await.unwrap();
            let linked = audit::link_due(&self.sv, 500).await.unwrap();
            let issued = invoices::issue_due(&self.sv).await.unwrap();
            let lines = transfers::apply_due(&self.sv, 50).await.unwrap().lines;
            let billed = invoices::platform::bill_due(&self.sv).await.unwrap();
            if over + jobs + said + linked + issued + lines + billed > 0 {
                continue;
            }
            if self.waits().await == 0 {
                return;
            }
            // An announcement is taken only when no older transaction of the whole server is still running, and documents are
            // issued only when nobody else does, be it one whose transaction is still rolling back.
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("the worker does not come to rest");
    }

    /// How much the worker could not take at its last turn.
    async fn waits(&self) -> i64 {
        let mut tx = self.sv.db.begin(Scope::System).await.unwrap();
        let row = sqlx::query(
            "select (select count(*) from outbox)
                  + (select count(*) from invoices_due where not_before <= $1::timestamptz)",
        )
        .bind(jiff_text(self.now()))
        .fetch_one(&mut *tx)
        .await
        .unwrap();
        tx.commit().await.unwrap();
        row.get(0)
    }

    /// One number from the database, seen by the machine.
    pub async fn count(&self, sql: &'static str) -> i64 {
        let mut tx = self.sv.db.begin(Scope::System).await.unwrap();
        let row = sqlx::query(sql).fetch_one(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
        row.get(0)
    }

    /// The text that a query gives.
    pub async fn text(&self, sql: &'static str) -> String {
        let mut tx = self.sv.db.begin(Scope::System).await.unwrap();
        let row = sqlx::query(sql).fetch_one(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
        row.get(0)
    }

    /// Runs a command as the machine.
    pub async fn execute(&self, sql: &'static str) {
        let mut tx = self.sv.db.begin(Scope::System).await.unwrap();
        sqlx::query(sql).execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Stops the test when anything does not add up.
    pub async fn assert_sound(&self) {
        let violations = doctor::invariants(&self.sv).await.unwrap();
        assert!(violations.is_empty(), "broken promises: {violations:#?}");
    }
}

/// An instant as text, cast where it is bound: queries written at run time know no jiff.
pub(crate) fn jiff_text(at: Timestamp) -> String {
    at.to_string()
}
