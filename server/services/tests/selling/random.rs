//! Any sequence of deeds keeps every promise.

use domain::{payments::DeclineReason, tickets::TicketState};
use proptest::{
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use services::{
    Origin,
    checkout::{self, Held, Placed},
    db::Scope,
    jobs::{self, Job},
    orders::{
        self, CancelByBuyer, CancelOrder, ExchangeWish, OrderView, RefundChoice, RefundOrder,
        WhichTickets,
    },
    payments::{self, NewsKind},
};
use testkit::{Event, World, tries};

#[derive(Debug, Clone)]
enum Deed {
    Hold {
        full: u16,
        student: u16,
    },
    Extend(usize),
    Release(usize),
    Place(usize),
    Pay {
        order: usize,
        kind: u8,
        repeat: bool,
    },
    /// The tickets that the bits name; none is all.
    CancelByBuyer {
        order: usize,
        tickets: u8,
    },
    Cancel(usize),
    /// The tickets that the bits name, for so many.
    Exchange {
        order: usize,
        tickets: u8,
        full: u16,
        student: u16,
    },
    RefundAmount {
        order: usize,
        minor: i64,
        keep: bool,
    },
    RefundTicket {
        order: usize,
        ticket: usize,
    },
    Wait(i64),
    Work,
    CallOff,
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        6 => (0_u16..4, 0_u16..3).prop_map(|(full, student)| Deed::Hold { full, student }),
        1 => any::<usize>().prop_map(Deed::Extend),
        1 => any::<usize>().prop_map(Deed::Release),
        6 => any::<usize>().prop_map(Deed::Place),
        8 => (any::<usize>(), 0_u8..5, any::<bool>()).prop_map(|(order, kind, repeat)| Deed::Pay { order, kind, repeat }),
        2 => (any::<usize>(), 0_u8..8).prop_map(|(order, tickets)| Deed::CancelByBuyer { order, tickets }),
        1 => any::<usize>().prop_map(Deed::Cancel),
        4 => (any::<usize>(), 0_u8..8, 0_u16..3, 0_u16..3)
            .prop_map(|(order, tickets, full, student)| Deed::Exchange { order, tickets, full, student }),
        2 => (any::<usize>(), 1_i64..3000, any::<bool>())
            .prop_map(|(order, minor, keep)| Deed::RefundAmount { order, minor, keep }),
        2 => (any::<usize>(), any::<usize>()).prop_map(|(order, ticket)| Deed::RefundTicket { order, ticket }),
        4 => (1_i64..12).prop_map(Deed::Wait),
        4 => Just(Deed::Work),
        1 => Just(Deed::CallOff),
    ]
}

struct Story {
    w: World,
    event: Event,
    holds: Vec<Held>,
    orders: Vec<Placed>,
    /// Payments by reference, with how many messages came.
    payments: Vec<String>,
    messages: usize,
}

fn nth<T>(all: &[T], n: usize) -> Option<&T> {
    all.get(n.checked_rem(all.len())?)
}

impl Story {
    async fn begin() -> Self {
        let w = World::new().await;
        let event = w
            .event("Demo")
            .refunds(&[(7, 50)])
            .changes(1, 100, true)
            .pool("Hall", 9)
            .pool("Students", 4)
            .type_of("Full", 1999, &["Hall"])
            .type_of("Student", 0, &["Hall", "Students"])
            .published()
            .await;
        Self {
            w,
            event,
            holds: Vec::new(),
            orders: Vec::new(),
            payments: Vec::new(),
            messages: 0,
        }
    }

