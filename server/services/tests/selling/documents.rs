//! Documents say what became of the money: a credit note once it has gone back, one for what a bank has taken for good, and an
//! invoice when the bank gives it back after all. The books and the documents have the same tax at every step.

use domain::{
    disputes::{DisputeReason, DisputeState, Moved, Told},
    ids::RefundId,
    money::Money,
    payments::RefundState,
    pricing::{Rate, TaxMode},
};
use services::{
    checkout::Placed,
    orders::{self, ExchangeWish, RefundChoice, RefundOrder},
    payments::Received,
    ports::{
        KnownDispute, KnownRefund, PaymentStanding, ProviderEvent, ProviderRefund, ProviderTold,
    },
};
use testkit::{Event, World};

use crate::told::{known, payment, receive};

/// Three seats for 45.00, 19 % in it, paid with the provider's `money-1`.
async fn sold(w: &World) -> (Event, Placed) {
    w.gateway.answer_questions();
    let event = w
        .event("Demo")
        .ticket_type("Seat", 1500, 10)
        .published()
        .await;
    w.prices(&event, (TaxMode::Included, "DE"), Rate::from_bp(1900), 0)
        .await;
    let placed = w.buyer("Ada").orders(&event, "Seat", 3).await.unwrap();
    tell(
        w,
        ProviderTold::Payment {
            payment: payment(w, &placed).await,
            known: known(PaymentStanding::Succeeded, event.money(4500)),
        },
    )
    .await;
    (event, placed)
}

/// A minute later, so that documents have an order.
async fn tell(w: &World, told: ProviderTold) {
    w.advance_minutes(1);
    let event = ProviderEvent {
        id: w.sv.new_secret(),
        kind: "told".into(),
        told: Some(told),
    };
    assert_eq!(receive(w, &event).await.unwrap(), Received::Kept);
    w.settle().await;
}

async fn gives_back(w: &World, event: &Event, placed: &Placed, minor: i64) {
    w.advance_minutes(1);
    let cmd = RefundOrder {
        code: placed.code,
        choice: RefundChoice::Amount(event.money(minor)),
        keep_tickets: true,
        reason: "as asked".into(),
        idempotency_key: None,
    };
    orders::refund(&w.sv, &event.organization.permit(), cmd)
        .await
        .unwrap();
    w.settle().await;
}

/// A bank has decided; what it has moved so far.
async fn decided(w: &World, state: DisputeState, moved: &[i64]) {
    about("dp_1", w, state, moved).await;
}

/// The same about another dispute of the payment.
async fn another(w: &World, state: DisputeState, moved: &[i64]) {
    about("dp_2", w, state, moved).await;
}

async fn about(name: &str, w: &World, state: DisputeState, moved: &[i64]) {
    let eur = |minor| Money::new(minor, domain::money::Currency::EUR);
    let moved = moved.iter().enumerate().map(|(n, minor)| Moved {
        reference: format!("txn_{name}_{n}"),
        taken: eur(*minor),
        cost: eur(0),
    });
    let known = KnownDispute {
        reference: name.into(),
        charge_ref: "money-1".into(),
        reason: DisputeReason::Fraudulent,
        amount: eur(4500),
        told: Told {
            state,
            answer_by: None,
            moved: moved.collect(),
        },
    };
    tell(w, ProviderTold::Dispute { known }).await;
}

/// All documents, in the order in which they were issued: what they are, their total, their tax, and the dispute they name.
async fn documents(w: &World) -> Vec<String> {
    let sql = "select coalesce(string_agg(concat_ws(' ', kind, total_minor, tax_minor, document ->> 'dispute'), ','
                                          order by id), '')
               from invoices";
    let all = w.text(sql).await;
    all.split(',').map(str::to_owned).collect()
}

/// The tax that is to be passed on, by the documents and by the books.
async fn tax(w: &World) -> (i64, i64) {
    let documents = "select coalesce(sum(case kind when 'invoice' then tax_minor else -tax_minor end), 0)::bigint from invoices";
    let books = "select coalesce(-sum(amount_minor), 0)::bigint from ledger_entries where account = 'tax_collected'";
    (w.count(documents).await, w.count(books).await)
}

