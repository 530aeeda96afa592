//! Lines of the door's log.

use app_api::door::DoorScanView;
use app_ui::{Badge, Column, DataTable, Tone, use_locale};
use domain::door::Answer;
use leptos::prelude::*;
use locales::{Locale, door as t, scanner::verdict};

#[component]
pub fn Scans(#[prop(into)] caption: String, scans: Vec<DoorScanView>) -> impl IntoView {
    let l = use_locale();
    let columns = vec![
        Column::text(t::when(l)),
        Column::text(t::guest(l)),
        Column::text(t::ticket(l)),
        Column::text(t::result(l)),
        Column::text(t::device(l)),
    ];
    let rows = scans.into_iter().map(|scan| row(l, scan)).collect_view();
    view! { <DataTable caption columns stacked=true>{rows}</DataTable> }.into_any()
}

fn row(l: Locale, scan: DoorScanView) -> AnyView {
    let (tone, result) = result(l, &scan);
    let ticket = [scan.ticket_type, scan.order_code]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ");
    let ticket = if ticket.is_empty() {
        t::not_a_ticket(l).to_owned()
    } else {
        ticket
    };
    let place = [scan.device, scan.gate]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" · ");
    view! {
        <tr>
            <td data-label=t::when(l)>{scan.at}</td>
            <td data-label=t::guest(l)>{scan.holder.map(|holder| view! { <bdi>{holder}</bdi> })}</td>
            <td data-label=t::ticket(l)><bdi>{ticket}</bdi></td>
            <td data-label=t::result(l)><Badge tone>{result}</Badge></td>
            <td data-label=t::device(l)><bdi>{place}</bdi></td>
        </tr>
    }
    .into_any()
}

fn result(l: Locale, scan: &DoorScanView) -> (Tone, &'static str) {
    if scan.undone {
        return (Tone::Info, t::undone(l));
    }
    match scan.fate {
        Answer::Conflict => (Tone::Warning, t::conflict(l)),
        Answer::LateRevoked => (Tone::Warning, t::late_revoked(l)),
        Answer::Accepted if scan.let_in => (Tone::Success, t::let_in(l)),
        Answer::Accepted | Answer::Duplicate | Answer::Refused => (
            Tone::Info,
            verdict::lookup(l, &scan.verdict).unwrap_or(t::not_a_ticket(l)),
        ),
    }
}
