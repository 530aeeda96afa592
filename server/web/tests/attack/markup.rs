//! Words that want to be more than words: on every page that shows them, they add no element and no attribute.
//!
//! A page is read as a browser reads it (`html5ever`), once with a plain word everywhere and once with what an attacker would
//! write, put into the database past all forms. Both must have the same tags with the same attributes.

use std::cell::RefCell;

use axum::{
    Router,
    body::Body,
    http::{Request, header},
};
use domain::permissions::Role;
use html5ever::{
    tendril::StrTendril,
    tokenizer::{
        BufferQueue, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
        states::RawKind,
    },
};
use sqlx::{AssertSqlSafe, PgPool};
use testkit::{Attack, World, figure, tries};

use super::{app, send};

const PLAIN: &str = "plain word";

/// No longer than the shortest name may be.
const PAYLOADS: [&str; 69] = [
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "\"><script>alert(1)</script>",
    "'><script>alert(1)</script>",
    "\" onmouseover=alert(1) x=\"",
    "' onmouseover=alert(1) x='",
    "` onmouseover=alert(1)",
    "\" autofocus onfocus=alert(1) \"",
    "--><script>alert(1)</script>",
    "<!--<script>",
    "]]><script>x</script>",
    "</textarea><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</template><script>alert(1)</script>",
    "</noscript><img src=x onerror=alert(1)>",
    "</select><img src=x onerror=alert(1)>",
    "<iframe srcdoc=\"<script>x</script>\">",
    "<object data=javascript:alert(1)>",
    "<embed src=//evil.example>",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content=0;//evil>",
    "<link rel=stylesheet href=//evil.example>",
    "<form action=//evil.example><input>",
    "<button formaction=javascript:alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<math><mi xlink:href=javascript:x>",
    "<svg><script href=//evil.example/>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)>",
    "<body onload=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<marquee onstart=alert(1)>",
    "<style>*{background:url(//evil)}</style>",
    "<x onclick=alert(1)>",
    "<scr<script>ipt>alert(1)</script>",
    "<SCRIPT>alert(1)</SCRIPT>",
    "<script\n>alert(1)</script>",
    "<script/x>alert(1)</script>",
    "<img/src=x/onerror=alert(1)>",
    "<img src=`x`onerror=alert(1)>",
    "<<script>alert(1)</script>",
    "<a\u{c}href=x>",
    "&lt;script&gt;x",
    "&#60;script&#62;",
    "&#x3c;script>",
    "\\u003cscript\\u003e",
    "\\x3cscript\\x3e",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>x</script>",
    "vbscript:x",
    "//evil.example",
    "${alert(1)}",
    "{{constructor.constructor('x')()}}",
    "#{7*7}",
    "<%= 7*7 %>",
    "\";alert(1);//",
    "';alert(1);//",
    "\\\";alert(1);//",
    "*/alert(1)/*",
    "\u{2028}alert(1)",
    "\u{202e}>tpircs<",
    "＜script＞alert(1)＜/script＞",
    "ſcript",
    "<\u{200b}script>alert(1)</script>",
];

/// What descriptions may say with signs of their own.
const WRITTEN: [&str; 16] = [
    "p",
    "h3",
    "h4",
    "ul",
    "ol",
    "li",
    "strong",
    "em",
    "del",
    "a",
    "blockquote",
    "code",
    "pre",
    "hr",
    "br",
    "table",
];

/// Where people's words are kept.
const FIELDS: [&str; 38] = [
    "events.title",
    "events.summary",
    "events.venue_name",
    "events.venue_address",
    "events.venue_city",
    "events.venue_country",
    "events.online_url",
    "events.state_reason",
    "organizations.name",
    "organizations.contact_email",
    "organizations.website",
    "organizations.country",
    "organizations.suspended_reason",
    "users.name",
    "users.suspended_reason",
    "pools.name",
    "ticket_types.name",
    "ticket_types.description",
    "orders.buyer_name",
    "orders.buyer_email",
    "orders.invoice_name",
    "orders.invoice_address",
    "orders.invoice_vat_id",
    "attendees.name",
    "attendees.email",
    "tickets.holder_name",
    "tickets.holder_email",
    "devices.name",
    "devices.gate",
    "sessions.user_agent",
    "check_ins.gate",
    "listings.title",
    "listings.summary",
    "listings.venue_name",
    "listings.venue_city",
    "listings.organizer_name",
    "order_lines.name",
    "passkeys.name",
];
const DESCRIPTIONS: [&str; 2] = ["events.description_md", "organizations.description_md"];

