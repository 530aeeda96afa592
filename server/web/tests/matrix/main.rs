//! Every address, called as everybody: who may does, who may not learns nothing and leaves no trace.
//!
//! The rules stand in `access.txt`. Walls are tried one by one: the last test takes the policies of the database away, so
//! that the checks of the application hold alone; the tests `tenants` of `services` try the policies without the checks.
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod fields;
mod fresh;
mod substitutes;

use std::collections::{BTreeMap, BTreeSet};

use adapters::config::Config;
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
    response::Response,
};
use bilten::{AppState, router};
use domain::permissions::{Right, Role};
use sqlx::{AssertSqlSafe, PgPool, Row};
use testkit::{Attack, Organization, World, is_full};
use tower::ServiceExt;

const ORIGIN: &str = "http://localhost:3000";
/// Stands in everything of the house that is none of a stranger's business.
const CANARY: &str = "hushword";
/// Stands in everything of another house.
const FOREIGN: &str = "strangeword";

/// The event's address, which whoever asks for it knows.
const SLUG: &str = "an-evening";

/// Nobody succeeds with these here: the event is public and sold, its one pool is used, it has no picture, and how much is
/// given back must be known before; no refund has failed, no event was
/// called off without refunds, and nobody decided in time about the one that was asked for; the provider of this house has no
/// accounts of organizers and takes no answers to disputes; no refund has left by bank; and no order waits for a yes.
const IN_VAIN: [&str; 18] = [
    "/bank_refund_back",
    "/bank_refund_take",
    "/approve_request",
    "/decline_request",
    "/publish_event",
    "/unpublish_event",
    "/remove_pool",
    "/remove_event_picture",
    "/refund_order",
    "/change_tickets_of_order",
    "/retry_event_refunds",
    "/start_event_refunds",
    "/approve_refund",
    "/decline_refund",
    "/begin_connect",
    "/transfer_payout",
    "/answer_dispute",
    "/accept_dispute",
];

struct Call {
    method: String,
    path: String,
    rule: String,
    arguments: Vec<(String, String)>,
}

impl Call {
    fn all() -> Vec<Self> {
        include_str!("../access.txt")
            .lines()
            .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
            .map(|line| {
                let mut words = line.split_whitespace();
                let mut word = || words.next().unwrap().to_owned();
                Self {
                    method: word(),
                    path: word(),
                    rule: word(),
                    arguments: words
                        .map(|pair| pair.split_once('=').unwrap())
                        .map(|(name, value)| (name.to_owned(), value.to_owned()))
                        .collect(),
                }
            })
            .collect()
    }

    fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    fn right(&self) -> Option<Right> {
        let code = self.rule.strip_prefix("may:")?;
        Some(
            Right::from_code(code).unwrap_or_else(|| panic!("{}: {code} is no right", self.name())),
        )
    }

    /// Only for members, with or without a certain right.
    fn is_inside(&self) -> bool {
        self.rule == "member" || self.rule.starts_with("may:")
    }

    /// Whether it is about something that belongs to somebody.
    fn names_things(&self) -> bool {
        let guarded = ["session", "admin", "shell"].contains(&self.rule.as_str());
        guarded || self.is_inside()
    }

    /// Waits for something, so its answer has no end.
    fn is_stream(&self) -> bool {
        self.path.contains("/live/")
    }

    /// A file with what belongs to many, or everything of one.
    fn takes_away(&self) -> bool {
        [".csv", ".xlsx", "/account/export.json"]
            .iter()
            .any(|end| self.path.ends_with(end))
    }

    /// The address with its things in braces.
    fn template(&self) -> &str {
        match self.path.as_str() {
            // This one names the event by its id.
            "/organize/live/{event}" => "/organize/live/{event_id}",
            path => path,
        }
    }

