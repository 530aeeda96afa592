//! Who gives, who gets, and what each of them sees.

use locales::Locale;
use services::{
    orders::attendees::{self, ListAttendees},
    passing::{self, AcceptError, OfferState, TakeBackError},
};
use testkit::World;

use super::{ask, give, held, link, offer, order, sold, told, valid};

#[tokio::test]
async fn whoever_accepts_has_the_only_good_code() {
    let w = World::new().await;
    let (_, placed) = sold(&w, 2).await;
    let before = order(&w, &placed).await;
    offer(&w, &placed.secret, "bo@example.com").await.unwrap();
    let waiting = order(&w, &placed).await;
    assert_eq!(waiting.tickets[0].offered_to.as_deref(), Some("Bo Berg"));
    // Until then it stays good where it is.
    assert!(waiting.tickets.iter().all(|t| t.code.is_some()));
    let secret = link(&w, "bo@example.com", "/accept/").await;
    let shown = passing::offered(&w.sv, &secret, Locale::En)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (shown.state, shown.giver.as_str(), shown.type_name.as_str()),
        (OfferState::Open, "Ada", "Seat")
    );
    let ticket = passing::accept(&w.sv, &secret, Locale::Ar).await.unwrap();
    let now = held(&w, &ticket).await;
    let code = now.code.unwrap();
    let known = |t: &services::orders::TicketView| t.code.as_deref() == Some(code.as_str());
    assert!(!before.tickets.iter().any(known));
    assert_eq!(now.ticket.holder, "Bo Berg");
    // The buyer sees that it went away, and not its code.
    let after = order(&w, &placed).await;
    let gone: Vec<_> = after.tickets.iter().filter(|t| t.passed_on > 0).collect();
    assert_eq!((gone.len(), gone[0].code.as_deref()), (1, None));
    assert_eq!(
        w.count("select count(*) from tickets where state = 'replaced'")
            .await,
        1
    );
    assert_eq!(w.count("select sum(sold)::bigint from pools").await, 2);
    // The ticket reaches its holder by mail, in the language in which they accepted.
    assert_eq!(link(&w, "bo@example.com", "/tickets/").await, ticket);
    let mails = w.mailer.to("bo@example.com");
    let mail = mails.last().unwrap();
    assert_eq!(mail.subject, "تذكرتك: \u{2068}Demo\u{2069}");
    // Nothing leads from it to the order, its money or its other ticket.
    for secret in [
        placed.secret.as_str(),
        "15.05",
        "ada@",
        &before.code.to_string(),
    ] {
        assert!(!mail.text.contains(secret), "{secret} in {}", mail.text);
    }
    assert!(told(&w, "ada@", "Bo Berg has taken your ticket: Demo"));
    // A link works once, and says so.
    assert!(matches!(
        passing::accept(&w.sv, &secret, Locale::En).await,
        Err(AcceptError::Accepted)
    ));
    // Sending the order again brings only what is still the buyer's.
    w.advance_minutes(2);
    services::orders::resend(&w.sv, &placed.secret)
        .await
        .unwrap();
    w.settle().await;
    let again = w.mailer.to("ada@");
    assert_eq!(again.last().unwrap().pictures.len(), 1);
    w.assert_sound().await;
}

#[tokio::test]
async fn the_secret_of_a_ticket_opens_nothing_else() {
    let w = World::new().await;
    let (_, placed) = sold(&w, 3).await;
    let ticket = give(&w, &placed.secret, "bo@example.com").await;
    assert!(
        services::orders::show_by_secret(&w.sv, &ticket)
            .await
            .unwrap()
            .is_none()
    );
    // Bo reaches one ticket, Ada the two others, and neither those of the other.
    let of_bo = passing::passable(&w.sv, &ticket).await.unwrap().unwrap();
    let of_ada = passing::passable(&w.sv, &placed.secret).await.unwrap();
    let of_ada = of_ada.unwrap();
    assert_eq!((of_bo.len(), of_ada.len()), (1, 2));
    assert!(of_ada.iter().all(|t| t.id != of_bo[0].id));
    for (secret, other) in [(&ticket, of_ada[0].id), (&placed.secret, of_bo[0].id)] {
        let refused = passing::offer(&w.sv, ask(secret, other, "cy@example.com")).await;
        assert_eq!(refused.unwrap_err().code(), "not_found");
    }
    // What Bo offers, Ada cannot take back.
    offer(&w, &ticket, "cy@example.com").await.unwrap();
    let pending = passing::passable(&w.sv, &ticket).await.unwrap().unwrap();
    let id = pending[0].pending.as_ref().unwrap().id;
    assert!(matches!(
        passing::take_back(&w.sv, &placed.secret, id).await,
        Err(TakeBackError::NotFound)
    ));
    passing::take_back(&w.sv, &ticket, id).await.unwrap();
}

