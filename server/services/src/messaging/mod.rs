//! Mails: what is sent to whom, in which words. Rows are written in the transaction they tell of; the worker renders
//! and hands them to the mailer. Not for: deciding when to write (that is the use case's or the outbox's business).

mod deliver;
mod enqueue;
mod facts;
mod letter;
mod link;
mod mailbox;
mod queries;
mod render;

use domain::{
    ids::{OrderId, OrganizationId},
    money::Money,
    orders::ApprovalState,
    when::Timestamp,
};
use locales::Locale;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use deliver::{Delivered, deliver_due};
pub use enqueue::enqueue;
pub(crate) use enqueue::{OrderMail, enqueue_for, enqueue_for_orders};
pub use link::Link;
pub use mailbox::{MailboxMail, mailbox};

/// What a mail says. Mails about orders carry ids only and are written from the data at the time of sending.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum MailKind {
    VerifyEmail {
        name: String,
        link: Link,
    },
    /// Somebody signed up with an address that has an account.
    AlreadyRegistered {
        name: String,
        link: Link,
    },
    ResetPassword {
        name: String,
        link: Link,
    },
    /// Lets somebody in without a password.
    SignInLink {
        name: String,
        link: Link,
    },
    /// Proves the address that an account is to have.
    ChangeEmail {
        name: String,
        link: Link,
    },
    /// To the address that an account had: it has another one now.
    EmailChanged {
        name: String,
        new: String,
        link: Link,
    },
    /// The last mail to somebody who has deleted their account.
    AccountErased {
        name: String,
    },
    /// Something about somebody's account changed; in case it was not them.
    AccountNotice {
        name: String,
        notice: AccountNotice,
        link: Link,
    },
    /// Goes on waiting for the event's sale on another device.
    WaitingPlace {
        event: String,
        link: Link,
    },
    /// Somebody would like to give the recipient a ticket.
    TicketOffered {
        order: Uuid,
        ticket: Uuid,
        name: String,
        by: String,
        /// Until when it can be accepted.
        until: Timestamp,
        link: Link,
    },
    /// The ticket, to whoever accepted it, or to whom the organizer gave it.
    TicketReceived {
        order: Uuid,
        ticket: Uuid,
        #[serde(default)]
        by_organizer: bool,
        link: Link,
    },
    /// To whoever was offered it.
    OfferTakenBack {
        order: Uuid,
        ticket: Uuid,
        name: String,
    },
    /// To whoever offered it, or had it until the organizer gave it away.
    HandoverAnswered {
        order: Uuid,
        ticket: Uuid,
        name: String,
        to: String,
        accepted: bool,
        #[serde(default)]
        by_organizer: bool,
    },
    /// To whoever has a ticket that was passed on, and not its order.
    HeldTicket {
        order: Uuid,
        ticket: Uuid,
        news: HeldNews,
        link: Link,
    },
    Invitation {
        organization: String,
        inviter: String,
        role: String,
        link: Link,
    },
    /// An owner would like to hand the organization over.
    OwnershipOffer {
        organization: String,
        by: String,
        link: Link,
    },
    /// A buyer's bank takes a payment back, or asks about it.
    DisputeOpened {
        name: String,
        organization: String,
        order: String,
        amount: Money,
        answer_by: Option<Timestamp>,
        /// No money has moved yet.
        asks_only: bool,
        link: Link,
    },
    /// The bank has decided, or asks no more.
    DisputeDecided {
        name: String,
        organization: String,
        order: String,
        amount: Money,
        /// Won, lost, or an inquiry that was closed.
        state: domain::disputes::DisputeState,
        /// It goes on to the buyer, whose order ended with the event.
        #[serde(default)]
        to_buyer: bool,
        link: Link,
    },
    /// The platform has billed its fees of a month.
    PlatformInvoice {
        name: String,
        organization: String,
        document: domain::invoices::Kind,
        number: String,
        /// Its first day.
        month: jiff::civil::Date,
        amount: Money,
        link: Link,
    },
    /// All tickets of an order.
    OrderConfirmed {
        order: Uuid,
    },
    OrderCancelled {
        order: Uuid,
    },
    /// Some tickets of an order are void, others stay.
    TicketsCancelled {
        order: Uuid,
        tickets: Vec<Uuid>,
    },
    OrderRefunded {
        order: Uuid,
        refund: Uuid,
    },
    /// Where to transfer the money for an order, and by when.
    TransferDetails {
        order: Uuid,
    },
    /// The same once more, some time before the end.
    TransferReminder {
        order: Uuid,
    },
    /// Nothing came until the end.
    TransferMissed {
        order: Uuid,
    },
    /// Something about an order that needs the organizer's yes, to its buyer.
    Request {
        order: Uuid,
        news: RequestNews,
    },
    /// To those who decide: requests wait, or nobody decided in time.
    RequestsOfEvent {
        name: String,
        event: String,
        lapsed: bool,
        link: Link,
    },
    /// To those who decide: orders that had a yes were not paid in time.
    UnpaidOfEvent {
        name: String,
        event: String,
        link: Link,
    },
    /// The money came after the places had gone: it goes back by itself.
    PaidTooLate {
        order: Uuid,
    },
    /// The card had paid for as many tickets as it may: the order is over.
    OverCardLimit {
        order: Uuid,
    },
    /// The organizer has changed tickets: what is to be paid, until when, and where.
    ExchangeOffered {
        order: Uuid,
    },
    /// The tickets could not be given in any more: the money goes back by itself.
    ExchangeFailed {
        order: Uuid,
    },
    EventPostponed {
        order: Uuid,
    },
    EventRescheduled {
        order: Uuid,
    },
    EventCancelled {
        order: Uuid,
    },
    /// The event was postponed or has a new date, and tickets may be given back until then.
    GiveBackOffer {
        order: Uuid,
        moved: bool,
        until: Timestamp,
    },
    /// A member would like money to go back, and a second one has to agree.
    RefundAsked {
        name: String,
        organization: String,
        by: String,
        amount: Money,
        link: Link,
    },
    /// What became of that.
    RefundAnswered {
        name: String,
        organization: String,
        by: String,
        amount: Money,
        outcome: ApprovalState,
        reason: String,
        link: Link,
    },
    /// "Find my tickets": links to every order of the address, and to every ticket that was passed on to it.
    MyTickets {
        orders: Vec<Uuid>,
        #[serde(default)]
        given: Vec<Given>,
    },
}