    fn request(&self, token: Option<&str>, things: &Things) -> Request<Body> {
        let fill = |text: &str| {
            let mut text = text.to_owned();
            for (name, value) in things {
                text = text.replace(&format!("{{{name}}}"), value);
            }
            text
        };
        let mut form = form_urlencoded::Serializer::new(String::new());
        for (name, value) in &self.arguments {
            form.append_pair(name, &fill(&value.replace('+', " ")));
        }
        let mut form = form.finish();
        let mut path = self.template().to_owned();
        for (name, value) in things {
            let value: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
            path = path.replace(&format!("{{{name}}}"), &value);
        }
        if self.method == "GET" && !form.is_empty() {
            path = format!("{path}?{form}");
        }
        let page = self.rule == "shell";
        let mut content = "application/x-www-form-urlencoded";
        if self.path.contains("/upload/") {
            content = "multipart/form-data; boundary=edge";
            form = "--edge--\r\n".to_owned();
        }
        let mut request = Request::builder()
            .method(self.method.as_str())
            .uri(path)
            .header(header::ORIGIN, ORIGIN)
            .header("sec-fetch-site", "same-origin")
            .header(
                header::ACCEPT,
                if page {
                    "text/html"
                } else {
                    "application/json"
                },
            )
            .header(header::CONTENT_TYPE, content);
        if let Some(token) = token {
            request = request.header(header::COOKIE, format!("bilten_session={token}"));
        }
        request.body(Body::from(form)).unwrap()
    }
}

/// What stands for the names in braces.
type Things = BTreeMap<&'static str, String>;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Who {
    Nobody,
    /// Was signed in as the owner, and is signed out everywhere.
    Revoked,
    Customer,
    /// Owns another organization.
    Stranger,
    /// Works for other events of the same organization only.
    Elsewhere(Role),
    Member(Role),
    AdminWithoutFactor,
    Admin,
    /// An admin who looks as an owner does.
    Looking,
}

struct Person {
    who: Who,
    token: Option<String>,
}

impl Person {
    /// With few tries, these tell most: one who may do everything in their own house, and one who has none.
    fn is_telling(&self) -> bool {
        [Who::Member(Role::Owner), Who::Customer].contains(&self.who)
    }
}

struct House {
    /// Its database goes with it.
    _w: World,
    app: Router,
    db: PgPool,
    people: Vec<Person>,
    things: Things,
    /// What the stranger's house has.
    foreign: Things,
}

