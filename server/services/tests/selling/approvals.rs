//! Four eyes for money.

use domain::{ids::OrderCode, orders::ApprovalState, permissions::Role};
use jiff::SignedDuration;
use services::{
    approvals::{self, ApprovalRow, DecideError, SetLimitError},
    events,
    orders::{self, RefundChoice, RefundError, RefundOrder},
    permit::{self, Act, CancelEvents, Permit, RefundOrders, ViewOrders},
    session::Session,
};
use testkit::{Event, World};

struct House {
    w: World,
    event: Event,
    owner: Session,
    finance: Session,
}

impl House {
    /// Above 20.00 two are needed.
    async fn open() -> Self {
        let w = World::new().await;
        let event = w
            .event("Evening")
            .ticket_type("Seat", 1500, 50)
            .published()
            .await;
        let owner = w.member(&event.organization, Role::Owner).await;
        let alone = approvals::set_limit(
            &w.sv,
            &permit::proven(&w.sv, &owner, permit_of(&w, &event, &owner).await).unwrap(),
            event.currency,
            Some(event.money(2000)),
        )
        .await;
        assert!(matches!(alone, Err(SetLimitError::NobodyElse)));
        let finance = w.member(&event.organization, Role::Finance).await;
        approvals::set_limit(
            &w.sv,
            &permit::proven(&w.sv, &owner, permit_of(&w, &event, &owner).await).unwrap(),
            event.currency,
            Some(event.money(2000)),
        )
        .await
        .unwrap();
        Self {
            w,
            event,
            owner,
            finance,
        }
    }

    async fn may<A: Act>(&self, who: &Session) -> Permit<A> {
        permit_of(&self.w, &self.event, who).await
    }

    async fn buys(&self, quantity: u16) -> OrderCode {
        let placed = self
            .w
            .buyer("Ada")
            .buys(&self.event, "Seat", quantity)
            .await
            .unwrap();
        placed.code
    }

    async fn asks(&self, code: OrderCode, choice: RefundChoice) {
        let may = self.may(&self.owner).await;
        let cmd = ask(code, choice);
        let shown = orders::preview_refund(&self.w.sv, &may, &cmd)
            .await
            .unwrap();
        assert!(shown.second_person, "it is said beforehand");
        let refused = orders::refund(&self.w.sv, &may, cmd.clone()).await;
        assert!(matches!(refused, Err(RefundError::NeedsApproval)));
        approvals::ask_refund(&self.w.sv, &may, &cmd).await.unwrap();
    }

    async fn rows(&self) -> Vec<ApprovalRow> {
        let may = self.may(&self.finance).await;
        approvals::list(&self.w.sv, &may).await.unwrap()
    }

    async fn declines(&self, why: &str) {
        let id = self.rows().await[0].id;
        let may: Permit<RefundOrders> = self.may(&self.finance).await;
        approvals::decline(&self.w.sv, &may, id, why).await.unwrap();
    }

    async fn approves(&self, who: &Session) -> Result<(), DecideError> {
        let id = self.rows().await[0].id;
        let may: Permit<RefundOrders> = self.may(who).await;
        approvals::approve(&self.w.sv, &may, id).await
    }
}

async fn permit_of<A: Act>(w: &World, event: &Event, who: &Session) -> Permit<A> {
    permit::for_organization(&w.sv, who, event.organization.id)
        .await
        .unwrap()
}

fn ask(code: OrderCode, choice: RefundChoice) -> RefundOrder {
    RefundOrder {
        code,
        choice,
        keep_tickets: true,
        reason: "as asked".into(),
        idempotency_key: None,
    }
}

#[tokio::test]
async fn a_large_refund_waits_for_somebody_else() {
    let house = House::open().await;
    let code = house.buys(2).await;
    house.asks(code, RefundChoice::Full).await;
    // A second click asks for nothing more.
    house.asks(code, RefundChoice::Full).await;
    let rows = house.rows().await;
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (rows[0].state, rows[0].amount, rows[0].tickets),
        (ApprovalState::Waiting, house.event.money(3000), 2)
    );
    house.w.settle().await;
    assert!(house.w.gateway.refunds().is_empty());
    assert_eq!(house.w.mailer.to(&house.finance.email).len(), 1);
    let own = house.approves(&house.owner).await;
    assert!(matches!(own, Err(DecideError::SamePerson)));
    house.approves(&house.finance).await.unwrap();
    let again = house.approves(&house.finance).await;
    assert!(matches!(again, Err(DecideError::Over)));
    house.w.settle().await;
    assert_eq!(house.w.gateway.refunds().len(), 1);
    assert_eq!(house.w.mailer.to(&house.owner.email).len(), 1);
    assert_eq!(
        house
            .w
            .count("select count(*) from audit_entries where action in ('refund.ask', 'refund.approve', 'order.refund')")
            .await,
        3
    );
    house.w.assert_sound().await;
}

