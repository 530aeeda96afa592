//! The Rust client's types take every object, and its webhook code every event.
#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests")]

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Router, http::HeaderMap, routing::post};
use serde_json::json;
use stripe::{Client, ClientBuilder, StripeError};
use stripe_checkout::checkout_session::{
    CreateCheckoutSession, CreateCheckoutSessionLineItems, CreateCheckoutSessionLineItemsPriceData,
    CreateCheckoutSessionPaymentIntentData, ExpireCheckoutSession, ProductData,
    RetrieveCheckoutSession,
};
use stripe_connect::{
    account::{
        CreateAccount, CreateAccountCapabilities, CreateAccountCapabilitiesTransfers,
        CreateAccountType, RetrieveAccount,
    },
    account_link::{CreateAccountLink, CreateAccountLinkType},
    transfer::{CreateTransfer, RetrieveTransfer},
    transfer_reversal::CreateIdTransferReversal,
};
use stripe_core::{
    balance::RetrieveForMyAccountBalance,
    balance_transaction::ListBalanceTransaction,
    dispute::{ListDispute, UpdateDispute, UpdateDisputeEvidence},
    payment_intent::{CreatePaymentIntent, RetrievePaymentIntent},
    refund::{CreateRefund, RetrieveRefund},
};
use stripe_double::{Double, Options};
use stripe_shared::{
    CheckoutSession, CheckoutSessionMode, CheckoutSessionPaymentStatus, CheckoutSessionStatus,
    DisputeStatus, PaymentIntentAllowedPaymentMethodTypes, PaymentIntentStatus,
};
use stripe_types::Currency;
use stripe_webhook::{Event, EventObject, Webhook};

/// Signatures and bodies, as a shop gets them.
type Inbox = Arc<Mutex<Vec<(String, String)>>>;

struct Shop {
    double: Double,
    client: Client,
    inbox: Inbox,
}