impl House {
    async fn open() -> Self {
        let w = World::new().await;
        let house = w.organization("House").await;
        let strangers = w.organization("Foreign").await;
        let db = PgPool::connect(w.database_url()).await.unwrap();
        let mut things = furnish(&w, &db, &house, CANARY, SLUG).await;
        let mut foreign = furnish(&w, &db, &strangers, FOREIGN, "their-evening").await;
        // What was booked a moment ago stands in no report yet.
        w.advance_minutes(1);
        let other = w
            .event("Elsewhere")
            .by(&house)
            .ticket_type("Seat", 0, 9)
            .published()
            .await;
        let mut people = vec![Person {
            who: Who::Nobody,
            token: None,
        }];
        for who in everybody() {
            let user = match &who {
                Who::Revoked | Who::Looking => w.member(&house, Role::Owner).await.user,
                Who::Member(role) | Who::Elsewhere(role) => w.member(&house, *role).await.user,
                Who::Stranger => w.member(&strangers, Role::Owner).await.user,
                _ => w.person("somebody").await.user,
            };
            let token = w.sv.new_secret();
            let factor = who == Who::Admin;
            let place = format!("authenticators|secret|{user}");
            let sealed = w.sv.seal.seal(&*w.sv.entropy, &place, &[7; 20]).unwrap();
            let sealed: String = sealed.iter().map(|byte| format!("{byte:02x}")).collect();
            let sql = format!(
                "insert into sessions (id, user_id, token_hash, created_at, last_seen_at, expires_at, revoked_at, proved_at,
                                       second_factor_at)
                 values (gen_random_uuid(), '{user}', sha256('{token}'), '{now}', '{now}', '{now}'::timestamptz + interval '9 days',
                         {revoked}, '{now}', {factor_at});
                 update users set is_platform_admin = {admin} where id = '{user}';
                 {authenticator}",
                now = w.now(),
                revoked = if who == Who::Revoked { "now()" } else { "null" },
                factor_at = if factor { format!("'{}'", w.now()) } else { "null".into() },
                admin = matches!(who, Who::Admin | Who::AdminWithoutFactor),
                authenticator = match &who {
                    Who::Admin => format!(
                        "insert into authenticators values ('{user}', decode('{sealed}', 'hex'), '{0}', '{0}', 0)", w.now()),
                    Who::Elsewhere(_) => format!(
                        "update memberships set events = array['{}'::uuid] where user_id = '{user}'", other.id),
                    Who::Looking => {
                        let admin = w.person("admin").await.user;
                        format!(
                            "update users set is_platform_admin = true where id = '{admin}';
                             update sessions set acted_by = '{admin}', acted_reason = 'help' where user_id = '{user}'"
                        )
                    }
                    _ => String::new(),
                },
            );
            run(&db, &sql).await;
            people.push(Person {
                who,
                token: Some(token),
            });
        }
        // In our house, that of the one who is signed out.
        let session = |of: &str| {
            format!(
                "select s.id::text from sessions s join memberships m using (user_id)
                 where m.organization_id = '{of}' order by s.revoked_at limit 1"
            )
        };
        for things in [&mut things, &mut foreign] {
            let id = one(&db, &session(&things["org_id"])).await;
            things.insert("session", id);
        }
        let config = Config::development().unwrap();
        let state = AppState::new(w.sv.clone(), config, "no-such-folder".into(), None).unwrap();
        Self {
            app: router(state),
            _w: w,
            db,
            people,
            things,
            foreign,
        }
    }

    async fn answer(&self, call: &Call, person: &Person, things: &Things) -> Response {
        let request = call.request(person.token.as_deref(), things);
        self.app.clone().oneshot(request).await.unwrap()
    }

    async fn call(&self, call: &Call, person: &Person, things: &Things) -> (StatusCode, String) {
        let response = self.answer(call, person, things).await;
        let status = response.status();
        if call.is_stream() && status.is_success() {
            return (status, String::new());
        }
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, String::from_utf8_lossy(&body).into_owned())
    }

    /// Everything that stands in the database, except when a session was last seen.
    async fn trace(&self) -> String {
        let tables = sqlx::query("select table_name::text from information_schema.tables where table_schema = 'public'
                                  and table_type = 'BASE TABLE' and table_name <> 'sessions' order by 1")
            .fetch_all(&self.db).await.unwrap();
        let sums: Vec<String> = tables
            .iter()
            .map(|row| row.get::<String, _>(0))
            .map(|name| format!("select '{name} ' || count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as line from {name} t"))
            .collect();
        let open = "select 'open sessions ' || count(*) from sessions where revoked_at is null";
        let sql = format!(
            "select string_agg(line, E'\\n') from ({} union all {open}) as sums",
            sums.join(" union all ")
        );
        sqlx::query(AssertSqlSafe(sql))
            .fetch_one(&self.db)
            .await
            .unwrap()
            .get(0)
    }

    /// Calls as everybody with what is not theirs in place of what is.
    async fn hides_foreign(&self, attack: &mut Attack) {
        let every = is_full();
        for call in Call::all().iter().filter(|call| call.names_things()) {
            let before = self.trace().await;
            // What a page shows, it asks of functions that have a line of their own.
            let is_page = call.rule == "shell";
            let substitutes =
                substitutes::all(call, &self.things, &self.foreign, every && !is_page);
            for person in self
                .people
                .iter()
                .filter(|person| every || person.is_telling())
            {
                let refused = refusal(call, &person.who).is_some();
                let hidden = if person.who == Who::Stranger {
                    CANARY
                } else {
                    FOREIGN
                };
                let mut nothing: BTreeMap<Vec<String>, _> = BTreeMap::new();
                for substitute in &substitutes {
                    // Whoever may do it may do it by another spelling, too.
                    let own = substitute.is_of(&person.who, call, &self.foreign);
                    if own || (substitute.like.is_none() && !refused) {
                        continue;
                    }
                    let (status, body) = self.call(call, person, &substitute.things).await;
                    // Of a stranger, it is what belongs to us that must be like what is not there.
                    let strange = person.who == Who::Stranger;
                    let like = substitute.like.clone().map(|like| {
                        if strange {
                            substitutes::without(&substitute.things, &self.things)
                        } else {
                            like
                        }
                    });
                    let wrong = match &like {
                        _ if body.to_lowercase().contains(hidden) => Some("told something"),
                        // The page is there for everybody, and its links say what was asked for.
                        _ if is_page => status.is_server_error().then_some("broke"),
                        None => (!status.is_client_error()).then_some("did not refuse"),
                        Some(like) => {
                            let key: Vec<String> = like.values().cloned().collect();
                            if !nothing.contains_key(&key) {
                                let answer = self.call(call, person, like).await;
                                nothing.insert(key.clone(), answer);
                            }
                            let same = nothing[&key] == (status, body.clone());
                            (!same).then_some("differs from what is not there")
                        }
                    };
                    attack.note(wrong.is_some(), || {
                        let why = wrong.unwrap_or_default();
                        let (name, who) = (call.name(), &person.who);
                        format!(
                            "{name} as {who:?} with {}: {why}: {status} {}",
                            substitute.what,
                            start(&body)
                        )
                    });
                }
            }
            let trace = before != self.trace().await;
            attack.note(trace, || format!("{}: left a trace", call.name()));
        }
    }

    /// Calls as all who may not. How many calls there were.
    async fn refuses(&self) -> usize {
        let mut calls = 0;
        let mut faults = Vec::new();
        let nowhere = nowhere(&self.things);
        for call in Call::all() {
            let before = self.trace().await;
            for person in &self.people {
                let expected = match refusal(&call, &person.who) {
                    Some(status) => status,
                    None => continue,
                };
                calls += 1;
                let (status, body) = self.call(&call, person, &self.things).await;
                let who = format!("{} as {:?}", call.name(), person.who);
                if status != expected {
                    faults.push(format!(
                        "{who}: {status} instead of {expected}: {}",
                        start(&body)
                    ));
                }
                if body.to_lowercase().contains(CANARY) {
                    faults.push(format!("{who}: told something: {}", start(&body)));
                }
                if status == StatusCode::NOT_FOUND {
                    calls += 1;
                    let (_, nothing) = self.call(&call, person, &nowhere).await;
                    if body != nothing {
                        faults.push(format!(
                            "{who}: what is hidden differs from what is not there"
                        ));
                    }
                }
            }
            if before != self.trace().await {
                faults.push(format!("{}: left a trace", call.name()));
            }
        }
        assert!(
            faults.is_empty(),
            "{} of {calls} calls:\n{}",
            faults.len(),
            faults.join("\n")
        );
        calls
    }
}

