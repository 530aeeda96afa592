//! The door of this area, and the routes that lead through it.

use leptos::prelude::*;

use crate::pages::{self, account, buy};

/// What can be shown.
pub enum Page {
    Home,
    Events,
    Organizer,
    Event,
    Waiting,
    Details,
    Order,
    Pay,
    Processing,
    Sandbox,
    FindTickets,
    SignIn,
    Link,
    TakeLink,
    Code,
    Prove,
    Security,
    SignUp,
    Verify,
    Reset,
    ChoosePassword,
    Account,
    Tickets,
    Email,
    ConfirmEmail,
    RestoreEmail,
    Join,
}

/// The one entrance; loaded when the first page of the area is shown.
#[lazy(store)]
pub fn view(page: Page) -> AnyView {
    match page {
        Page::Home => pages::home().into_any(),
        Page::Events => pages::events().into_any(),
        Page::Organizer => pages::organizer().into_any(),
        Page::Event => pages::event().into_any(),
        Page::Waiting => pages::waiting().into_any(),
        Page::Details => buy::details().into_any(),
        Page::Order => buy::order().into_any(),
        Page::Pay => buy::pay().into_any(),
        Page::Processing => buy::processing().into_any(),
        Page::Sandbox => buy::sandbox().into_any(),
        Page::FindTickets => buy::FindPage().into_any(),
        Page::SignIn => account::SignInPage().into_any(),
        Page::Link => account::LinkPage().into_any(),
        Page::TakeLink => account::TakeLinkPage().into_any(),
        Page::Code => account::CodePage().into_any(),
        Page::Prove => account::ProvePage().into_any(),
        Page::Security => account::SecurityPage().into_any(),
        Page::SignUp => account::SignUpPage().into_any(),
        Page::Verify => account::VerifyPage().into_any(),
        Page::Reset => account::ResetPage().into_any(),
        Page::ChoosePassword => account::ChoosePasswordPage().into_any(),
        Page::Account => account::AccountPage().into_any(),
        Page::Tickets => account::tickets().into_any(),
        Page::Email => account::EmailPage().into_any(),
        Page::ConfirmEmail => account::ConfirmEmailPage().into_any(),
        Page::RestoreEmail => account::RestoreEmailPage().into_any(),
        Page::Join => account::JoinPage().into_any(),
    }
}

app_api::page_routes! { view, __preload_view =>
    /// `/`
    HomeRoute => Page::Home;
    /// `/events`
    EventsRoute => Page::Events;
    /// `/o/:slug`
    OrganizerRoute => Page::Organizer;
    /// `/e/:slug`
    EventRoute => Page::Event;
    /// `/e/:slug/waiting`
    WaitingRoute => Page::Waiting;
    /// `/e/:slug/waiting/:place`
    PlaceRoute => Page::Waiting;
    /// `/checkout/:hold`
    DetailsRoute => Page::Details;
    /// `/orders/:order`
    OrderRoute => Page::Order;
    /// `/orders/:order/pay`
    PayRoute => Page::Pay;
    /// `/orders/:order/processing`
    ProcessingRoute => Page::Processing;
    /// `/sandbox/pay/:payment`
    SandboxRoute => Page::Sandbox;
    /// `/find-my-tickets`
    FindTicketsRoute => Page::FindTickets;
    /// `/sign-in`
    SignInRoute => Page::SignIn;
    /// `/sign-in/code`
    CodeRoute => Page::Code;
    /// `/sign-in/again`
    ProveRoute => Page::Prove;
    /// `/account/security`
    SecurityRoute => Page::Security;
    /// `/sign-up`
    SignUpRoute => Page::SignUp;
    /// `/verify/:token`
    VerifyRoute => Page::Verify;
    /// `/reset`
    ResetRoute => Page::Reset;
    /// `/reset/:token`
    ChoosePasswordRoute => Page::ChoosePassword;
    /// `/account`
    AccountRoute => Page::Account;
    /// `/sign-in/link`
    LinkRoute => Page::Link;
    /// `/sign-in/link/:token`
    TakeLinkRoute => Page::TakeLink;
    /// `/account/tickets`
    MyTicketsRoute => Page::Tickets;
    /// `/account/email`
    EmailRoute => Page::Email;
    /// `/account/email/:token`
    ConfirmEmailRoute => Page::ConfirmEmail;
    /// `/account/email/restore/:token`
    RestoreEmailRoute => Page::RestoreEmail;
    /// `/join/:token`
    JoinRoute => Page::Join;
}
