//! Organizers' own accounts at Stripe: connected, paid straight to, sent payouts, and cut off.

use domain::{
    connect::{Asked, MoneyGoes, Standing},
    ids::PayoutId,
    money::{Currency, Money},
    orders::OrderState,
    payouts::PayoutState,
    pricing::{Rate, TaxMode},
};
use jiff::SignedDuration;
use serde_json::json;
use services::{
    books,
    connect::{self, AccountView, BeginError},
    ledger::{Balance, balances},
    orders::RefundChoice,
    payments::StartError,
    payouts::{self, EndPayout, EndPayoutError, RequestPayout, TransferError},
    permit::{Permit, PlatformPermit, Proven, ViewFinances},
};

use crate::{
    shop::{GOOD, Shop, now},
    webhooks::{post, sign},
};

/// Takes the money, and gives it back some time after it was asked to.
const REFUND_WAITS: &str = "4000000000007726";

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

fn looks(shop: &Shop) -> Permit<ViewFinances> {
    Permit::system("test", shop.event.organization.id)
}

async fn admin(shop: &Shop) -> Proven<PlatformPermit> {
    let mut admin = shop.w.person("Root").await;
    admin.platform_admin = true;
    admin.has_second_factor = true;
    let permit = services::permit::platform(&admin).unwrap();
    services::permit::proven(&shop.w.sv, &admin, permit).unwrap()
}

async fn account(shop: &Shop) -> AccountView {
    connect::account(&shop.sv, &looks(shop))
        .await
        .unwrap()
        .unwrap()
}

async fn balance(shop: &Shop) -> Balance {
    balances(&shop.sv, &looks(shop)).await.unwrap()[0]
}

/// Stripe's name for the organization's account, which is ready.
async fn connected(shop: &Shop) -> String {
    let permit = shop.event.organization.proven();
    connect::begin(&shop.sv, &permit, "de").await.unwrap();
    let name = shop
        .text("select account_ref from connected_accounts where gone_at is null")
        .await;
    shop.stripe.account_state(&name, "enabled").unwrap();
    shop.hear().await;
    assert_eq!(account(shop).await.standing, Standing::Ready);
    name
}

async fn agreed(shop: &Shop, goes: MoneyGoes) {
    let (admin, id) = (admin(shop).await, shop.event.organization.id);
    connect::agree(&shop.sv, &admin, id, goes, "as the contract says")
        .await
        .unwrap();
}

/// 0.37 and 2.5 % of each ticket, and 19 % of tax in its price.
async fn with_fee_and_tax(shop: &Shop) {
    let tax = (TaxMode::Included, "DE");
    shop.w
        .prices(&shop.event, tax, Rate::from_bp(1_900), 0)
        .await;
    shop.w.fee_plan(None, Currency::EUR, 37, 250).await;
}

