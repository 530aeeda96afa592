mod told;

use std::collections::BTreeSet;

use domain::{
    checkin::Standing,
    disputes::{DisputeState, EvidencePart, TicketPolicy},
    door::{Health, PairRequest, RosterPage},
    ids::DisputeId,
    orders::OrderState,
    permissions::Role,
    tickets::TicketState,
};
use serde_json::json;
use services::{
    Origin,
    checkin::{self, CreatePairing, Device},
    checkout::Placed,
    disputes::{self, AnswerDisputeError},
    ledger,
    orders::{self, ExchangeWish, RefundChoice},
    payments, permit,
};

use crate::shop::{GOOD, Shop};

impl Shop {
    async fn charge(&self, placed: &Placed) -> String {
        let sql = format!(
            "select p.charge_ref from payments p join orders o on o.id = p.order_id where o.code = '{}' and p.charge_ref is not null",
            placed.code
        );
        self.text(&sql).await
    }

    /// A bank takes all that is left of an order back; Stripe's name of the dispute.
    async fn dispute(&self, placed: &Placed, reason: &str) -> String {
        let made = self.stripe.dispute(&self.charge(placed).await, reason);
        self.hear().await;
        made.unwrap()["id"].as_str().unwrap().to_owned()
    }

    async fn only_dispute(&self) -> DisputeId {
        let permit = self.event.organization.permit();
        let page = disputes::list(&self.sv, &permit, None, 10).await.unwrap();
        assert_eq!(page.items.len(), 1);
        page.items[0].id
    }

    async fn case(&self) -> disputes::DisputeDetail {
        let permit = self.event.organization.permit();
        let id = self.only_dispute().await;
        disputes::show(&self.sv, &permit, id)
            .await
            .unwrap()
            .unwrap()
    }

    /// What is owed, and what of it banks hold.
    async fn owed(&self) -> (i64, i64) {
        let permit = self.event.organization.permit();
        let balances = ledger::balances(&self.sv, &permit).await.unwrap();
        (balances[0].owed.minor, balances[0].disputed.minor)
    }

    async fn scanner(&self) -> Device {
        let session = self.w.member(&self.event.organization, Role::Manager).await;
        let permit = permit::for_event(&self.sv, &session, self.event.id)
            .await
            .unwrap();
        let cmd = CreatePairing {
            event: self.event.id,
            gate: "North".into(),
            names: domain::door::Names::Full,
            works_until: None,
        };
        let token = checkin::create_pairing(&self.sv, &permit, cmd)
            .await
            .unwrap()
            .token;
        let request = PairRequest {
            token,
            device_name: "Phone".into(),
        };
        let paired = checkin::pair(&self.sv, request).await.unwrap();
        checkin::device_by_token(&self.sv, &paired.token)
            .await
            .unwrap()
    }

    async fn roster(&self, device: &Device, cursor: &str) -> RosterPage {
        checkin::roster(&self.sv, device, cursor, Health::default())
            .await
            .unwrap()
    }
}

