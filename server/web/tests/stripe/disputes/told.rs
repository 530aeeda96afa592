//! What is told late, anew, in vain, or not at all.

use domain::{
    disputes::{DisputeState, EvidencePart},
    permissions::Role,
};
use serde_json::json;
use services::{disputes, ledger, payments};

use crate::shop::Shop;

#[tokio::test(flavor = "multi_thread")]
async fn an_inquiry_that_becomes_a_dispute_is_answered_anew() {
    let shop = Shop::open(10).await;
    let owner = shop.w.member(&shop.event.organization, Role::Owner).await;
    let placed = shop.sells(1).await;
    let name = shop.dispute(&placed, "warning").await;
    let permit = shop.event.organization.permit();
    let id = shop.only_dispute().await;
    disputes::answer(&shop.sv, &permit, id, "these are the first words")
        .await
        .unwrap();
    shop.hear().await;
    let case = shop.case().await;
    assert_eq!(case.state, DisputeState::InquiryAnswered);
    assert!(case.answered_at.is_some());
    let mails = async |kind: &str| {
        let sql = format!(
            "select count(*) from mails where kind = '{kind}' and recipient = (select email from users where id = '{}')",
            owner.user
        );
        shop.count(&sql).await
    };
    assert_eq!(mails("dispute_opened").await, 1);

    // The buyer insists: the bank takes the money.
    shop.stripe.escalate_dispute(&name).unwrap();
    shop.hear().await;
    assert_eq!(shop.owed().await, (-1500, 1500));
    let case = shop.case().await;
    assert_eq!(
        (case.state, case.takes_answer, case.answered_at),
        (DisputeState::NeedsAnswer, true, None)
    );
    assert_eq!(mails("dispute_opened").await, 2, "there is a new deadline");
    let said = |case: &disputes::DisputeDetail| {
        let statement = case.evidence.iter();
        let mut statement = statement.filter(|(part, _)| *part == EvidencePart::Statement);
        statement.next().map(|(_, text)| text.clone())
    };
    disputes::save_statement(&shop.sv, &permit, id, "")
        .await
        .unwrap();
    assert_eq!(said(&shop.case().await), None);
    disputes::answer(&shop.sv, &permit, id, "winning_evidence")
        .await
        .unwrap();
    let evidence = &shop.stripe.object(&name)["evidence"];
    assert_eq!(evidence["uncategorized_text"], "winning_evidence");
    shop.hear().await;
    let case = shop.case().await;
    assert_eq!(case.state, DisputeState::Won);
    assert_eq!(said(&case).as_deref(), Some("winning_evidence"));
    assert_eq!(mails("dispute_decided").await, 1);
    shop.sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dispute_and_a_refund_that_nobody_told_of_are_found() {
    let shop = Shop::open(10).await;
    let (disputed, refunded) = (shop.sells(1).await, shop.sells(2).await);
    let (one, two) = (shop.charge(&disputed).await, shop.charge(&refunded).await);
    shop.stripe
        .webhooks("lose", json!({ "count": 1000 }))
        .unwrap();
    shop.stripe.dispute(&one, "fraudulent").unwrap();
    shop.by_hand(
        "/v1/refunds",
        &[("payment_intent", &two), ("amount", "500")],
    )
    .await;
    shop.hear().await;
    assert_eq!(shop.owed().await, (4500, 0), "nobody has told of either");
    // What cannot be taken in is asked for again: until then it does not count as asked for.
    let unreadable = "update orders set refund_policy = '\"nonsense\"' where code = ";
    shop.run(&format!("{unreadable}'{}'", disputed.code)).await;
    let done = payments::reconcile(&shop.sv, 50).await.unwrap();
    assert_eq!(done.found, 1);
    let through = "select count(*) from provider_book_reads where asked_at is not null";
    assert_eq!(shop.count(through).await, 0);
    let readable =
        "update orders set refund_policy = (select refund_policy from orders where code = ";
    let (other, code) = (&refunded.code, &disputed.code);
    shop.run(&format!("{readable}'{other}') where code = '{code}'"))
        .await;
    let again = "update provider_book_reads set looked_at = looked_at - interval '2 hours'";
    shop.run(again).await;
    let done = payments::reconcile(&shop.sv, 50).await.unwrap();
    assert_eq!(done.found, 1);
    assert_eq!(shop.count(through).await, 1);
    assert_eq!(shop.owed().await, (4500 - 1500 - 1500 - 500, 1500));
    assert_eq!(shop.case().await.state, DisputeState::NeedsAnswer);
    let order = shop.order(&refunded).await;
    assert_eq!(order.refunded.minor, 500);
    assert_eq!(shop.books().await, 4500 - 1500 - 1500 - 500);
    // Once an hour is enough, and what is known is not found again.
    let soon = payments::reconcile(&shop.sv, 50).await.unwrap();
    assert_eq!(soon.found, 0);
    shop.run(again).await;
    let later = payments::reconcile(&shop.sv, 50).await.unwrap();
    assert_eq!(later.found, 0);
    shop.sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_fee_of_a_dispute_is_no_money_that_a_bank_took() {
    let shop = Shop::open(10).await;
    let placed = shop.sells(2).await;
    shop.dispute(&placed, "fraudulent").await;
    let permit = shop.event.organization.permit();
    let day = shop.w.now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let wanted = ledger::Wanted {
        by: ledger::By::Event,
        span: ledger::Span {
            first: day.yesterday().unwrap(),
            last: day.tomorrow().unwrap(),
        },
        zone: "UTC".into(),
        as_of: domain::when::Timestamp::MAX,
        event: None,
    };
    let found = ledger::report(&shop.sv, &permit, &wanted).await.unwrap();
    for row in found.rows.iter().chain(&found.totals) {
        assert_eq!(
            (row.disputed.minor, row.dispute_fees.minor, row.net.minor),
            (3000, 1500, -1500)
        );
    }
    let list = disputes::list(&shop.sv, &permit, None, 9).await.unwrap();
    assert_eq!(list.items[0].amount, found.totals[0].disputed);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_bad_row_keeps_no_other_from_being_asked_about() {
    let shop = Shop::open(10).await;
    let (first, second) = (shop.sells(1).await, shop.sells(1).await);
    let name = shop.dispute(&first, "fraudulent").await;
    let other = shop
        .stripe
        .dispute(&shop.charge(&second).await, "fraudulent");
    let other = other.unwrap()["id"].as_str().unwrap().to_owned();
    shop.hear().await;
    shop.stripe
        .webhooks("lose", json!({ "count": 1000 }))
        .unwrap();
    shop.stripe.close_dispute(&name, true).unwrap();
    shop.stripe.close_dispute(&other, true).unwrap();
    // Of the one that is asked about first nobody can make sense.
    for sql in [
        "update disputes set opened_at = opened_at - interval '2 hours'".to_owned(),
        format!("update disputes set asked_at = opened_at where reference = '{other}'"),
        format!("update disputes set currency = 'XXX' where reference = '{name}'"),
    ] {
        shop.run(&sql).await;
    }
    let done = payments::reconcile(&shop.sv, 50).await.unwrap();
    assert_eq!(done.disputes, 2);
    let sql = format!("select state from disputes where reference = '{other}'");
    assert_eq!(shop.text(&sql).await, "won");
}
