use domain::{
    catalog::Phase,
    money::Currency,
    orders::{AttendeeInput, OrderState},
    tickets::{EventTag, TicketState, read},
};
use services::{
    checkout::{self, HoldState, InvoiceInput, PlaceError},
    db::Scope,
    orders::{self, RefundChoice, RefundOrder},
    tickets,
};
use testkit::World;

#[tokio::test]
async fn a_free_order_has_its_tickets_at_once() {
    let w = World::new().await;
    let event = w
        .event("Meet-up")
        .ticket_type("Seat", 0, 10)
        .published()
        .await;
    let ada = w.buyer("Ada Lovelace");
    let held = ada.holds(&event, &[("Seat", 2)]).await.unwrap();
    let placed = ada.places(&held).await.unwrap();
    assert!(!placed.needs_payment);
    let order = orders::show_by_secret(&w.sv, &placed.secret)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(order.state, OrderState::Paid);
    assert_eq!(order.tickets.len(), 2);
    assert!(
        order
            .tickets
            .iter()
            .all(|t| t.state == TicketState::Valid && t.holder_name == "Ada Lovelace")
    );
    assert_eq!(w.count("select count(*) from ledger_transactions").await, 0);

    let mut tx =
        w.sv.db
            .begin(Scope::Organization(event.organization.id))
            .await
            .unwrap();
    let ring = tickets::keys::public_ring(&mut tx, event.organization.id)
        .await
        .unwrap();
    let claims = read(order.tickets[0].code.as_deref().unwrap(), &ring).unwrap();
    assert_eq!(
        (claims.ticket, claims.event_tag, claims.type_number),
        (order.tickets[0].id, EventTag::of(event.id), 1)
    );
    tx.commit().await.unwrap();

    w.settle().await;
    assert_eq!(w.mailer.to(&ada.email).len(), 1);
    w.assert_sound().await;
}

