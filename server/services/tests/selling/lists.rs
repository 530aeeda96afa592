use domain::orders::{AttendeeInput, Happened, OrderState};
use futures::{StreamExt, pin_mut};
use jiff::SignedDuration;
use locales::Locale;
use services::{
    checkout,
    events::{ListEvents, list_for_organizer},
    orders::{self, ListOrders, attendees, attendees::ListAttendees},
};
use testkit::World;

#[tokio::test]
async fn orders_are_paged_searched_and_filtered() {
    let w = World::new().await;
    let event = w
        .event("Demo")
        .ticket_type("Seat", 0, 100)
        .ticket_type("Paid", 1000, 100)
        .published()
        .await;
    for n in 0..7 {
        w.buyer(&format!("Buyer {n}"))
            .buys(&event, "Seat", 2)
            .await
            .unwrap();
        w.advance(SignedDuration::from_secs(1));
    }
    let pending = w
        .buyer("Ünal 100% Şahin")
        .orders(&event, "Paid", 1)
        .await
        .unwrap();
    let permit = event.organization.permit();
    let mut ask = ListOrders {
        event: Some(event.id),
        limit: 3,
        ..ListOrders::default()
    };
    let mut seen = Vec::new();
    loop {
        let page = orders::list(&w.sv, &permit, ask.clone()).await.unwrap();
        assert!(page.items.len() <= 3);
        seen.extend(page.items);
        match page.next {
            Some(next) => ask.cursor = Some(next),
            None => break,
        }
    }
    assert_eq!(seen.len(), 8);
    assert!(
        seen.windows(2)
            .all(|two| two[0].created_at >= two[1].created_at)
    );
    assert_eq!((seen[0].code, seen[0].tickets), (pending.code, 1));

    let find = async |search: &str, state| {
        let ask = ListOrders {
            search: search.into(),
            state,
            limit: 50,
            ..ListOrders::default()
        };
        orders::list(&w.sv, &permit, ask).await.unwrap().items.len()
    };
    assert_eq!(find("buyer 3", None).await, 1);
    assert_eq!(find("buyer.4@", None).await, 1);
    assert_eq!(
        find(&pending.code.to_string()[..5].to_lowercase(), None).await,
        1
    );
    assert_eq!(find("100%", None).await, 1);
    assert_eq!(find("_", None).await, 0);
    assert_eq!(find("", Some(OrderState::Pending)).await, 1);
    assert_eq!(find("buyer 3", Some(OrderState::Pending)).await, 0);
}

#[tokio::test]
async fn an_order_tells_its_story() {
    let w = World::new().await;
    let event = w
        .event("Demo")
        .ticket_type("Seat", 1000, 100)
        .published()
        .await;
    let placed = w.buyer("Ada").buys(&event, "Seat", 1).await.unwrap();
    w.settle().await;
    let detail = orders::show(&w.sv, &event.organization.permit(), placed.code)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        detail.link,
        format!("https://bilten.test/orders/{}", placed.secret)
    );
    let kinds: Vec<_> = detail.timeline.iter().map(|entry| &entry.what).collect();
    assert!(kinds.contains(&&Happened::Placed) && kinds.contains(&&Happened::Paid));
    assert!(
        kinds
            .iter()
            .any(|kind| matches!(kind, Happened::Mail { sent: true, .. }))
    );
}

#[tokio::test]
async fn the_attendee_file_is_harmless() {
    let w = World::new().await;
    let event = w
        .event("Demo")
        .ticket_type("Seat", 0, 100)
        .published()
        .await;
    let ada = w.buyer("Ada");
    let held = ada.holds(&event, &[("Seat", 3)]).await.unwrap();
    let mut form = ada.form(&held.token, event.money(0));
    form.details.same_for_all = false;
    form.details.attendees = ["=HYPERLINK(\"x\")", "Doe, \"Jo\"", "ليلى"]
        .map(|name| AttendeeInput {
            name: name.into(),
            email: String::new(),
        })
        .to_vec();
    let placed = checkout::place(&w.sv, form).await.unwrap();
    let permit = event.organization.permit();
    let file = orders::export_attendees(&w.sv, &permit, event.id, Locale::En)
        .await
        .unwrap()
        .unwrap();
    pin_mut!(file);
    let mut bytes = Vec::new();
    while let Some(piece) = file.next().await {
        bytes.extend(piece.unwrap());
    }
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.starts_with("\u{FEFF}Name,Email,"));
    assert_eq!(text.lines().count(), 4);
    assert!(text.contains("\"'=HYPERLINK(\"\"x\"\")\""));
    assert!(
        text.contains("\"Doe, \"\"Jo\"\"\"")
            && text.contains("ليلى")
            && text.contains(placed.code.as_str())
    );

    let ask = ListAttendees {
        event: event.id,
        search: "doe".into(),
        with_void: false,
        cursor: None,
        limit: 50,
    };
    let found = attendees::list(&w.sv, &event.organization.permit(), ask)
        .await
        .unwrap();
    assert_eq!(found.items.len(), 1);
}

