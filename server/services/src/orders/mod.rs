//! Orders after they are placed: the buyer's permanent page, the organizer's lists, calling off and giving back.
//!
//! Locks are taken in one order everywhere: hold, payment, order, pools.

mod at_door;
pub mod attendees;
mod back;
mod buyer;
mod cancel;
mod dispute;
mod door_note;
mod event;
mod exchange;
mod expire;
mod export;
mod find;
mod fulfil;
mod funds;
mod insert;
mod invoice;
mod links;
mod list;
mod mine;
mod money_back;
mod offers;
mod print;
mod queries;
mod refund;
mod refund_elsewhere;
mod refund_told;
mod requests;
mod resend;
mod rows;
mod runs;
mod sales;
mod schedule;
mod send_refund;
mod sent_by_bank;
mod show;
mod timeline;
mod view;
mod void;

pub use at_door::{AtDoor, DoorTicket, at_door, held_at_door};
pub use buyer::{
    CancelByBuyer, CancelByBuyerError, CancelPreview, TicketBack, WhichTickets, cancel_by_buyer,
    preview_cancel,
};
pub use cancel::{CancelError, CancelOrder, cancel};
pub(crate) use dispute::after_dispute;
pub use door_note::{DoorNoteError, set_door_note};
pub use event::event;
pub use exchange::{
    ChangePage, ExchangeError, ExchangePreview, ExchangeWish, Exchanged, GivenTicket, Links,
    OtherDate, change_page, change_page_for_organizer, exchange_by_buyer, exchange_by_organizer,
};
pub(crate) use exchange::{
    give_up as give_exchange_up, load as exchange_of, related as related_to_exchanges,
    settle as settle_exchange,
};
pub(crate) use expire::{due, expire_due, expire_now};
pub use export::export_attendees;
pub(crate) use find::OrderSecrets;
pub(crate) use fulfil::{fulfil, fulfil_all};
pub(crate) use funds::{borne, holders, living_on, withheld};
pub(crate) use insert::{insert, new_code};
pub use invoice::{SetInvoiceError, set_invoice};
pub use links::{RequestLinksError, request_links};
pub use list::{ListOrders, OrderRow, list};
pub(crate) use mine::keep_all_of;
pub use mine::{InAccount, MyOrder, When, has_any, in_account, keep, let_go, list_mine};
pub(crate) use money_back::{MoneyBack, give_back, send_back};
pub use offers::{
    AnswerOffer, AnswerOfferError, OfferFigures, OfferPage, OfferState, answer_offer,
    offer_figures, offer_page,
};
pub(crate) use offers::{NewOffer, end_offer, make_offer};
pub use print::{PrintedTickets, print_tickets};
pub(crate) use queries::{
    find_by_code, find_by_secret, lock, lock_all, of_hold, of_holds, places, places_of, save,
};
pub use refund::{RefundChoice, RefundError, RefundOrder, RefundPreview, preview_refund, refund};
pub(crate) use refund::{plan_refund, refund_as_shown};
pub(crate) use refund_elsewhere::{SentElsewhere, refunded_elsewhere};
pub(crate) use refund_told::refund_told;
pub use requests::{
    Answered, DecideRequestError, RequestInput, RequestView, approve_request, approve_requests,
    count_requests, decline_request, set_request_policy,
};
pub(crate) use requests::{TellOf, hold_gone, money_held, tell_organizers, withdraw_all};
pub use resend::{ResendError, resend, resend_for_organizer};
pub use rows::Invoice;
pub(crate) use rows::{Channel, NewLine, NewOrder, Order};
pub use runs::{
    CallOffFigures, ListRun, MoneyBackFigures, RetryRunError, RunCounts, RunMoney, RunRow, RunView,
    call_off_figures, export_run, list_run, retry_run, show_run,
};
pub(crate) use runs::{
    NewRun, begin_run, end_orders_of, end_portion, figures, give_back_won, goes_on, paid_late,
};
pub use sales::{DayOfSales, SalesFigures, TypeFigures, sales};
pub(crate) use schedule::agreed as agreed_schedule;
pub use schedule::refund_schedule;
pub(crate) use send_refund::{CompareError, compare_refund, send_refund};
pub use send_refund::{RetryRefundError, retry_refund};
pub(crate) use sent_by_bank::{back_at_bank, sent_by_bank};
pub(crate) use show::detail;
pub use show::{show, show_by_secret};
pub use view::{
    OrderDetail, OrderLineView, OrderView, PaymentView, RefundView, TicketView, TimelineEntry,
};

use domain::ids::OrderId;

use crate::Services;

/// The secret in the buyer's permanent link: derived, so that mails can name it while the database keeps its hash.
pub fn secret(sv: &Services, order: OrderId) -> String {
    sv.seal.derive(&format!("order|{order}"))
}

/// The buyer's permanent page.
pub fn link(sv: &Services, order: OrderId) -> String {
    format!("{}/orders/{}", sv.settings.public_url, secret(sv, order))
}
