//! What becomes of a passed ticket when its order, its event or its people go.

use domain::{money::Money, tickets::TicketState};
use services::{
    events::{self, AfterMoveInput},
    orders::{self, CancelByBuyer, CancelOrder, RefundChoice, RefundOrder, WhichTickets},
    passing, privacy,
};
use testkit::World;

use super::{give, held, link, offer, order, sold, told, valid};

const ENDED: &str = "Your ticket is no longer valid: Demo";

#[tokio::test]
async fn money_stays_with_whoever_paid() {
    let w = World::new().await;
    let (event, placed) = sold(&w, 2).await;
    give(&w, &placed.secret, "bo@example.com").await;
    let give_back = |tickets, minor| CancelByBuyer {
        secret: placed.secret.clone(),
        tickets,
        accepted_refund: Money::new(minor, event.currency),
    };
    // The buyer cannot take the recipient's ticket away, but can give back the other one.
    let refused = orders::cancel_by_buyer(&w.sv, give_back(WhichTickets::All, 3010)).await;
    assert_eq!(refused.unwrap_err().code(), "cancel_passed_on");
    let view = order(&w, &placed).await;
    let own = view.tickets.iter().find(|t| t.passed_on == 0).unwrap().id;
    let mine = give_back(WhichTickets::These(vec![own]), 1505);
    orders::cancel_by_buyer(&w.sv, mine).await.unwrap();
    w.settle().await;
    assert_eq!(valid(&w, &placed).await, 1);
    assert!(!told(&w, "bo@example.com", ENDED));
    w.assert_sound().await;
}

#[tokio::test]
async fn a_cancelled_order_takes_the_ticket_along_and_its_holder_is_told() {
    let w = World::new().await;
    let (event, placed) = sold(&w, 2).await;
    let ticket = give(&w, &placed.secret, "bo@example.com").await;
    let cmd = CancelOrder {
        code: order(&w, &placed).await.code,
        reason: "by mistake".into(),
    };
    orders::cancel(&w.sv, &event.organization.permit(), cmd)
        .await
        .unwrap();
    w.settle().await;
    let now = held(&w, &ticket).await;
    assert_eq!((now.code, now.state), (None, TicketState::Cancelled));
    assert!(told(&w, "bo@example.com", ENDED));
    // Why is between the organizer and the buyer.
    let mail = w.mailer.to("bo@example.com");
    assert!(!mail.last().unwrap().text.contains("by mistake"));
    w.assert_sound().await;
}

#[tokio::test]
async fn a_refund_of_one_ticket_reaches_its_holder() {
    let w = World::new().await;
    let (event, placed) = sold(&w, 2).await;
    let ticket = give(&w, &placed.secret, "bo@example.com").await;
    let view = order(&w, &placed).await;
    let gone = view.tickets.iter().find(|t| t.passed_on > 0).unwrap().id;
    let cmd = RefundOrder {
        code: view.code,
        choice: RefundChoice::Tickets(vec![gone]),
        reason: "ill".into(),
        keep_tickets: false,
        idempotency_key: None,
    };
    orders::refund(&w.sv, &event.organization.permit(), cmd)
        .await
        .unwrap();
    w.settle().await;
    assert_eq!(held(&w, &ticket).await.state, TicketState::Cancelled);
    assert!(told(&w, "bo@example.com", ENDED));
    assert_eq!(valid(&w, &placed).await, 1);
    w.assert_sound().await;
}

#[tokio::test]
async fn a_cancelled_event_reaches_holders_and_a_moved_one_does_too() {
    let w = World::new().await;
    let (event, placed) = sold(&w, 2).await;
    let ticket = give(&w, &placed.secret, "bo@example.com").await;
    let permit = event.organization.permit();
    let keep = AfterMoveInput::default();
    events::postpone(&w.sv, &permit, event.id, "flood", &keep)
        .await
        .unwrap();
    w.settle().await;
    assert!(told(&w, "bo@example.com", "Postponed: Demo"));
    // Without a date there is no deadline: the ticket can still go on.
    let ticket = give(&w, &ticket, "cy@example.com").await;
    events::cancel(&w.sv, &permit, event.id, "flood")
        .await
        .unwrap();
    w.settle().await;
    assert!(told(&w, "cy@example.com", ENDED));
    assert!(!told(&w, "bo@example.com", ENDED));
    assert_eq!(held(&w, &ticket).await.code, None);
    w.assert_sound().await;
}