#[tokio::test]
async fn figures_follow_the_sale() {
    let w = World::new().await;
    let event = w
        .event("Demo")
        .ticket_type("Seat", 1000, 20)
        .published()
        .await;
    let placed = w.buyer("Ada").buys(&event, "Seat", 4).await.unwrap();
    w.advance(SignedDuration::from_hours(24));
    w.buyer("Bo").buys(&event, "Seat", 2).await.unwrap();
    w.buyer("Cy").orders(&event, "Seat", 3).await.unwrap();
    w.buyer("Di").holds(&event, &[("Seat", 1)]).await.unwrap();
    let tickets = orders::show_by_secret(&w.sv, &placed.secret)
        .await
        .unwrap()
        .unwrap()
        .tickets;
    let one = orders::RefundOrder {
        code: placed.code,
        choice: orders::RefundChoice::Tickets(vec![tickets[0].id]),
        keep_tickets: false,
        reason: String::new(),
        idempotency_key: None,
    };
    orders::refund(&w.sv, &event.organization.permit(), one)
        .await
        .unwrap();
    let figures = orders::sales(&w.sv, &event.organization.permit(), event.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (figures.sold, figures.held, figures.left, figures.capacity),
        (5, 4, 11, 20)
    );
    assert_eq!(
        (figures.revenue, figures.refunded),
        (event.money(5000), event.money(1000))
    );
    assert_eq!((figures.paid_orders, figures.pending_orders), (2, 1));
    let seat = &figures.types[0];
    assert_eq!((seat.sold, seat.held, seat.left), (5, 4, 11));
    let days: Vec<_> = figures.days.iter().map(|day| day.tickets).collect();
    assert_eq!((days.len(), days[12], days[13]), (14, 4, 2));
}

#[tokio::test]
async fn a_place_that_two_pools_know_is_counted_once() {
    let w = World::new().await;
    let event = w
        .event("Demo")
        .pool("House", 100)
        .pool("Balcony", 40)
        .type_of("Floor", 1000, &["House"])
        .type_of("Balcony", 1500, &["House", "Balcony"])
        .published()
        .await;
    w.buyer("Ada").buys(&event, "Balcony", 2).await.unwrap();
    let permit = event.organization.permit();
    let figures = orders::sales(&w.sv, &permit, event.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((figures.sold, figures.left, figures.capacity), (2, 98, 100));
    let permit = event.organization.permit();
    let listed = list_for_organizer(&w.sv, &permit, ListEvents::default())
        .await
        .unwrap();
    assert_eq!((listed.rows[0].sold, listed.rows[0].capacity), (2, 100));
}

#[tokio::test]
async fn tickets_are_found_by_mail_and_nothing_is_told_about_others() {
    let w = World::new().await;
    let event = w.event("Demo").ticket_type("Seat", 0, 20).published().await;
    let ada = w.buyer("Ada");
    let placed = ada.buys(&event, "Seat", 1).await.unwrap();
    w.settle().await;
    orders::request_links(&w.sv, "ADA@buyers.test", "", Locale::Ar)
        .await
        .unwrap();
    orders::request_links(&w.sv, "ada@buyers.test", "", Locale::Ar)
        .await
        .unwrap();
    orders::request_links(&w.sv, "nobody@buyers.test", "", Locale::En)
        .await
        .unwrap();
    assert!(
        orders::request_links(&w.sv, "not an address", "", Locale::En)
            .await
            .is_err()
    );
    w.settle().await;
    let mails = w.mailer.to("@buyers.test");
    assert_eq!(mails.len(), 2);
    assert!(mails[1].text.contains(&placed.secret));
    orders::resend(&w.sv, &placed.secret).await.unwrap();
    orders::resend_for_organizer(&w.sv, &event.organization.permit(), placed.code)
        .await
        .unwrap();
    w.settle().await;
    assert_eq!(w.mailer.to("@buyers.test").len(), 3);
}

#[tokio::test]
async fn one_household_does_not_ask_for_everybodys_tickets() {
    let w = World::counting().await;
    let ask = async |number: usize, client: &str| {
        let email = format!("buyer-{number}@buyers.test");
        orders::request_links(&w.sv, &email, client, Locale::En).await
    };
    for number in 0..20 {
        ask(number, "203.0.113.7").await.unwrap();
    }
    let refused = ask(20, "203.0.113.7").await;
    assert!(
        matches!(refused, Err(orders::RequestLinksError::TooMany(_))),
        "{refused:?}"
    );
    ask(20, "203.0.113.8").await.unwrap();
}
