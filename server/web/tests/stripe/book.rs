//! Stripe's own book: its fees in ours, and faults that are planted, found, and mended.

use domain::books::{CaseKind, CaseState};
use jiff::SignedDuration;
use serde_json::json;
use services::{
    books::{self, Case, Cases, ExplainCase, HowFar},
    orders::RefundChoice,
    permit::{self, PlatformPermit},
};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, postgres::PgConnectOptions};

use crate::shop::{GOOD, Shop};

impl Shop {
    async fn platform(&self) -> PlatformPermit {
        let mut admin = self.w.person("Root").await;
        admin.platform_admin = true;
        admin.has_second_factor = true;
        permit::platform(&admin).unwrap()
    }

    /// Compares as at night, but waits for nothing; how many cases are open.
    async fn nightly(&self) -> i64 {
        self.work().await;
        books::compare(&self.sv, SignedDuration::ZERO)
            .await
            .unwrap()
            .open
    }

    async fn cases(&self, by: &PlatformPermit) -> Vec<Case> {
        let which = Cases {
            size: 200,
            ..Cases::default()
        };
        books::cases(&self.sv, by, &which).await.unwrap().items
    }

    /// The states of all cases of a kind.
    async fn states(&self, by: &PlatformPermit, kind: CaseKind) -> Vec<CaseState> {
        let cases = self.cases(by).await;
        let of = cases.iter().filter(|case| case.kind == kind);
        of.map(|case| case.state).collect()
    }

    /// What the application itself can never do to a line that is kept.
    async fn as_owner(&self, sql: &str) {
        let url: PgConnectOptions = self.w.database_url().parse().unwrap();
        let mut connection = url.connect().await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
            .execute(&mut connection)
            .await
            .unwrap();
        connection.close().await.unwrap();
    }

    async fn held(&self, account: &str) -> i64 {
        let sql = format!(
            "select coalesce(sum(amount_minor), 0)::bigint from ledger_entries where account = '{account}'"
        );
        self.count(&sql).await
    }