#[tokio::test]
async fn tickets_signed_before_a_rotation_stay_good() {
    let w = World::new().await;
    let event = w.event("Demo").ticket_type("Seat", 0, 10).published().await;
    let id = event.organization.id;
    let before = w.buyer("Ada").buys(&event, "Seat", 1).await.unwrap();
    let rotate = async |slug: &str| tickets::rotate_keys(&w.sv, slug, "yearly").await.unwrap();
    assert_eq!(rotate("no-such-house").await, None);
    assert!(rotate(&event.organization.slug).await.is_some());
    let recorded = "select count(*) from audit_entries where action = 'organization.rotate_ticket_keys' and reason = 'yearly'";
    assert_eq!(w.count(recorded).await, 1);
    let after = w.buyer("Bo").buys(&event, "Seat", 1).await.unwrap();
    let mut tx = w.sv.db.begin(Scope::Organization(id)).await.unwrap();
    let ring = tickets::keys::public_ring(&mut tx, id).await.unwrap();
    tx.commit().await.unwrap();
    let mut keys = Vec::new();
    for placed in [before, after] {
        let order = orders::show_by_secret(&w.sv, &placed.secret)
            .await
            .unwrap()
            .unwrap();
        keys.push(
            read(order.tickets[0].code.as_deref().unwrap(), &ring)
                .unwrap()
                .key_id,
        );
    }
    assert_ne!(keys[0], keys[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn placing_twice_with_the_same_key_is_placing_once() {
    let w = World::new().await;
    let event = w
        .event("Demo")
        .ticket_type("Seat", 1500, 10)
        .published()
        .await;
    let ada = w.buyer("Ada");
    let held = ada.holds(&event, &[("Seat", 2)]).await.unwrap();
    let mut form = ada.form(&held.token, event.money(3000));
    form.idempotency_key = Some("one click, or two".into());
    let (a, b) = tokio::join!(
        checkout::place(&w.sv, form.clone()),
        checkout::place(&w.sv, form.clone())
    );
    let (a, b) = (a.unwrap(), b.unwrap());
    assert_eq!(a, b);
    assert_eq!(w.count("select count(*) from orders").await, 1);

    let mut other = form.clone();
    other.details.name = "Somebody else".into();
    assert!(matches!(
        checkout::place(&w.sv, other.clone()).await,
        Err(PlaceError::KeyConflict)
    ));
    other.idempotency_key = None;
    let again = checkout::place(&w.sv, other).await;
    assert!(
        matches!(again, Err(PlaceError::AlreadyOrdered { order_secret }) if order_secret == a.secret)
    );
    let view = checkout::show(&w.sv, &held.token).await.unwrap().unwrap();
    assert_eq!(
        view.state,
        HoldState::Ordered {
            order_secret: a.secret
        }
    );
    w.assert_sound().await;
}

#[tokio::test]
async fn all_faults_of_the_form_are_told_at_once() {
    let w = World::new().await;
    let event = w
        .event("Demo")
        .ticket_type("Seat", 1500, 10)
        .published()
        .await;
    let ada = w.buyer("Ada");
    let held = ada.holds(&event, &[("Seat", 2)]).await.unwrap();
    let mut form = ada.form(&held.token, event.money(3000));
    form.details.name = "a\u{202E}b".into();
    form.details.email = "nobody".into();
    form.details.same_for_all = false;
    form.details.attendees = vec![AttendeeInput {
        name: "<script>".into(),
        email: "x@".into(),
    }];
    form.invoice = Some(InvoiceInput {
        vat_id: "x".repeat(500),
        ..InvoiceInput::default()
    });
    let Err(PlaceError::Fields(faults)) = checkout::place(&w.sv, form).await else {
        panic!("accepted")
    };
    let told: Vec<_> = faults
        .entries()
        .iter()
        .map(|e| (e.field.as_str(), e.code.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("name", "bidi_override"),
            ("email", "not_an_email"),
            ("attendees.0.name", "markup"),
            ("attendees.0.email", "not_an_email"),
            ("attendees.1.name", "required"),
            ("invoice_name", "required"),
            ("invoice_vat_id", "too_long"),
        ]
    );
    // Nothing is lost: the hold still stands.
    ada.places(&held).await.unwrap();
}

#[tokio::test]
async fn another_total_is_never_charged() {
    let w = World::new().await;
    let event = w
        .event("Demo")
        .currency(Currency::KWD)
        .ticket_type("Seat", 12_500, 10)
        .published()
        .await;
    let ada = w.buyer("Ada");
    let held = ada.holds(&event, &[("Seat", 2)]).await.unwrap();
    let wrong = checkout::place(&w.sv, ada.form(&held.token, event.money(20_000))).await;
    assert!(
        matches!(wrong, Err(PlaceError::TotalChanged { now, .. }) if now == event.money(25_000))
    );
    // A price that rose in the meantime is not this buyer's price.
    w.execute("update ticket_types set price_minor = 99000")
        .await;
    let placed = ada.places(&held).await.unwrap();
    let order = orders::show_by_secret(&w.sv, &placed.secret)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(order.total, event.money(25_000));
}

#[tokio::test]
async fn too_late_for_details() {
    let w = World::new().await;
    let event = w
        .event("Demo")
        .ticket_type("Seat", 1500, 10)
        .published()
        .await;
    let ada = w.buyer("Ada");
    let held = ada.holds(&event, &[("Seat", 1)]).await.unwrap();
    w.advance_minutes(11);
    let expired = ada.places(&held).await;
    assert!(matches!(expired, Err(PlaceError::Expired { event_slug }) if event_slug == event.slug));
    let held = ada.holds(&event, &[("Seat", 1)]).await.unwrap();
    w.execute("update events set state = 'postponed'").await;
    assert!(matches!(
        ada.places(&held).await,
        Err(PlaceError::EventNotOnSale {
            why: Phase::Postponed
        })
    ));
    w.execute("update events set state = 'published'").await;
    w.execute("update organizations set state = 'suspended'")
        .await;
    assert!(matches!(
        ada.places(&held).await,
        Err(PlaceError::Suspended)
    ));
    let nothing = checkout::place(&w.sv, ada.form("no such token", event.money(1500))).await;
    assert!(matches!(nothing, Err(PlaceError::NotFound)));
}

#[tokio::test]
async fn each_attendee_has_a_ticket_in_the_order_of_the_lines() {
    let w = World::new().await;
    let event = w
        .event("Demo")
        .ticket_type("A", 0, 10)
        .ticket_type("B", 0, 10)
        .published()
        .await;
    let ada = w.buyer("Ada");
    let held = ada.holds(&event, &[("B", 1), ("A", 2)]).await.unwrap();
    let mut form = ada.form(&held.token, event.money(0));
    form.details.same_for_all = false;
    form.details.attendees = ["One", "Two", "Three"]
        .map(|name| AttendeeInput {
            name: name.into(),
            email: String::new(),
        })
        .to_vec();
    let placed = checkout::place(&w.sv, form).await.unwrap();
    let order = orders::show_by_secret(&w.sv, &placed.secret)
        .await
        .unwrap()
        .unwrap();
    let who: Vec<_> = order
        .tickets
        .iter()
        .map(|t| (t.type_name.as_str(), t.holder_name.as_str()))
        .collect();
    assert_eq!(who, [("A", "One"), ("A", "Two"), ("B", "Three")]);
    w.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_has_no_more_than_each_may_have() {
    let w = World::new().await;
    let event = w
        .event("Demo")
        .ticket_type("Seat", 1500, 50)
        .per_customer(4)
        .ticket_type("Standing", 0, 50)
        .published()
        .await;
    let (ada, mut ada_again) = (w.buyer("Ada"), w.buyer("Ada"));
    ada_again.email = ada.email.to_uppercase();
    let paid = ada.buys(&event, "Seat", 2).await.unwrap();
    // Unpaid ones count as well, and however the address is written.
    ada_again.orders(&event, "Seat", 1).await.unwrap();
    let held = ada
        .holds(&event, &[("Seat", 2), ("Standing", 1)])
        .await
        .unwrap();
    let refused = ada.places(&held).await.unwrap_err();
    assert!(matches!(
        refused,
        PlaceError::TooManyForCustomer { ref ticket_type, max: 4, left: 1 } if ticket_type == "Seat"
    ));
    // Somebody else, another type, and tickets that were given back are another matter.
    w.buyer("Bo").buys(&event, "Seat", 4).await.unwrap();
    ada.buys(&event, "Standing", 9).await.unwrap();
    let refund = RefundOrder {
        code: paid.code,
        choice: RefundChoice::Full,
        keep_tickets: false,
        reason: String::new(),
        idempotency_key: None,
    };
    orders::refund(&w.sv, &event.organization.permit(), refund)
        .await
        .unwrap();
    ada.places(&held).await.unwrap();
    w.settle().await;
    w.assert_sound().await;
}

/// Two processes: each has queues of its own.
#[tokio::test(flavor = "multi_thread")]
async fn orders_at_the_same_time_do_not_both_count_as_the_first() {
    let w = World::new().await;
    let event = w
        .event("Demo")
        .ticket_type("Seat", 1500, 50)
        .per_customer(2)
        .published()
        .await;
    let ada = w.buyer("Ada");
    let mut holds = Vec::new();
    for _ in 0..10 {
        holds.push(ada.holds(&event, &[("Seat", 1)]).await.unwrap());
    }
    let answers = futures::future::join_all(holds.iter().map(|held| ada.places(held))).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 2);
    w.assert_sound().await;
}
