//! Any sequence of deeds keeps every promise, with money of no, two and three decimals.

mod shown;

use domain::{money::Currency, payments::DeclineReason};
use proptest::{
    prelude::*,
    sample::select,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use services::{
    checkout::{self, Held, Placed},
    db::Scope,
    jobs::{self, Job},
    orders::{self, CancelOrder, RefundChoice},
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
    async fn begin(currency: Currency) -> Self {
        let w = World::new().await;
        let event = w
            .event("Demo")
            .currency(currency)
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
    let currencies = select(vec![Currency::JPY, Currency::EUR, Currency::KWD]);
    let stories = (currencies, proptest::collection::vec(deed(), 1..40));
    let told = runner.run(&stories, |(currency, deeds)| {
        runtime.block_on(async {
            let mut story = Story::begin(currency).await;
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