/// What Stripe has for the platform and for the organizer, by its own book and before its own fees: ours say the same.
async fn both_books(shop: &Shop, account: &str) -> (i64, i64) {
    let book = shop.stripe.book();
    let platform = book["platform"].as_str().unwrap();
    let kinds = book["accounts"][platform]["eur"]["by_type"]
        .as_object()
        .unwrap();
    let platform: i64 = kinds
        .values()
        .map(|kind| kind["amount"].as_i64().unwrap())
        .sum();
    let organizer = book["accounts"][account]["eur"]["total"]
        .as_i64()
        .unwrap_or(0);
    let clearing = "select coalesce(sum(amount_minor), 0)::bigint from ledger_entries where account = 'provider_clearing'";
    assert_eq!(shop.count(clearing).await, platform, "{book:#}");
    let sent = "select coalesce(-sum(e.amount_minor), 0)::bigint from ledger_entries e
                join ledger_transactions t on t.id = e.transaction_id
                where e.account = 'provider_clearing' and t.kind in ('straight', 'payout')";
    assert_eq!(shop.count(sent).await, organizer, "{book:#}");
    (platform, organizer)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_connected_told_about_checked_restricted_and_closed() {
    let shop = Shop::open(10).await;
    let hall = &shop.event.organization;
    assert_eq!(account(&shop).await.standing, Standing::NotBegun);
    let wrong = connect::begin(&shop.sv, &hall.proven(), "Germany").await;
    assert!(matches!(wrong, Err(BeginError::Fields(_))));
    // The answer gets lost: pressing again finds the same account.
    shop.stripe
        .fault(json!({ "kind": "timeout_after", "path": "/v1/accounts", "method": "POST" }))
        .unwrap();
    let lost = connect::begin(&shop.sv, &hall.proven(), "DE").await;
    assert!(matches!(lost, Err(BeginError::ProviderDown)), "{lost:?}");
    connect::begin(&shop.sv, &hall.proven(), "DE")
        .await
        .unwrap();
    connect::begin(&shop.sv, &hall.proven(), "AT")
        .await
        .unwrap();
    assert_eq!(
        shop.stripe.ids("account").len(),
        2,
        "the platform's and this one"
    );
    let begun = account(&shop).await;
    assert_eq!(begun.standing, Standing::DetailsMissing);
    assert!(begun.asked.contains(&Asked::BankAccount) && begun.asked.contains(&Asked::Person));
    let name = shop
        .text("select account_ref from connected_accounts")
        .await;
    let made = shop.stripe.object(&name);
    assert_eq!(made["country"], "DE");
    assert_eq!(made["controller"]["stripe_dashboard"]["type"], "express");

    // Through the page of Stripe, which leads back to ours.
    let page = connect::page(&shop.sv, &hall.proven(), &hall.slug)
        .await
        .unwrap();
    let browser = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let shown = browser
        .get(&page)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(shown.contains("external_account"), "{shown}");
    let again = browser.get(&page).send().await.unwrap();
    let to = again.headers()["location"].to_str().unwrap().to_owned();
    assert!(
        to.ends_with(&format!("/organize/{}/money/connect", hall.slug)),
        "{to}"
    );
    let page = connect::page(&shop.sv, &hall.proven(), &hall.slug)
        .await
        .unwrap();
    browser.get(&page).send().await.unwrap();
    // Messages are lost: who comes back sees it all the same.
    shop.stripe.webhooks("lose", json!({ "count": 1 })).unwrap();
    let told = browser
        .post(&page)
        .header("content-type", "application/x-www-form-urlencoded")
        .body("answer=pending")
        .send()
        .await
        .unwrap();
    let to = told.headers()["location"].to_str().unwrap().to_owned();
    assert!(to.ends_with("/money/connect/back"), "{to}");
    connect::come_back(&shop.sv, &looks(&shop)).await.unwrap();
    assert_eq!(account(&shop).await.standing, Standing::BeingChecked);

    for (state, standing) in [
        ("enabled", Standing::Ready),
        ("payouts_paused", Standing::Restricted),
        ("restricted", Standing::Restricted),
        ("enabled", Standing::Ready),
        ("rejected", Standing::Rejected),
    ] {
        shop.stripe.account_state(&name, state).unwrap();
        shop.hear().await;
        assert_eq!(account(&shop).await.standing, standing, "{state}");
    }
    assert_eq!(account(&shop).await.disabled, "rejected.fraud");
}

#[tokio::test(flavor = "multi_thread")]
async fn owners_are_told_when_it_gets_worse() {
    let shop = Shop::open(10).await;
    let name = connected(&shop).await;
    let owner = shop.w.person("Olga").await;
    shop.run(&format!(
        "insert into memberships (organization_id, user_id, role, created_at) values ('{}', '{}', 'finance', now())",
        shop.event.organization.id, owner.user
    ))
    .await;
    let told = "select count(*) from mails where kind = 'account_notice' and payload::text like '%connected_account%'";
    let before = shop.count(told).await;
    shop.stripe.account_state(&name, "restricted").unwrap();
    shop.hear().await;
    let once = shop.count(told).await - before;
    assert!(once >= 1, "{once}");
    shop.stripe.account_state(&name, "restricted").unwrap();
    shop.hear().await;
    assert_eq!(
        shop.count(told).await - before,
        once,
        "not again for the same"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn money_goes_straight_on_and_comes_back_in_the_same_shares() {
    let shop = Shop::open(20).await;
    with_fee_and_tax(&shop).await;
    let name = connected(&shop).await;
    let collected = shop.sells(1).await;
    agreed(&shop, MoneyGoes::Straight).await;
    assert!(account(&shop).await.straight);
    let owed_before = balance(&shop).await.owed;
    let placed = shop.sells(3).await;
    let session = shop
        .text("select provider_ref from payments where straight_to is not null")
        .await;
    let intent = shop.stripe.object(
        shop.stripe.object(&session)["payment_intent"]
            .as_str()
            .unwrap(),
    );
    let fee = intent["application_fee_amount"].as_i64().unwrap();
    assert_eq!(
        (
            fee,
            &intent["on_behalf_of"],
            &intent["transfer_data"]["destination"]
        ),
        (225, &json!(name), &json!(name))
    );
    let (_, organizer) = both_books(&shop, &name).await;
    assert_eq!(organizer, 4500 - fee);
    assert_eq!(
        balance(&shop).await.owed,
        owed_before,
        "nothing more is owed"
    );
    // Pieces that do not divide: the fee comes back in the shares that the books have, to the last cent.
    for part in [1001, 333, 7] {
        shop.give_back(&placed, RefundChoice::Amount(eur(part)))
            .await;
        shop.hear().await;
        both_books(&shop, &name).await;
        assert_eq!(balance(&shop).await.owed, owed_before);
    }
    // What is agreed later does not touch what was paid before.
    agreed(&shop, MoneyGoes::ToPlatform).await;
    shop.give_back(&placed, RefundChoice::Full).await;
    shop.hear().await;
    assert_eq!(shop.order(&placed).await.state, OrderState::Refunded);
    let (_, organizer) = both_books(&shop, &name).await;
    assert_eq!(organizer, 0, "all of it is back");
    shop.give_back(&collected, RefundChoice::Full).await;
    shop.hear().await;
    assert_eq!(both_books(&shop, &name).await, (0, 0));
    // Line by line too, as at night.
    let nightly = books::compare(&shop.sv, SignedDuration::ZERO)
        .await
        .unwrap();
    assert_eq!(nightly.open, 0);
    shop.sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn paid_in_the_shops_page_it_goes_straight_on_as_well() {
    let shop = Shop::in_page(20).await;
    with_fee_and_tax(&shop).await;
    let name = connected(&shop).await;
    agreed(&shop, MoneyGoes::Straight).await;
    let placed = shop.orders(3).await;
    let secret = shop.fields(&placed).await.unwrap();
    let intent = shop.stripe.object(secret.split("_secret_").next().unwrap());
    assert_eq!(
        (
            &intent["application_fee_amount"],
            &intent["on_behalf_of"],
            &intent["transfer_data"]["destination"]
        ),
        (&json!(225), &json!(name), &json!(name))
    );
    shop.confirms_card(&secret, GOOD).await;
    shop.hear().await;
    assert_eq!(both_books(&shop, &name).await.1, 4500 - 225);
    shop.give_back(&placed, RefundChoice::Full).await;
    shop.hear().await;
    assert_eq!(shop.order(&placed).await.state, OrderState::Refunded);
    assert_eq!(both_books(&shop, &name).await.1, 0);
    shop.sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refund_that_comes_back_is_recalled_once() {
    let shop = Shop::open(10).await;
    with_fee_and_tax(&shop).await;
    let name = connected(&shop).await;
    agreed(&shop, MoneyGoes::Straight).await;
    let placed = shop.sells(2).await;
    // The fee does not come back at once.
    shop.stripe
        .fault(
            json!({ "kind": "timeout_before", "path": "/v1/application_fees", "method": "POST" }),
        )
        .unwrap();
    shop.give_back(&placed, RefundChoice::Amount(eur(1000)))
        .await;
    shop.hear().await;
    shop.hurry().await;
    let reference = shop.text("select provider_ref from refunds").await;
    shop.stripe.settle_refund(&reference, "failed").unwrap();
    shop.hear().await;
    let failed = shop.order(&placed).await.refunds[0].clone();
    assert_eq!(failed.state, "failed");
    both_books(&shop, &name).await;
    let permit = shop.event.organization.permit();
    services::orders::retry_refund(&shop.sv, &permit, failed.id)
        .await
        .unwrap();
    shop.hear().await;
    assert_eq!(shop.order(&placed).await.refunds[0].state, "succeeded");
    both_books(&shop, &name).await;
    // With Stripe's own tools: taken over, and what was taken back from the organizer is known.
    let charge = shop.text("select charge_ref from payments").await;
    shop.by_hand(
        "/v1/refunds",
        &[
            ("payment_intent", &charge),
            ("amount", "500"),
            ("reverse_transfer", "true"),
        ],
    )
    .await;
    shop.hear().await;
    both_books(&shop, &name).await;
    assert_eq!(balance(&shop).await.owed, eur(0));
    // And without: the organizer has money that is the buyer's.
    shop.by_hand(
        "/v1/refunds",
        &[("payment_intent", &charge), ("amount", "500")],
    )
    .await;
    shop.hear().await;
    both_books(&shop, &name).await;
    assert!(balance(&shop).await.owed.is_negative());
    shop.sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sales_go_on_while_the_account_is_restricted() {
    let shop = Shop::open(10).await;
    let name = connected(&shop).await;
    agreed(&shop, MoneyGoes::Straight).await;
    shop.stripe.account_state(&name, "restricted").unwrap();
    shop.hear().await;
    shop.sells(1).await;
    assert_eq!(both_books(&shop, &name).await, (1500, 0));
    shop.stripe.account_state(&name, "enabled").unwrap();
    shop.hear().await;
    shop.sells(1).await;
    assert_eq!(both_books(&shop, &name).await, (1500, 1500));
    // Nothing is known yet of a restriction when the page is asked for: the next try is collected.
    shop.stripe
        .webhooks("lose", json!({ "count": 1000 }))
        .unwrap();
    shop.stripe.account_state(&name, "restricted").unwrap();
    let placed = shop.orders(1).await;
    let first = shop.page(&placed).await;
    assert!(matches!(first, Err(StartError::ProviderDown)), "{first:?}");
    let page = shop.page(&placed).await.unwrap();
    shop.stripe.pay_session(&page, GOOD).unwrap();
    shop.compare().await;
    assert_eq!(shop.order(&placed).await.state, OrderState::Paid);
    assert_eq!(both_books(&shop, &name).await, (3000, 1500));
    shop.sound().await;
}

async fn asked_for(shop: &Shop) -> PayoutId {
    let permit = shop.event.organization.proven();
    let cmd = RequestPayout {
        currency: Currency::EUR,
        amount: None,
    };
    let number = payouts::request(&shop.sv, &permit, cmd).await.unwrap();
    let statement = payouts::statement(&shop.sv, &looks(shop), number)
        .await
        .unwrap();
    statement.unwrap().id
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payout_is_sent_by_stripe_once() {
    let shop = Shop::open(10).await;
    let (admin, hall) = (admin(&shop).await, &shop.event.organization);
    payouts::set_account(
        &shop.sv,
        &hall.proven(),
        "Hall Ltd",
        "DE89370400440532013000",
        "",
    )
    .await
    .unwrap();
    shop.sells(2).await;
    let payout = asked_for(&shop).await;
    // Stripe has kept its own fees: what others have paid covers them.
    shop.sells(2).await;
    let send = async || payouts::send_by_provider(&shop.sv, &admin, payout).await;
    assert!(matches!(send().await, Err(TransferError::NoAccount)));
    let name = connected(&shop).await;
    // Nothing is available yet: in words, and it can still be sent by bank.
    let refused = send().await;
    assert!(
        matches!(&refused, Err(TransferError::Refused(why)) if why.contains("insufficient")),
        "{refused:?}"
    );
    let open = payouts::open(&shop.sv, &admin).await.unwrap();
    assert!(
        open[0].has_connected
            && !open[0].being_sent
            && open[0].sending_failure.contains("insufficient")
    );
    shop.stripe.advance(3 * 86_400).unwrap();
    // Sent, but the answer gets lost: nobody can send it again in another way, or call it off.
    shop.stripe
        .fault(json!({ "kind": "timeout_after", "path": "/v1/transfers", "method": "POST" }))
        .unwrap();
    assert!(matches!(send().await, Err(TransferError::Unknown)));
    let end = EndPayout {
        payout,
        reference: "by bank".into(),
    };
    let by_bank = payouts::send(&shop.sv, &admin, end).await;
    assert!(
        matches!(by_bank, Err(EndPayoutError::BeingSent)),
        "{by_bank:?}"
    );
    assert_eq!(
        payouts::resume_transfers(&shop.sv, 10).await.unwrap(),
        0,
        "patience"
    );
    shop.run("update payouts set sending_at = now() - interval '5 minutes'")
        .await;
    assert_eq!(payouts::resume_transfers(&shop.sv, 10).await.unwrap(), 1);
    let again = send().await;
    assert!(
        matches!(again, Err(TransferError::Transition(e)) if e.is == PayoutState::Sent),
        "{again:?} {:?}",
        payouts::open(&shop.sv, &admin).await
    );
    assert_eq!(shop.stripe.ids("transfer").len(), 1);
    let sent = shop.text("select reference from payouts").await;
    assert_eq!(shop.stripe.object(&sent)["amount"], 3000);
    assert_eq!(both_books(&shop, &name).await, (3000, 3000));
    let (owed, on_the_way) = {
        let b = balance(&shop).await;
        (b.owed, b.on_the_way)
    };
    assert_eq!((owed, on_the_way), (eur(3000), eur(0)));
    shop.sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_in_the_name_of_a_connected_account_moves_no_money_of_ours() {
    let shop = Shop::open(10).await;
    let name = connected(&shop).await;
    let placed = shop.orders(1).await;
    let page = shop.page(&placed).await.unwrap();
    let payment = shop.stripe.object(&page)["client_reference_id"].clone();
    let say = async |message: serde_json::Value| {
        let body = message.to_string();
        let proof = sign(&shop.stripe.webhook_secret, now().as_second(), &body);
        assert_eq!(post(&shop, &body, Some(&proof)).await, 200);
        shop.work().await;
    };
    say(json!({
        "id": "evt_forged", "type": "checkout.session.completed", "account": name, "created": now().as_second(),
        "data": { "object": {
            "id": page, "payment_status": "paid", "payment_intent": "pi_1", "amount_total": 1500, "currency": "eur",
            "metadata": { "bilten_payment": payment },
        } },
    }))
    .await;
    assert_eq!(shop.order(&placed).await.state, OrderState::Pending);
    // Late news of how it was an hour ago change nothing.
    let old = json!({
        "id": "evt_old", "type": "account.updated", "account": name, "created": now().as_second() - 3600,
        "data": { "object": { "id": name, "details_submitted": false } },
    });
    say(old).await;
    assert_eq!(account(&shop).await.standing, Standing::Ready);
    // A capability has changed: it is asked about.
    shop.stripe.webhooks("lose", json!({ "count": 1 })).unwrap();
    shop.stripe.account_state(&name, "payouts_paused").unwrap();
    shop.hear().await;
    assert_eq!(account(&shop).await.standing, Standing::Ready);
    say(json!({
        "id": "evt_capability", "type": "capability.updated", "account": name, "created": now().as_second(),
        "data": { "object": { "id": "card_payments", "account": name } },
    }))
    .await;
    assert_eq!(account(&shop).await.standing, Standing::Restricted);
    // The connection is cut: for good, and another account can be connected.
    say(json!({
        "id": "evt_gone", "type": "account.application.deauthorized", "account": name, "created": now().as_second(),
        "data": { "object": { "id": "ca_1", "object": "application" } },
    }))
    .await;
    assert_eq!(account(&shop).await.standing, Standing::Disconnected);
    let another = connected(&shop).await;
    assert_ne!(another, name);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_heard_of_for_long_is_asked_about() {
    let shop = Shop::open(10).await;
    let name = connected(&shop).await;
    shop.stripe
        .webhooks("lose", json!({ "count": 1000 }))
        .unwrap();
    shop.stripe.account_state(&name, "rejected").unwrap();
    assert_eq!(connect::reconcile(&shop.sv, 10).await.unwrap(), 0);
    shop.run("update connected_accounts set asked_at = now() - interval '7 hours'")
        .await;
    assert_eq!(connect::reconcile(&shop.sv, 10).await.unwrap(), 1);
    assert_eq!(account(&shop).await.standing, Standing::Rejected);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_on_its_way_between_the_books_counts_in_neither_wherever_its_money_went() {
    let shop = Shop::open(10).await;
    with_fee_and_tax(&shop).await;
    connected(&shop).await;
    agreed(&shop, MoneyGoes::Straight).await;
    shop.sells(2).await;
    let placed = shop.orders(2).await;
    let page = shop.page(&placed).await.unwrap();
    shop.stripe.pay_session(&page, REFUND_WAITS).unwrap();
    shop.hear().await;
    shop.give_back(&placed, RefundChoice::Amount(eur(1000)))
        .await;
    shop.hear().await;
    assert_eq!(shop.order(&placed).await.refunds[0].state, "pending");
    let nightly = books::compare(&shop.sv, SignedDuration::ZERO)
        .await
        .unwrap();
    assert_eq!(nightly.open, 0);
    let reference = shop.text("select provider_ref from refunds").await;
    shop.stripe.settle_refund(&reference, "succeeded").unwrap();
    shop.hear().await;
    let nightly = books::compare(&shop.sv, SignedDuration::ZERO)
        .await
        .unwrap();
    assert_eq!(nightly.open, 0);
    shop.sound().await;
}