    /// What Stripe says the platform has.
    fn balance(&self) -> i64 {
        let book = self.stripe.book();
        let platform = book["platform"].as_str().unwrap().to_owned();
        book["accounts"][&platform]["eur"]["total"]
            .as_i64()
            .unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stripe_charges_and_pays_out_is_booked_once() {
    let shop = Shop::open(40).await;
    let placed = shop.sells(3).await;
    shop.sells(1).await;
    shop.give_back(&placed, RefundChoice::Amount(shop.event.money(1234)))
        .await;
    shop.hear().await;
    assert_eq!(shop.nightly().await, 0);
    let fees = shop.held("provider_costs").await;
    assert!(fees > 0);
    assert_eq!(shop.held("provider_clearing").await, shop.balance());
    let of_orders = "select count(*) from ledger_transactions where kind = 'cost' and order_id is not null and organization_id is not null";
    assert_eq!(shop.count(of_orders).await, 2);
    // Read and booked again, nothing is new.
    for _ in 0..2 {
        let read = books::read(&shop.sv, HowFar::Days).await.unwrap();
        assert_eq!((read.new, read.whole), (0, true));
        assert_eq!(books::book_due(&shop.sv).await.unwrap(), 0);
    }
    assert_eq!(shop.held("provider_costs").await, fees);

    shop.stripe.advance(10 * 86_400).unwrap();
    shop.by_hand("/v1/payouts", &[("amount", "2000"), ("currency", "eur")])
        .await;
    assert_eq!(shop.nightly().await, 0);
    assert_eq!(shop.held("bank").await, 2_000);
    assert_eq!(shop.held("provider_clearing").await, shop.balance());
    shop.sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_book_is_read_page_by_page_and_goes_on_where_it_broke_off() {
    let shop = Shop::open(100).await;
    for _ in 0..60 {
        let form = [
            ("amount", "500"),
            ("currency", "eur"),
            ("payment_method", "pm_card_visa"),
            ("confirm", "true"),
            ("automatic_payment_methods[enabled]", "true"),
            ("automatic_payment_methods[allow_redirects]", "never"),
        ];
        shop.by_hand("/v1/payment_intents", &form).await;
    }
    shop.stripe
        .fault(json!({ "kind": "error", "path": "/v1/balance_transactions", "count": 1 }))
        .unwrap();
    let broken = books::read(&shop.sv, HowFar::New).await;
    assert!(
        matches!(broken, Err(books::BookError::Port(_))),
        "{broken:?}"
    );
    let read = books::read(&shop.sv, HowFar::New).await.unwrap();
    assert_eq!((read.new, read.whole), (60, true));
    // As if it had broken off after the fortieth line: the rest comes, and only the rest is asked for.
    shop.as_owner(
        "with newest as (select reference from provider_book order by occurred_at desc, reference limit 40),
              last as (select reference from provider_book where reference in (select reference from newest)
                       order by occurred_at, reference desc limit 1)
         update provider_book_reads set read_to = null, walk_began_at = now(),
                                        walk_after = (select reference from last)",
    )
    .await;
    let read = books::read(&shop.sv, HowFar::New).await.unwrap();
    assert_eq!((read.new, read.whole), (0, true));
    let through = "select count(*) from provider_book_reads where read_to is not null and walk_began_at is null";
    assert_eq!(shop.count(through).await, 1);
    assert_eq!(shop.count("select count(*) from provider_book").await, 60);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_message_is_a_case_until_it_is_mended() {
    let shop = Shop::open(10).await;
    let admin = shop.platform().await;
    shop.sells(1).await;
    assert_eq!(shop.nightly().await, 0);
    let placed = shop.orders(2).await;
    let page = shop.page(&placed).await.unwrap();
    shop.stripe
        .webhooks("lose", json!({ "count": 20 }))
        .unwrap();
    shop.stripe.pay_session(&page, GOOD).unwrap();
    assert!(shop.nightly().await >= 1);
    assert_eq!(
        shop.states(&admin, CaseKind::MissingHere).await,
        [CaseState::Open]
    );
    let case = shop.cases(&admin).await;
    let missing = case.iter().find(|case| case.kind == CaseKind::MissingHere);
    let theirs = missing.unwrap().theirs.as_ref().unwrap();
    assert_eq!(
        (theirs.minor, missing.unwrap().ours.as_ref()),
        (3_000, None)
    );
    // The reconciler asks, and then it is there.
    shop.compare().await;
    assert_eq!(shop.nightly().await, 0);
    assert_eq!(
        shop.states(&admin, CaseKind::MissingHere).await,
        [CaseState::Solved]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_line_and_a_doubled_one_are_cases_and_close_when_mended() {
    let shop = Shop::open(10).await;
    let admin = shop.platform().await;
    shop.sells(2).await;
    assert_eq!(shop.nightly().await, 0);

    shop.as_owner(
        "update provider_book set amount_minor = amount_minor + 100 where kind = 'charge'",
    )
    .await;
    assert_eq!(shop.nightly().await, 3);
    for kind in [
        CaseKind::AmountDiffers,
        CaseKind::ClearingDiffers,
        CaseKind::BookIncomplete,
    ] {
        assert_eq!(shop.states(&admin, kind).await, [CaseState::Open], "{kind}");
    }
    shop.as_owner(
        "update provider_book set amount_minor = amount_minor - 100 where kind = 'charge'",
    )
    .await;
    assert_eq!(shop.nightly().await, 0);

    shop.as_owner(
        "insert into provider_book (provider, reference, kind, name, currency, amount_minor, fee_minor, source, charge_ref,
                                    occurred_at, kept_at)
         select provider, 'txn_twice', kind, name, currency, amount_minor, 0, source, charge_ref, occurred_at, kept_at
         from provider_book where kind = 'charge'",
    )
    .await;
    assert!(shop.nightly().await >= 1);
    assert_eq!(
        shop.states(&admin, CaseKind::TwiceThere).await,
        [CaseState::Open]
    );
    shop.as_owner("delete from provider_book where reference = 'txn_twice'")
        .await;
    assert_eq!(shop.nightly().await, 0);

    shop.as_owner("update provider_book set charge_ref = 'pi_of_another' where kind = 'charge'")
        .await;
    shop.nightly().await;
    assert_eq!(
        shop.states(&admin, CaseKind::MissingThere).await,
        [CaseState::Open]
    );
    assert_eq!(
        shop.states(&admin, CaseKind::MissingHere).await,
        [CaseState::Open]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_explained_stays_explained_until_its_figures_change() {
    let shop = Shop::open(10).await;
    let admin = shop.platform().await;
    shop.sells(1).await;
    // Somebody sells something else with the same account.
    let form = [
        ("amount", "700"),
        ("currency", "eur"),
        ("payment_method", "pm_card_visa"),
        ("confirm", "true"),
        ("automatic_payment_methods[enabled]", "true"),
        ("automatic_payment_methods[allow_redirects]", "never"),
    ];
    shop.by_hand("/v1/payment_intents", &form).await;
    // Nobody knows whose fee it is, until it was waited for long enough.
    let open = shop.nightly().await;
    assert_eq!(open, 1, "{:?}", shop.cases(&admin).await);
    for case in shop.cases(&admin).await {
        let cmd = ExplainCase {
            case: case.id,
            note: "too short".into(),
        };
        assert!(books::explain(&shop.sv, &admin, &cmd).await.is_err());
        let cmd = ExplainCase {
            case: case.id,
            note: "The bar pays with the same account.".into(),
        };
        books::explain(&shop.sv, &admin, &cmd).await.unwrap();
    }
    assert_eq!(shop.nightly().await, 0);
    let one = &shop.cases(&admin).await[0];
    assert_eq!((one.state, one.times), (CaseState::Explained, 1));
    assert_eq!(one.explained_by.as_deref(), Some("Root"));
    let told = "select count(*) from audit_entries where action = 'finance.explain'";
    assert_eq!(shop.count(told).await, 1);
    shop.as_owner("update provider_book set amount_minor = 800, fee_minor = fee_minor + 100 where amount_minor = 700")
        .await;
    assert_eq!(shop.nightly().await, 1);
    let case = shop.cases(&admin).await;
    let again = case.iter().find(|case| case.kind == CaseKind::MissingHere);
    assert_eq!(
        again.map(|case| (case.state, case.times)),
        Some((CaseState::Open, 2))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_compared_by_itself_once_a_night_and_when_somebody_asks() {
    let shop = Shop::open(10).await;
    let admin = shop.platform().await;
    shop.sells(1).await;
    let all = "select count(*) from finance_comparisons where state = 'done'";
    for _ in 0..4 {
        books::turn(&shop.sv).await.unwrap();
    }
    assert_eq!(shop.count(all).await, 1);
    books::ask(&shop.sv, &admin).await.unwrap();
    books::ask(&shop.sv, &admin).await.unwrap();
    assert!(books::standing(&shop.sv, &admin).await.unwrap().under_way);
    for _ in 0..4 {
        books::turn(&shop.sv).await.unwrap();
    }
    let standing = books::standing(&shop.sv, &admin).await.unwrap();
    assert!(!standing.under_way && standing.keeps_book);
    assert_eq!((shop.count(all).await, standing.open), (2, 0));
    let last = standing.last.unwrap();
    assert_eq!((last.ours, last.error.as_str()), (1, ""));
    // Without a provider that keeps one, there is nothing to compare, and nothing is said to be well.
    let sandbox = books::standing(&shop.w.sv, &admin).await.unwrap();
    assert!(!sandbox.keeps_book && sandbox.last.is_none());
    assert!(!books::turn(&shop.w.sv).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dispute_with_its_fee_is_the_same_in_both_books() {
    let shop = Shop::open(10).await;
    let admin = shop.platform().await;
    shop.sells(2).await;
    let charge = shop.text("select charge_ref from payments").await;
    let opened = shop.stripe.dispute(&charge, "fraudulent").unwrap();
    shop.hear().await;
    let open = shop.nightly().await;
    assert_eq!(open, 0, "{:?}", shop.cases(&admin).await);
    assert_eq!(shop.held("provider_clearing").await, shop.balance());
    // What its organizer bears is no cost of the platform.
    let costs = shop.held("provider_costs").await;
    shop.stripe
        .close_dispute(opened["id"].as_str().unwrap(), true)
        .unwrap();
    shop.hear().await;
    assert_eq!(shop.nightly().await, 0);
    assert_eq!(shop.held("provider_costs").await, costs);
    assert_eq!(shop.held("provider_clearing").await, shop.balance());
}