#[tokio::test]
async fn a_holder_passes_on_and_their_page_says_so() {
    let w = World::new().await;
    let (_, placed) = sold(&w, 1).await;
    let first = give(&w, &placed.secret, "bo@example.com").await;
    let second = give(&w, &first, "cy@example.com").await;
    let old = held(&w, &first).await;
    assert_eq!((old.code, old.state.code()), (None, "replaced"));
    assert!(held(&w, &second).await.code.is_some());
    // Whoever gave it hears of it, and not whoever bought it.
    assert!(told(
        &w,
        "bo@example.com",
        "Bo Berg has taken your ticket: Demo"
    ));
    assert_eq!(valid(&w, &placed).await, 1);
    // The buyer knows to whom they gave it, and not where it went from there.
    offer(&w, &second, "dee@example.com").await.unwrap();
    let view = order(&w, &placed).await;
    let seen = &view.tickets[0];
    assert_eq!(
        (seen.holder_name.as_str(), seen.offered_to.as_ref()),
        ("", None)
    );
    w.assert_sound().await;
}

#[tokio::test]
async fn whoever_gives_is_answered_in_their_own_language() {
    let w = World::new().await;
    let (_, placed) = sold(&w, 1).await;
    offer(&w, &placed.secret, "bo@example.com").await.unwrap();
    let secret = link(&w, "bo@example.com", "/accept/").await;
    let first = passing::accept(&w.sv, &secret, Locale::Ar).await.unwrap();
    w.settle().await;
    // Ada bought it in English, Bo has it in Arabic.
    assert!(told(&w, "ada@", "Bo Berg has taken your ticket: Demo"));
    give(&w, &first, "cy@example.com").await;
    let mails = w.mailer.to("bo@example.com");
    assert_eq!(
        mails.last().unwrap().subject,
        "تسلّم \u{2068}Bo Berg\u{2069} تذكرتك: \u{2068}Demo\u{2069}"
    );
}

#[tokio::test]
async fn whoever_declines_leaves_it_where_it_is() {
    let w = World::new().await;
    let (_, placed) = sold(&w, 1).await;
    offer(&w, &placed.secret, "bo@example.com").await.unwrap();
    let secret = link(&w, "bo@example.com", "/accept/").await;
    passing::decline(&w.sv, &secret).await.unwrap();
    w.settle().await;
    assert!(told(&w, "ada@", "Bo Berg does not need your ticket: Demo"));
    for answer in [
        passing::decline(&w.sv, &secret).await,
        passing::accept(&w.sv, &secret, Locale::En).await.map(drop),
    ] {
        assert!(matches!(answer, Err(AcceptError::Declined)));
    }
    let view = order(&w, &placed).await;
    assert!(view.tickets[0].code.is_some() && view.tickets[0].offered_to.is_none());
    give(&w, &placed.secret, "cy@example.com").await;
}

