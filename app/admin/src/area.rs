//! The door of this area, and the routes that lead through it.

use leptos::prelude::*;

use crate::pages;

/// What can be shown.
pub enum Page {
    Overview,
    Users,
    User,
    Organizations,
    Organization,
    Events,
    Orders,
    Audit,
    Finance,
    Fees,
    Bills,
    Issuer,
    Cases,
    Case,
    Transfers,
    TransferAccount,
    BankFile,
    Credits,
    BankRefunds,
    /// Every piece of the design system in every state; hidden in production, as are the mails.
    #[cfg(feature = "development")]
    Design,
    /// The mails that would have left.
    #[cfg(feature = "development")]
    Mails,
    #[cfg(feature = "development")]
    Mail,
}

/// The one entrance; loaded when the first page of the area is shown.
#[lazy(admin)]
pub fn view(page: Page) -> AnyView {
    match page {
        Page::Overview => pages::OverviewPage().into_any(),
        Page::Users => pages::UsersPage().into_any(),
        Page::User => pages::UserPage().into_any(),
        Page::Organizations => pages::OrganizationsPage().into_any(),
        Page::Organization => pages::OrganizationPage().into_any(),
        Page::Events => pages::EventsPage().into_any(),
        Page::Orders => pages::OrdersPage().into_any(),
        Page::Audit => pages::AuditPage().into_any(),
        Page::Finance => pages::FinancePage().into_any(),
        Page::Fees => pages::FeesPage().into_any(),
        Page::Bills => pages::BillsPage().into_any(),
        Page::Issuer => pages::IssuerPage().into_any(),
        Page::Cases => pages::CasesPage().into_any(),
        Page::Case => pages::CasePage().into_any(),
        Page::Transfers => pages::TransfersPage().into_any(),
        Page::TransferAccount => pages::TransferAccountPage().into_any(),
        Page::BankFile => pages::BankFilePage().into_any(),
        Page::Credits => pages::CreditsPage().into_any(),
        Page::BankRefunds => pages::BankRefundsPage().into_any(),
        #[cfg(feature = "development")]
        Page::Design => app_ui::Gallery().into_any(),
        #[cfg(feature = "development")]
        Page::Mails => pages::MailsPage().into_any(),
        #[cfg(feature = "development")]
        Page::Mail => pages::MailPage().into_any(),
    }
}

app_api::page_routes! { view, __preload_view =>
    /// `/admin`
    OverviewRoute => Page::Overview;
    /// `/admin/users`
    UsersRoute => Page::Users;
    /// `/admin/users/:id`
    UserRoute => Page::User;
    /// `/admin/organizations`
    OrganizationsRoute => Page::Organizations;
    /// `/admin/organizations/:id`
    OrganizationRoute => Page::Organization;
    /// `/admin/events`
    EventsRoute => Page::Events;
    /// `/admin/orders`
    OrdersRoute => Page::Orders;
    /// `/admin/audit`
    AuditRoute => Page::Audit;
    /// `/admin/finance`
    FinanceRoute => Page::Finance;
    /// `/admin/finance/fees`
    FeesRoute => Page::Fees;
    /// `/admin/finance/invoices`
    BillsRoute => Page::Bills;
    /// `/admin/finance/issuer`
    IssuerRoute => Page::Issuer;
    /// `/admin/finance/cases`
    CasesRoute => Page::Cases;
    /// `/admin/finance/cases/:id`
    CaseRoute => Page::Case;
    /// `/admin/finance/transfers`
    TransfersRoute => Page::Transfers;
    /// `/admin/finance/transfers/account`
    TransferAccountRoute => Page::TransferAccount;
    /// `/admin/finance/transfers/files/:id`
    BankFileRoute => Page::BankFile;
    /// `/admin/finance/transfers/credits`
    CreditsRoute => Page::Credits;
    /// `/admin/finance/transfers/refunds`
    BankRefundsRoute => Page::BankRefunds;
}

#[cfg(feature = "development")]
app_api::page_routes! { view, __preload_view =>
    /// `/dev/design`
    DesignRoute => Page::Design;
    /// `/dev/mail`
    MailsRoute => Page::Mails;
    /// `/dev/mail/:id`
    MailRoute => Page::Mail;
}
