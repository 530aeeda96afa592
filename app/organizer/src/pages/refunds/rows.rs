//! What became of each order.

use app_api::refunds::RunRowView;
use app_ui::{Badge, Column, DataTable, DateTimeView, MoneyView, use_locale};
use leptos::prelude::*;
use locales::refunds as t;

use super::words::{outcome, why};
use crate::parts::param;

pub(super) fn table(rows: Vec<RunRowView>) -> AnyView {
    let l = use_locale();
    if rows.is_empty() {
        return view! { <p>{t::list_none(l)}</p> }.into_any();
    }
    let columns = vec![
        Column::text(t::col_order(l)),
        Column::text(t::col_buyer(l)),
        Column::text(t::col_outcome(l)),
        Column::number(t::col_amount(l)),
        Column::text(t::col_changed_here(l)),
    ];
    let organization = param("org");
    let rows = rows
        .into_iter()
        .map(|row| line(&organization, row))
        .collect_view();
    view! { <DataTable caption=t::list_title(l) columns stacked=true>{rows}</DataTable> }.into_any()
}

fn line(organization: &str, row: RunRowView) -> AnyView {
    let l = use_locale();
    let (tone, name) = outcome(l, row.outcome);
    let page = format!("/organize/{organization}/orders/{}", row.code);
    let why = why(l, &row.why, &row.provider_says)
        .map(|text| view! { <br/><small dir="auto">{text}</small> });
    let amount = (!row.amount.is_zero()).then(|| view! { <MoneyView amount=row.amount/> });
    view! {
        <tr>
            <td data-label=t::col_order(l)><a class="text-link" href=page><bdi class="code">{row.code}</bdi></a></td>
            <td data-label=t::col_buyer(l)><bdi>{row.buyer_name}</bdi></td>
            <td data-label=t::col_outcome(l)><span><Badge tone>{name}</Badge>{why}</span></td>
            <td class="num" data-label=t::col_amount(l)>{amount}</td>
            <td data-label=t::col_changed_here(l)><DateTimeView at=row.changed zone=row.zone/></td>
        </tr>
    }
    .into_any()
}
