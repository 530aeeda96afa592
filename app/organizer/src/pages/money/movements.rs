//! `/organize/:org/money/bookings`: everything that changed what is owed.

use app_api::query::use_query_map;
use app_api::{
    ask,
    finance::{MovementListView, MovementView, OrganizerMovements},
};
use app_ui::{
    Column, DataTable, DateTimeView, EmptyState, KeysetPager, MoneyView, address, use_locale,
};
use leptos::prelude::*;
use locales::finance as t;

use super::{Here, sections, words};
use crate::parts::{Frame, loaded, use_part};

#[component]
pub fn MovementsPage() -> impl IntoView {
    let l = use_locale();
    let organization = use_part("org");
    let query = use_query_map();
    let after = Memo::new(move |_| query.with(|q| q.get("after")));
    let found = ask(move || OrganizerMovements {
        organization: organization.get(),
        after: after.get(),
    });
    view! {
        <Frame title=t::movements_title(l)>
            {sections(&organization.get_untracked(), Here::Movements)}
            <p class="lead">{t::movements_lead(l)}</p>
            {loaded(found, move |found| show(&organization.get_untracked(), found))}
        </Frame>
    }
}

fn show(organization: &str, found: MovementListView) -> AnyView {
    let l = use_locale();
    let base = format!("/organize/{organization}/money/bookings");
    let next = found.next.map(|after| address(&base, &[("after", &after)]));
    if found.rows.is_empty() {
        return view! { <EmptyState title=t::movements_none(l) text=t::none_text(l)/> }.into_any();
    }
    view! { {table(organization, found.rows)}<KeysetPager next/> }.into_any()
}

pub(super) fn table(organization: &str, rows: Vec<MovementView>) -> AnyView {
    let l = use_locale();
    let columns = vec![
        Column::text(t::col_when(l)),
        Column::text(t::col_what(l)),
        Column::text(t::col_for(l)),
        Column::number(t::col_fee(l)),
        Column::number(t::col_tax(l)),
        Column::number(t::col_owed(l)),
    ];
    let rows = rows
        .into_iter()
        .map(|row| {
            let about = about(organization, &row);
            view! {
                <tr>
                    <td data-label=t::col_when(l)><DateTimeView at=row.at/></td>
                    <td data-label=t::col_what(l)>{words::kind(l, &row.kind)}</td>
                    <td data-label=t::col_for(l)>{about}</td>
                    <td class="num" data-label=t::col_fee(l)><MoneyView amount=row.fee/></td>
                    <td class="num" data-label=t::col_tax(l)><MoneyView amount=row.tax/></td>
                    <td class="num" data-label=t::col_owed(l)><MoneyView amount=row.owed/></td>
                </tr>
            }
        })
        .collect_view();
    view! { <DataTable caption=t::movements_title(l) columns stacked=true>{rows}</DataTable> }
        .into_any()
}

/// What a booking belongs to, with the way there.
fn about(organization: &str, row: &MovementView) -> AnyView {
    let l = use_locale();
    match (&row.order, row.payout) {
        (Some(order), _) => {
            let href = format!("/organize/{organization}/orders/{order}");
            let event = row.event.clone().map(|event| {
                view! { <br/><small><bdi>{event}</bdi></small> }
            });
            view! { <span><a class="text-link" href=href>{t::order(l, order)}</a>{event}</span> }
                .into_any()
        }
        (None, Some(number)) => {
            let href = format!("/organize/{organization}/money/payouts/{number}");
            view! { <a class="text-link" href=href>{t::number(l, number.to_string())}</a> }
                .into_any()
        }
        (None, None) => row
            .reason
            .clone()
            .map(|reason| view! { <bdi>{reason}</bdi> })
            .into_any(),
    }
}