#[tokio::test]
async fn small_refunds_of_one_order_count_together_for_a_day() {
    let house = House::open().await;
    let code = house.buys(4).await;
    let may: Permit<RefundOrders> = house.may(&house.owner).await;
    let part = || ask(code, RefundChoice::Amount(house.event.money(1000)));
    for _ in 0..2 {
        orders::refund(&house.w.sv, &may, part()).await.unwrap();
    }
    let third = orders::refund(&house.w.sv, &may, part()).await;
    assert!(matches!(third, Err(RefundError::NeedsApproval)));
    // Somebody else has not given anything back of it.
    let other: Permit<RefundOrders> = house.may(&house.finance).await;
    orders::refund(&house.w.sv, &other, part()).await.unwrap();
    house.w.advance(SignedDuration::from_hours(25));
    orders::refund(&house.w.sv, &may, part()).await.unwrap();
    house.w.settle().await;
    house.w.assert_sound().await;
}

/// Exchanging makes other orders of the same money: they are one for the limit.
#[tokio::test]
async fn tickets_that_were_exchanged_before_count_together() {
    let house = House::open().await;
    let code = house.buys(3).await;
    let may: Permit<RefundOrders> = house.may(&house.owner).await;
    let mut codes = Vec::new();
    for _ in 0..2 {
        let nothing = orders::ExchangeWish::default();
        let page = orders::change_page_for_organizer(&house.w.sv, &may, code, &nothing).await;
        let tickets = page.unwrap().unwrap().tickets;
        let wish = orders::ExchangeWish {
            tickets: vec![tickets[0].id],
            event: None,
            wanted: vec![(house.event.of_type("Seat"), 1)],
        };
        let page = orders::change_page_for_organizer(&house.w.sv, &may, code, &wish).await;
        let shown = page.unwrap().unwrap().preview.unwrap().unwrap();
        let done = orders::exchange_by_organizer(&house.w.sv, &may, code, &wish, shown).await;
        codes.push(done.unwrap().code);
    }
    orders::refund(&house.w.sv, &may, ask(codes[0], RefundChoice::Full))
        .await
        .unwrap();
    for code in [codes[1], code] {
        let split = orders::refund(&house.w.sv, &may, ask(code, RefundChoice::Full)).await;
        assert!(
            matches!(split, Err(RefundError::NeedsApproval)),
            "{split:?}"
        );
    }
    house.w.settle().await;
    house.w.assert_sound().await;
}

#[tokio::test]
async fn what_changed_meanwhile_is_not_done() {
    let house = House::open().await;
    let code = house.buys(3).await;
    house.asks(code, RefundChoice::Full).await;
    let other: Permit<RefundOrders> = house.may(&house.finance).await;
    let some = ask(code, RefundChoice::Amount(house.event.money(100)));
    orders::refund(&house.w.sv, &other, some).await.unwrap();
    let changed = house.approves(&house.finance).await;
    assert!(matches!(changed, Err(DecideError::Changed)));
    assert_eq!(house.rows().await[0].state, ApprovalState::Overtaken);
    house.w.settle().await;
    assert_eq!(house.w.gateway.refunds().len(), 1);
    house.w.assert_sound().await;
}

#[tokio::test]
async fn a_request_can_be_declined_and_runs_out() {
    let house = House::open().await;
    let code = house.buys(2).await;
    house.asks(code, RefundChoice::Full).await;
    let may: Permit<RefundOrders> = house.may(&house.finance).await;
    let id = house.rows().await[0].id;
    assert!(matches!(
        approvals::decline(&house.w.sv, &may, id, "").await,
        Err(DecideError::Fields(_))
    ));
    approvals::decline(&house.w.sv, &may, id, "not agreed")
        .await
        .unwrap();
    house.asks(code, RefundChoice::Full).await;
    house
        .w
        .advance(approvals::WAITS + SignedDuration::from_mins(1));
    assert_eq!(house.rows().await[0].state, ApprovalState::Expired);
    let late = house.approves(&house.finance).await;
    assert!(matches!(late, Err(DecideError::Over)));
    house.asks(code, RefundChoice::Full).await;
    assert_eq!(house.rows().await[0].state, ApprovalState::Waiting);
    house.w.settle().await;
    assert!(house.w.gateway.refunds().is_empty());
    house.w.assert_sound().await;
}

