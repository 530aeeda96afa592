use domain::money::Currency;
use jiff::SignedDuration;
use services::{
    fees::{self, AgreeFee, AgreeFeeError, WithdrawFeeError},
    ledger::balances,
};
use testkit::World;

use crate::{eur, hall, looks, platform};

fn plan(fixed: &str, percent: &str) -> AgreeFee {
    AgreeFee {
        currency: "EUR".into(),
        fixed: fixed.into(),
        percent: percent.into(),
        ..AgreeFee::default()
    }
}

#[tokio::test]
async fn a_fee_is_taken_from_when_it_was_agreed_until_it_ends() {
    let w = World::new().await;
    let (hall, event) = hall(&w).await;
    let admin = platform(&w).await;
    let owed = async || balances(&w.sv, &looks(hall.id)).await.unwrap()[0].owed;
    w.buyer("Before").buys(&event, "Seat", 1).await.unwrap();
    w.settle().await;
    assert_eq!(owed().await, eur(1_000));
    // 0.50 and 2.5 % of 10.00 for each of two tickets.
    fees::agree(&w.sv, &admin, &plan("0.50", "2.5"))
        .await
        .unwrap();
    w.buyer("Ada").buys(&event, "Seat", 2).await.unwrap();
    w.settle().await;
    assert_eq!(owed().await, eur(1_000 + 2_000 - 150));
    // What was agreed with one organization goes before what holds for everybody.
    let own = AgreeFee {
        organization: hall.slug.clone(),
        ..plan("0.10", "")
    };
    fees::agree(&w.sv, &admin, &own).await.unwrap();
    w.buyer("Bob").buys(&event, "Seat", 1).await.unwrap();
    w.settle().await;
    assert_eq!(owed().await, eur(2_850 + 990));
    let plans = fees::list(&w.sv, &admin).await.unwrap();
    let seen: Vec<_> = plans
        .iter()
        .map(|row| {
            (
                row.organization.as_deref(),
                row.plan.fixed,
                row.plan.percent_bp,
            )
        })
        .collect();
    assert_eq!(seen, [(None, eur(50), 250), (Some("Hall"), eur(10), 0)]);
    w.advance(SignedDuration::from_secs(1));
    for row in &plans {
        fees::withdraw(&w.sv, &admin, row.id).await.unwrap();
    }
    let again = fees::withdraw(&w.sv, &admin, plans[0].id).await;
    assert!(matches!(again, Err(WithdrawFeeError::NotFound)));
    w.buyer("After").buys(&event, "Seat", 1).await.unwrap();
    w.settle().await;
    assert_eq!(owed().await, eur(3_840 + 1_000));
    assert!(fees::list(&w.sv, &admin).await.unwrap().is_empty());
    w.assert_sound().await;
}

#[tokio::test]
async fn a_plan_that_has_not_begun_takes_nothing_and_can_be_withdrawn() {
    let w = World::new().await;
    let (hall, event) = hall(&w).await;
    let admin = platform(&w).await;
    let day = (w.now() + SignedDuration::from_hours(48))
        .strftime("%Y-%m-%d")
        .to_string();
    let later = AgreeFee {
        first_day: day,
        ..plan("5", "")
    };
    fees::agree(&w.sv, &admin, &later).await.unwrap();
    w.buyer("Ada").buys(&event, "Seat", 1).await.unwrap();
    w.settle().await;
    let plans = fees::list(&w.sv, &admin).await.unwrap();
    fees::withdraw(&w.sv, &admin, plans[0].id).await.unwrap();
    w.advance(SignedDuration::from_hours(72));
    w.buyer("Bob").buys(&event, "Seat", 1).await.unwrap();
    w.settle().await;
    assert_eq!(
        balances(&w.sv, &looks(hall.id)).await.unwrap()[0].owed,
        eur(2_000)
    );
    let nobody = AgreeFee {
        organization: "no-such-hall".into(),
        currency: Currency::EUR.to_string(),
        ..plan("1", "")
    };
    let refused = fees::agree(&w.sv, &admin, &nobody).await;
    assert!(matches!(refused, Err(AgreeFeeError::Fields(_))));
}