impl Shop {
    async fn open() -> Shop {
        let inbox = Inbox::default();
        let taken = Arc::clone(&inbox);
        let hook = post(async move |headers: HeaderMap, body: String| {
            let signature = headers["stripe-signature"]
                .to_str()
                .expect("text")
                .to_owned();
            taken.lock().expect("the inbox").push((signature, body));
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a free port");
        let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
        let router = Router::new().route("/hook", hook);
        tokio::spawn(async move { axum::serve(listener, router).await });
        let double = Double::start(Options::default().webhook(url))
            .await
            .expect("a free port");
        let client = ClientBuilder::new(&double.secret_key)
            .url(format!("{}/", double.url))
            .build()
            .expect("a client");
        Shop {
            double,
            client,
            inbox,
        }
    }

    async fn session(&self, intent: CreateCheckoutSessionPaymentIntentData) -> CheckoutSession {
        let mut price = CreateCheckoutSessionLineItemsPriceData::new(Currency::EUR);
        price.unit_amount = Some(2_500);
        price.product_data = Some(ProductData::new("Stalls"));
        let mut line = CreateCheckoutSessionLineItems::new();
        line.price_data = Some(price);
        line.quantity = Some(2);
        CreateCheckoutSession::new()
            .mode(CheckoutSessionMode::Payment)
            .success_url("http://shop.example/thanks?session={CHECKOUT_SESSION_ID}")
            .customer_email("ada@example.com")
            .client_reference_id("order-7")
            .line_items(vec![line])
            .payment_intent_data(intent)
            .send(&self.client)
            .await
            .expect("a session")
    }

    /// Everything that was heard, each with its signature checked and its object parsed.
    async fn events(&self) -> Vec<Event> {
        assert!(
            self.double.quiet(Duration::from_secs(10)).await,
            "webhooks do not arrive"
        );
        let inbox = self.inbox.lock().expect("the inbox").clone();
        let parse = |(signature, body): &(String, String)| {
            Webhook::construct_event(body, signature, &self.double.webhook_secret)
                .unwrap_or_else(|error| panic!("{error}: {body}"))
        };
        inbox.iter().map(parse).collect()
    }
}

#[tokio::test]
async fn a_session_is_paid_refunded_and_heard_of() {
    let shop = Shop::open().await;
    let mut intent = CreateCheckoutSessionPaymentIntentData::new();
    intent.metadata = Some([("order".to_owned(), "7".to_owned())].into());
    let session = shop.session(intent).await;
    assert_eq!(session.amount_total, Some(5_000));
    assert_eq!(session.status, Some(CheckoutSessionStatus::Open));
    let declined = shop
        .double
        .pay_session(session.id.as_str(), "4000000000000002");
    assert_eq!(
        declined.expect_err("a decline").error["decline_code"],
        "generic_decline"
    );
    shop.double
        .pay_session(session.id.as_str(), "4242424242424242")
        .expect("a payment");

    let session = RetrieveCheckoutSession::new(session.id.clone())
        .expand(["payment_intent.latest_charge.balance_transaction".to_owned()])
        .send(&shop.client)
        .await
        .expect("the session");
    assert_eq!(session.payment_status, CheckoutSessionPaymentStatus::Paid);
    let intent = session
        .payment_intent
        .expect("an intent")
        .into_object()
        .expect("expanded");
    assert_eq!(intent.status, PaymentIntentStatus::Succeeded);
    assert_eq!(intent.metadata["order"], "7");
    let charge = intent
        .latest_charge
        .expect("a charge")
        .into_object()
        .expect("expanded");
    let line = charge
        .balance_transaction
        .expect("a line")
        .into_object()
        .expect("expanded");
    assert_eq!((line.amount, line.fee, line.net), (5_000, 100, 4_900));

    let refund = CreateRefund::new()
        .payment_intent(intent.id.as_str())
        .amount(2_000)
        .send(&shop.client)
        .await
        .expect("a refund");
    assert_eq!(refund.status.as_deref(), Some("succeeded"));
    let again = RetrieveRefund::new(refund.id.clone())
        .send(&shop.client)
        .await
        .expect("the refund");
    assert_eq!(again.amount, 2_000);
    let too_much = CreateRefund::new()
        .payment_intent(intent.id.as_str())
        .amount(3_001)
        .send(&shop.client)
        .await;
    match too_much.expect_err("a refusal") {
        StripeError::Stripe(error, 400) => assert_eq!(error.param.as_deref(), Some("amount")),
        other => panic!("{other}"),
    }
    shop.double
        .settle_refund(refund.id.as_str(), "failed")
        .expect("a failed refund");

    let left = shop
        .session(CreateCheckoutSessionPaymentIntentData::new())
        .await;
    let left = ExpireCheckoutSession::new(left.id)
        .send(&shop.client)
        .await
        .expect("an end");
    assert_eq!(left.status, Some(CheckoutSessionStatus::Expired));

    let events = shop.events().await;
    let heard =
        |fits: fn(&EventObject) -> bool| events.iter().any(|event| fits(&event.data.object));
    assert!(heard(|o| matches!(
        o,
        EventObject::PaymentIntentPaymentFailed(_)
    )));
    assert!(heard(|o| matches!(
        o,
        EventObject::PaymentIntentSucceeded(_)
    )));
    assert!(heard(
        |o| matches!(o, EventObject::CheckoutSessionCompleted(s) if s.amount_total == Some(5_000))
    ));
    assert!(heard(|o| matches!(
        o,
        EventObject::CheckoutSessionExpired(_)
    )));
    assert!(heard(
        |o| matches!(o, EventObject::ChargeRefunded(c) if c.amount_refunded == 2_000)
    ));
    assert!(heard(|o| matches!(o, EventObject::RefundCreated(_))));
    assert!(heard(
        |o| matches!(o, EventObject::RefundFailed(r) if r.status.as_deref() == Some("failed"))
    ));
    let strangers: Vec<_> = events
        .iter()
        .filter(|event| matches!(event.data.object, EventObject::Unknown(_)))
        .map(|event| event.type_.as_str().to_owned())
        .collect();
    assert!(strangers.is_empty(), "{strangers:?}");
}

#[tokio::test]
async fn a_dispute_is_answered_and_won() {
    let shop = Shop::open().await;
    let intent = CreatePaymentIntent::new(8_000, Currency::EUR)
        .payment_method("pm_card_createDispute")
        .allowed_payment_method_types([PaymentIntentAllowedPaymentMethodTypes::Card])
        .confirm(true)
        .send(&shop.client)
        .await
        .expect("a payment");
    assert!(shop.double.quiet(Duration::from_secs(10)).await);
    let intent = RetrievePaymentIntent::new(intent.id)
        .send(&shop.client)
        .await
        .expect("the intent");
    let mut disputes = Vec::new();
    while disputes.is_empty() {
        let list = ListDispute::new()
            .payment_intent(intent.id.as_str())
            .send(&shop.client)
            .await;
        disputes = list.expect("a list").data;
    }
    assert_eq!(disputes[0].status, DisputeStatus::NeedsResponse);
    assert_eq!(disputes[0].balance_transactions[0].net, -9_500);
    let mut evidence = UpdateDisputeEvidence::new();
    evidence.uncategorized_text = Some("winning_evidence".to_owned());
    let answered = UpdateDispute::new(disputes[0].id.clone())
        .evidence(evidence)
        .submit(true)
        .send(&shop.client)
        .await
        .expect("the dispute");
    assert_eq!(answered.status, DisputeStatus::UnderReview);
    let closed = async {
        loop {
            let ends = shop
                .events()
                .await
                .into_iter()
                .find_map(|event| match event.data.object {
                    EventObject::ChargeDisputeClosed(dispute) => Some(dispute.status),
                    _ => None,
                });
            if let Some(status) = ends {
                return status;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let status = tokio::time::timeout(Duration::from_secs(5), closed)
        .await
        .expect("an end");
    assert_eq!(status, DisputeStatus::Won);
    let lines = ListBalanceTransaction::new()
        .type_("adjustment")
        .send(&shop.client)
        .await;
    let amounts: Vec<i64> = lines
        .expect("lines")
        .data
        .iter()
        .map(|line| line.amount)
        .collect();
    assert_eq!(amounts, [8_000, -8_000]);
}

#[tokio::test]
async fn a_venue_is_connected_and_gets_its_share() {
    let shop = Shop::open().await;
    let mut transfers = CreateAccountCapabilitiesTransfers::new();
    transfers.requested = Some(true);
    let mut capabilities = CreateAccountCapabilities::new();
    capabilities.transfers = Some(transfers);
    let account = CreateAccount::new()
        .type_(CreateAccountType::Express)
        .country("DE")
        .email("venue@example.com")
        .capabilities(capabilities)
        .send(&shop.client)
        .await
        .expect("an account");
    assert_eq!(account.payouts_enabled, Some(false));
    let link = CreateAccountLink::new(
        account.id.as_str(),
        CreateAccountLinkType::AccountOnboarding,
    )
    .return_url("http://shop.example/done")
    .refresh_url("http://shop.example/again")
    .send(&shop.client)
    .await
    .expect("a link");
    assert!(link.url.starts_with(&shop.double.url));
    shop.double
        .account_state(account.id.as_str(), "enabled")
        .expect("a state");
    let account = RetrieveAccount::new(account.id)
        .send(&shop.client)
        .await
        .expect("the account");
    assert_eq!(account.payouts_enabled, Some(true));

    let intent = CreatePaymentIntent::new(10_000, Currency::EUR)
        .payment_method("pm_card_visa")
        .allowed_payment_method_types([PaymentIntentAllowedPaymentMethodTypes::Card])
        .confirm(true)
        .send(&shop.client)
        .await
        .expect("a payment");
    let charge = intent.latest_charge.expect("a charge").into_id();
    let sent = CreateTransfer::new(Currency::EUR, account.id.as_str())
        .amount(7_000)
        .source_transaction(charge.as_str())
        .send(&shop.client)
        .await
        .expect("a transfer");
    CreateIdTransferReversal::new(sent.id.clone())
        .amount(2_000)
        .send(&shop.client)
        .await
        .expect("a reversal");
    let sent = RetrieveTransfer::new(sent.id)
        .send(&shop.client)
        .await
        .expect("the transfer");
    assert_eq!(
        (sent.amount_reversed, sent.reversals.data.len()),
        (2_000, 1)
    );
    shop.double.advance(3 * 86_400).expect("time");
    let balance = RetrieveForMyAccountBalance::new()
        .send(&shop.client)
        .await
        .expect("a balance");
    assert_eq!(balance.available[0].amount, 10_000 - 175 - 5_000);
    let sums = &shop.double.book()["accounts"][account.id.as_str()]["eur"];
    assert_eq!(sums["available"], json!(5_000));

    let events = shop.events().await;
    let told = events
        .iter()
        .filter(|event| event.account.as_deref() == Some(account.id.as_str()));
    let enabled = |event: &&Event| matches!(&event.data.object, EventObject::AccountUpdated(a) if a.payouts_enabled == Some(true));
    assert_eq!(told.filter(enabled).count(), 1);
    assert!(
        events
            .iter()
            .any(|event| matches!(event.data.object, EventObject::TransferReversed(_)))
    );
}