/// Collects the tags of a page with the names of their attributes.
#[derive(Default)]
struct Tags {
    all: RefCell<Vec<(String, Vec<String>)>>,
    scripts: RefCell<Vec<String>>,
}

impl TokenSink for Tags {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        let Token::TagToken(tag) = token else {
            return TokenSinkResult::Continue;
        };
        if tag.kind == TagKind::EndTag {
            return TokenSinkResult::Continue;
        }
        let mut names = Vec::new();
        for attribute in &tag.attrs {
            let name = attribute.name.local.to_string();
            let value: String = attribute.value.chars().filter(|sign| *sign > ' ').collect();
            let runs = ["javascript:", "data:text", "vbscript:"]
                .iter()
                .any(|start| value.to_lowercase().starts_with(start));
            if runs
                && ["href", "src", "action", "formaction", "xlink:href"].contains(&name.as_str())
            {
                self.scripts.borrow_mut().push(value);
            }
            names.push(name);
        }
        let name = tag.name.to_string();
        let raw = match name.as_str() {
            "title" | "textarea" => Some(RawKind::Rcdata),
            "style" | "xmp" | "iframe" | "noembed" | "noframes" => Some(RawKind::Rawtext),
            "script" => Some(RawKind::ScriptData),
            _ => None,
        };
        self.all.borrow_mut().push((name, names));
        raw.map_or(TokenSinkResult::Continue, TokenSinkResult::RawData)
    }
}

fn read(html: &str) -> Tags {
    let tokenizer = Tokenizer::new(Tags::default(), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(html));
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink
}

/// In no order, because pieces of a page are sent as they are ready.
fn shape(tags: &Tags, written: bool) -> Vec<(String, Vec<String>)> {
    let mut all = tags.all.borrow().clone();
    all.retain(|(name, attributes)| {
        let harmless = attributes
            .iter()
            .all(|name| ["href", "rel", "title"].contains(&name.as_str()));
        !(written && harmless && WRITTEN.contains(&name.as_str()))
    });
    all.sort();
    all
}

struct House {
    w: World,
    app: Router,
    db: PgPool,
    token: String,
    pages: Vec<String>,
    /// Of an order.
    secret: String,
    fields: Vec<(String, String)>,
}

impl House {
    async fn open() -> Self {
        let w = World::new().await;
        let house = w.organization("House").await;
        let event = w
            .event("Evening")
            .by(&house)
            .ticket_type("Seat", 1500, 50)
            .published()
            .await;
        let free = w
            .event("Open day")
            .by(&house)
            .ticket_type("Free", 0, 50)
            .published()
            .await;
        let placed = w.buyer("Ada").buys(&event, "Seat", 2).await.unwrap();
        w.buyer("Bob").buys(&free, "Free", 1).await.unwrap();
        let held = w.buyer("Eve").holds(&event, &[("Seat", 1)]).await.unwrap();
        w.settle().await;
        let owner = w.member(&house, Role::Owner).await;
        let token = w.session_of(&owner).await;
        w.execute("update users set is_platform_admin = true").await;
        w.execute("update sessions set second_factor_at = now()")
            .await;
        let db = PgPool::connect(w.database_url()).await.unwrap();
        let made = format!(
            "insert into devices (id, organization_id, event_id, name, token_hash, paired_at, last_seen_at, lease_until)
             values (gen_random_uuid(), '{org}', '{event}', 'phone', '\\x02', '{now}', '{now}', '{now}');
             insert into audit_entries (id, organization_id, actor_id, action, subject_kind, subject_id, reason, occurred_at)
             values (gen_random_uuid(), '{org}', '{owner}', 'event.cancel', 'event', '{event}', 'reason', '{now}');",
            org = house.id, event = event.id, owner = owner.user, now = w.now(),
        );
        sqlx::raw_sql(AssertSqlSafe(made))
            .execute(&db)
            .await
            .unwrap();
        let (org, slug, code) = (&house.slug, &event.slug, &placed.code);
        let of_event = format!("/organize/{org}/events/{slug}");
        let seat = event.of_type("Seat");
        let mut pages: Vec<String> = [
            "/",
            "/events",
            "/events?q=WORD",
            "/events?city=WORD",
            "/no/such/WORD",
            "/sign-in?next=WORD",
            "/sign-in?why=WORD",
            "/sign-up",
            "/find-my-tickets?email=WORD",
            "/organize",
            "/account",
            "/account/security",
            "/account/tickets",
            "/account/privacy",
            "/admin",
            "/admin/audit?q=WORD",
            "/admin/events",
            "/admin/events?q=WORD",
            "/admin/orders",
            "/admin/organizations",
            "/admin/users",
            "/admin/users?q=WORD",
        ]
        .map(str::to_owned)
        .to_vec();
        pages.extend([
            format!("/e/{slug}"),
            format!("/e/{}", free.slug),
            format!("/e/{slug}/waiting"),
            format!("/o/{org}"),
            format!("/orders/{}", placed.secret),
            format!("/checkout/{}", held.token),
            format!("/organize/{org}"),
            format!("/organize/{org}/audit"),
            format!("/organize/{org}/orders"),
            format!("/organize/{org}/orders?q=WORD"),
            format!("/organize/{org}/orders/{code}"),
            format!("/organize/{org}/orders/{code}/refund"),
            format!("/organize/{org}/settings"),
            format!("/organize/{org}/team"),
            of_event.clone(),
            format!("{of_event}/attendees"),
            format!("{of_event}/attendees?q=WORD"),
            format!("{of_event}/door"),
            format!("{of_event}/edit"),
            format!("{of_event}/edit/description"),
            format!("{of_event}/edit/place"),
            format!("{of_event}/edit/tickets"),
            format!("{of_event}/edit/tickets/{seat}"),
            format!("{of_event}/edit/pools/{}", event.pools["Seat"]),
            format!("{of_event}/edit/rules"),
            format!("{of_event}/orders"),
            format!("/admin/organizations/{}", house.id),
            format!("/admin/users/{}", owner.user),
        ]);
        let known: Vec<(String, String)> = sqlx::query_as(
            "select table_name::text, column_name::text from information_schema.columns where table_schema = 'public'",
        )
        .fetch_all(&db).await.unwrap();
        let fields = FIELDS
            .iter()
            .map(|field| field.split_once('.').unwrap())
            .map(|(table, column)| (table.to_owned(), column.to_owned()));
        let fields = fields.filter(|field| known.contains(field)).collect();
        let app = app(&w);
        Self {
            w,
            app,
            db,
            token,
            pages,
            secret: placed.secret,
            fields,
        }
    }

