//! Stand-ins for the outside world that remember what went through them.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicI64, AtomicU32, Ordering},
    },
};

use async_trait::async_trait;
use domain::{
    ids::{PaymentId, RefundId},
    money::Money,
    payments::RefundState,
    when::Timestamp,
};
use services::ports::{
    Cache, Counted, FileStore, KnownPayment, KnownRefund, Mailer, NewPayment, NewRefund, NotTaken,
    OutgoingMail, PaymentGateway, PaymentPage, PaymentStanding, PortError, ProviderEvent,
    ProviderPayment, StoredMail, WebhookError,
};

/// Keeps every mail.
#[derive(Default)]
pub struct CollectingMailer {
    sent: Mutex<Vec<OutgoingMail>>,
    broken_for: Mutex<Option<String>>,
}

impl CollectingMailer {
    /// All mails so far, oldest first.
    pub fn sent(&self) -> Vec<OutgoingMail> {
        self.sent.lock().unwrap().clone()
    }

    /// Mails to this address break whoever sends them.
    pub fn break_for(&self, address: &str) {
        *self.broken_for.lock().unwrap() = Some(address.to_owned());
    }

    /// The mails to one address.
    pub fn to(&self, address: &str) -> Vec<OutgoingMail> {
        self.sent()
            .into_iter()
            .filter(|mail| mail.to.contains(address))
            .collect()
    }
}

#[async_trait]
impl Mailer for CollectingMailer {
    async fn send(&self, mail: &OutgoingMail) -> Result<(), PortError> {
        let broken = self.broken_for.lock().unwrap().clone();
        assert_ne!(broken.as_ref(), Some(&mail.to), "a broken mailer");
        self.sent.lock().unwrap().push(mail.clone());
        Ok(())
    }

    async fn mailbox(&self) -> Option<Vec<StoredMail>> {
        None
    }
}

/// A refund as the provider has it in its own books.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentRefund {
    pub provider_ref: String,
    pub amount: Money,
    pub key: String,
}

/// The sandbox provider, with a book of its own to compare ours with.
#[derive(Default)]
pub struct BookkeepingGateway {
    refunds: Mutex<BTreeMap<String, SentRefund>>,
    unavailable: AtomicU32,
    refused: AtomicU32,
    broken: AtomicU32,
    replaced: AtomicBool,
    slow: AtomicU32,
    lost: AtomicU32,
    asked: AtomicBool,
    least: AtomicI64,
    in_steps: AtomicBool,
    known: Mutex<BTreeMap<PaymentId, KnownPayment>>,
    tries: Mutex<BTreeMap<(RefundId, u32), KnownRefund>>,
    closed: Mutex<Vec<PaymentId>>,
    captures: Mutex<BTreeMap<PaymentId, Money>>,
    releases: Mutex<Vec<PaymentId>>,
    refused_captures: AtomicU32,
}

impl BookkeepingGateway {
    /// From now on it can be asked what it knows, which is nothing until [`BookkeepingGateway::know`].
    pub fn answer_questions(&self) {
        self.asked.store(true, Ordering::SeqCst);
    }

    /// What it says of a payment when it is asked.
    pub fn know(&self, payment: PaymentId, known: KnownPayment) {
        self.known.lock().unwrap().insert(payment, known);
    }

    /// The pages that were closed, in their order.
    pub fn closed(&self) -> Vec<PaymentId> {
        self.closed.lock().unwrap().clone()
    }

    /// The next refunds take their time: they are under way until there is news.
    pub fn delay_next(&self, calls: u32) {
        self.slow.store(calls, Ordering::SeqCst);
    }

    /// The next refunds are made, but the answers get lost.
    pub fn lose_next_answers(&self, calls: u32) {
        self.lost.store(calls, Ordering::SeqCst);
    }

    /// From now on another provider is paid with.
    pub fn replace(&self) {
        self.replaced.store(true, Ordering::SeqCst);
    }