fn everybody() -> impl Iterator<Item = Who> {
    let roles = Role::all().iter().copied();
    [
        Who::Revoked,
        Who::Customer,
        Who::Stranger,
        Who::AdminWithoutFactor,
        Who::Admin,
        Who::Looking,
    ]
    .into_iter()
    .chain(roles.map(Who::Member))
    .chain([Role::Manager, Role::Door].map(Who::Elsewhere))
}

/// What a call must answer when it is refused; `None`: it is not.
fn refusal(call: &Call, who: &Who) -> Option<StatusCode> {
    const UNKNOWN: Option<StatusCode> = Some(StatusCode::UNAUTHORIZED);
    const HIDDEN: Option<StatusCode> = Some(StatusCode::NOT_FOUND);
    const FORBIDDEN: Option<StatusCode> = Some(StatusCode::FORBIDDEN);
    let unknown = matches!(who, Who::Nobody | Who::Revoked);
    if *who == Who::Looking {
        return looking(call);
    }
    match call.rule.as_str() {
        "device" => UNKNOWN,
        // What nobody has signed.
        "signed" => Some(StatusCode::BAD_REQUEST),
        "session" if unknown => UNKNOWN,
        "admin" => match who {
            Who::Admin => None,
            Who::AdminWithoutFactor => FORBIDDEN,
            _ if unknown => UNKNOWN,
            _ => HIDDEN,
        },
        _ if !call.is_inside() => None,
        _ if unknown => UNKNOWN,
        _ => match who {
            Who::Member(role) => call
                .right()
                .filter(|right| !role.allows(*right, true))
                .and(FORBIDDEN),
            // Of things of the whole organization they learn that they may not; of other events, nothing.
            Who::Elsewhere(role) => {
                let right = call.right()?;
                if !role.allows(right, false) {
                    FORBIDDEN
                } else if of_one_event(call) {
                    HIDDEN
                } else {
                    None
                }
            }
            _ => HIDDEN,
        },
    }
}

