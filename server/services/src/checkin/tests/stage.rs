//! One organization, one event with one kind of ticket, in a database of its own.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use async_trait::async_trait;
use domain::{
    door::{Counters, PairRequest, ReportKind, ScanBatch, ScanReport},
    ids::{CheckInId, CheckInListId, EventId, OrganizationId, TicketId, UserId},
    tickets::TicketState,
    when::Timestamp,
};
use jiff::SignedDuration;
use uuid::Uuid;

use crate::{
    Parts, Queues, Services, Settings,
    checkin::{CreatePairing, Device, NewPairing, create_pairing, device_by_token, overview, pair},
    db::{Db, Limits, Scope},
    live::Live,
    permit::{self, Act, Permit},
    ports::{
        Cache, Clock, Counted, Entropy, FileStore, KnownRefund, Mailer, NewPayment, NewRefund,
        OutgoingMail, PaymentGateway, PaymentPage, PortError, StoredMail, System,
    },
    seal::Seal,
    session::Session,
};

const START: i64 = 1_780_000_000;

pub struct Stage {
    pub sv: Services,
    pub event: EventId,
    pub organization: OrganizationId,
    owner: UserId,
    pub kind: Uuid,
    key: i32,
    clock: Arc<Watch>,
    url: String,
    /// Whether this stage made the database and takes it away again.
    own: bool,
}

struct Watch(AtomicI64);

impl Clock for Watch {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(self.0.load(Ordering::Relaxed)).unwrap()
    }
}

impl Stage {
    pub async fn new() -> Self {
        let server = std::env::var("TEST_DATABASE_URL")
            .or_else(|_| std::env::var("DATABASE_URL"))
            .unwrap();
        let mut random = [0; 8];
        System.fill(&mut random);
        let name = format!("bilten_test_door_{:016x}", u64::from_be_bytes(random));
        admin(&server, &format!("create database {name}")).await;
        let url = format!("{}/{name}", server.rsplit_once('/').unwrap().0);
        Db::migrate(&url).await.unwrap();
        Self::open(url, true).await
    }

    /// Another organization in the same database.
    pub async fn on(other: &Self) -> Self {
        Self::open(other.url.clone(), false).await
    }