    /// From now on smaller amounts cannot be paid.
    pub fn take_at_least(&self, minor: i64) {
        self.least.store(minor, Ordering::SeqCst);
    }

    /// From now on amounts of three decimals are taken in steps only, as cards do.
    pub fn take_in_steps(&self) {
        self.in_steps.store(true, Ordering::SeqCst);
    }

    /// The next calls find nobody.
    pub fn fail_next(&self, calls: u32) {
        self.unavailable.store(calls, Ordering::SeqCst);
    }

    /// The next refunds are refused for good.
    pub fn refuse_next(&self, calls: u32) {
        self.refused.store(calls, Ordering::SeqCst);
    }

    /// The next refunds break whoever asks for them.
    pub fn break_next(&self, calls: u32) {
        self.broken.store(calls, Ordering::SeqCst);
    }

    /// The next holds cannot be taken.
    pub fn refuse_next_captures(&self, calls: u32) {
        self.refused_captures.store(calls, Ordering::SeqCst);
    }

    /// What was taken of what was held.
    pub fn captures(&self) -> BTreeMap<PaymentId, Money> {
        self.captures.lock().unwrap().clone()
    }

    /// What was held and let go of, in its order.
    pub fn releases(&self) -> Vec<PaymentId> {
        self.releases.lock().unwrap().clone()
    }

    /// What was sent back, in the order of the keys.
    pub fn refunds(&self) -> Vec<SentRefund> {
        self.refunds.lock().unwrap().values().cloned().collect()
    }

    fn takes_one(counter: &AtomicU32) -> bool {
        counter
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
                left.checked_sub(1)
            })
            .is_ok()
    }
}