    /// Refusals are fine; only broken promises are not.
    async fn act(&mut self, deed: &Deed) {
        let sv = &self.w.sv;
        match *deed {
            Deed::Hold { full, student } => {
                let lines = [("Full", full), ("Student", student)];
                self.holds
                    .extend(self.w.buyer("Ada").holds(&self.event, &lines).await.ok());
            }
            Deed::Extend(n) => {
                if let Some(held) = nth(&self.holds, n) {
                    let _ = checkout::extend(sv, &held.token).await;
                }
            }
            Deed::Release(n) => {
                if let Some(held) = nth(&self.holds, n) {
                    checkout::release(sv, &held.token).await.unwrap();
                }
            }
            Deed::Place(n) => {
                if let Some(held) = nth(&self.holds, n) {
                    self.orders
                        .extend(self.w.buyer("Ada").places(held).await.ok());
                }
            }
            Deed::Pay {
                order,
                kind,
                repeat,
            } => self.pay(order, kind, repeat).await,
            Deed::CancelByBuyer { order, tickets } => {
                if let Some(placed) = nth(&self.orders, order) {
                    self.give_back(placed, tickets).await;
                }
            }
            Deed::Cancel(n) => {
                if let Some(placed) = nth(&self.orders, n) {
                    let cmd = CancelOrder {
                        code: placed.code,
                        reason: "because".into(),
                    };
                    let _ = orders::cancel(sv, &self.event.organization.permit(), cmd).await;
                }
            }
            Deed::Exchange {
                order,
                tickets,
                full,
                student,
            } => self.exchange(order, tickets, (full, student)).await,
            Deed::RefundAmount { order, minor, keep } => {
                let amount = RefundChoice::Amount(self.event.money(minor));
                self.refund(order, |_| Some(amount), keep).await;
            }
            Deed::RefundTicket { order, ticket } => {
                let one =
                    |tickets: Vec<_>| Some(RefundChoice::Tickets(vec![*nth(&tickets, ticket)?]));
                self.refund(order, one, false).await;
            }
            Deed::Wait(minutes) => self.w.advance_minutes(minutes),
            Deed::Work => self.w.work().await,
            Deed::CallOff => {
                // Rarely, or most stories would end early.
                if self.messages % 7 == 6 {
                    self.call_off().await;
                }
            }
        }
    }

    async fn pay(&mut self, order: usize, kind: u8, repeat: bool) {
        if let Some(placed) = nth(&self.orders, order)
            && let Ok(url) = payments::start(&self.w.sv, &placed.secret).await
        {
            let reference = url.rsplit('/').next().unwrap_or_default().to_owned();
            if !self.payments.contains(&reference) {
                self.payments.push(reference);
            }
        }
        let Some(payment) = nth(&self.payments, order) else {
            return;
        };
        let kind = match kind {
            0 => NewsKind::Processing,
            1 => NewsKind::Failed {
                reason: DeclineReason::CardDeclined,
            },
            _ => NewsKind::Succeeded,
        };
        if !repeat {
            self.messages += 1;
        }
        self.w
            .news(payment, &format!("{payment}-{}", self.messages), kind)
            .await
            .unwrap();
    }

    /// What was shown is what happens; what was refused when it was shown is refused.
    async fn exchange(&mut self, n: usize, bits: u8, (full, student): (u16, u16)) {
        let sv = &self.w.sv;
        let Some(placed) = nth(&self.orders, n) else {
            return;
        };
        let before = self.order(placed).await;
        let valid = before
            .tickets
            .iter()
            .filter(|t| t.state == TicketState::Valid);
        let wish = ExchangeWish {
            tickets: valid
                .enumerate()
                .filter(|(at, _)| bits >> at.min(&7) & 1 == 1)
                .map(|(_, ticket)| ticket.id)
                .collect(),
            event: None,
            wanted: vec![
                (self.event.of_type("Full"), full),
                (self.event.of_type("Student"), student),
            ],
        };
        let page = orders::change_page(sv, &placed.secret, &wish)
            .await
            .unwrap()
            .unwrap();
        let Some(Ok(shown)) = page.preview else {
            return;
        };
        let sent = before
            .refunds
            .iter()
            .filter(|refund| !refund.exchanged)
            .count();
        let done = orders::exchange_by_buyer(sv, &placed.secret, &wish, shown, &Origin::default())
            .await
            .unwrap();
        let after = self.order(placed).await;
        let went = after.refunded.minor - before.refunded.minor;
        let new = Placed {
            order: done.order,
            secret: done.secret,
            code: done.code,
            needs_payment: done.needs_payment,
        };
        let made = self.order(&new).await;
        assert_eq!((made.total, made.due()), (shown.total, shown.money.to_pay));
        if new.needs_payment {
            assert_eq!(went, 0);
        } else {
            assert_eq!(went, shown.money.credit.minor + shown.money.back.minor);
            let more = after
                .refunds
                .iter()
                .filter(|refund| !refund.exchanged)
                .count();
            assert_eq!(more > sent, !shown.money.back.is_zero());
            assert_eq!(made.tickets.len(), usize::from(full + student));
        }
        self.orders.push(new);
    }

