//! One place, one good ticket, whoever acts at the same moment.

use locales::Locale;
use services::{
    checkin::record_scans,
    db::Scope,
    orders::{self, CancelOrder},
    passing::{self, AcceptError},
    privacy,
};
use testkit::World;

use super::{
    door::{device, scan},
    link, offer, order, sold,
};

const GOOD: &str = "select count(*) from tickets where state = 'valid'";

async fn offered(w: &World, secret: &str) -> (String, uuid::Uuid) {
    offer(w, secret, "bo@example.com").await.unwrap();
    let all = passing::passable(&w.sv, secret).await.unwrap().unwrap();
    let id = all[0].pending.as_ref().unwrap().id;
    (link(w, "bo@example.com", "/accept/").await, id)
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_accept_and_one_who_takes_back_at_once() {
    for _ in 0..5 {
        let w = World::new().await;
        let (_, placed) = sold(&w, 1).await;
        let (secret, id) = offered(&w, &placed.secret).await;
        let (a, b, back, no) = tokio::join!(
            passing::accept(&w.sv, &secret, Locale::En),
            passing::accept(&w.sv, &secret, Locale::En),
            passing::take_back(&w.sv, &placed.secret, id),
            passing::decline(&w.sv, &secret),
        );
        let taken = [a.is_ok(), b.is_ok()].iter().filter(|ok| **ok).count();
        // Taking back what was declined changes nothing and is no fault.
        assert_eq!(taken == 1, back.is_err(), "{a:?} {b:?} {back:?} {no:?}");
        assert!(taken <= 1 && !(taken == 1 && no.is_ok()));
        assert_eq!(w.count(GOOD).await, 1);
        w.settle().await;
        w.assert_sound().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn accepting_and_cancelling_at_once_leaves_no_ticket() {
    for _ in 0..5 {
        let w = World::new().await;
        let (event, placed) = sold(&w, 1).await;
        let (secret, _) = offered(&w, &placed.secret).await;
        let cmd = CancelOrder {
            code: order(&w, &placed).await.code,
            reason: String::new(),
        };
        let permit = event.organization.permit();
        let (accepted, cancelled) = tokio::join!(
            passing::accept(&w.sv, &secret, Locale::En),
            orders::cancel(&w.sv, &permit, cmd),
        );
        cancelled.unwrap();
        assert!(matches!(
            accepted,
            Ok(_)
                | Err(AcceptError::Refused(
                    domain::orders::PassingRefusal::NotValid
                ))
        ));
        assert_eq!(w.count(GOOD).await, 0);
        assert_eq!(w.count("select sum(sold)::bigint from pools").await, 0);
        w.settle().await;
        w.assert_sound().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_is_used_or_passed_on_and_never_both() {
    for _ in 0..5 {
        let w = World::new().await;
        let (event, placed) = sold(&w, 1).await;
        let phone = device(&w, &event).await;
        let (secret, _) = offered(&w, &placed.secret).await;
        let ticket = order(&w, &placed).await.tickets[0].id;
        let (accepted, scanned) = tokio::join!(
            passing::accept(&w.sv, &secret, Locale::En),
            record_scans(&w.sv, &phone, scan(&w, 1, ticket)),
        );
        let inside = scanned.unwrap().answers[0].answer == domain::door::Answer::Accepted;
        assert!(inside != accepted.is_ok(), "{accepted:?} {inside}");
        assert_eq!(w.count(GOOD).await, 1);
        w.settle().await;
        w.assert_sound().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_declined_while_it_is_accepted_stays_declined() {
    let w = World::new().await;
    let (_, placed) = sold(&w, 1).await;
    let (secret, id) = offered(&w, &placed.secret).await;
    // As erasing an account does it: without the order's lock.
    let mut tx = w.sv.db.begin(Scope::System).await.unwrap();
    sqlx::query("update handovers set state = 'declined', decided_at = created_at where id = $1")
        .bind(id)
        .execute(&mut *tx)
        .await
        .unwrap();
    let (accepted, ()) = tokio::join!(passing::accept(&w.sv, &secret, Locale::En), async {
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        tx.commit().await.unwrap();
    });
    assert!(
        matches!(accepted, Err(AcceptError::Declined)),
        "{accepted:?}"
    );
    assert!(order(&w, &placed).await.tickets[0].code.is_some());
    w.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn accepting_and_erasing_the_account_at_once_leaves_no_name() {
    for _ in 0..5 {
        let w = World::new().await;
        let (_, placed) = sold(&w, 1).await;
        let zoe = w.person("Zoe").await;
        offer(&w, &placed.secret, &zoe.email).await.unwrap();
        let secret = link(&w, &zoe.email, "/accept/").await;
        let (accepted, erased) = tokio::join!(
            passing::accept(&w.sv, &secret, Locale::En),
            privacy::erase_account(&w.sv, &zoe, &zoe.email),
        );
        erased.unwrap();
        assert!(
            matches!(accepted, Ok(_) | Err(AcceptError::Declined)),
            "{accepted:?}"
        );
        let named = "select count(*) from handovers where recipient_email <> ''";
        assert_eq!(w.count(named).await, 0);
        let held =
            "select count(*) from tickets where holder_email <> '' or holder_name = 'Bo Berg'";
        assert_eq!(w.count(held).await, 0, "{accepted:?}");
        assert_eq!(w.count(GOOD).await, 1);
        w.settle().await;
        w.assert_sound().await;
    }
}