#[async_trait]
impl PaymentGateway for BookkeepingGateway {
    fn provider(&self) -> &'static str {
        if self.replaced.load(Ordering::SeqCst) {
            "another"
        } else {
            "sandbox"
        }
    }

    fn takes(&self, amount: Money) -> Result<(), NotTaken> {
        if self.in_steps.load(Ordering::SeqCst) && !amount.is_in_steps() {
            let step = Money::new(amount.currency.step(), amount.currency);
            return Err(NotTaken::Uneven { step });
        }
        let least = Money::new(self.least.load(Ordering::SeqCst), amount.currency);
        if amount.minor < least.minor {
            return Err(NotTaken::TooSmall { least });
        }
        Ok(())
    }

    async fn start(&self, payment: &NewPayment) -> Result<PaymentPage, PortError> {
        if Self::takes_one(&self.unavailable) {
            return Err(PortError::Unavailable("down".into()));
        }
        let provider_ref = format!("sandbox-{}", payment.payment);
        Ok(PaymentPage {
            url: format!("https://bilten.test/sandbox/pay/{provider_ref}"),
            provider_ref,
        })
    }

    fn can_be_asked(&self) -> bool {
        self.asked.load(Ordering::SeqCst)
    }

    async fn find(&self, payment: &ProviderPayment) -> Result<Option<KnownPayment>, PortError> {
        if Self::takes_one(&self.unavailable) {
            return Err(PortError::Unavailable("down".into()));
        }
        Ok(self.known.lock().unwrap().get(&payment.payment).cloned())
    }

    async fn close(&self, payment: &ProviderPayment) -> Result<Option<KnownPayment>, PortError> {
        let mut known = self.known.lock().unwrap();
        let Some(known) = known.get_mut(&payment.payment) else {
            return Ok(None);
        };
        if !known.closed {
            self.closed.lock().unwrap().push(payment.payment);
            known.closed = true;
            known.standing = match known.standing {
                PaymentStanding::Open => PaymentStanding::Failed {
                    reason: domain::payments::DeclineReason::Abandoned,
                },
                standing => standing,
            };
        }
        Ok(Some(known.clone()))
    }

    fn can_hold(&self) -> bool {
        true
    }

    async fn capture(
        &self,
        payment: &ProviderPayment,
        amount: Money,
    ) -> Result<KnownPayment, PortError> {
        if Self::takes_one(&self.unavailable) {
            return Err(PortError::Unavailable("down".into()));
        }
        if Self::takes_one(&self.refused_captures)
            || self.releases.lock().unwrap().contains(&payment.payment)
        {
            return Err(PortError::Refused("not held".into()));
        }
        self.captures
            .lock()
            .unwrap()
            .insert(payment.payment, amount);
        Ok(services::payments::sandbox::take_held(amount))
    }

    async fn release(&self, payment: &ProviderPayment) -> Result<KnownPayment, PortError> {
        if Self::takes_one(&self.unavailable) {
            return Err(PortError::Unavailable("down".into()));
        }
        if let Some(amount) = self.captures.lock().unwrap().get(&payment.payment) {
            return Ok(services::payments::sandbox::take_held(*amount));
        }
        self.releases.lock().unwrap().push(payment.payment);
        Ok(services::payments::sandbox::let_go())
    }

    async fn refund(&self, refund: &NewRefund) -> Result<KnownRefund, PortError> {
        if Self::takes_one(&self.unavailable) {
            return Err(PortError::Unavailable("down".into()));
        }
        assert!(!Self::takes_one(&self.broken), "a broken gateway");
        if Self::takes_one(&self.refused) {
            return Err(PortError::Refused("account closed".into()));
        }
        let name = (refund.refund, refund.attempt);
        let key = format!("{}-{}", refund.refund, refund.attempt);
        let state = if Self::takes_one(&self.slow) {
            RefundState::Pending
        } else {
            RefundState::Succeeded
        };
        let mut tries = self.tries.lock().unwrap();
        let known = tries.entry(name).or_insert_with(|| KnownRefund {
            reference: format!("sandbox-refund-{key}"),
            state,
            why: String::new(),
            recalled: false,
        });
        let sent = SentRefund {
            provider_ref: refund.of.provider_ref.clone(),
            amount: refund.amount,
            key: key.clone(),
        };
        self.refunds.lock().unwrap().insert(key, sent);
        if Self::takes_one(&self.lost) {
            return Err(PortError::Unavailable("no answer".into()));
        }
        Ok(known.clone())
    }

    async fn find_refund(&self, refund: &NewRefund) -> Result<Option<KnownRefund>, PortError> {
        let name = (refund.refund, refund.attempt);
        Ok(self.tries.lock().unwrap().get(&name).cloned())
    }

    /// Messages are written as they are kept; the proof is a word.
    fn read_webhook(
        &self,
        proof: &str,
        body: &[u8],
        _now: Timestamp,
    ) -> Result<ProviderEvent, WebhookError> {
        if proof != "true" {
            return Err(WebhookError::NotProven("another signature"));
        }
        serde_json::from_slice(body).map_err(|e| WebhookError::NotUnderstood(e.to_string()))
    }
}

/// Files in memory.
#[derive(Default)]
pub struct MemoryFiles(Mutex<BTreeMap<String, Vec<u8>>>);

impl MemoryFiles {
    pub fn names(&self) -> Vec<String> {
        self.0.lock().unwrap().keys().cloned().collect()
    }
}

#[async_trait]
impl FileStore for MemoryFiles {
    async fn put(&self, name: &str, bytes: Vec<u8>) -> Result<(), PortError> {
        self.0.lock().unwrap().insert(name.into(), bytes);
        Ok(())
    }

    async fn get(&self, name: &str) -> Result<Option<Vec<u8>>, PortError> {
        Ok(self.0.lock().unwrap().get(name).cloned())
    }

    async fn delete(&self, name: &str) -> Result<(), PortError> {
        self.0.lock().unwrap().remove(name);
        Ok(())
    }
}

/// Remembers nothing, so that no test passes because of a stale value.
pub struct NoCache;

#[async_trait]
impl Cache for NoCache {
    async fn count(&self, _: &str, seconds: u32) -> Counted {
        Counted {
            tries: 1,
            seconds_left: seconds,
        }
    }

    async fn forget(&self, _: &str) {}
}