    /// What was shown is what happens, to the cent and to the ticket.
    async fn give_back(&self, placed: &Placed, bits: u8) {
        let sv = &self.w.sv;
        let before = self.order(placed).await;
        let valid = |order: &OrderView| {
            let valid = order
                .tickets
                .iter()
                .filter(|t| t.state == TicketState::Valid);
            valid.map(|ticket| ticket.id).collect::<Vec<_>>()
        };
        let which = match bits {
            0 => WhichTickets::All,
            _ => WhichTickets::These(
                valid(&before)
                    .into_iter()
                    .enumerate()
                    .filter(|(at, _)| bits >> at.min(&7) & 1 == 1)
                    .map(|(_, id)| id)
                    .collect(),
            ),
        };
        let preview = orders::preview_cancel(sv, &placed.secret, &which)
            .await
            .unwrap()
            .unwrap();
        let cmd = CancelByBuyer {
            secret: placed.secret.clone(),
            tickets: which,
            accepted_refund: preview.refund,
        };
        let done = orders::cancel_by_buyer(sv, cmd).await;
        assert_eq!(done.is_ok(), preview.allowed);
        let after = self.order(placed).await;
        let went = after.refunded.minor - before.refunded.minor;
        if preview.allowed {
            assert_eq!(went, preview.refund.minor);
            let each: i64 = preview.each.iter().map(|ticket| ticket.back.minor).sum();
            assert_eq!(went, each);
            let stays = preview.each.iter().filter(|ticket| !ticket.ends);
            let mut stays: Vec<_> = stays.map(|ticket| ticket.id).collect();
            let mut left = valid(&after);
            stays.sort();
            left.sort();
            assert_eq!(left, stays);
        } else {
            assert_eq!((went, valid(&after)), (0, valid(&before)));
        }
    }

    async fn order(&self, placed: &Placed) -> OrderView {
        orders::show_by_secret(&self.w.sv, &placed.secret)
            .await
            .unwrap()
            .unwrap()
    }

    async fn refund(
        &self,
        order: usize,
        choice: impl FnOnce(Vec<domain::ids::TicketId>) -> Option<RefundChoice>,
        keep_tickets: bool,
    ) {
        let Some(placed) = nth(&self.orders, order) else {
            return;
        };
        let view = orders::show_by_secret(&self.w.sv, &placed.secret)
            .await
            .unwrap()
            .unwrap();
        let Some(choice) = choice(view.tickets.iter().map(|ticket| ticket.id).collect()) else {
            return;
        };
        let cmd = RefundOrder {
            code: placed.code,
            choice,
            keep_tickets,
            reason: String::new(),
            idempotency_key: None,
        };
        let _ = orders::refund(&self.w.sv, &self.event.organization.permit(), cmd).await;
    }

    async fn call_off(&self) {
        self.w
            .execute("update events set state = 'cancelled'")
            .await;
        let organization = self.event.organization.id;
        let mut tx = self
            .w
            .sv
            .db
            .begin(Scope::Organization(organization))
            .await
            .unwrap();
        let job = Job::CancelEventOrders {
            event: self.event.id.get(),
            reason: "storm".into(),
        };
        jobs::enqueue(&self.w.sv, &mut tx, organization, &job, self.w.now(), None)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    /// All clocks run out and all work is done: nothing may be left hanging.
    async fn end(&self) {
        for _ in 0..3 {
            self.w.advance_minutes(30);
            self.w.work().await;
        }
        self.w.assert_sound().await;
        assert_eq!(self.w.count("select sum(held) from pools").await, 0);
        assert_eq!(
            self.w
                .count("select count(*) from orders where state = 'pending'")
                .await,
            0
        );
        assert_eq!(self.w.count("select count(*) from jobs").await, 0);
        let ours = self.w.count("select coalesce(sum(amount_minor), 0)::bigint from refunds where state = 'succeeded' and exchanged_to is null").await;
        let theirs: i64 = self
            .w
            .gateway
            .refunds()
            .iter()
            .map(|refund| refund.amount.minor)
            .sum();
        assert_eq!(ours, theirs, "the provider's book differs from ours");
    }
}

#[test]
fn any_sequence_of_deeds_keeps_every_promise() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let config = Config {
        cases: u32::try_from(tries(12, 120)).unwrap(),
        max_shrink_iters: 60,
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner =
        TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let stories = proptest::collection::vec(deed(), 1..40);
    let told = runner.run(&stories, |deeds| {
        runtime.block_on(async {
            let mut story = Story::begin().await;
            for deed in &deeds {
                story.act(deed).await;
            }
            story.w.work().await;
            story.w.assert_sound().await;
            story.end().await;
        });
        Ok(())
    });
    told.unwrap();
}
