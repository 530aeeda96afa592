//! A buyer's bank takes a payment back: one dispute, as told by the provider late, twice, and in any order.

mod case;
mod tickets;

pub use case::{Case, Moved, Step, Told};
pub use tickets::{TicketPolicy, Tickets};

use crate::codes::coded_enum;

coded_enum! {
    /// Where a dispute stands, declared in the order of the way. An inquiry may become a dispute that takes money, and a
    /// bank that has decided for its customer may still give the money back; neither ever goes the other way.
    pub enum DisputeState {
        /// The bank asks; no money has moved.
        Inquiry = "inquiry",
        /// The bank has our answer; no money has moved.
        InquiryAnswered = "inquiry_answered",
        /// The bank's question has come to nothing.
        InquiryClosed = "inquiry_closed",
        /// The money is gone, and an answer is due.
        NeedsAnswer = "needs_answer",
        /// The money is gone, and the bank weighs our answer.
        UnderReview = "under_review",
        /// Decided for the buyer.
        Lost = "lost",
        /// Decided for the organizer.
        Won = "won",
    }
}

impl DisputeState {
    /// Takes news in: the state that lies furthest on the way wins, so the end is the same for every order.
    #[must_use]
    pub fn apply(self, news: Self) -> Self {
        self.max(news)
    }

    /// Whether the bank has yet to decide.
    pub fn is_open(self) -> bool {
        match self {
            Self::Inquiry | Self::InquiryAnswered | Self::NeedsAnswer | Self::UnderReview => true,
            Self::InquiryClosed | Self::Lost | Self::Won => false,
        }
    }

    /// Whether an answer is due.
    pub fn takes_answer(self) -> bool {
        match self {
            Self::Inquiry | Self::NeedsAnswer => true,
            Self::InquiryAnswered
            | Self::InquiryClosed
            | Self::UnderReview
            | Self::Lost
            | Self::Won => false,
        }
    }

    /// Whether the buyer's money is held by the bank, and nobody knows yet whose it is.
    pub fn holds_money(self) -> bool {
        match self {
            Self::NeedsAnswer | Self::UnderReview => true,
            Self::Inquiry
            | Self::InquiryAnswered
            | Self::InquiryClosed
            | Self::Lost
            | Self::Won => false,
        }
    }
}

coded_enum! {
    /// Why a buyer disputes a payment.
    pub enum DisputeReason {
        /// The buyer says that it was somebody else.
        Fraudulent = "fraudulent",
        /// The buyer does not know the payment.
        Unrecognized = "unrecognized",
        /// Paid twice.
        Duplicate = "duplicate",
        /// The buyer did not get what was paid for.
        NotReceived = "not_received",
        /// What the buyer got is not what was promised.
        NotAsDescribed = "not_as_described",
        /// A refund was promised and did not come.
        CreditNotProcessed = "credit_not_processed",
        /// Called off, and charged all the same.
        Cancelled = "cancelled",
        /// A direct debit that nobody agreed to.
        DebitNotAuthorized = "debit_not_authorized",
        /// Anything else.
        Other = "other",
    }
}

coded_enum! {
    /// The parts of what an organizer hands in.
    pub enum EvidencePart {
        /// Who bought.
        BuyerName = "buyer_name",
        /// Where tickets and mails were sent.
        BuyerEmail = "buyer_email",
        /// The internet address that the order came from.
        BuyerAddress = "buyer_address",
        /// What was sold.
        Product = "product",
        /// When it took place.
        ServiceDate = "service_date",
        /// What was sent, and who came in when and where.
        Activity = "activity",
        /// What the buyer agreed to about refunds.
        RefundPolicy = "refund_policy",
        /// Everything else, in the organizer's own words.
        Statement = "statement",
    }
}

#[cfg(test)]
mod tests;
