//! What was scanned: the last lines, refusals, admissions against the rule, and second entries beside the first.

use app_api::door::{DoorScanView, DoorView};
use app_ui::{Badge, Column, DataTable, Disclosure, Section, Tone, use_locale};
use domain::door::Answer;
use leptos::prelude::*;
use locales::door as t;

use super::Scans;

/// The lower end of the page. What is folded stays as the reader left it while the lines in it change.
pub(super) fn log(news: RwSignal<DoorView>) -> AnyView {
    let l = use_locale();
    let part = move |caption: &'static str, pick: fn(&DoorView) -> &Vec<DoorScanView>| {
        let lines = Memo::new(move |_| news.with(|news| pick(news).clone()));
        move || {
            if lines.with(Vec::is_empty) {
                view! { <p>{t::none_yet(l)}</p> }.into_any()
            } else {
                view! { <Scans caption scans=lines.get()/> }.into_any()
            }
        }
    };
    let reasons = Memo::new(move |_| news.with(|news| news.reasons.clone()));
    let reasons = move || {
        let all = reasons.get().into_iter();
        let all = all.map(|reason| view! { <li><bdi>{reason}</bdi></li> });
        view! { <ul class="door-reasons">{all.collect_view()}</ul> }
    };
    let recent = part(t::recent(l), |news| &news.recent);
    let refused = part(t::refusals(l), |news| &news.refused);
    let forced = part(t::forced_log(l), |news| &news.forced);
    view! {
        <Section title=t::recent(l)>{recent}</Section>
        <Section title=t::refusals(l) lead=t::refusals_lead(l)>
            {reasons}
            <Disclosure label=t::last_fifty(l)>{refused}</Disclosure>
        </Section>
        <Section title=t::forced_log(l) lead=t::forced_lead(l)>{forced}</Section>
    }
    .into_any()
}

/// Second entries: the one that counts, and beside it the other.
#[component]
pub(super) fn Pairs(pairs: Vec<(DoorScanView, Option<DoorScanView>)>) -> impl IntoView {
    let l = use_locale();
    let columns = vec![
        Column::text(t::guest(l)),
        Column::text(t::entry_counts(l)),
        Column::text(t::entry_other(l)),
        Column::text(t::result(l)),
    ];
    let rows = pairs
        .into_iter()
        .map(|(other, first)| {
            let [guest, ticket] = [1, 2].map(|n| other.cells.get(n).cloned().unwrap_or_default());
            let result = match other.fate {
                Answer::LateRevoked => t::late_revoked(l),
                _ => t::conflict(l),
            };
            view! {
                <tr>
                    <td data-label=t::guest(l)><span><bdi>{guest}</bdi><br/><small><bdi>{ticket}</bdi></small></span></td>
                    <td data-label=t::entry_counts(l)>{first.map(entry)}</td>
                    <td data-label=t::entry_other(l)>{entry(other)}</td>
                    <td data-label=t::result(l)><Badge tone=Tone::Warning>{result}</Badge></td>
                </tr>
            }
        })
        .collect_view();
    view! { <DataTable caption=t::conflicts(l) columns stacked=true>{rows}</DataTable> }.into_any()
}

/// When, and at which gate on which device.
fn entry(scan: DoorScanView) -> AnyView {
    let [at, place] = [0, 3].map(|n| scan.cells.get(n).cloned().unwrap_or_default());
    view! { <span>{at}<br/><small><bdi>{place}</bdi></small></span> }.into_any()
}