/// A ticket that was passed on, by what it is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    pub event: String,
    pub ticket_type: String,
    pub link: Link,
}

/// What happened to a ticket that was passed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldNews {
    /// It does not admit any more.
    Ended,
    EventPostponed,
    EventRescheduled,
}

/// What became of an order that needs the organizer's yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestNews {
    /// It waits.
    Asked,
    /// The organizer said yes, and it is to be paid now.
    ToPay,
    /// The organizer said yes, and what was held on the card could not be taken.
    HoldGone,
    Declined,
    Withdrawn,
    /// Nobody decided in time.
    Lapsed,
    /// The organizer said yes, and it was not paid in time.
    NotPaid,
}

impl RequestNews {
    /// Each is a kind of mail of its own.
    fn code(self) -> &'static str {
        match self {
            Self::Asked => "request_asked",
            Self::ToPay => "request_to_pay",
            Self::HoldGone => "request_hold_gone",
            Self::Declined => "request_declined",
            Self::Withdrawn => "request_withdrawn",
            Self::Lapsed => "request_lapsed",
            Self::NotPaid => "request_not_paid",
        }
    }
}

/// What changed about an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum AccountNotice {
    PasswordChanged,
    SecondFactorOn,
    SecondFactorOff,
    /// By the house, for somebody who lost it.
    SecondFactorTakenAway {
        reason: String,
    },
    RecoveryCodeUsed {
        left: u64,
    },
    /// The mailbox was shown for the first time: what opened the account before does not any more.
    EarlierWaysClosed,
    /// By the house, to another address, for somebody who lost this one.
    AccountMoved {
        new: String,
        reason: String,
    },
    PasskeyAdded {
        name: String,
    },
    PasskeyRemoved {
        name: String,
    },
    SupportLooked {
        reason: String,
    },
    /// An organization's money goes somewhere else from now on.
    PayoutAccountChanged {
        organization: String,
        last_four: String,
    },
    /// An organization's own account at the payment provider does less than it did, or soon will.
    ConnectedAccount {
        organization: String,
        standing: domain::connect::Standing,
        deadline: Option<jiff::civil::Date>,
    },
    WalletAdded {
        address: String,
    },
    WalletRemoved {
        address: String,
    },
    ProviderTied {
        name: String,
    },
    ProviderUntied {
        name: String,
    },
}

