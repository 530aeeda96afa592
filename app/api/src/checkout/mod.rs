//! What the pages of buying ask the server: choose, hold, details, pay, and the order's own page.

mod cancel;
mod change;
mod code;
mod details;
mod hold;
mod manage;
mod mine;
mod order;
mod passing;
mod passing_views;
mod pay;
mod views;
mod waiting;

pub use cancel::{CancelOrder, CancelPage, cancel_order, cancel_page};
pub use change::{ChangePage, ChangeTickets, change_page, change_tickets};
pub use code::{CODE, RemovePromoCode, UsePromoCode, remove_promo_code, use_promo_code};
pub use details::{
    CheckoutPage, ExtendHold, OrderForm, PlaceOrder, ReleaseHold, checkout_page, extend_hold,
    place_order, release_hold,
};
pub use hold::{HoldTickets, hold_tickets, quantity_field};
pub use manage::{
    FindMyTickets, ResendTickets, SetInvoice, find_my_tickets, resend_tickets, set_invoice,
};
pub use mine::{
    KeepOrder, LetGoOrder, MyOrderView, MyTickets, MyTicketsView, keep_order, let_go_order,
    my_tickets,
};
pub use order::{OrderPage, order_page};
pub use passing::{
    AcceptPage, AcceptTicket, DeclineTicket, HeldPage, OfferTicket, PassOnPage, TakeOfferBack,
    accept_page, accept_ticket, decline_ticket, held_page, offer_ticket, pass_on_page,
    take_offer_back,
};
pub use passing_views::{
    AcceptView, GivenTicketView, HeldView, PassOnView, PassTicketView, PendingView,
};
pub use pay::{
    BeginTransfer, ChooseOutcome, PayInPage, ProviderPage, SandboxPage, StartPayment,
    begin_transfer, choose_outcome, pay_in_page, provider_page, sandbox_page, start_payment,
};
pub use views::{
    CancelView, ChangeDateView, ChangeOfferView, ChangePreviewView, ChangeTicketView,
    ChangeTicketsView, ChangeView, CheckoutState, CheckoutView, CodeLine, EventBrief, ExchangeLink,
    FieldsView, GiveBackView, GivenBack, InPageView, InvoiceView, Keeping, LineView, OrderAt,
    OrderView, RefundView, SandboxView, TaxLine, TicketBackView, TicketView, TransferView,
};
pub use waiting::{
    JoinWaitingRoom, PlaceView, SendWaitingPlace, WaitingPage, WaitingView, join_waiting_room,
    send_waiting_place, waiting_page,
};