#[tokio::test]
async fn a_refund_has_its_note_once_the_money_has_gone_back() {
    let w = World::new().await;
    let (event, placed) = sold(&w).await;
    let invoice = "invoice 4500 718";
    w.gateway.refuse_next(1);
    gives_back(&w, &event, &placed, 1000).await;
    // Refused: it is owed, and nothing has gone back.
    assert_eq!(documents(&w).await, [invoice]);
    w.assert_sound().await;
    let order = orders::show_by_secret(&w.sv, &placed.secret).await;
    let refund: RefundId = order.unwrap().unwrap().refunds[0].id;
    let permit = event.organization.permit();
    w.advance_minutes(1);
    orders::retry_refund(&w.sv, &permit, refund).await.unwrap();
    let recorded = "select count(*) from audit_entries where action = 'order.retry_refund'";
    assert_eq!(
        w.count(recorded).await,
        1,
        "money is sent by somebody's hand"
    );
    w.settle().await;
    let note = "credit_note 1000 160";
    assert_eq!(documents(&w).await, [invoice, note]);
    assert_eq!(tax(&w).await, (558, 558));
    w.assert_sound().await;
    // It comes back: it is owed as before, so the note stands, and the next try needs no other.
    let known = KnownRefund {
        reference: format!("sandbox-refund-{refund}-2"),
        state: RefundState::Failed,
        why: "expired_or_canceled_card".into(),
        recalled: false,
    };
    let names = ProviderRefund {
        ours: Some((refund, 2)),
        charge_ref: "money-1".into(),
    };
    let amount = event.money(1000);
    tell(
        &w,
        ProviderTold::Refund {
            names,
            amount,
            known,
        },
    )
    .await;
    w.assert_sound().await;
    w.advance_minutes(1);
    orders::retry_refund(&w.sv, &permit, refund).await.unwrap();
    w.settle().await;
    assert_eq!(documents(&w).await, [invoice, note]);
    assert_eq!(tax(&w).await, (558, 558));
    w.assert_sound().await;
}

#[tokio::test]
async fn what_a_bank_takes_for_good_is_credited_once() {
    let w = World::new().await;
    let (event, placed) = sold(&w).await;
    gives_back(&w, &event, &placed, 1000).await;
    decided(&w, DisputeState::NeedsAnswer, &[2000]).await;
    assert_eq!(documents(&w).await.len(), 2);
    for _ in 0..3 {
        decided(&w, DisputeState::Lost, &[2000]).await;
    }
    let found = documents(&w).await;
    // 3000 of 4500 have gone: 479 of the tax, less the 160 before.
    assert_eq!(found[2..], ["credit_note 2000 319 dp_1"]);
    assert_eq!(tax(&w).await, (239, 239));
    w.assert_sound().await;
    // The rest goes back: nothing of the tax is left, in neither.
    gives_back(&w, &event, &placed, 1500).await;
    assert_eq!(documents(&w).await.len(), 4);
    assert_eq!(tax(&w).await, (0, 0));
    w.assert_sound().await;
}

/// One of three tickets was exchanged: another order lives on the payment.
async fn exchanged(w: &World, event: &Event, placed: &Placed) -> Placed {
    w.advance_minutes(1);
    let permit = event.organization.permit();
    let order = orders::show_by_secret(&w.sv, &placed.secret).await;
    let wish = ExchangeWish {
        tickets: vec![order.unwrap().unwrap().tickets[0].id],
        event: None,
        wanted: vec![(event.of_type("Seat"), 1)],
    };
    let page = orders::change_page_for_organizer(&w.sv, &permit, placed.code, &wish)
        .await
        .unwrap()
        .unwrap();
    let shown = page.preview.unwrap().unwrap();
    let done = orders::exchange_by_organizer(&w.sv, &permit, placed.code, &wish, shown)
        .await
        .unwrap();
    w.settle().await;
    Placed {
        order: done.order,
        secret: done.secret,
        code: done.code,
        needs_payment: false,
    }
}

