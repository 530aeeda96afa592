//! The door to what is one's own: the account, and what is about an organization itself. Neither those who buy nor those
//! who work on events need it every day, and a door for each would cut the pieces smaller than is good (see
//! docs/decisions/0002-wasm-budget.md).

use app_organizer::area::{HousePage, house};
use app_store::area::{AccountPage, account};
use leptos::prelude::*;

/// What can be shown.
pub(crate) enum OwnPage {
    Account(AccountPage),
    House(HousePage),
}

/// The entrance.
#[lazy(own)]
pub(crate) fn own(page: OwnPage) -> AnyView {
    match page {
        OwnPage::Account(page) => account(page),
        OwnPage::House(page) => house(page),
    }
}

app_api::page_routes! { own, __preload_own =>
    /// `/sign-in`
    SignInRoute => OwnPage::Account(AccountPage::SignIn);
    /// `/sign-in/code`
    CodeRoute => OwnPage::Account(AccountPage::Code);
    /// `/sign-in/again`
    ProveRoute => OwnPage::Account(AccountPage::Prove);
    /// `/account/security`
    SecurityRoute => OwnPage::Account(AccountPage::Security);
    /// `/sign-up`
    SignUpRoute => OwnPage::Account(AccountPage::SignUp);
    /// `/verify/:token`
    VerifyRoute => OwnPage::Account(AccountPage::Verify);
    /// `/reset`
    ResetRoute => OwnPage::Account(AccountPage::Reset);
    /// `/reset/:token`
    ChoosePasswordRoute => OwnPage::Account(AccountPage::ChoosePassword);
    /// `/account`
    AccountRoute => OwnPage::Account(AccountPage::Account);
    /// `/sign-in/link`
    LinkRoute => OwnPage::Account(AccountPage::Link);
    /// `/sign-in/link/:token`
    TakeLinkRoute => OwnPage::Account(AccountPage::TakeLink);
    /// `/account/tickets`
    MyTicketsRoute => OwnPage::Account(AccountPage::Tickets);
    /// `/account/email`
    EmailRoute => OwnPage::Account(AccountPage::Email);
    /// `/account/email/:token`
    ConfirmEmailRoute => OwnPage::Account(AccountPage::ConfirmEmail);
    /// `/account/email/restore/:token`
    RestoreEmailRoute => OwnPage::Account(AccountPage::RestoreEmail);
    /// `/account/privacy`
    PrivacyRoute => OwnPage::Account(AccountPage::Privacy);
    /// `/account/deleted`
    DeletedRoute => OwnPage::Account(AccountPage::Deleted);
    /// `/join/:token`
    JoinRoute => OwnPage::Account(AccountPage::Join);
    /// `/organize`
    StartRoute => OwnPage::House(HousePage::Start);
    /// `/organize/new`
    NewOrganizationRoute => OwnPage::House(HousePage::NewOrganization);
    /// `/organize/:org/team`
    TeamRoute => OwnPage::House(HousePage::Team);
    /// `/organize/:org/settings`
    SettingsRoute => OwnPage::House(HousePage::Settings);
    /// `/organize/:org/invoices`
    InvoicesRoute => OwnPage::House(HousePage::Invoices);
    /// `/organize/:org/audit`
    AuditRoute => OwnPage::House(HousePage::Audit);
    /// `/organize/:org/money`
    MoneyRoute => OwnPage::House(HousePage::Money);
    /// `/organize/:org/money/connect`
    ConnectRoute => OwnPage::House(HousePage::Connect);
    /// `/organize/:org/money/bookings`
    MovementsRoute => OwnPage::House(HousePage::Movements);
    /// `/organize/:org/money/payouts`
    PayoutsRoute => OwnPage::House(HousePage::Payouts);
    /// `/organize/:org/money/payouts/:number`
    StatementRoute => OwnPage::House(HousePage::Statement);
    /// `/organize/:org/money/fees`
    FeesRoute => OwnPage::House(HousePage::Fees);
    /// `/organize/:org/money/disputes`
    DisputesRoute => OwnPage::House(HousePage::Disputes);
    /// `/organize/:org/money/disputes/:dispute`
    DisputeRoute => OwnPage::House(HousePage::Dispute);
    /// `/organize/:org/money/report`
    ReportRoute => OwnPage::House(HousePage::Report);
    /// `/organize/:org/approvals`
    ApprovalsRoute => OwnPage::House(HousePage::Approvals);
    /// `/organize/:org/promo-codes`
    PromoCodesRoute => OwnPage::House(HousePage::PromoCodes);
    /// `/organize/:org/promo-codes/new`
    NewPromoCodeRoute => OwnPage::House(HousePage::NewPromoCode);
    /// `/organize/:org/promo-codes/many`
    ManyPromoCodesRoute => OwnPage::House(HousePage::ManyPromoCodes);
    /// `/organize/:org/promo-codes/:promo`
    PromoCodeRoute => OwnPage::House(HousePage::PromoCode);
    /// `/organize/:org/money/report/codes`
    CodeReportRoute => OwnPage::House(HousePage::CodeReport);
    /// `/organize/:org/events/:event/door/lists`
    DoorListsRoute => OwnPage::House(HousePage::DoorLists);
    /// `/organize/:org/events/:event/door/lists/:list`
    DoorListRoute => OwnPage::House(HousePage::DoorList);
}
