//! The one route table: every page with its address, its area and how it is rendered.
//!
//! Modes: the store is `Async`, because its pages must be complete, with title and status, without any script;
//! everything else streams.

use leptos::tachys::view::iterators::StaticVec;
use leptos_router::any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute};
use leptos_router::{Lazy, LazyRoute, NestedRoute, PossibleRouteMatch, SsrMode, path};

type Table = Vec<AnyNestedRoute>;

/// All pages, in the order in which addresses are tried.
pub(crate) fn table() -> StaticVec<AnyNestedRoute> {
    let mut all = store();
    all.extend(account());
    all.extend(organizer());
    all.extend(admin());
    all.extend(scanner());
    #[cfg(feature = "development")]
    all.extend(development());
    all.into()
}

fn page<R>(
    address: impl PossibleRouteMatch + Clone + Send + 'static,
    mode: SsrMode,
) -> AnyNestedRoute
where
    R: LazyRoute + Sync,
{
    NestedRoute::new(address, Lazy::<R>::new())
        .ssr_mode(mode)
        .into_any_nested_route()
}

fn store() -> Table {
    use app_store::area::{
        AcceptRoute, CancelRoute, ChangeRoute, DetailsRoute, EventRoute, EventsRoute,
        FindTicketsRoute, HeldRoute, HomeRoute, LeaveRoute, NewDateRoute, OrderRoute,
        OrganizerRoute, PassOnRoute, PayRoute, PlaceRoute, ProcessingRoute, SandboxRoute,
        WaitingRoute,
    };
    vec![
        page::<HomeRoute>(path!("/"), SsrMode::Async),
        page::<EventsRoute>(path!("/events"), SsrMode::Async),
        page::<OrganizerRoute>(path!("/o/:slug"), SsrMode::Async),
        page::<EventRoute>(path!("/e/:slug"), SsrMode::Async),
        page::<WaitingRoute>(path!("/e/:slug/waiting"), SsrMode::Async),
        page::<PlaceRoute>(path!("/e/:slug/waiting/:place"), SsrMode::Async),
        page::<DetailsRoute>(path!("/checkout/:hold"), SsrMode::Async),
        page::<OrderRoute>(path!("/orders/:order"), SsrMode::Async),
        page::<NewDateRoute>(path!("/orders/:order/new-date"), SsrMode::Async),
        page::<CancelRoute>(path!("/orders/:order/cancel"), SsrMode::Async),
        page::<ChangeRoute>(path!("/orders/:order/change"), SsrMode::Async),
        page::<PassOnRoute>(path!("/orders/:order/pass-on"), SsrMode::Async),
        page::<AcceptRoute>(path!("/accept/:offer"), SsrMode::Async),
        page::<HeldRoute>(path!("/tickets/:ticket"), SsrMode::Async),
        page::<PayRoute>(path!("/orders/:order/pay"), SsrMode::Async),
        page::<LeaveRoute>(path!("/orders/:order/leave"), SsrMode::Async),
        page::<ProcessingRoute>(path!("/orders/:order/processing"), SsrMode::Async),
        page::<SandboxRoute>(path!("/sandbox/pay/:payment"), SsrMode::Async),
        page::<FindTicketsRoute>(path!("/find-my-tickets"), SsrMode::Async),
    ]
}

/// Complete pages, because they must work before and without anything else.
fn account() -> Table {
    use crate::own as at;
    vec![
        page::<at::SignInRoute>(path!("/sign-in"), SsrMode::Async),
        page::<at::CodeRoute>(path!("/sign-in/code"), SsrMode::Async),
        page::<at::LinkRoute>(path!("/sign-in/link"), SsrMode::Async),
        page::<at::TakeLinkRoute>(path!("/sign-in/link/:token"), SsrMode::Async),
        page::<at::ProveRoute>(path!("/sign-in/again"), SsrMode::Async),
        page::<at::SecurityRoute>(path!("/account/security"), SsrMode::Async),
        page::<at::SignUpRoute>(path!("/sign-up"), SsrMode::Async),
        page::<at::VerifyRoute>(path!("/verify/:token"), SsrMode::Async),
        page::<at::ResetRoute>(path!("/reset"), SsrMode::Async),
        page::<at::ChoosePasswordRoute>(path!("/reset/:token"), SsrMode::Async),
        page::<at::AccountRoute>(path!("/account"), SsrMode::Async),
        page::<at::MyTicketsRoute>(path!("/account/tickets"), SsrMode::Async),
        page::<at::PrivacyRoute>(path!("/account/privacy"), SsrMode::Async),
        page::<at::DeletedRoute>(path!("/account/deleted"), SsrMode::Async),
        page::<at::EmailRoute>(path!("/account/email"), SsrMode::Async),
        page::<at::ConfirmEmailRoute>(path!("/account/email/:token"), SsrMode::Async),
        page::<at::RestoreEmailRoute>(path!("/account/email/restore/:token"), SsrMode::Async),
        page::<at::JoinRoute>(path!("/join/:token"), SsrMode::Async),
    ]
}