#[tokio::test]
async fn the_refunds_of_a_whole_event_wait_too() {
    let house = House::open().await;
    for _ in 0..2 {
        house.buys(1).await;
    }
    let may = house.may(&house.owner).await;
    events::cancel(&house.w.sv, &may, house.event.id, "storm")
        .await
        .unwrap();
    house.w.settle().await;
    assert_eq!(house.w.count("select count(*) from refund_runs").await, 0);
    let row = &house.rows().await[0];
    assert_eq!(
        (row.amount, row.orders, row.tickets),
        (house.event.money(3000), 2, 2)
    );
    house.approves(&house.finance).await.unwrap();
    house.w.settle().await;
    assert_eq!(house.w.gateway.refunds().len(), 2);
    assert_eq!(
        house
            .w
            .count("select count(*) from orders where state = 'refunded'")
            .await,
        2
    );
    house.w.assert_sound().await;
}

/// After a no of an event that has a new date: who bought for that date wants to come.
#[tokio::test]
async fn whoever_bought_for_the_new_date_is_not_refunded_with_the_others() {
    let house = House::open().await;
    for _ in 0..2 {
        house.buys(1).await;
    }
    let sv = &house.w.sv;
    let may: Permit<CancelEvents> = house.may(&house.owner).await;
    let looks: Permit<ViewOrders> = house.may(&house.owner).await;
    let again = async || {
        events::refund_everybody(sv, &may, house.event.id)
            .await
            .unwrap();
    };
    let tell = events::AfterMoveInput::default();
    events::postpone(sv, &may, house.event.id, "storm", &tell)
        .await
        .unwrap();
    again().await;
    house.declines("not yet").await;
    house
        .w
        .execute("update events set state = 'published', state_reason = ''")
        .await;
    house.w.advance_minutes(1);
    house.buys(2).await;
    again().await;
    house.w.advance_minutes(1);
    house.declines("not yet").await;
    // However often it is asked for: what counts is the first time.
    again().await;
    house.buys(1).await;
    house.approves(&house.finance).await.unwrap();
    house.w.settle().await;
    assert_eq!(house.w.gateway.refunds().len(), 2);
    let paid = "select count(*) from orders where state = 'paid'";
    assert_eq!(house.w.count(paid).await, 2);
    let open = events::can_refund_everybody(sv, &looks, house.event.id).await;
    assert!(!open.unwrap());
    house.w.assert_sound().await;
}

/// After a no the money can be asked for again: of an event that has a new date, and of one that was moved once and is called off.
#[tokio::test]
async fn what_was_not_agreed_to_can_be_asked_for_again() {
    let house = House::open().await;
    for _ in 0..2 {
        house.buys(1).await;
    }
    let sv = &house.w.sv;
    let may: Permit<CancelEvents> = house.may(&house.owner).await;
    let looks: Permit<ViewOrders> = house.may(&house.owner).await;
    let can = async || {
        events::can_refund_everybody(sv, &looks, house.event.id)
            .await
            .unwrap()
    };
    assert!(!can().await, "it takes place");
    let refused = events::refund_everybody(sv, &may, house.event.id).await;
    assert!(refused.is_err());
    let tell = events::AfterMoveInput::default();
    events::postpone(sv, &may, house.event.id, "storm", &tell)
        .await
        .unwrap();
    assert!(can().await, "nobody has decided it yet");
    events::refund_everybody(sv, &may, house.event.id)
        .await
        .unwrap();
    assert!(!can().await, "a second person is asked");
    house.declines("not yet").await;
    assert!(can().await);
    // Meanwhile it has got a new date.
    house
        .w
        .execute("update events set state = 'published', state_reason = ''")
        .await;
    assert!(can().await);
    events::refund_everybody(sv, &may, house.event.id)
        .await
        .unwrap();
    house.w.advance(approvals::WAITS);
    house.w.advance_minutes(1);
    assert!(can().await, "nobody has answered in time");
    events::refund_everybody(sv, &may, house.event.id)
        .await
        .unwrap();
    house.approves(&house.finance).await.unwrap();
    house.w.settle().await;
    assert_eq!(house.w.gateway.refunds().len(), 2);
    assert_eq!(
        house
            .w
            .text("select string_agg(cause || ' ' || reason, ',') from refund_runs")
            .await,
        "moved storm"
    );
    assert!(!can().await, "that is done");
    // Whoever bought for the new date has a right to their money too, once that is called off.
    house.buys(2).await;
    events::cancel(sv, &may, house.event.id, "flood")
        .await
        .unwrap();
    house.declines("too much").await;
    assert!(can().await);
    events::refund_everybody(sv, &may, house.event.id)
        .await
        .unwrap();
    house.approves(&house.finance).await.unwrap();
    house.w.settle().await;
    assert_eq!(house.w.gateway.refunds().len(), 3);
    assert!(!can().await);
    house.w.assert_sound().await;
}
