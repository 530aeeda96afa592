//! `/organize/:org/money/payouts`.

use app_api::query::use_query_map;
use app_api::{
    ask,
    finance::{OrganizerPayouts, PayoutListView, PayoutView},
};
use app_ui::{
    Badge, ButtonKind, Column, DataTable, DateTimeView, KeysetPager, LinkButton, MoneyView,
    address, use_locale,
};
use leptos::prelude::*;
use locales::finance as t;

use super::{Here, sections, words::payout_state};
use crate::parts::{Frame, loaded, use_part};

#[component]
pub fn PayoutsPage() -> impl IntoView {
    let l = use_locale();
    let organization = use_part("org");
    let query = use_query_map();
    let after = Memo::new(move |_| query.with(|q| q.get("after")));
    let found = ask(move || OrganizerPayouts {
        organization: organization.get(),
        after: after.get(),
    });
    view! {
        <Frame title=t::payouts_title(l)>
            {sections(&organization.get_untracked(), Here::Payouts)}
            {loaded(found, move |found| show(&organization.get_untracked(), found))}
        </Frame>
    }
}

fn show(organization: &str, found: PayoutListView) -> AnyView {
    let l = use_locale();
    let base = format!("/organize/{organization}/money/payouts");
    let next = found.next.map(|after| address(&base, &[("after", &after)]));
    let files = (!found.rows.is_empty()).then(|| {
        view! {
            <p class="form-actions">
                <LinkButton href=format!("{base}.csv") kind=ButtonKind::Secondary small=true external=true>
                    {t::report_csv(l)}
                </LinkButton>
                <LinkButton href=format!("{base}.xlsx") kind=ButtonKind::Secondary small=true external=true>
                    {t::report_xlsx(l)}
                </LinkButton>
            </p>
        }
    });
    view! { {table(organization, found.rows)}<KeysetPager next/>{files} }.into_any()
}

pub(super) fn table(organization: &str, rows: Vec<PayoutView>) -> AnyView {
    let l = use_locale();
    if rows.is_empty() {
        return view! { <p>{t::payouts_none(l)}</p> }.into_any();
    }
    let columns = vec![
        Column::text(t::col_number(l)),
        Column::text(t::col_state(l)),
        Column::number(t::col_amount(l)),
        Column::text(t::col_account(l)),
        Column::text(t::col_requested(l)),
        Column::text(t::col_ended(l)),
    ];
    let rows = rows
        .into_iter()
        .map(|row| {
            let (tone, state) = payout_state(l, row.state);
            let href = format!("/organize/{organization}/money/payouts/{}", row.number);
            view! {
                <tr>
                    <td data-label=t::col_number(l)>
                        <a class="text-link" href=href>{t::number(l, row.number.to_string())}</a>
                    </td>
                    <td data-label=t::col_state(l)><Badge tone>{state}</Badge></td>
                    <td class="num" data-label=t::col_amount(l)><MoneyView amount=row.amount/></td>
                    <td data-label=t::col_account(l)><bdi class="code">{format!("… {}", row.last_four)}</bdi></td>
                    <td data-label=t::col_requested(l)><DateTimeView at=row.requested/></td>
                    <td data-label=t::col_ended(l)>{row.ended.map(|at| view! { <DateTimeView at/> })}</td>
                </tr>
            }
        })
        .collect_view();
    view! { <DataTable caption=t::payouts_title(l) columns stacked=true>{rows}</DataTable> }
        .into_any()
}