/// Complete pages: forms that hold much typed work must not depend on scripts.
fn organizer() -> Table {
    use crate::own;
    use app_organizer::area as at;
    vec![
        page::<own::StartRoute>(path!("/organize"), SsrMode::Async),
        page::<own::NewOrganizationRoute>(path!("/organize/new"), SsrMode::Async),
        page::<at::DashboardRoute>(path!("/organize/:org"), SsrMode::Async),
        page::<at::OrdersRoute>(path!("/organize/:org/orders"), SsrMode::Async),
        page::<own::SettingsRoute>(path!("/organize/:org/settings"), SsrMode::Async),
        page::<own::InvoicesRoute>(path!("/organize/:org/invoices"), SsrMode::Async),
        page::<own::AuditRoute>(path!("/organize/:org/audit"), SsrMode::Async),
        page::<own::TeamRoute>(path!("/organize/:org/team"), SsrMode::Async),
        page::<own::MoneyRoute>(path!("/organize/:org/money"), SsrMode::Async),
        page::<own::ApprovalsRoute>(path!("/organize/:org/approvals"), SsrMode::Async),
        page::<own::ConnectRoute>(path!("/organize/:org/money/connect"), SsrMode::Async),
        page::<own::ReportRoute>(path!("/organize/:org/money/report"), SsrMode::Async),
        page::<own::PayoutsRoute>(path!("/organize/:org/money/payouts"), SsrMode::Async),
        page::<own::MovementsRoute>(path!("/organize/:org/money/bookings"), SsrMode::Async),
        page::<own::StatementRoute>(
            path!("/organize/:org/money/payouts/:number"),
            SsrMode::Async,
        ),
        page::<own::FeesRoute>(path!("/organize/:org/money/fees"), SsrMode::Async),
        page::<own::DisputesRoute>(path!("/organize/:org/money/disputes"), SsrMode::Async),
        page::<own::DisputeRoute>(
            path!("/organize/:org/money/disputes/:dispute"),
            SsrMode::Async,
        ),
        page::<own::CodeReportRoute>(path!("/organize/:org/money/report/codes"), SsrMode::Async),
        page::<own::PromoCodesRoute>(path!("/organize/:org/promo-codes"), SsrMode::Async),
        page::<own::NewPromoCodeRoute>(path!("/organize/:org/promo-codes/new"), SsrMode::Async),
        page::<own::ManyPromoCodesRoute>(path!("/organize/:org/promo-codes/many"), SsrMode::Async),
        page::<own::PromoCodeRoute>(path!("/organize/:org/promo-codes/:promo"), SsrMode::Async),
        page::<at::NewEventRoute>(path!("/organize/:org/events/new"), SsrMode::Async),
        page::<at::OverviewRoute>(path!("/organize/:org/events/:event"), SsrMode::Async),
        page::<at::OrderRoute>(path!("/organize/:org/orders/:code"), SsrMode::Async),
        page::<at::AttendeesRoute>(
            path!("/organize/:org/events/:event/attendees"),
            SsrMode::Async,
        ),
        page::<at::CallOffRoute>(
            path!("/organize/:org/events/:event/call-off"),
            SsrMode::Async,
        ),
        page::<at::RefundsRoute>(
            path!("/organize/:org/events/:event/refunds"),
            SsrMode::Async,
        ),
        page::<at::DoorRoute>(path!("/organize/:org/events/:event/door"), SsrMode::Async),
        page::<own::DoorListsRoute>(
            path!("/organize/:org/events/:event/door/lists"),
            SsrMode::Async,
        ),
        page::<own::DoorListRoute>(
            path!("/organize/:org/events/:event/door/lists/:list"),
            SsrMode::Async,
        ),
        page::<at::BasicsRoute>(path!("/organize/:org/events/:event/edit"), SsrMode::Async),
        page::<at::OrdersRoute>(path!("/organize/:org/events/:event/orders"), SsrMode::Async),
        page::<at::RefundRoute>(path!("/organize/:org/orders/:code/refund"), SsrMode::Async),
        page::<at::ChangeRoute>(path!("/organize/:org/orders/:code/change"), SsrMode::Async),
        page::<at::DescriptionRoute>(
            path!("/organize/:org/events/:event/edit/description"),
            SsrMode::Async,
        ),
        page::<at::PictureRoute>(
            path!("/organize/:org/events/:event/edit/picture"),
            SsrMode::Async,
        ),
        page::<at::PlaceRoute>(
            path!("/organize/:org/events/:event/edit/place"),
            SsrMode::Async,
        ),
        page::<at::RulesRoute>(
            path!("/organize/:org/events/:event/edit/rules"),
            SsrMode::Async,
        ),
        page::<at::TicketsRoute>(
            path!("/organize/:org/events/:event/edit/tickets"),
            SsrMode::Async,
        ),
        page::<at::WhenRoute>(
            path!("/organize/:org/events/:event/edit/when"),
            SsrMode::Async,
        ),
        page::<at::PoolRoute>(
            path!("/organize/:org/events/:event/edit/pools/:pool"),
            SsrMode::Async,
        ),
        page::<at::PhasesRoute>(
            path!("/organize/:org/events/:event/edit/tickets/:ticket/phases"),
            SsrMode::Async,
        ),
        page::<at::TicketRoute>(
            path!("/organize/:org/events/:event/edit/tickets/:ticket"),
            SsrMode::Async,
        ),
    ]
}

