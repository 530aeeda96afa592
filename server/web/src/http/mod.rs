//! Plain routes beside the application: no rendering by the framework, no server functions.

mod acting;
mod api_v1;
mod bills;
mod come_back;
mod connect;
#[cfg(feature = "development")]
mod dev_mail;
mod downloads;
mod feeds;
pub mod files;
mod health;
mod invoices;
mod kept;
pub mod live;
mod passes;
mod payouts;
mod preferences;
mod provider;
mod sales;
mod scanner_files;
mod sign_out;
mod statements;
mod store_files;
pub mod streams;
mod tickets;
mod uploads;
mod waiting;
pub mod webhooks;

use crate::routes::Table;

/// What thousands ask for each second and is the same for everybody: nobody's language, session or form matters to it, so
/// none of the layers goes around it, but for the fixed headers.
pub fn bare() -> Table {
    Table::default().get("/live/waiting/{slug}", waiting::board)
}

/// All others. Each has a row in `tests/access.txt` that says who may call it.
pub fn table() -> Table {
    development()
        .get("/e/{slug}/calendar.ics", feeds::calendar)
        .get("/healthz", health::alive)
        .get("/live/events/{event}", live::event)
        .get("/media/{name}", feeds::picture)
        .get("/account/export.json", downloads::account)
        .get("/orders/{order}/invoices/{document}", invoices::of_buyer)
        .get("/offline", kept::offline)
        .get("/orders/{order}/show", kept::of_order)
        .get("/orders/{order}/tickets.pdf", tickets::of_buyer)
        .get(
            "/orders/{order}/tickets/{ticket}/google-wallet",
            passes::google_of_buyer,
        )
        .get(
            "/orders/{order}/tickets/{ticket}/ticket.pkpass",
            passes::apple_of_buyer,
        )
        .get("/organize/{org}/audit.csv", downloads::audit)
        .get("/admin/audit.csv", downloads::platform_audit)
        .get("/organize/{org}/promo-codes.csv", downloads::promo_codes)
        .get("/organize/{org}/money/connect/back", connect::back)
        .get("/organize/{org}/money/report.csv", downloads::report)
        .get(
            "/organize/{org}/money/report/codes.csv",
            downloads::code_report,
        )
        .get("/organize/{org}/money/report.xlsx", downloads::report_book)
        .get("/admin/finance/report.csv", downloads::platform_report)
        .get(
            "/admin/finance/report.xlsx",
            downloads::platform_report_book,
        )
        .get("/organize/{org}/money/payouts.csv", payouts::payouts_sheet)
        .get("/organize/{org}/money/payouts.xlsx", payouts::payouts_book)
        .get(
            "/organize/{org}/money/payouts/{number}/statement.csv",
            downloads::statement,
        )
        .get("/organize/{org}/money/fees/{bill}", bills::of_organizer)
        .get("/admin/finance/invoices.csv", bills::month)
        .get("/admin/finance/invoices/{bill}", bills::of_platform)
        .get("/organize/{org}/invoices.csv", invoices::month)
        .get(
            "/organize/{org}/invoices/{document}",
            invoices::of_organizer,
        )
        .get(
            "/organize/{org}/events/{event}/attendees.csv",
            downloads::attendees,
        )
        .get(
            "/organize/{org}/events/{event}/refunds.csv",
            downloads::refunds,
        )
        .get("/organize/live/{event}", sales::event)
        .get("/orders/{order}/back", come_back::order)
        .get("/readyz", health::ready)
        .get("/robots.txt", feeds::robots)
        .get("/sitemap.xml", feeds::sitemap)
        .add(
            "POST",
            "/organize/upload/{event}",
            // The layer around everything has already measured the body.
            axum::routing::post(uploads::event_picture)
                .layer(axum::extract::DefaultBodyLimit::disable()),
        )
        .add(
            "POST",
            "/admin/upload/statement",
            axum::routing::post(statements::upload)
                .layer(axum::extract::DefaultBodyLimit::disable()),
        )
        .get("/admin/finance/transfers/refunds.csv", statements::refunds)
        .post("/webhooks/stripe", webhooks::stripe::receive)
        .post("/preferences/locale", preferences::set_locale)
        .post("/preferences/theme", preferences::set_theme)
        .get("/sign-in/provider", provider::sign_in)
        .get(services::accounts::PROVIDER_RETURN, provider::back)
        .get("/account/provider", provider::tie)
        .post("/acting/stop", acting::stop)
        .post("/sign-out", sign_out::sign_out)
        .get("/scan/sw.js", scanner_files::worker)
        .get("/sw.js", store_files::worker)
        .get("/tickets/{ticket}/google-wallet", passes::google_of_holder)
        .get("/tickets/{ticket}/show", kept::of_ticket)
        .get("/tickets/{ticket}/ticket.pkpass", passes::apple_of_holder)
        .get("/api/v1/openapi.json", api_v1::openapi::document)
        .post("/api/v1/scanner/pair", api_v1::scanner::pair)
        .get("/api/v1/scanner/event", api_v1::scanner::event)
        .get("/api/v1/scanner/roster", api_v1::scanner::roster)
        .post("/api/v1/scanner/scans", api_v1::scanner::scans)
}

#[cfg(feature = "development")]
fn development() -> Table {
    Table::default()
        .get("/dev/mail/{id}/html", dev_mail::html)
        .get("/dev/mail/{id}/raw", dev_mail::raw)
}

/// Nothing for people who build Bilten.
#[cfg(not(feature = "development"))]
fn development() -> Table {
    Table::default()
}