/// Who looks as somebody else changes nothing, takes nothing away and runs no platform.
fn looking(call: &Call) -> Option<StatusCode> {
    let of_their_own = ["/acting/stop", "/sign-out"].contains(&call.path.as_str())
        || call.path.starts_with("/preferences/");
    let allowed = match call.rule.as_str() {
        _ if call.method != "GET" => of_their_own,
        "admin" => return Some(StatusCode::NOT_FOUND),
        _ if call.takes_away() => false,
        "device" => return Some(StatusCode::UNAUTHORIZED),
        _ => call.right().is_none_or(Right::only_looks),
    };
    (!allowed).then_some(StatusCode::FORBIDDEN)
}

fn of_one_event(call: &Call) -> bool {
    ["{event}", "{code}", "{refund}", "{document}", "{approval}"]
        .iter()
        .any(|thing| {
            call.path.contains(thing) || call.arguments.iter().any(|(_, value)| value == thing)
        })
}

async fn run(db: &PgPool, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(db)
        .await
        .unwrap();
}

async fn one(db: &PgPool, sql: &str) -> String {
    let sql = AssertSqlSafe(sql.to_owned());
    sqlx::query(sql).fetch_one(db).await.unwrap().get(0)
}

/// An event with everything around it. What it is called by holds a word that is nobody else's business.
async fn furnish(w: &World, db: &PgPool, house: &Organization, word: &str, slug: &str) -> Things {
    let (pool, seat) = (format!("{word} hall"), format!("{word} seat"));
    let event = w
        .event(&format!("{word} evening"))
        .by(house)
        .pool(&pool, 50)
        .type_of(&seat, 1500, &[&pool])
        .unlisted()
        .published()
        .await;
    // So that one house's documents are not called as the other's are.
    let prefix = word.to_uppercase().chars().take(4).collect::<String>();
    let numbers = format!(
        "update organizations set invoice_prefix = '{prefix}' where id = '{}'",
        house.id
    );
    run(db, &numbers).await;
    let order = w.buyer(word).buys(&event, &seat, 2).await.unwrap();
    w.settle().await;
    services::payouts::set_account(&w.sv, &house.proven(), word, "DE89370400440532013000", "")
        .await
        .unwrap();
    let payout = services::payouts::RequestPayout {
        currency: domain::money::Currency::EUR,
        amount: Some(event.money(1000)),
    };
    services::payouts::request(&w.sv, &house.proven(), payout)
        .await
        .unwrap();
    let bystander = w.member(house, Role::ReadOnly).await.user.to_string();
    let stranger = w.person("bystander of another kind").await.user.to_string();
    // Payouts count from one in each house: a number that only this house has tells them apart.
    let number = word.len();
    let made = format!(
        "update events set slug = '{slug}' where id = '{event}';
         insert into invitations (id, organization_id, email, role, token_hash, invited_by, created_at, expires_at)
         values (gen_random_uuid(), '{org}', '{word}@example.org', 'door', sha256('i {word}'), '{stranger}', '{now}',
                 '{now}'::timestamptz + interval '5 days');
         insert into devices (id, organization_id, event_id, name, token_hash, paired_at, last_seen_at, lease_until)
         values (gen_random_uuid(), '{org}', '{event}', '{word} phone', sha256('d {word}'), '{now}', '{now}', '{now}');
         insert into check_in_lists (id, organization_id, event_id, name, position, all_types, created_at)
         values (gen_random_uuid(), '{org}', '{event}', '{word}', 0, true, '{now}');
         insert into refunds (id, organization_id, order_id, payment_id, amount_minor, currency, state, created_at)
         select gen_random_uuid(), organization_id, order_id, id, 1, currency, 'failed', '{now}' from payments
         where organization_id = '{org}';
         insert into disputes (id, organization_id, order_id, payment_id, provider, reference, state, reason, amount_minor,
                               currency, opened_at)
         select gen_random_uuid(), organization_id, order_id, id, provider, 'du_{word}', 'inquiry', 'other', 1, currency,
                '{now}' from payments
         where organization_id = '{org}';
         update payouts set number = {number} where organization_id = '{org}';
         insert into fee_plans (id, organization_id, currency, fixed_minor, percent_bp, valid_from, created_at)
         values (gen_random_uuid(), '{org}', 'USD', 1, 1, '{now}', '{now}');
         insert into promo_codes (id, organization_id, code, folded, name, kind, percent_bp, currency, created_at)
         values (gen_random_uuid(), '{org}', 'PROMO', 'PROMO', '{word}', 'percent', 100, 'EUR', '{now}');
         insert into approvals (id, organization_id, event_id, request, preview, amount_minor, currency, asked_by, asked_at, expires_at)
         values (gen_random_uuid(), '{org}', '{event}', '{{}}', '{{}}', 1, 'EUR', '{bystander}', '{now}', '{now}');
         insert into finance_cases (id, provider, kind, subject, organization_id, state, first_seen_at, last_seen_at)
         values (gen_random_uuid(), 'sandbox', 'missing_here', '{org}', '{org}', 'open', '{now}', '{now}');",
        org = house.id,
        event = event.id,
        now = w.now(),
    );
    run(db, &made).await;
    let mut things = Things::from([
        ("org", house.slug.clone()),
        ("org_id", house.id.to_string()),
        ("event", slug.to_owned()),
        ("event_id", event.id.to_string()),
        ("code", order.code.to_string()),
        ("id", bystander.clone()),
        ("bystander", bystander),
        ("stranger", stranger),
        ("ticket_type", event.of_type(&seat).to_string()),
        ("ticket", event.of_type(&seat).to_string()),
        ("pool", event.pools[&pool].to_string()),
        ("number", number.to_string()),
    ]);
    for (name, table) in [
        ("invitation", "invitations"),
        ("device", "devices"),
        ("list", "check_in_lists"),
        ("refund", "refunds"),
        ("approval", "approvals"),
        ("dispute", "disputes"),
        ("payout", "payouts"),
        ("fee_plan", "fee_plans"),
        ("promo", "promo_codes"),
        ("case", "finance_cases"),
    ] {
        let sql = format!(
            "select id::text from {table} where organization_id = '{}'",
            house.id
        );
        things.insert(name, one(db, &sql).await);
    }
    let held = format!(
        "select id::text from tickets where order_id = '{}' and state = 'valid' limit 1",
        order.order
    );
    things.insert("held", one(db, &held).await);
    let document = format!(
        "select number || '.pdf' from invoices where organization_id = '{}' and order_id is not null",
        house.id
    );
    things.insert("document", one(db, &document).await);
    // What the platform billed: the same page under another name.
    let bill = format!(
        "insert into invoices (id, organization_id, month, kind, number, prefix, year, n, currency, net_minor, tax_minor,
                               total_minor, issued_at, issued_on, document)
         select gen_random_uuid(), organization_id, '2026-01-01', 'platform', 'P-' || {number}, 'P{number}', 0, 1, currency,
                net_minor, tax_minor, total_minor, issued_at, issued_on,
                document || jsonb_build_object('kind', 'platform', 'number', 'P-' || {number})
         from invoices where organization_id = '{org}' and order_id is not null limit 1
         returning number || '.pdf'",
        org = house.id,
    );
    things.insert("bill", one(db, &bill).await);
    things.extend(bank(w, house, word, &event, &seat).await);
    things
}

