//! What the simulated database holds.

use crate::{
    checkin::ScanRecord,
    ids::{CheckInId, PoolId, TicketId},
    ledger::Posting,
    money::Money,
    orders::OrderState,
    payments::PaymentState,
    stock::Pool,
    tickets::TicketState,
};

/// Ticket types by their place in the catalog, and how many of each.
pub(super) type Lines = Vec<(usize, u32)>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HoldState {
    Active,
    Ordered,
    LetGo,
}

#[derive(Clone, Debug)]
pub(super) struct Hold {
    pub(super) lines: Lines,
    pub(super) expires: i64,
    pub(super) state: HoldState,
}

/// Where the places of an order are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stock {
    Held,
    Sold,
    LetGo,
}

#[derive(Clone, Debug)]
pub(super) struct Order {
    pub(super) lines: Lines,
    pub(super) total: Money,
    pub(super) refunded: Money,
    pub(super) state: OrderState,
    pub(super) stock: Stock,
    pub(super) placed: i64,
    pub(super) expires: i64,
    /// Whether it ever was.
    pub(super) paid: bool,
    pub(super) tickets: Vec<usize>,
}

#[derive(Clone, Debug)]
pub(super) struct Payment {
    pub(super) order: usize,
    pub(super) amount: Money,
    pub(super) state: PaymentState,
    /// Whether we know by which name the provider speaks of it.
    pub(super) known: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Refund {
    pub(super) order: usize,
    pub(super) payment: usize,
    pub(super) amount: Money,
    pub(super) sent: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Ticket {
    pub(super) id: TicketId,
    pub(super) order: usize,
    pub(super) kind: usize,
    pub(super) unit: Money,
    pub(super) state: TicketState,
    /// The lines about it that doors have sent.
    pub(super) scans: Vec<CheckInId>,
    /// By which change of the database its row became what it is.
    pub(super) version: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Accepted,
    Conflict,
    /// The ticket had stopped admitting before the server heard of the scan.
    LateRevoked,
    /// Undone, or an undo itself.
    Undone,
}

#[derive(Clone, Debug)]
pub(super) struct Scan {
    pub(super) record: ScanRecord,
    pub(super) ticket: usize,
    pub(super) outcome: Outcome,
}

/// Names one intent of a client, however often it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Hold { buyer: usize },
    Place { buyer: usize },
    Refund { number: u32 },
}

/// What a key was answered: the row that was made.
pub(super) type Answer = usize;

/// Why something was posted; each cause at most once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cause {
    Sale { payment: usize },
    Refund { refund: usize },
    Sent { refund: usize },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Job {
    ExpireHold { hold: usize },
    ExpireOrder { order: usize },
    SendRefund { refund: usize },
}

/// One change within a transaction. Rows are named by their number; a number at the end adds a row.
#[derive(Clone, Debug)]
pub(super) enum Write {
    Pools(Vec<(PoolId, Pool)>),
    Hold(usize, Hold),
    Order(usize, Order),
    Payment(usize, Payment),
    Refund(usize, Refund),
    Ticket(usize, Ticket),
    Scan(Scan),
    Post(Cause, Posting),
    Key(Key, Answer),
    News(u64),
    Job(i64, Job),
    CallOff { event: usize },
}

impl Write {
    /// For the trace.
    pub(super) fn told(&self) -> String {
        match self {
            Self::Pools(pools) => {
                let told = pools.iter().map(|(_, pool)| {
                    format!("{}+{}/{}", pool.held(), pool.sold(), pool.capacity())
                });
                format!(
                    "pools held+sold/capacity {}",
                    told.collect::<Vec<_>>().join(" ")
                )
            }
            Self::Hold(number, hold) => {
                format!(
                    "hold {number} {:?} {:?} until {}",
                    hold.lines, hold.state, hold.expires
                )
            }
            Self::Order(number, order) => format!(
                "order {number} {} stock {:?}, refunded {} of {}",
                order.state, order.stock, order.refunded.minor, order.total.minor
            ),
            Self::Payment(number, payment) => {
                format!(
                    "payment {number} of order {} {:?}",
                    payment.order, payment.state
                )
            }
            Self::Refund(number, refund) => format!(
                "refund {number} of order {}: {}, sent {}",
                refund.order, refund.amount.minor, refund.sent
            ),
            Self::Ticket(number, ticket) => {
                format!("ticket {number} of order {} {}", ticket.order, ticket.state)
            }
            Self::Scan(scan) => format!("scan of ticket {} {:?}", scan.ticket, scan.outcome),
            Self::Post(cause, posting) => {
                let entries = posting.entries().iter();
                let told = entries.map(|entry| format!("{} {}", entry.account, entry.amount.minor));
                format!("post {cause:?}: {}", told.collect::<Vec<_>>().join(", "))
            }
            Self::Key(key, answer) => format!("{key:?} answered {answer}"),
            Self::News(event) => format!("news {event} heard"),
            Self::Job(at, job) => format!("{job:?} due at {at}"),
            Self::CallOff { event } => format!("event {event} called off"),
        }
    }
}