#[tokio::test]
async fn orders_that_live_on_a_lost_payment_owe_no_tax_either() {
    let w = World::new().await;
    let (event, placed) = sold(&w).await;
    let newer = exchanged(&w, &event, &placed).await;
    let before = documents(&w).await;
    assert_eq!(before.len(), 3);
    w.assert_sound().await;
    decided(&w, DisputeState::Lost, &[4500]).await;
    let mut lost = documents(&w).await.split_off(3);
    lost.sort();
    assert_eq!(lost.len(), 2);
    assert!(lost[0].starts_with("credit_note 1500 ") && lost[0].ends_with(" dp_1"));
    assert!(lost[1].starts_with("credit_note 3000 ") && lost[1].ends_with(" dp_1"));
    assert_eq!(tax(&w).await, (0, 0));
    w.assert_sound().await;
    // Decided otherwise in the end: both notes are cancelled, and the tax is to be passed on again.
    for _ in 0..2 {
        decided(&w, DisputeState::Won, &[4500, -4500]).await;
    }
    let mut won = documents(&w).await.split_off(5);
    won.sort();
    let cancels = lost
        .iter()
        .map(|note| note.replace("credit_note", "invoice"));
    assert_eq!(won, cancels.collect::<Vec<_>>());
    let (by_documents, by_books) = tax(&w).await;
    assert_eq!(by_documents, by_books);
    assert!(by_books > 0);
    w.assert_sound().await;
    // What is there again can go back again.
    gives_back(&w, &event, &newer, 1500).await;
    gives_back(&w, &event, &placed, 3000).await;
    assert_eq!(documents(&w).await.len(), 9);
    assert_eq!(tax(&w).await, (0, 0));
    w.assert_sound().await;
}

/// The invoice was made out to somebody else while a part of the money was lost: what comes back belongs to the new one, and all of
/// it can still go back, or be lost once more.
#[tokio::test]
async fn money_that_comes_back_after_a_correction_is_on_one_invoice() {
    for again in [true, false] {
        let w = World::new().await;
        let (event, placed) = sold(&w).await;
        decided(&w, DisputeState::Lost, &[2000]).await;
        w.advance_minutes(1);
        let company = services::checkout::InvoiceInput {
            name: "Halle 7 GmbH".into(),
            address: "Spree 7".into(),
            vat_id: String::new(),
        };
        orders::set_invoice(&w.sv, &placed.secret, &company, "DE")
            .await
            .unwrap();
        w.assert_sound().await;
        decided(&w, DisputeState::Won, &[2000, -2000]).await;
        // Both are of one moment.
        let mut found = documents(&w).await.split_off(4);
        found.sort();
        assert_eq!(found, ["credit_note 2500 399", "invoice 4500 718"]);
        let buyer = "select document -> 'buyer' ->> 'name' from invoices
                     where kind = 'invoice' and dispute_id is not null";
        assert_eq!(w.text(buyer).await, "Halle 7 GmbH");
        let (by_documents, by_books) = tax(&w).await;
        assert_eq!((by_documents, by_books), (718, 718));
        w.assert_sound().await;
        if again {
            gives_back(&w, &event, &placed, 4500).await;
        } else {
            another(&w, DisputeState::Lost, &[4500]).await;
        }
        assert_eq!(documents(&w).await.len(), 7);
        assert_eq!(tax(&w).await, (0, 0));
        w.assert_sound().await;
    }
}

/// The invoice over what came back counts like any other.
#[tokio::test]
async fn an_order_has_five_invoices_at_most_whatever_they_are_made_for() {
    let w = World::new().await;
    let (_, placed) = sold(&w).await;
    let made_out_to = async |name: &str| {
        w.advance_minutes(1);
        let company = services::checkout::InvoiceInput {
            name: name.into(),
            address: "Spree 7".into(),
            vat_id: String::new(),
        };
        orders::set_invoice(&w.sv, &placed.secret, &company, "DE").await
    };
    decided(&w, DisputeState::Lost, &[2000]).await;
    made_out_to("Halle 2").await.unwrap();
    decided(&w, DisputeState::Won, &[2000, -2000]).await;
    made_out_to("Halle 4").await.unwrap();
    made_out_to("Halle 5").await.unwrap();
    let refused = made_out_to("Halle 6").await;
    assert!(matches!(refused, Err(orders::SetInvoiceError::TooOften)));
    let invoices = "select count(*) from invoices where kind = 'invoice'";
    assert_eq!(w.count(invoices).await, 5);
    w.assert_sound().await;
}

#[tokio::test]
async fn money_that_left_for_another_order_is_lost_there_alone() {
    let w = World::new().await;
    let (event, placed) = sold(&w).await;
    let newer = exchanged(&w, &event, &placed).await;
    gives_back(&w, &event, &placed, 3000).await;
    w.assert_sound().await;
    decided(&w, DisputeState::Lost, &[1500]).await;
    let last = documents(&w).await.pop().unwrap();
    assert!(
        last.starts_with("credit_note 1500 ") && last.ends_with(" dp_1"),
        "{last}"
    );
    let of = "select o.code from invoices i join orders o on o.id = i.order_id where i.dispute_id is not null";
    assert_eq!(w.text(of).await, newer.code.to_string());
    assert_eq!(tax(&w).await, (0, 0));
    w.assert_sound().await;
}
