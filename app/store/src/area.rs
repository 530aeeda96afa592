//! The door of this area, and the routes that lead through it.

use leptos::prelude::*;

use crate::pages::{self, account as accounts, buy};

/// What visitors and buyers are shown.
pub enum Page {
    Home,
    Events,
    Organizer,
    Event,
    Waiting,
    Details,
    Order,
    NewDate,
    Cancel,
    Change,
    PassOn,
    Accept,
    Held,
    Pay,
    Leave,
    Processing,
    Sandbox,
    FindTickets,
}

/// The entrance to finding and buying.
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
        Page::NewDate => buy::new_date().into_any(),
        Page::Cancel => buy::cancel().into_any(),
        Page::Change => buy::change().into_any(),
        Page::PassOn => buy::pass_on().into_any(),
        Page::Accept => buy::accept().into_any(),
        Page::Held => buy::held().into_any(),
        Page::Pay => buy::pay().into_any(),
        Page::Leave => buy::leave().into_any(),
        Page::Processing => buy::processing().into_any(),
        Page::Sandbox => buy::sandbox().into_any(),
        Page::FindTickets => buy::FindPage().into_any(),
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
    /// `/orders/:order/new-date`
    NewDateRoute => Page::NewDate;
    /// `/orders/:order/cancel`
    CancelRoute => Page::Cancel;
    /// `/orders/:order/change`
    ChangeRoute => Page::Change;
    /// `/orders/:order/pass-on`
    PassOnRoute => Page::PassOn;
    /// `/accept/:offer`
    AcceptRoute => Page::Accept;
    /// `/tickets/:ticket`
    HeldRoute => Page::Held;
    /// `/orders/:order/pay`
    PayRoute => Page::Pay;
    /// `/orders/:order/leave`
    LeaveRoute => Page::Leave;
    /// `/orders/:order/processing`
    ProcessingRoute => Page::Processing;
    /// `/sandbox/pay/:payment`
    SandboxRoute => Page::Sandbox;
    /// `/find-my-tickets`
    FindTicketsRoute => Page::FindTickets;
}

/// The pages of people with accounts.
pub enum AccountPage {
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
    Privacy,
    Deleted,
    Join,
}

/// The account pages, which most buyers never need: they are behind a door of their own, which `app` makes.
pub fn account(page: AccountPage) -> AnyView {
    match page {
        AccountPage::SignIn => accounts::SignInPage().into_any(),
        AccountPage::Link => accounts::LinkPage().into_any(),
        AccountPage::TakeLink => accounts::TakeLinkPage().into_any(),
        AccountPage::Code => accounts::CodePage().into_any(),
        AccountPage::Prove => accounts::ProvePage().into_any(),
        AccountPage::Security => accounts::SecurityPage().into_any(),
        AccountPage::SignUp => accounts::SignUpPage().into_any(),
        AccountPage::Verify => accounts::VerifyPage().into_any(),
        AccountPage::Reset => accounts::ResetPage().into_any(),
        AccountPage::ChoosePassword => accounts::ChoosePasswordPage().into_any(),
        AccountPage::Account => accounts::AccountPage().into_any(),
        AccountPage::Tickets => accounts::tickets().into_any(),
        AccountPage::Email => accounts::EmailPage().into_any(),
        AccountPage::ConfirmEmail => accounts::ConfirmEmailPage().into_any(),
        AccountPage::RestoreEmail => accounts::RestoreEmailPage().into_any(),
        AccountPage::Privacy => accounts::PrivacyPage().into_any(),
        AccountPage::Deleted => accounts::DeletedPage().into_any(),
        AccountPage::Join => accounts::JoinPage().into_any(),
    }
}