fn admin() -> Table {
    use app_admin::area as at;
    vec![
        page::<at::OverviewRoute>(path!("/admin"), SsrMode::Async),
        page::<at::UsersRoute>(path!("/admin/users"), SsrMode::Async),
        page::<at::UserRoute>(path!("/admin/users/:id"), SsrMode::Async),
        page::<at::OrganizationsRoute>(path!("/admin/organizations"), SsrMode::Async),
        page::<at::OrganizationRoute>(path!("/admin/organizations/:id"), SsrMode::Async),
        page::<at::EventsRoute>(path!("/admin/events"), SsrMode::Async),
        page::<at::OrdersRoute>(path!("/admin/orders"), SsrMode::Async),
        page::<at::AuditRoute>(path!("/admin/audit"), SsrMode::Async),
        page::<at::FinanceRoute>(path!("/admin/finance"), SsrMode::Async),
        page::<at::FeesRoute>(path!("/admin/finance/fees"), SsrMode::Async),
        page::<at::BillsRoute>(path!("/admin/finance/invoices"), SsrMode::Async),
        page::<at::IssuerRoute>(path!("/admin/finance/issuer"), SsrMode::Async),
        page::<at::CasesRoute>(path!("/admin/finance/cases"), SsrMode::Async),
        page::<at::CaseRoute>(path!("/admin/finance/cases/:id"), SsrMode::Async),
        page::<at::TransfersRoute>(path!("/admin/finance/transfers"), SsrMode::Async),
        page::<at::TransferAccountRoute>(path!("/admin/finance/transfers/account"), SsrMode::Async),
        page::<at::BankFileRoute>(path!("/admin/finance/transfers/files/:id"), SsrMode::Async),
        page::<at::CreditsRoute>(path!("/admin/finance/transfers/credits"), SsrMode::Async),
        page::<at::BankRefundsRoute>(path!("/admin/finance/transfers/refunds"), SsrMode::Async),
    ]
}

fn scanner() -> Table {
    use app_scanner::area::ScannerRoute;
    vec![page::<ScannerRoute>(path!("/scan"), SsrMode::OutOfOrder)]
}

/// For people who build Bilten; not in a program that is built for production, and hidden there by another one.
#[cfg(feature = "development")]
fn development() -> Table {
    use app_admin::area as at;
    vec![
        page::<at::DesignRoute>(path!("/dev/design"), SsrMode::OutOfOrder),
        page::<at::MailsRoute>(path!("/dev/mail"), SsrMode::Async),
        page::<at::MailRoute>(path!("/dev/mail/:id"), SsrMode::Async),
    ]
}