    async fn put(&self, table: &str, column: &str, word: &str) {
        // Forms take no other addresses than these.
        let is_address = ["website", "online_url"].contains(&column);
        let start = if is_address { "https://x.example/" } else { "" };
        let sql = format!("update {table} set {column} = $1");
        // What is too long for its field, or must not be written again, stays as it is.
        let _ = sqlx::query(AssertSqlSafe(sql))
            .bind(format!("{start}{word}"))
            .execute(&self.db)
            .await;
    }

    /// Whether it broke, and what it is made of.
    async fn page(&self, page: &str, word: &str) -> (bool, Tags) {
        let (broke, html) = self.html(page, word).await;
        (broke, read(&html))
    }

    async fn html(&self, page: &str, word: &str) -> (bool, String) {
        let word: String = form_urlencoded::byte_serialize(word.as_bytes()).collect();
        let request = Request::get(page.replace("WORD", &word))
            .header(header::ACCEPT, "text/html")
            .header(header::COOKIE, format!("bilten_session={}", self.token));
        let answer = send(&self.app, request.body(Body::empty()).unwrap()).await;
        (answer.status.is_server_error(), answer.body)
    }
}

#[test]
fn the_reader_reads() {
    let tags = read(
        "<p title=\"<b>\">x</p><script>\"<i>\"</script><a href=' javascript:x'><img/onerror=x>",
    );
    let names: Vec<String> = tags
        .all
        .borrow()
        .iter()
        .map(|(name, _)| name.clone())
        .collect();
    assert_eq!(names, ["p", "script", "a", "img"]);
    assert_eq!(tags.scripts.borrow().len(), 1);
}