    async fn open(url: String, own: bool) -> Self {
        let clock = Arc::new(Watch(AtomicI64::new(START)));
        let sv = Services::new(Parts {
            db: Db::open(
                &url,
                &Limits {
                    connections: 8,
                    ..Limits::default()
                },
            )
            .unwrap(),
            clock: clock.clone(),
            entropy: Arc::new(System),
            mailer: Arc::new(Nowhere),
            provider: None,
            breached: None,
            vat_register: None,
            apple_wallet: None,
            google_wallet: None,
            payments: Arc::new(Nowhere),
            files: Arc::new(Nowhere),
            cache: Arc::new(Nowhere),
            seal: Seal::new([1; 32], [2; 32]),
            live: Live::default(),
            queues: Queues::default(),
            counts: Default::default(),
            reporters: Default::default(),
            rooms: Default::default(),
            addresses: Default::default(),
            proofs: Default::default(),
            facets: Default::default(),
            settings: Settings {
                public_url: "http://localhost:3000".into(),
                hold: SignedDuration::from_mins(10),
                hold_extension: SignedDuration::from_mins(5),
                holds_per_address: 0,
                crowd: 0,
                wallets: false,
                mail_from: "Bilten <no-reply@localhost>".into(),
            },
        });
        let (owner, organization, event, kind) =
            (sv.new_id(), sv.new_id(), sv.new_id(), sv.new_id());
        let now = jiff_sqlx::Timestamp::from(sv.now());
        let starts = jiff_sqlx::Timestamp::from(sv.now() + SignedDuration::from_hours(24));
        let ends = jiff_sqlx::Timestamp::from(sv.now() + SignedDuration::from_hours(48));
        let mut tx = sv.db.begin(Scope::System).await.unwrap();
        let slug = organization.to_string();
        sqlx::query("insert into users (id, email, name, created_at) values ($1, $2, 'Owner', $3)")
            .bind(owner)
            .bind(format!("{slug}@example.org"))
            .bind(now)
            .execute(&mut *tx)
            .await
            .unwrap();
        sqlx::query("insert into organizations (id, slug, name, contact_email, created_at) values ($1, $2, 'House', 'a@b', $3)")
            .bind(organization).bind(&slug).bind(now)
            .execute(&mut *tx).await.unwrap();
        sqlx::query("insert into memberships (organization_id, user_id, role, created_at) values ($1, $2, 'owner', $3)")
            .bind(organization).bind(owner).bind(now)
            .execute(&mut *tx).await.unwrap();
        let key: i32 = sqlx::query_scalar(
            "insert into signing_keys (organization_id, public_key, private_key_sealed, created_at)
             values ($1, $2, '', $3) returning key_id",
        )
        .bind(organization)
        .bind(vec![7_u8; 32])
        .bind(now)
        .fetch_one(&mut *tx)
        .await
        .unwrap();
        sqlx::query(
            "insert into events (id, organization_id, slug, title, category, time_zone, state, starts_at, ends_at,
                currency, created_at, updated_at)
             values ($1, $2, $3, 'Night', 'concert', 'Europe/Ljubljana', 'published', $4, $5, 'EUR', $6, $6)")
            .bind(event).bind(organization).bind(&slug).bind(starts).bind(ends).bind(now)
            .execute(&mut *tx).await.unwrap();
        sqlx::query(
            "insert into ticket_types (id, organization_id, event_id, number, name, price_minor, created_at)
             values ($1, $2, $3, 1, 'Standing', 0, $4)")
            .bind(kind).bind(organization).bind(event).bind(now)
            .execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
        Self {
            sv,
            kind,
            key,
            clock,
            url,
            own,
            event: EventId::new(event),
            organization: OrganizationId::new(organization),
            owner: UserId::new(owner),
        }
    }

    pub fn pass(&self, time: SignedDuration) {
        self.clock.0.fetch_add(time.as_secs(), Ordering::Relaxed);
    }

    pub async fn permit_of<A: Act>(&self) -> Permit<A> {
        let session = Session {
            id: self.sv.new_id().into(),
            user: self.owner,
            name: "Owner".into(),
            email: "owner@example.org".into(),
            email_verified: true,
            platform_admin: false,
            has_second_factor: false,
            has_authenticator: false,
            acting: None,
            proved_at: self.sv.now(),
        };
        permit::for_organization(&self.sv, &session, self.organization)
            .await
            .unwrap()
    }

    /// As whoever runs the doors sees them, counted now.
    pub async fn counters(&self) -> Counters {
        self.sv.counts.forget(self.event);
        let seen = overview(&self.sv, &self.permit(), self.event).await;
        seen.unwrap().unwrap().counters
    }

    pub fn permit<A: Act>(&self) -> Permit<A> {
        Permit::system("a test looks", self.organization)
    }

    pub async fn pairing(&self, gate: &str) -> NewPairing {
        let cmd = CreatePairing {
            event: self.event,
            gate: gate.into(),
            names: domain::door::Names::Full,
            works_until: None,
        };
        create_pairing(&self.sv, &self.permit_of().await, cmd)
            .await
            .unwrap()
    }

    pub async fn device(&self, gate: &str) -> Device {
        let cmd = CreatePairing {
            event: self.event,
            gate: gate.into(),
            names: domain::door::Names::Full,
            works_until: None,
        };
        self.device_as(cmd).await
    }

    pub async fn device_as(&self, cmd: CreatePairing) -> Device {
        let token = create_pairing(&self.sv, &self.permit_of().await, cmd)
            .await
            .unwrap()
            .token;
        let paired = pair(
            &self.sv,
            PairRequest {
                token,
                device_name: "Phone".into(),
            },
        )
        .await
        .unwrap();
        device_by_token(&self.sv, &paired.token).await.unwrap()
    }

    pub async fn sql(&self, statement: &'static str, values: &[Uuid]) {
        let mut tx = self.sv.db.begin(Scope::System).await.unwrap();
        let mut query = sqlx::query(statement);
        for value in values {
            query = query.bind(*value);
        }
        query.execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// A list for all kinds of tickets, one after the other in the order they are made.
    pub async fn list(&self, gates: Option<&[&str]>, times: i16, reentry: bool) -> CheckInListId {
        let id = self.sv.new_id();
        let gates = gates.map(|gates| {
            gates
                .iter()
                .map(|gate| (*gate).to_owned())
                .collect::<Vec<_>>()
        });
        let mut tx = self.sv.db.begin(Scope::System).await.unwrap();
        sqlx::query(
            "insert into check_in_lists (id, organization_id, event_id, name, position, all_types, gates, times, reentry,
                created_at)
             values ($1, $2, $3, $1::text, (select count(*) from check_in_lists), true, $4, $5, $6, now())")
            .bind(id).bind(self.organization.get()).bind(self.event.get()).bind(gates).bind(times).bind(reentry)
            .execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
        CheckInListId::new(id)
    }

    /// A ticket of an order of its own.
    pub async fn ticket(&self, holder: &str, state: TicketState) -> TicketId {
        let (order, line, ticket) = (self.sv.new_id(), self.sv.new_id(), self.sv.new_id());
        let mut code = [0; 8];
        self.sv.entropy.fill(&mut code);
        let now = jiff_sqlx::Timestamp::from(self.sv.now());
        let mut tx = self
            .sv
            .db
            .begin(Scope::Organization(self.organization))
            .await
            .unwrap();
        sqlx::query(
            "insert into orders (id, organization_id, event_id, code, secret_hash, state, stock, buyer_name,
                buyer_email, currency, total_minor, created_at)
             values ($1, $2, $3, $4, $5, 'paid', 'sold', $6, 'a@b', 'EUR', 0, $7)")
            .bind(order).bind(self.organization.get()).bind(self.event.get())
            .bind(domain::ids::OrderCode::from_entropy(code).as_str().to_owned())
            .bind(order.as_bytes().to_vec()).bind(holder).bind(now)
            .execute(&mut *tx).await.unwrap();
        sqlx::query(
            "insert into order_lines (id, organization_id, order_id, ticket_type_id, quantity, unit_price_minor)
             values ($1, $2, $3, $4, 1, 0)")
            .bind(line).bind(self.organization.get()).bind(order).bind(self.kind)
            .execute(&mut *tx).await.unwrap();
        sqlx::query(
            "insert into tickets (id, organization_id, event_id, order_id, order_line_id, ticket_type_id, n, state,
                holder_name, code, key_id, issued_at)
             values ($1, $2, $3, $4, $5, $6, 1, $7, $8, '', $9, $10)")
            .bind(ticket).bind(self.organization.get()).bind(self.event.get()).bind(order).bind(line).bind(self.kind)
            .bind(state.code()).bind(holder).bind(self.key).bind(now)
            .execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
        // So that ids are in the order of issue.
        self.pass(SignedDuration::from_secs(1));
        TicketId::new(ticket)
    }

    pub fn scan(&self, counter: u64, ticket: Option<TicketId>, kind: ReportKind) -> ScanReport {
        let verdict = if kind == ReportKind::Admit {
            "valid"
        } else {
            "unknown"
        };
        ScanReport {
            list: None,
            gate: None,
            reason: None,
            id: CheckInId::new(self.sv.new_id()),
            ticket,
            kind,
            verdict: verdict.into(),
            at: self.sv.now(),
            counter,
        }
    }

    pub fn batch(&self, scans: impl IntoIterator<Item = ScanReport>) -> ScanBatch {
        ScanBatch {
            scans: scans.into_iter().collect(),
            pending: 0,
        }
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if !self.own {
            return;
        }
        let (server, name) = self.url.rsplit_once('/').unwrap();
        let (server, name) = (format!("{server}/postgres"), name.to_owned());
        let cleaner = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(admin(
                &server,
                &format!("drop database {name} with (force)"),
            ));
        });
        let _ = cleaner.join();
    }
}

async fn admin(url: &str, command: &str) {
    use sqlx::{AssertSqlSafe, Connection, PgConnection, raw_sql};
    let mut connection = PgConnection::connect(url).await.unwrap();
    raw_sql(AssertSqlSafe(command.to_owned()))
        .execute(&mut connection)
        .await
        .unwrap();
}

/// The outside world, of which a door needs nothing.
struct Nowhere;

fn nothing<T>() -> Result<T, PortError> {
    Err(PortError::Refused("not at the door".into()))
}

#[async_trait]
impl Mailer for Nowhere {
    async fn send(&self, _: &OutgoingMail) -> Result<(), PortError> {
        nothing()
    }
    async fn mailbox(&self) -> Option<Vec<StoredMail>> {
        None
    }
}

#[async_trait]
impl PaymentGateway for Nowhere {
    fn provider(&self) -> &'static str {
        "nowhere"
    }
    async fn start(&self, _: &NewPayment) -> Result<PaymentPage, PortError> {
        nothing()
    }
    async fn refund(&self, _: &NewRefund) -> Result<KnownRefund, PortError> {
        nothing()
    }
}

#[async_trait]
impl FileStore for Nowhere {
    async fn put(&self, _: &str, _: Vec<u8>) -> Result<(), PortError> {
        nothing()
    }
    async fn get(&self, _: &str) -> Result<Option<Vec<u8>>, PortError> {
        nothing()
    }
    async fn delete(&self, _: &str) -> Result<(), PortError> {
        nothing()
    }
}

#[async_trait]
impl Cache for Nowhere {
    async fn count(&self, _: &str, seconds_left: u32) -> Counted {
        Counted {
            tries: 1,
            seconds_left,
        }
    }
    async fn forget(&self, _: &str) {}
}
