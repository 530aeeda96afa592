//! What can happen in the simulated world.

use super::{provider::Message, refunds::RefundWish, rows::Job};
use crate::ids::PoolId;

#[derive(Clone, Debug)]
pub(super) enum Action {
    /// A buyer's request for places arrives.
    Ask {
        buyer: usize,
    },
    /// The server takes all requests that wait, together.
    Batch,
    Leave {
        buyer: usize,
    },
    Place {
        buyer: usize,
    },
    Start {
        order: usize,
    },
    /// The provider is asked for a page, outside of any transaction.
    Open {
        payment: usize,
    },
    Known {
        payment: usize,
    },
    Pay {
        payment: usize,
    },
    Hear(Message),
    Work(Job),
    BuyerCancels {
        order: usize,
    },
    OrganizerCancels {
        order: usize,
    },
    Refund(RefundWish),
    CallOff {
        event: usize,
    },
    Resize {
        pool: PoolId,
        capacity: u32,
    },
    Scan {
        door: usize,
    },
    Undo {
        door: usize,
    },
    ClockJumps {
        door: usize,
    },
    Send {
        door: usize,
    },
    Load {
        door: usize,
    },
    LookAround,
}

impl Action {
    /// Whether somebody may send it again although it was answered.
    pub(super) fn may_repeat(&self) -> bool {
        match self {
            Self::Ask { .. }
            | Self::Leave { .. }
            | Self::Place { .. }
            | Self::Start { .. }
            | Self::Open { .. }
            | Self::Known { .. }
            | Self::Hear(_)
            | Self::Work(_)
            | Self::OrganizerCancels { .. }
            | Self::Refund(_)
            | Self::CallOff { .. }
            | Self::Send { .. }
            | Self::Load { .. } => true,
            // What people do at a page or a door is another deed when it is done again, and a batch is the server's.
            Self::Batch
            | Self::Pay { .. }
            | Self::BuyerCancels { .. }
            | Self::Resize { .. }
            | Self::Scan { .. }
            | Self::Undo { .. }
            | Self::ClockJumps { .. }
            | Self::LookAround => false,
        }
    }
}