#[tokio::test]
async fn words_stay_words() {
    let house = House::open().await;
    for (table, column) in &house.fields {
        house.put(table, column, PLAIN).await;
    }
    let mut plain = Vec::new();
    let mut shown = 0;
    for page in &house.pages {
        let (broke, html) = house.html(page, PLAIN).await;
        assert!(!broke, "{page} does not work");
        shown += usize::from(html.contains(PLAIN));
        plain.push(shape(&read(&html), false));
    }
    // Where nothing is shown, nothing is tried.
    assert!(
        shown >= 30,
        "shown on {shown} of {} pages only",
        plain.len()
    );
    figure("pages that show people's words", shown);
    let mut attack =
        Attack::on("words on pages that become elements, attributes or addresses that run");
    let count = tries(2, PAYLOADS.len());
    for payload in PAYLOADS.iter().take(count) {
        for (table, column) in &house.fields {
            house.put(table, column, payload).await;
        }
        for (page, plain) in house.pages.iter().zip(&plain) {
            let (broke, tags) = house.page(page, payload).await;
            let shape = shape(&tags, false);
            let new: Vec<_> = shape.iter().filter(|tag| !plain.contains(tag)).collect();
            let scripts = tags.scripts.borrow().clone();
            let bad = broke || shape != *plain || !scripts.is_empty();
            attack.note(bad, || {
                format!(
                    "{payload:?} on {page}: {} tags instead of {}, new {new:?}, runs {scripts:?}",
                    shape.len(),
                    plain.len()
                )
            });
        }
    }
    attack.end(count * house.pages.len());
}

#[tokio::test]
async fn words_stay_words_in_mails() {
    let house = House::open().await;
    let secret = &house.secret;
    let mut plain = None;
    let mut attack =
        Attack::on("words in mails that become elements, attributes or addresses that run");
    let count = tries(10, PAYLOADS.len());
    for payload in [PLAIN].iter().chain(PAYLOADS.iter().take(count)) {
        // No form takes a line break for a title; in a mail it is one.
        let payload = payload.replace('\n', " ");
        for (table, column) in &house.fields {
            house.put(table, column, &payload).await;
        }
        // Where it goes to is one of the words.
        house.put("orders", "buyer_email", "ada@people.test").await;
        house.w.advance_minutes(11);
        let before = house.w.mailer.sent().len();
        services::orders::resend(&house.w.sv, secret).await.unwrap();
        house.w.settle().await;
        let mails = house.w.mailer.sent().split_off(before);
        let [mail] = mails.as_slice() else {
            panic!("{} mails", mails.len());
        };
        let tags = read(&mail.html);
        let found = shape(&tags, false);
        let plain = plain.get_or_insert_with(|| {
            assert!(mail.html.contains(PLAIN));
            found.clone()
        });
        let scripts = tags.scripts.borrow().clone();
        // A line that ends early could be a header of its own.
        let header = mail.subject.contains(['\r', '\n']) || mail.to.contains(['\r', '\n']);
        attack.note(found != *plain || !scripts.is_empty() || header, || {
            format!(
                "{payload:?}: {} tags instead of {}, {scripts:?}, {:?}",
                found.len(),
                plain.len(),
                mail.subject
            )
        });
    }
    attack.end(count);
}

#[tokio::test]
async fn descriptions_stay_descriptions() {
    let house = House::open().await;
    let pages: Vec<&String> = house
        .pages
        .iter()
        .filter(|page| {
            page.starts_with("/e/") || page.starts_with("/o/") || page.ends_with("/description")
        })
        .collect();
    let mut plain = Vec::new();
    for field in DESCRIPTIONS {
        let (table, column) = field.split_once('.').unwrap();
        house.put(table, column, PLAIN).await;
    }
    for page in &pages {
        plain.push(shape(&house.page(page, PLAIN).await.1, true));
    }
    let mut attack = Attack::on("descriptions that become more than text on pages");
    let wrappings = [
        "{}",
        "[x]({})",
        "![x]({})",
        "[x]: {}\n\n[x]",
        "<{}>",
        "`{}`",
        "```\n{}\n```",
        "# {}",
        "| {} |\n|---|\n| {} |",
        "> {}",
    ];
    let count = tries(2, PAYLOADS.len());
    for payload in PAYLOADS.iter().take(count) {
        for wrapping in wrappings {
            let word = wrapping.replace("{}", payload);
            for field in DESCRIPTIONS {
                let (table, column) = field.split_once('.').unwrap();
                house.put(table, column, &word).await;
            }
            for (page, plain) in pages.iter().zip(&plain) {
                let (broke, tags) = house.page(page, &word).await;
                let shape = shape(&tags, true);
                let new: Vec<_> = shape.iter().filter(|tag| !plain.contains(tag)).collect();
                let new: Vec<_> = new
                    .into_iter()
                    .filter(|(name, _)| {
                        !["thead", "tbody", "tr", "th", "td"].contains(&name.as_str())
                    })
                    .collect();
                let scripts = tags.scripts.borrow().clone();
                attack.note(broke || !new.is_empty() || !scripts.is_empty(), || {
                    format!("{word:?} on {page}: new {new:?}, runs {scripts:?}")
                });
            }
        }
    }
    drop(house.w);
    attack.end(count * 10);
}