/// A statement that was taken in, one that was not, an order that waits for a transfer, and a refund that waits for the bank.
async fn bank(
    w: &World,
    house: &Organization,
    word: &str,
    event: &testkit::Event,
    seat: &str,
) -> Things {
    use services::{orders, transfers};
    let mut root = w.person("Root").await;
    (root.platform_admin, root.has_second_factor) = (true, true);
    let permit = services::permit::platform(&root).unwrap();
    let permit = services::permit::proven(&w.sv, &root, permit).unwrap();
    let account = domain::transfers::AccountInput {
        holder: "Platform".into(),
        iban: "DE89370400440532013000".into(),
        currency: "EUR".into(),
        days: "7".into(),
        days_before: "3".into(),
        ..Default::default()
    };
    transfers::set_transfers(&w.sv, &permit, true, &account)
        .await
        .unwrap();
    let mut orders = Vec::new();
    for buyer in ["pays", "waits"] {
        let buyer = w.buyer(&format!("{word} {buyer}"));
        let placed = buyer.orders(event, seat, 1).await.unwrap();
        transfers::begin(&w.sv, &placed.secret).await.unwrap();
        orders.push(placed);
    }
    let paid = domain::transfers::Reference::of_order(orders[0].code);
    let table = format!(
        "Date,Name,Reference,Amount\n2026-11-27,{word},{paid},15\n2026-11-27,{word},one,15\n2026-11-27,{word},two,15\n"
    );
    let file = transfers::upload(&w.sv, &permit, table.clone().into_bytes())
        .await
        .unwrap();
    transfers::take_in(&w.sv, &permit, file.file).await.unwrap();
    w.settle().await;
    let refund = orders::RefundOrder {
        code: orders[0].code,
        choice: orders::RefundChoice::Amount(event.money(100)),
        keep_tickets: true,
        reason: "because".into(),
        idempotency_key: None,
    };
    orders::refund(&w.sv, &house.permit(), refund)
        .await
        .unwrap();
    w.settle().await;
    let more = table.replace("two", "three").into_bytes();
    let unread = transfers::upload(&w.sv, &permit, more).await.unwrap();
    let which = transfers::Which::Of(file.file);
    let lines = transfers::lines(&w.sv, &permit, which, None, 9)
        .await
        .unwrap();
    let open = |n: usize| {
        let mut open = lines.items.iter().filter(|line| line.state == "open");
        open.nth(n).unwrap().id.to_string()
    };
    let refunds = transfers::refunds(&w.sv, &permit).await.unwrap();
    let refund = refunds
        .iter()
        .find(|row| row.order == orders[0].code.as_str());
    Things::from([
        ("bank_file", unread.file.to_string()),
        ("bank_line", open(0)),
        ("bank_other_line", open(1)),
        ("bank_refund", refund.unwrap().id.to_string()),
        ("bank_order", orders[1].code.to_string()),
    ])
}

