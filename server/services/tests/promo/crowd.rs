//! Many at once.

use domain::{money::Money, promo::Refusal};
use futures::future::join_all;
use services::{
    checkout::{self, CodeError, Held, PlaceError},
    promo::CodeForm,
};
use testkit::{Event, World};

use crate::{apply, event, form, make, order, used};

async fn baskets(w: &World, event: &Event, number: usize) -> Vec<Held> {
    let buyers: Vec<_> = (0..number)
        .map(|n| w.buyer(&format!("Buyer {n}")))
        .collect();
    join_all(
        buyers
            .iter()
            .map(|buyer| buyer.holds(event, &[("Seat", 1)])),
    )
    .await
    .into_iter()
    .map(Result::unwrap)
    .collect()
}

fn has(answers: &[Result<Money, CodeError>], other: Refusal) -> usize {
    for answer in answers {
        match answer {
            Ok(_) => {}
            Err(CodeError::Refused(refusal)) if *refusal == other => {}
            Err(e) => panic!("{e:?}"),
        }
    }
    answers.iter().filter(|answer| answer.is_ok()).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_use_goes_to_exactly_one_of_fifty() {
    let w = World::new().await;
    let event = event(&w, 20_00).await;
    let last = CodeForm {
        max_uses: "1".into(),
        ..form(&event, "LAST", "percent", "25")
    };
    make(&w, &event, &last).await;
    let held = baskets(&w, &event, 50).await;
    let answers = join_all(held.iter().map(|held| apply(&w, held, "last"))).await;
    assert_eq!(has(&answers, Refusal::UsedUp), 1);
    assert_eq!(used(&w).await, (1, 5_00));
    // Nothing was moved for the others: they see what it costs without.
    for (held, answer) in held.iter().zip(&answers) {
        let view = checkout::show(&w.sv, &held.token).await.unwrap().unwrap();
        let expected = if answer.is_ok() { 15_00 } else { 20_00 };
        assert_eq!(
            (view.total.minor, view.code.is_some()),
            (expected, answer.is_ok())
        );
    }
    w.assert_sound().await;
}

/// 5.00 off each, and 42.00 to spend: eight have it.
#[tokio::test(flavor = "multi_thread")]
async fn the_budget_is_never_overdrawn() {
    let w = World::new().await;
    let event = event(&w, 20_00).await;
    let poor = CodeForm {
        budget: "42".into(),
        ..form(&event, "POOR", "percent", "25")
    };
    make(&w, &event, &poor).await;
    let held = baskets(&w, &event, 40).await;
    let answers = join_all(held.iter().map(|held| apply(&w, held, "poor"))).await;
    assert_eq!(has(&answers, Refusal::BudgetSpent), 8);
    assert_eq!(used(&w).await, (8, 40_00));
    w.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_with_many_windows_has_it_once() {
    let w = World::new().await;
    let event = event(&w, 20_00).await;
    let once = CodeForm {
        max_per_customer: "1".into(),
        ..form(&event, "ONCE", "percent", "25")
    };
    make(&w, &event, &once).await;
    let ada = w.buyer("Ada");
    let held = baskets(&w, &event, 12).await;
    for one in &held {
        apply(&w, one, "once").await.unwrap();
    }
    let answers = join_all(
        held.iter()
            .map(|held| order(&w, &ada, held, event.money(15_00))),
    )
    .await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    for refused in answers.into_iter().filter_map(Result::err) {
        assert!(
            matches!(refused, PlaceError::CodeUsedByCustomer { max: 1 }),
            "{refused:?}"
        );
    }
    w.assert_sound().await;
}

/// Codes are changed for one another in all directions, given back and taken, at once: nothing waits for itself.
#[tokio::test(flavor = "multi_thread")]
async fn changing_codes_at_once_ends_well() {
    let w = World::new().await;
    let event = event(&w, 20_00).await;
    for code in ["AAA", "BBB", "CCC"] {
        make(&w, &event, &form(&event, code, "percent", "10")).await;
    }
    let held = baskets(&w, &event, 24).await;
    let turns = held.iter().enumerate().map(async |(n, held)| {
        for turn in 0..4 {
            let code = ["AAA", "BBB", "CCC"][(n + turn * (n % 2 + 1)) % 3];
            apply(&w, held, code).await.unwrap();
        }
        match n % 3 {
            0 => checkout::release(&w.sv, &held.token).await.unwrap(),
            1 => checkout::remove_code(&w.sv, &held.token).await.unwrap(),
            _ => {}
        }
    });
    join_all(turns).await;
    assert_eq!(used(&w).await, (8, 16_00));
    w.advance_minutes(60);
    w.settle().await;
    assert_eq!(used(&w).await, (0, 0));
    w.assert_sound().await;
}

/// Whoever tries many codes is told to wait, whatever they type.
#[tokio::test]
async fn guessing_is_slowed_down() {
    let w = World::counting().await;
    let event = event(&w, 20_00).await;
    make(&w, &event, &form(&event, "RIGHT", "percent", "10")).await;
    let held = w.buyer("Ada").holds(&event, &[("Seat", 1)]).await.unwrap();
    let mut last = None;
    for n in 0..20 {
        last = Some(apply(&w, &held, &format!("GUESS{n}")).await);
    }
    assert!(matches!(last, Some(Err(CodeError::TooMany(_)))), "{last:?}");
    assert!(matches!(
        apply(&w, &held, "RIGHT").await,
        Err(CodeError::TooMany(_))
    ));
    w.advance_minutes(11);
    w.settle().await;
    let held = w.buyer("Ada").holds(&event, &[("Seat", 1)]).await.unwrap();
    apply(&w, &held, "RIGHT").await.unwrap();
    w.assert_sound().await;
}

/// One code that everybody has, and fewer uses than people: as many have it as may, nobody is told that it is used up before it
/// is, and however many come at once, few transactions serve them.
#[tokio::test(flavor = "multi_thread")]
async fn a_hot_code_is_exact_and_takes_no_transaction_for_each_buyer() {
    const BUYERS: usize = 300;
    const USES: usize = 120;
    let w = World::new().await;
    let event = w
        .event("Demo")
        .ticket_type("Seat", 20_00, 400)
        .published()
        .await;
    let hot = CodeForm {
        max_uses: USES.to_string(),
        ..form(&event, "HOT", "percent", "25")
    };
    make(&w, &event, &hot).await;
    let held = baskets(&w, &event, BUYERS).await;
    let answers = join_all(held.iter().map(|held| apply(&w, held, "hot"))).await;
    assert_eq!(has(&answers, Refusal::UsedUp), USES);
    assert_eq!(used(&w).await, (120, 60_000));
    // A row carries the number of the transaction that wrote it.
    let transactions = w
        .count("select count(distinct xmin::text) from promo_uses")
        .await;
    assert!((1..=30).contains(&transactions), "{transactions}");
    w.assert_sound().await;

    // What was not bought is there for others, all of it: as many as may have it again, and nobody less.
    w.advance_minutes(60);
    w.settle().await;
    assert_eq!(used(&w).await, (0, 0));
    let held = baskets(&w, &event, USES).await;
    let answers = join_all(held.iter().map(|held| apply(&w, held, "hot"))).await;
    assert_eq!(has(&answers, Refusal::UsedUp), USES);
    // The same basket asks again, twice at once: it has it still, once.
    let again = join_all((0..2).map(|_| apply(&w, &held[0], "hot"))).await;
    assert_eq!(has(&again, Refusal::UsedUp), 2);
    assert_eq!(used(&w).await, (120, 60_000));
    // It lets go and somebody else has it, in whichever order they are served.
    checkout::remove_code(&w.sv, &held[0].token).await.unwrap();
    let late = baskets(&w, &event, 2).await;
    let answers = join_all(late.iter().map(|held| apply(&w, held, "hot"))).await;
    assert_eq!(has(&answers, Refusal::UsedUp), 1);
    assert_eq!(used(&w).await, (120, 60_000));
    w.assert_sound().await;
}
