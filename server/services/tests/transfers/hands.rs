use domain::orders::OrderState;
use services::transfers::{self, AssignError, AssignLine};

use crate::{House, house, table};

async fn assign(h: &House, line: uuid::Uuid, code: &str) -> Result<(), AssignError> {
    let cmd = AssignLine {
        line,
        code: code.to_owned(),
    };
    transfers::assign(&h.w.sv, &h.platform, cmd).await
}

#[tokio::test]
async fn a_credit_without_a_reference_is_assigned_by_hand() {
    let h = house(9).await;
    let placed = h.order_by_transfer("Ada", 2).await;
    let code = h.view(&placed).await.code.to_string();
    h.bank_tells(table(&[
        ("20.00", "tickets", "A"),
        ("19.00", "tickets", "B"),
        ("20.00", "tickets", "C"),
    ]))
    .await;
    let find = async |minor: i64| {
        let page = transfers::lines(&h.w.sv, &h.platform, transfers::Which::ToDo, None, 9)
            .await
            .unwrap();
        page.items
            .into_iter()
            .find(|line| line.amount.minor == minor)
            .unwrap()
            .id
    };
    let (right, little) = (find(2_000).await, find(1_900).await);
    assert!(matches!(
        assign(&h, right, "nonsense").await,
        Err(AssignError::Fields(_))
    ));
    assert!(matches!(
        assign(&h, right, "AAAAAAAA").await,
        Err(AssignError::NotWaiting)
    ));
    assert!(matches!(
        assign(&h, little, &code).await,
        Err(AssignError::TooLittle { .. })
    ));
    assign(&h, right, &code.to_lowercase()).await.unwrap();
    h.w.settle().await;
    assert_eq!(h.state(&placed).await, OrderState::Paid);
    assert!(matches!(
        assign(&h, right, &code).await,
        Err(AssignError::NotWaiting | AssignError::NotFound)
    ));
    let twin = find(2_000).await;
    assert!(matches!(
        assign(&h, twin, &code).await,
        Err(AssignError::NotWaiting)
    ));
    assert_eq!(h.on("bank").await, 2_000);
    h.w.assert_sound().await;
}

#[tokio::test]
async fn what_is_too_much_waits_until_it_is_sent_back() {
    let h = house(9).await;
    let placed = h.order_by_transfer("Ada", 1).await;
    let code = h.view(&placed).await.code.to_string();
    let reference = h.reference(&placed).await;
    h.bank_tells(table(&[
        ("12.50", &reference, "A"),
        ("3.00", "a gift", "B"),
    ]))
    .await;
    let waiting = h.to_do().await;
    assert_eq!(waiting.len(), 2);
    let (much, gift) = (
        waiting
            .iter()
            .find(|(_, reason)| reason == "too_much")
            .unwrap()
            .0,
        waiting
            .iter()
            .find(|(_, reason)| reason == "unknown")
            .unwrap()
            .0,
    );
    assign(&h, much, &code).await.unwrap();
    h.w.settle().await;
    assert_eq!(h.state(&placed).await, OrderState::Paid);
    assert_eq!(h.on("bank").await, 1_000, "the rest is not ours");
    assert_eq!(h.to_do().await.len(), 2, "the surplus waits");
    for line in [much, gift] {
        transfers::send_back(&h.w.sv, &h.platform, line, "bank says 77")
            .await
            .unwrap();
        let again = transfers::send_back(&h.w.sv, &h.platform, line, "again").await;
        assert!(matches!(again, Err(AssignError::NotFound)));
    }
    assert_eq!(h.to_do().await, []);
    h.w.assert_sound().await;
}

#[tokio::test]
async fn a_debit_with_the_reference_of_a_refund_says_that_it_was_sent() {
    let h = house(9).await;
    let placed = h.order_by_transfer("Ada", 2).await;
    let reference = h.reference(&placed).await;
    h.bank_tells(table(&[("20.00", &reference, "A")])).await;
    h.w.settle().await;
    let cmd = services::orders::RefundOrder {
        code: h.view(&placed).await.code,
        choice: services::orders::RefundChoice::Full,
        keep_tickets: false,
        reason: "because".into(),
        idempotency_key: None,
    };
    services::orders::refund(&h.w.sv, &h.hall.permit(), cmd)
        .await
        .unwrap();
    h.w.settle().await;
    let waiting = transfers::refunds(&h.w.sv, &h.platform).await.unwrap();
    let sheet = String::from_utf8(transfers::refunds_sheet(&waiting).unwrap()).unwrap();
    let back = waiting[0].reference.as_str().to_owned();
    assert!(
        sheet.contains(&format!("Ada,GB33BUKB20201555555555,20.00,EUR,{back}")),
        "{sheet}"
    );
    // Another amount is somebody's mistake, and no proof.
    h.bank_tells(table(&[("-19.00", &back, "B")])).await;
    assert_eq!(
        transfers::refunds(&h.w.sv, &h.platform)
            .await
            .unwrap()
            .len(),
        1
    );
    h.bank_tells(table(&[("-20.00", &back, "C")])).await;
    h.w.settle().await;
    assert_eq!(transfers::refunds(&h.w.sv, &h.platform).await.unwrap(), []);
    assert_eq!(
        h.w.count("select count(*) from refunds where state = 'succeeded'")
            .await,
        1
    );
    assert_eq!(h.on("bank").await, 0);
    h.w.assert_sound().await;
}