/// The same names for things that are not there.
fn nowhere(things: &Things) -> Things {
    things
        .iter()
        .map(|(name, value)| {
            let nothing = match *name {
                "org" => "no-such-house".to_owned(),
                "event" => "no-such-evening".to_owned(),
                "code" => "ZZZZZZZZ".to_owned(),
                _ => value
                    .chars()
                    .map(|c| if c.is_ascii_digit() { '9' } else { c })
                    .collect(),
            };
            (*name, nothing)
        })
        .collect()
}

fn start(body: &str) -> String {
    body.chars().take(200).collect()
}

#[tokio::test]
async fn who_may_not_learns_nothing_and_leaves_no_trace() {
    let calls = House::open().await.refuses().await;
    assert!(calls > 1000, "{calls} calls");
}

/// The database shows everything to everybody: what holds are the checks in the services.
#[tokio::test]
async fn without_the_policies_of_the_database_the_checks_hold() {
    let house = House::open().await;
    run(
        &house.db,
        "do $$ declare name text; begin
           for name in select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace loop
             execute format('alter table %I disable row level security, no force row level security', name);
           end loop;
         end $$",
    )
    .await;
    house.refuses().await;
    let mut attack = Attack::on("what belongs to others, without the policies of the database");
    house.hides_foreign(&mut attack).await;
    attack.end(testkit::tries(300, 50_000));
}

#[tokio::test]
async fn what_belongs_to_others_is_like_what_is_not_there() {
    let house = House::open().await;
    let mut attack = Attack::on("what belongs to others, by every address as everybody");
    house.hides_foreign(&mut attack).await;
    attack.end(testkit::tries(300, 50_000));
}

