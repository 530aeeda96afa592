//! What holds for every way to pay, whoever tells that the money is there.

use domain::{
    money::{Currency, Money},
    orders::OrderState,
};
use services::{
    checkout::Placed,
    orders::{RefundChoice, RefundError, RefundOrder, refund},
    payments::{self, Applied, NewsKind},
    transfers,
};

use crate::{House, house, table};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Provider,
    Transfer,
}

const KINDS: [Kind; 2] = [Kind::Provider, Kind::Transfer];

/// A way to pay, as a buyer and the money see it.
struct Way<'h> {
    h: &'h House,
    kind: Kind,
}

impl Way<'_> {
    async fn start(&self, placed: &Placed) {
        match self.kind {
            Kind::Provider => {
                payments::start(&self.h.w.sv, &placed.secret).await.unwrap();
            }
            Kind::Transfer => transfers::begin(&self.h.w.sv, &placed.secret)
                .await
                .unwrap(),
        }
    }

    /// The money is there; `message` names who tells.
    async fn succeed(&self, placed: &Placed, reference: &str, message: &str) {
        match self.kind {
            Kind::Provider => {
                let told = self.h.w.news(reference, message, NewsKind::Succeeded).await;
                assert_ne!(told.unwrap(), Applied::SentBack);
            }
            Kind::Transfer => {
                let amount = self.h.view(placed).await.total.to_decimal_string();
                self.h
                    .bank_tells(table(&[(&amount, reference, message)]))
                    .await;
            }
        }
        self.h.w.settle().await;
    }

    async fn reference(&self, placed: &Placed) -> String {
        match self.kind {
            Kind::Provider => self.h.w.payment_of(placed).await,
            Kind::Transfer => self.h.reference(placed).await,
        }
    }

    async fn give_back(&self, placed: &Placed, minor: i64) -> Result<(), RefundError> {
        let cmd = RefundOrder {
            code: self.h.view(placed).await.code,
            choice: RefundChoice::Amount(Money::new(minor, Currency::EUR)),
            keep_tickets: true,
            reason: "because".into(),
            idempotency_key: None,
        };
        refund(&self.h.w.sv, &self.h.hall.permit(), cmd)
            .await
            .map(|_| ())?;
        self.h.w.settle().await;
        if self.kind == Kind::Transfer {
            // Nothing leaves by itself.
            let waiting = transfers::refunds(&self.h.w.sv, &self.h.platform)
                .await
                .unwrap();
            assert_eq!(waiting.len(), 1);
            assert_eq!(waiting[0].account, "GB33BUKB20201555555555");
            transfers::mark_sent(&self.h.w.sv, &self.h.platform, waiting[0].id)
                .await
                .unwrap();
            let again = transfers::mark_sent(&self.h.w.sv, &self.h.platform, waiting[0].id).await;
            assert!(again.is_err(), "sent twice");
        }
        Ok(())
    }

    async fn has(&self) -> i64 {
        match self.kind {
            Kind::Provider => self.h.on("provider").await,
            Kind::Transfer => self.h.on("bank").await,
        }
    }
}

#[tokio::test]
async fn money_pays_an_order_once_however_often_it_is_told() {
    for kind in KINDS {
        let h = house(9).await;
        let way = Way { h: &h, kind };
        let placed = h.order("Ada", 2).await;
        way.start(&placed).await;
        way.start(&placed).await;
        let reference = way.reference(&placed).await;
        way.succeed(&placed, &reference, "one").await;
        way.succeed(&placed, &reference, "one").await;
        assert_eq!(
            (h.state(&placed).await, way.has().await),
            (OrderState::Paid, 2_000),
            "{kind:?}"
        );
        assert_eq!(h.view(&placed).await.tickets.len(), 2);
        assert_eq!(
            h.w.count("select count(*) from payments where state = 'succeeded'")
                .await,
            1
        );
        h.w.assert_sound().await;
    }
}