fn states(page: &RosterPage) -> Vec<Standing> {
    page.entries.iter().map(|entry| entry.state).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dispute_takes_the_money_at_once_and_a_won_one_gives_it_back() {
    let shop = Shop::open(10).await;
    let owner = shop.w.member(&shop.event.organization, Role::Owner).await;
    let placed = shop.sells(2).await;
    shop.sells(1).await;
    let device = shop.scanner().await;
    let page = shop.roster(&device, "").await;
    assert_eq!(states(&page), [Standing::Valid; 3]);
    let name = shop.dispute(&placed, "fraudulent").await;
    let fee = 1500;
    assert_eq!(shop.owed().await, (4500 - 3000 - fee, 3000));
    assert_eq!(shop.books().await, 4500 - 3000 - fee);
    let order = shop.order(&placed).await;
    assert!(order.blocked && order.tickets.iter().all(|ticket| ticket.code.is_none()));
    let page = shop.roster(&device, &page.cursor).await;
    let blocked = states(&page);
    assert_eq!(
        blocked
            .iter()
            .filter(|state| **state == Standing::Blocked)
            .count(),
        2
    );
    let mails = format!(
        "select count(*) from mails where kind = 'dispute_opened' and recipient = (select email from users where id = '{}')",
        owner.user
    );
    assert_eq!(shop.count(&mails).await, 1);
    shop.sound().await;

    let case = shop.case().await;
    assert_eq!(
        (case.state, case.takes_answer),
        (DisputeState::NeedsAnswer, true)
    );
    assert!(case.answer_by.is_some());
    let part = |wanted| case.evidence.iter().find(|(part, _)| *part == wanted);
    assert_eq!(part(EvidencePart::BuyerName).unwrap().1, order.buyer_name);
    assert!(part(EvidencePart::BuyerAddress).is_none(), "not known");
    assert!(
        part(EvidencePart::Product)
            .unwrap()
            .1
            .contains(placed.code.as_str())
    );
    assert!(
        part(EvidencePart::Activity)
            .unwrap()
            .1
            .contains("Ticket issued")
    );
    let permit = shop.event.organization.permit();
    disputes::save_statement(&shop.sv, &permit, case.id, "she was here")
        .await
        .unwrap();
    assert!(
        shop.case()
            .await
            .evidence
            .iter()
            .any(|(_, text)| text == "she was here")
    );
    // With this text Stripe decides for the organizer at once.
    disputes::answer(&shop.sv, &permit, case.id, "winning_evidence")
        .await
        .unwrap();
    let evidence = &shop.stripe.object(&name)["evidence"];
    assert_eq!(evidence["customer_name"], order.buyer_name.as_str());
    assert_eq!(evidence["uncategorized_text"], "winning_evidence");
    shop.hear().await;
    let again = disputes::answer(&shop.sv, &permit, case.id, "once more").await;
    assert!(
        matches!(again, Err(AnswerDisputeError::TooLate)),
        "{again:?}"
    );
    let case = shop.case().await;
    assert_eq!(
        (case.state, case.statement.as_str()),
        (DisputeState::Won, "winning_evidence")
    );
    let told: BTreeSet<_> = case.steps.iter().map(|step| step.what.as_str()).collect();
    let all = BTreeSet::from(["needs_answer", "answered", "under_review", "won"]);
    assert_eq!(told, all);
    assert_eq!(
        shop.owed().await,
        (4500 - fee, 0),
        "the fee is kept by Stripe"
    );
    assert_eq!(shop.books().await, 4500 - fee);
    let order = shop.order(&placed).await;
    assert!(!order.blocked && order.tickets.iter().all(|ticket| ticket.code.is_some()));
    let page = shop.roster(&device, &page.cursor).await;
    assert!(states(&page).iter().all(|state| *state == Standing::Valid));
    shop.sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_loss_that_is_accepted_voids_the_tickets() {
    let shop = Shop::open(2).await;
    let placed = shop.sells(2).await;
    let name = shop.dispute(&placed, "product_not_received").await;
    let id = shop.only_dispute().await;
    let permit = shop.event.organization.permit();
    disputes::accept(&shop.sv, &permit, id).await.unwrap();
    shop.hear().await;
    assert_eq!(shop.stripe.object(&name)["status"], "lost");
    assert_eq!(shop.case().await.state, DisputeState::Lost);
    let order = shop.order(&placed).await;
    assert_eq!((order.state, order.blocked), (OrderState::Cancelled, false));
    assert!(
        order
            .tickets
            .iter()
            .all(|ticket| ticket.state == TicketState::Cancelled)
    );
    assert_eq!(shop.owed().await, (-1500, 0));
    assert_eq!(shop.books().await, -1500);
    // The places can be had again.
    shop.sells(2).await;
    shop.sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_about_a_dispute_that_come_often_late_and_in_another_order_have_one_end() {
    let shop = Shop::open(10).await;
    let placed = shop.sells(3).await;
    shop.give_back(&placed, RefundChoice::Amount(shop.event.money(1000)))
        .await;
    shop.hear().await;
    let repeat = json!({ "count": 100, "times": 5 });
    shop.stripe.webhooks("repeat", repeat).unwrap();
    shop.stripe
        .webhooks("shuffle", json!({ "count": 100 }))
        .unwrap();
    let made = shop
        .stripe
        .dispute(&shop.charge(&placed).await, "duplicate")
        .unwrap();
    assert_eq!(made["amount"], 3500, "what is left");
    shop.stripe
        .close_dispute(made["id"].as_str().unwrap(), true)
        .unwrap();
    shop.stripe.webhooks("release", json!({})).unwrap();
    shop.hear().await;
    shop.hurry().await;
    let case = shop.case().await;
    assert_eq!((case.state, case.taken.minor), (DisputeState::Won, 0));
    assert_eq!(shop.owed().await, (3500 - 1500, 0));
    assert_eq!(shop.books().await, 3500 - 1500);
    payments::replay(&shop.sv, true).await.unwrap();
    assert_eq!(shop.books().await, 3500 - 1500);
    shop.sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_whose_message_is_lost_is_found_by_asking() {
    let shop = Shop::open(10).await;
    let placed = shop.sells(1).await;
    let name = shop.dispute(&placed, "fraudulent").await;
    shop.stripe
        .webhooks("lose", json!({ "count": 1000 }))
        .unwrap();
    shop.stripe.close_dispute(&name, false).unwrap();
    shop.hear().await;
    assert_eq!(shop.case().await.state, DisputeState::NeedsAnswer);
    assert_eq!(
        payments::reconcile(&shop.sv, 50).await.unwrap().disputes,
        0,
        "too soon"
    );
    shop.run("update disputes set opened_at = opened_at - interval '2 hours'")
        .await;
    assert_eq!(payments::reconcile(&shop.sv, 50).await.unwrap().disputes, 1);
    assert_eq!(shop.case().await.state, DisputeState::Lost);
    assert_eq!(shop.books().await, -1500);
    shop.sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inquiry_takes_no_money_and_tickets_stay_as_the_organization_wants() {
    let shop = Shop::open(10).await;
    let (asked, taken) = (shop.sells(1).await, shop.sells(1).await);
    let name = shop.dispute(&asked, "warning").await;
    assert_eq!(shop.case().await.state, DisputeState::Inquiry);
    assert_eq!(shop.owed().await, (3000, 0));
    assert!(!shop.order(&asked).await.blocked);
    shop.stripe.close_dispute(&name, true).unwrap();
    shop.hear().await;
    assert_eq!(shop.case().await.state, DisputeState::InquiryClosed);

    shop.dispute(&taken, "fraudulent").await;
    assert!(shop.order(&taken).await.blocked);
    let permit = shop.event.organization.permit();
    disputes::set_ticket_policy(&shop.sv, &permit, TicketPolicy::Keep)
        .await
        .unwrap();
    assert!(!shop.order(&taken).await.blocked);
    shop.sound().await;
    disputes::set_ticket_policy(&shop.sv, &permit, TicketPolicy::Block)
        .await
        .unwrap();
    assert!(shop.order(&taken).await.blocked);
    shop.sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_that_live_on_a_disputed_payment_wait_for_the_bank_too() {
    let shop = Shop::open(10).await;
    let (placed, newer) = exchanged(&shop).await;
    shop.hear().await;
    let name = shop.dispute(&placed, "fraudulent").await;
    let order = shop.order(&newer).await;
    assert!(order.blocked && order.tickets.iter().all(|ticket| ticket.code.is_none()));
    assert!(shop.order(&placed).await.blocked);
    // A bank has the money of both: none of it goes back a second time.
    let refused = shop.refund(&newer, RefundChoice::Full).await;
    assert!(refused.is_err(), "{refused:?}");
    shop.sound().await;
    let case = shop.case().await;
    let owner = shop.event.organization.permit();
    disputes::answer(&shop.sv, &owner, case.id, "winning_evidence")
        .await
        .unwrap();
    shop.hear().await;
    assert_eq!(shop.stripe.object(&name)["status"], "won");
    assert!(!shop.order(&newer).await.blocked && !shop.order(&placed).await.blocked);
    shop.sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_paid_with_tickets_goes_back_by_the_payment_of_the_first_order() {
    let shop = Shop::open(10).await;
    let (placed, newer) = exchanged(&shop).await;
    shop.hear().await;
    shop.refund(&newer, RefundChoice::Full).await.unwrap();
    shop.hear().await;
    let refunds = shop.order(&newer).await.refunds;
    assert_eq!((refunds.len(), refunds[0].amount.minor), (1, 1500));
    assert_eq!(refunds[0].state, "succeeded");
    assert_eq!(shop.order(&placed).await.state, OrderState::Paid);
    shop.sound().await;
}

/// Two tickets, of which one was exchanged for another of the same price.
pub async fn exchanged(shop: &Shop) -> (Placed, Placed) {
    let placed = shop.sells(2).await;
    let permit = shop.event.organization.permit();
    let given = shop.order(&placed).await.tickets[0].id;
    let wish = ExchangeWish {
        tickets: vec![given],
        event: None,
        wanted: vec![(shop.event.of_type("Seat"), 1)],
    };
    let page = orders::change_page_for_organizer(&shop.sv, &permit, placed.code, &wish)
        .await
        .unwrap()
        .unwrap();
    let shown = page.preview.unwrap().unwrap();
    let done = orders::exchange_by_organizer(&shop.sv, &permit, placed.code, &wish, shown)
        .await
        .unwrap();
    assert!(!done.needs_payment);
    let newer = Placed {
        order: done.order,
        secret: done.secret,
        code: done.code,
        needs_payment: false,
    };
    (placed, newer)
}
/// Whoever says that it was somebody else can be shown from where it came.
#[tokio::test(flavor = "multi_thread")]
async fn the_bank_is_told_from_where_an_order_came() {
    let shop = Shop::open(2).await;
    let mut buyer = shop.w.buyer("Ada");
    let address = "2001:db8::7".parse().ok();
    buyer.origin = Origin::new(address, "Mozilla/5.0 (Ada’s phone)");
    let placed = buyer.orders(&shop.event, "Seat", 1).await.unwrap();
    let page = shop.page(&placed).await.unwrap();
    shop.stripe.pay_session(&page, GOOD).unwrap();
    shop.hear().await;
    let name = shop.dispute(&placed, "fraudulent").await;
    let case = shop.case().await;
    let part = |wanted| case.evidence.iter().find(|(part, _)| *part == wanted);
    assert_eq!(part(EvidencePart::BuyerAddress).unwrap().1, "2001:db8::7");
    let activity = &part(EvidencePart::Activity).unwrap().1;
    assert!(activity.contains("Mozilla/5.0 (Ada’s phone)"), "{activity}");
    let permit = shop.event.organization.permit();
    disputes::answer(&shop.sv, &permit, case.id, "")
        .await
        .unwrap();
    let evidence = &shop.stripe.object(&name)["evidence"];
    assert_eq!(evidence["customer_purchase_ip"], "2001:db8::7");
    shop.hear().await;
    // What was sent stays as it was, also when the order has forgotten it.
    shop.run("update orders set placed_from = null, placed_with = ''")
        .await;
    assert!(
        shop.case()
            .await
            .evidence
            .iter()
            .any(|(part, _)| *part == EvidencePart::BuyerAddress)
    );
}