#[tokio::test]
async fn who_may_is_let_in() {
    let house = House::open().await;
    let mut faults = Vec::new();
    let mut let_in = BTreeSet::new();
    let mut calls = Call::all();
    // What ends something comes last.
    calls.sort_by_key(|call| {
        [
            "/postpone_",
            "/remove_",
            "/revoke_",
            "/shut_out_",
            "/cancel_",
        ]
        .iter()
        .position(|end| call.path.contains(end))
    });
    for call in calls {
        for person in &house.people {
            let asked = call.is_inside() || ["session", "admin"].contains(&call.rule.as_str());
            // Whoever leaves is not there any more for the calls that follow.
            if !asked
                || refusal(&call, &person.who).is_some()
                || call.path.ends_with("leave_organization")
            {
                continue;
            }
            let (status, body) = house.call(&call, person, &house.things).await;
            let refused = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(&status);
            if refused || status.is_server_error() {
                faults.push(format!(
                    "{} as {:?}: {status}: {}",
                    call.name(),
                    person.who,
                    start(&body)
                ));
            } else if status.is_success() || status.is_redirection() {
                let_in.insert(call.name());
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    // The call of everything else is good, so what refuses it above is the rule and nothing else.
    let never: Vec<String> = Call::all()
        .iter()
        .filter(|call| call.right().is_some() || call.rule == "admin")
        .map(Call::name)
        .filter(|name| !let_in.contains(name) && !IN_VAIN.iter().any(|end| name.ends_with(end)))
        .collect();
    assert!(never.is_empty(), "nobody ever succeeds with: {never:#?}");
}

#[tokio::test]
async fn pages_tell_nobody_more_than_they_may_know() {
    let house = House::open().await;
    let mut faults = Vec::new();
    for call in Call::all().into_iter().filter(|call| call.rule == "shell") {
        for person in &house.people {
            if matches!(person.who, Who::Member(_) | Who::Admin | Who::Looking) {
                continue;
            }
            let (status, body) = house.call(&call, person, &house.things).await;
            let who = format!("{} as {:?}", call.name(), person.who);
            if status.is_server_error() {
                faults.push(format!("{who}: {status}"));
            }
            if body.to_lowercase().contains(CANARY) {
                let at = body.to_lowercase().find(CANARY).unwrap();
                let around: String = body
                    .chars()
                    .skip(at.saturating_sub(120))
                    .take(200)
                    .collect();
                faults.push(format!("{who}: told something: {around}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Of all addresses, whoever asks and whatever the answer is: only what is the same for everybody may be kept.
#[tokio::test]
async fn nothing_of_anybody_is_kept_by_browsers() {
    /// Those say themselves how long they may be kept, and have nothing of anybody.
    const FOR_ALL: [&str; 8] = [
        "/api/v1/openapi.json",
        "/e/{slug}/calendar.ics",
        "/live/waiting/{slug}",
        "/media/{name}",
        "/robots.txt",
        "/scan/sw.js",
        "/sitemap.xml",
        "/sw.js",
    ];
    let house = House::open().await;
    let mut faults = Vec::new();
    for call in Call::all() {
        for person in &house.people {
            let answer = house.answer(&call, person, &house.things).await;
            let kept = answer.headers().get(header::CACHE_CONTROL);
            let kept = kept.map_or("", |how| how.to_str().unwrap());
            let for_all = FOR_ALL.contains(&call.path.as_str())
                || call.rule == "public" && person.who == Who::Nobody;
            if kept != "no-store" && !for_all {
                let who = format!("{} as {:?}", call.name(), person.who);
                faults.push(format!("{who}: {} {kept:?}", answer.status()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let nobody = &house.people[0];
    let calls = Call::all();
    for (path, kept) in [("/", "private, no-cache"), ("/sign-in", "no-store")] {
        let page = calls.iter().find(|call| call.path == path).unwrap();
        let answer = house.answer(page, nobody, &house.things).await;
        assert_eq!(answer.headers()[header::CACHE_CONTROL], kept, "{path}");
    }
}

#[tokio::test]
async fn browsers_forget_pages_at_the_end_of_a_session() {
    let house = House::open().await;
    let owner = house
        .people
        .iter()
        .find(|person| person.who == Who::Customer)
        .unwrap();
    let mut calls = Call::all();
    let email = sqlx::query_scalar::<_, String>(
        "select u.email from users u join sessions s on s.user_id = u.id where s.token_hash = sha256($1::text::bytea)",
    )
    .bind(owner.token.clone().unwrap())
    .fetch_one(&house.db)
    .await
    .unwrap();
    for path in ["/api/app_api/privacy/delete_account", "/sign-out"] {
        let call = calls.iter_mut().find(|call| call.path == path).unwrap();
        for (name, value) in &mut call.arguments {
            if name == "confirm_email" {
                value.clone_from(&email);
            }
        }
        let answer = house.answer(call, owner, &house.things).await;
        assert_eq!(answer.headers()["clear-site-data"], "\"cache\"", "{path}");
    }
}