#[tokio::test]
async fn money_that_comes_late_takes_the_places_again_or_goes_back() {
    for kind in KINDS {
        for left in [true, false] {
            let h = house(1).await;
            let way = Way { h: &h, kind };
            let placed = h.order("Ada", 1).await;
            way.start(&placed).await;
            let reference = way.reference(&placed).await;
            h.w.advance(jiff::SignedDuration::from_hours(9 * 24));
            h.w.settle().await;
            assert_eq!(h.state(&placed).await, OrderState::Expired);
            if !left {
                h.w.buyer("Bob").buys(&h.event, "Seat", 1).await.unwrap();
            }
            let before = way.has().await;
            if left || kind == Kind::Transfer {
                way.succeed(&placed, &reference, "late").await;
            } else {
                h.w.news(&reference, "late", NewsKind::Succeeded)
                    .await
                    .unwrap();
                h.w.settle().await;
            }
            let state = if left {
                OrderState::Paid
            } else {
                OrderState::Expired
            };
            assert_eq!(h.state(&placed).await, state, "{kind:?} {left}");
            if kind == Kind::Transfer && !left {
                assert_eq!(way.has().await - before, 1_000, "it is still there");
                let waiting = transfers::refunds(&h.w.sv, &h.platform).await.unwrap();
                transfers::mark_sent(&h.w.sv, &h.platform, waiting[0].id)
                    .await
                    .unwrap();
            }
            assert_eq!(way.has().await - before, if left { 1_000 } else { 0 });
            h.w.assert_sound().await;
        }
    }
}

#[tokio::test]
async fn refunds_go_in_parts_and_never_above_what_was_paid() {
    for kind in KINDS {
        let h = house(9).await;
        let way = Way { h: &h, kind };
        let placed = h.order("Ada", 3).await;
        way.start(&placed).await;
        let reference = way.reference(&placed).await;
        way.succeed(&placed, &reference, "one").await;
        way.give_back(&placed, 500).await.unwrap();
        assert_eq!(way.has().await, 2_500, "{kind:?}");
        let too_much = way.give_back(&placed, 2_501).await;
        assert!(matches!(too_much, Err(RefundError::TooLarge { .. })));
        way.give_back(&placed, 2_500).await.unwrap();
        assert_eq!(way.has().await, 0);
        assert_eq!(h.view(&placed).await.refunded.minor, 3_000);
        assert_eq!(
            h.w.count("select count(*) from refunds where state = 'succeeded'")
                .await,
            2
        );
        h.w.assert_sound().await;
    }
}

#[tokio::test]
async fn a_second_payment_goes_back_whichever_came_first() {
    for first in KINDS {
        let h = house(9).await;
        let (card, bank) = (
            Way {
                h: &h,
                kind: Kind::Provider,
            },
            Way {
                h: &h,
                kind: Kind::Transfer,
            },
        );
        let placed = h.order("Ada", 1).await;
        bank.start(&placed).await;
        card.start(&placed).await;
        let (page, reference) = (card.reference(&placed).await, bank.reference(&placed).await);
        if first == Kind::Provider {
            card.succeed(&placed, &page, "card").await;
            bank.succeed(&placed, &reference, "bank").await;
            let waiting = transfers::refunds(&h.w.sv, &h.platform).await.unwrap();
            assert_eq!(waiting.len(), 1, "the transfer goes back");
            transfers::mark_sent(&h.w.sv, &h.platform, waiting[0].id)
                .await
                .unwrap();
        } else {
            bank.succeed(&placed, &reference, "bank").await;
            let late = h.w.news(&page, "card", NewsKind::Succeeded).await.unwrap();
            assert_eq!(late, Applied::SentBack);
            h.w.settle().await;
        }
        let (there, not) = if first == Kind::Provider {
            (&card, &bank)
        } else {
            (&bank, &card)
        };
        assert_eq!((there.has().await, not.has().await), (1_000, 0));
        assert_eq!(h.state(&placed).await, OrderState::Paid);
        h.w.assert_sound().await;
    }
}

/// A page that is open for a card is never taken for a transfer, nor the other way round.
#[tokio::test]
async fn each_way_has_its_own_attempt() {
    let h = house(9).await;
    let placed = h.order_by_transfer("Ada", 1).await;
    let page = h.w.payment_of(&placed).await;
    assert_eq!(h.w.payment_of(&placed).await, page);
    assert_eq!(h.w.count("select count(*) from payments").await, 2);
    assert_eq!(
        h.w.count("select count(*) from payments where provider = 'transfer'")
            .await,
        1
    );
}