#[tokio::test]
async fn an_offer_can_be_taken_back_and_ends_by_itself() {
    let w = World::new().await;
    let event = w
        .event("Demo")
        .ticket_type("Seat", 1505, 30)
        .starts_in(jiff::SignedDuration::from_hours(24 * 60))
        .published()
        .await;
    let placed = w.buyer("Ada").buys(&event, "Seat", 1).await.unwrap();
    w.settle().await;
    offer(&w, &placed.secret, "bo@example.com").await.unwrap();
    let again = offer(&w, &placed.secret, "cy@example.com").await;
    assert_eq!(again.unwrap_err().code(), "passing_pending");
    let first = link(&w, "bo@example.com", "/accept/").await;
    let all = passing::passable(&w.sv, &placed.secret).await.unwrap();
    let id = all.unwrap()[0].pending.as_ref().unwrap().id;
    let other = w.event("Other").ticket_type("Seat", 0, 5).published().await;
    let stranger = w.buyer("Eve").buys(&other, "Seat", 1).await.unwrap();
    assert!(matches!(
        passing::take_back(&w.sv, &stranger.secret, id).await,
        Err(TakeBackError::NotFound)
    ));
    passing::take_back(&w.sv, &placed.secret, id).await.unwrap();
    assert!(matches!(
        passing::accept(&w.sv, &first, Locale::En).await,
        Err(AcceptError::TakenBack)
    ));
    // Whoever was offered it hears so, once.
    passing::take_back(&w.sv, &placed.secret, id).await.unwrap();
    w.settle().await;
    let mails = w.mailer.to("bo@example.com");
    assert_eq!(mails.len(), 2);
    assert_eq!(
        mails[1].subject,
        "No longer offered to you: a ticket for Demo"
    );
    for secret in [first.as_str(), placed.secret.as_str(), "Ada", "ada@"] {
        assert!(!mails[1].text.contains(secret), "{}", mails[1].text);
    }
    offer(&w, &placed.secret, "cy@example.com").await.unwrap();
    let second = link(&w, "cy@example.com", "/accept/").await;
    w.advance_minutes(7 * 24 * 60);
    let late = passing::offered(&w.sv, &second, Locale::En)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(late.state, OfferState::Expired);
    assert!(matches!(
        passing::accept(&w.sv, &second, Locale::En).await,
        Err(AcceptError::Expired)
    ));
    assert!(matches!(
        passing::accept(&w.sv, "nothing", Locale::En).await,
        Err(AcceptError::NotFound)
    ));
    // What nobody took in time can be offered anew, and the old link stays dead.
    give(&w, &placed.secret, "bo@example.com").await;
    assert!(passing::accept(&w.sv, &second, Locale::En).await.is_err());
    w.assert_sound().await;
}

#[tokio::test]
async fn it_stands_in_the_account_of_whoever_has_it() {
    let w = World::new().await;
    let (_, placed) = sold(&w, 1).await;
    let mut bo = w.person("Bo").await;
    bo.email = "Bo@example.com".into();
    assert!(passing::given_to_me(&w.sv, &bo).await.unwrap().is_empty());
    let ticket = give(&w, &placed.secret, "bo@example.com").await;
    let mine = passing::given_to_me(&w.sv, &bo).await.unwrap();
    assert_eq!((mine.len(), mine[0].secret.as_str()), (1, ticket.as_str()));
    // And whoever lost the mail finds it again.
    w.advance_minutes(11);
    services::orders::request_links(&w.sv, "bo@example.com", "10.0.0.1", Locale::En)
        .await
        .unwrap();
    assert_eq!(link(&w, "bo@example.com", "/tickets/").await, ticket);
    assert!(told(&w, "bo@example.com", "Your tickets"));
    // Before the address is proven, it may be anybody's.
    bo.email_verified = false;
    assert!(passing::given_to_me(&w.sv, &bo).await.unwrap().is_empty());
    bo.email_verified = true;
    give(&w, &ticket, "cy@example.com").await;
    assert!(passing::given_to_me(&w.sv, &bo).await.unwrap().is_empty());
}

#[tokio::test]
async fn the_organizer_sees_who_comes() {
    let w = World::new().await;
    let (event, placed) = sold(&w, 2).await;
    give(&w, &placed.secret, "bo@example.com").await;
    let ask = ListAttendees {
        event: event.id,
        search: String::new(),
        with_void: false,
        cursor: None,
        limit: 50,
    };
    let permit = event.organization.permit();
    let all = attendees::list(&w.sv, &permit, ask).await.unwrap().items;
    let mut names: Vec<_> = all.iter().map(|row| (&*row.name, &*row.email)).collect();
    names.sort_unstable();
    assert_eq!(names, [("Ada", ""), ("Bo Berg", "bo@example.com")]);
}
