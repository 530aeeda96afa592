//! Lines of the door's log.

use app_api::door::DoorScanView;
use app_ui::{Badge, Column, DataTable, Tone, use_locale};
use domain::door::Answer;
use leptos::prelude::*;
use locales::{Locale, door as t};

#[component]
pub fn Scans(#[prop(into)] caption: String, scans: Vec<DoorScanView>) -> impl IntoView {
    let l = use_locale();
    let heads = [t::when(l), t::guest(l), t::ticket(l), t::device(l)];
    let columns = heads
        .into_iter()
        .chain([t::result(l)])
        .map(Column::text)
        .collect();
    let rows = scans
        .into_iter()
        .map(|scan| row(l, scan, heads))
        .collect_view();
    view! { <DataTable caption columns stacked=true>{rows}</DataTable> }.into_any()
}

fn row(l: Locale, scan: DoorScanView, heads: [&'static str; 4]) -> AnyView {
    let tone = match scan.fate {
        Answer::Conflict | Answer::LateRevoked => Tone::Warning,
        Answer::Accepted if scan.let_in => Tone::Success,
        _ => Tone::Info,
    };
    let cells = scan.cells.into_iter().zip(heads);
    let cells = cells
        .map(|(cell, head)| view! { <td data-label=head><bdi>{cell}</bdi></td> })
        .collect_view();
    let reason = scan
        .reason
        .map(|reason| view! { <br/><small><bdi>{reason}</bdi></small> });
    view! {
        <tr>
            {cells}
            <td data-label=t::result(l)><span><Badge tone>{scan.result}</Badge>{reason}</span></td>
        </tr>
    }
    .into_any()
}