impl MailKind {
    pub fn code(&self) -> &'static str {
        match self {
            Self::VerifyEmail { .. } => "verify_email",
            Self::AlreadyRegistered { .. } => "already_registered",
            Self::ResetPassword { .. } => "reset_password",
            Self::SignInLink { .. } => "sign_in_link",
            Self::ChangeEmail { .. } => "change_email",
            Self::EmailChanged { .. } => "email_changed",
            Self::AccountErased { .. } => "account_erased",
            Self::AccountNotice { .. } => "account_notice",
            Self::WaitingPlace { .. } => "waiting_place",
            Self::TicketOffered { .. } => "ticket_offered",
            Self::TicketReceived { .. } => "ticket_received",
            Self::OfferTakenBack { .. } => "offer_taken_back",
            Self::HandoverAnswered { .. } => "handover_answered",
            Self::HeldTicket { .. } => "held_ticket",
            Self::Invitation { .. } => "invitation",
            Self::OwnershipOffer { .. } => "ownership_offer",
            Self::DisputeOpened { .. } => "dispute_opened",
            Self::DisputeDecided { .. } => "dispute_decided",
            Self::PlatformInvoice { .. } => "platform_invoice",
            Self::OrderConfirmed { .. } => "order_confirmed",
            Self::OrderCancelled { .. } => "order_cancelled",
            Self::TicketsCancelled { .. } => "tickets_cancelled",
            Self::OrderRefunded { .. } => "order_refunded",
            Self::TransferDetails { .. } => "transfer_details",
            Self::TransferReminder { .. } => "transfer_reminder",
            Self::TransferMissed { .. } => "transfer_missed",
            Self::Request { news, .. } => news.code(),
            Self::RequestsOfEvent { .. } => "requests_of_event",
            Self::UnpaidOfEvent { .. } => "unpaid_of_event",
            Self::PaidTooLate { .. } => "paid_too_late",
            Self::OverCardLimit { .. } => "over_card_limit",
            Self::ExchangeOffered { .. } => "exchange_offered",
            Self::ExchangeFailed { .. } => "exchange_failed",
            Self::EventPostponed { .. } => "event_postponed",
            Self::EventRescheduled { .. } => "event_rescheduled",
            Self::EventCancelled { .. } => "event_cancelled",
            Self::GiveBackOffer { .. } => "give_back_offer",
            Self::RefundAsked { .. } => "refund_asked",
            Self::RefundAnswered { .. } => "refund_answered",
            Self::MyTickets { .. } => "my_tickets",
        }
    }
}

impl MailKind {
    /// The orders that it tells of.
    fn orders(&self) -> &[Uuid] {
        match self {
            Self::OrderConfirmed { order }
            | Self::OrderCancelled { order }
            | Self::TicketsCancelled { order, .. }
            | Self::TicketOffered { order, .. }
            | Self::TicketReceived { order, .. }
            | Self::OfferTakenBack { order, .. }
            | Self::HandoverAnswered { order, .. }
            | Self::HeldTicket { order, .. }
            | Self::OrderRefunded { order, .. }
            | Self::TransferDetails { order }
            | Self::TransferReminder { order }
            | Self::TransferMissed { order }
            | Self::PaidTooLate { order }
            | Self::OverCardLimit { order }
            | Self::Request { order, .. }
            | Self::ExchangeOffered { order }
            | Self::ExchangeFailed { order }
            | Self::EventPostponed { order }
            | Self::EventRescheduled { order }
            | Self::EventCancelled { order }
            | Self::GiveBackOffer { order, .. } => std::slice::from_ref(order),
            Self::MyTickets { orders, .. } => orders,
            Self::VerifyEmail { .. }
            | Self::AlreadyRegistered { .. }
            | Self::ResetPassword { .. }
            | Self::SignInLink { .. }
            | Self::ChangeEmail { .. }
            | Self::EmailChanged { .. }
            | Self::AccountErased { .. }
            | Self::AccountNotice { .. }
            | Self::WaitingPlace { .. }
            | Self::Invitation { .. }
            | Self::OwnershipOffer { .. }
            | Self::DisputeOpened { .. }
            | Self::DisputeDecided { .. }
            | Self::PlatformInvoice { .. }
            | Self::RefundAsked { .. }
            | Self::RequestsOfEvent { .. }
            | Self::UnpaidOfEvent { .. }
            | Self::RefundAnswered { .. } => &[],
        }
    }

    /// The tickets that it tells of one by one.
    fn named_tickets(&self) -> &[Uuid] {
        match self {
            Self::TicketsCancelled { tickets, .. } => tickets,
            Self::TicketOffered { ticket, .. }
            | Self::TicketReceived { ticket, .. }
            | Self::OfferTakenBack { ticket, .. }
            | Self::HandoverAnswered { ticket, .. }
            | Self::HeldTicket { ticket, .. } => std::slice::from_ref(ticket),
            _ => &[],
        }
    }

    /// The refund that it tells of.
    fn refund(&self) -> Option<Uuid> {
        match self {
            Self::OrderRefunded { refund, .. } => Some(*refund),
            _ => None,
        }
    }

    /// Whether it says where to transfer money to.
    fn asks_for_transfer(&self) -> bool {
        matches!(
            self,
            Self::TransferDetails { .. } | Self::TransferReminder { .. }
        )
    }

    /// Whether the tickets come with it.
    fn brings_tickets(&self) -> bool {
        matches!(self, Self::OrderConfirmed { .. })
    }

    /// Whether it carries the event as a calendar file.
    fn brings_calendar(&self) -> bool {
        matches!(
            self,
            Self::OrderConfirmed { .. }
                | Self::EventRescheduled { .. }
                | Self::GiveBackOffer { moved: true, .. }
                | Self::TicketReceived { .. }
                | Self::HeldTicket {
                    news: HeldNews::EventRescheduled,
                    ..
                }
        )
    }
}

/// A mail to be written. The same `dedupe_key` is sent once, however often it is asked for.
#[derive(Debug, Clone)]
pub struct NewMail {
    pub kind: MailKind,
    pub dedupe_key: String,
    pub recipient: String,
    pub locale: Locale,
    pub organization: Option<OrganizationId>,
    pub order: Option<OrderId>,
}