#[tokio::test]
async fn offers_that_came_to_nothing_are_forgotten() {
    let w = World::new().await;
    let (_, placed) = sold(&w, 2).await;
    give(&w, &placed.secret, "bo@example.com").await;
    offer(&w, &placed.secret, "cy@example.com").await.unwrap();
    let secret = link(&w, "cy@example.com", "/accept/").await;
    passing::decline(&w.sv, &secret).await.unwrap();
    let day = 24 * 60;
    let left = async |days: i64| {
        w.advance_minutes(days * day);
        while privacy::forget_due(&w.sv, 1).await.unwrap() {}
        w.count("select count(*) from handovers").await
    };
    assert_eq!(left(30).await, 2);
    // What was accepted stays: by it the holder's link is known.
    assert_eq!(left(8).await, 1);
    assert_eq!(
        w.text("select recipient_email from handovers").await,
        "bo@example.com"
    );
}

#[tokio::test]
async fn whoever_goes_leaves_no_offer_behind() {
    let w = World::new().await;
    let (_, placed) = sold(&w, 2).await;
    let ticket = give(&w, &placed.secret, "zoe.zander@example.com").await;
    offer(&w, &placed.secret, "zoe.zander@example.com")
        .await
        .unwrap();
    let open = link(&w, "zoe.zander@example.com", "/accept/").await;
    let mut zoe = w.person("Zoe").await;
    zoe.email = "zoe.zander@example.com".into();
    let file = privacy::export_account(&w.sv, &zoe)
        .await
        .unwrap()
        .to_string();
    assert!(
        file.contains("zoe.zander") && !file.contains("ada@"),
        "{file}"
    );
    let mut tx = w.sv.db.begin(services::db::Scope::System).await.unwrap();
    sqlx::query("update users set email = $2 where id = $1")
        .bind(zoe.user.get())
        .bind(&zoe.email)
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    privacy::erase_account(&w.sv, &zoe, "zoe.zander@example.com")
        .await
        .unwrap();
    let names =
        "select count(*) from handovers where recipient_email <> '' or recipient_name <> ''";
    assert_eq!(w.count(names).await, 0);
    let accept = passing::accept(&w.sv, &open, locales::Locale::En).await;
    assert_eq!(accept.unwrap_err().code(), "passing_declined");
    // Tickets stay good for whoever has their link.
    assert!(held(&w, &ticket).await.code.is_some());
}

#[tokio::test]
async fn what_somebody_else_has_is_not_exchanged() {
    let w = World::new().await;
    let event = w
        .event("Demo")
        .changes(24, 0, true)
        .ticket_type("Seat", 1505, 30)
        .ticket_type("Box", 4000, 30)
        .published()
        .await;
    let placed = w.buyer("Ada").buys(&event, "Seat", 2).await.unwrap();
    w.settle().await;
    let ticket = give(&w, &placed.secret, "bo@example.com").await;
    let wish = orders::ExchangeWish {
        tickets: vec![held(&w, &ticket).await.ticket.id],
        event: None,
        wanted: vec![(event.of_type("Box"), 1)],
    };
    let code = order(&w, &placed).await.code;
    let permit = event.organization.permit();
    let by_buyer = orders::change_page(&w.sv, &placed.secret, &wish).await;
    let by_organizer = orders::change_page_for_organizer(&w.sv, &permit, code, &wish).await;
    for page in [by_buyer, by_organizer] {
        let page = page.unwrap().unwrap();
        let refused = page.tickets.iter().filter(|t| t.why_not.is_some());
        assert_eq!(refused.count(), 1);
        let preview = page.preview.unwrap();
        assert_eq!(preview.unwrap_err().code(), "exchange_passed_on");
    }
}
