//! Orders of all organizations.

use app_api::{
    admin::{AdminOrders, PlatformOrderView},
    ask,
};
use app_ui::{Badge, Column, DataTable, DateTimeView, MoneyView, use_locale};
use leptos::prelude::*;
use locales::admin;

use crate::parts::{Found, Frame, loaded, order_state, use_search};

#[component]
pub fn OrdersPage() -> impl IntoView {
    let l = use_locale();
    let search = use_search();
    let orders = ask(move || {
        let s = search.get();
        AdminOrders {
            q: s.text,
            after: s.after,
        }
    });
    view! {
        <Frame title=admin::orders(l)>
            {loaded(orders, move |listing| view! {
                <Found
                    path="/admin/orders"
                    label=admin::search_orders(l)
                    search=search.get_untracked()
                    listing
                    table
                />
            }.into_any())}
        </Frame>
    }
}

fn table(orders: Vec<PlatformOrderView>) -> AnyView {
    let l = use_locale();
    let columns = vec![
        Column::text(admin::col_order(l)),
        Column::text(admin::col_buyer(l)),
        Column::text(admin::col_event(l)),
        Column::text(admin::col_organization(l)),
        Column::text(admin::col_state(l)),
        Column::number(admin::col_total(l)),
        Column::text(admin::col_when(l)),
    ];
    let rows = orders
        .into_iter()
        .map(|order| {
            let (tone, state) = order_state(l, &order.state);
            view! {
                <tr>
                    <td data-label=admin::col_order(l)><bdi class="code">{order.code}</bdi></td>
                    <td data-label=admin::col_buyer(l)>
                        <div><bdi>{order.buyer_name}</bdi><br/><small><bdi>{order.buyer_email}</bdi></small></div>
                    </td>
                    <td data-label=admin::col_event(l)>
                        <a href=format!("/e/{}", order.event_slug)><bdi>{order.event}</bdi></a>
                    </td>
                    <td data-label=admin::col_organization(l)>
                        <a href=format!("/admin/organizations/{}", order.organization_id)><bdi>{order.organization}</bdi></a>
                    </td>
                    <td data-label=admin::col_state(l)><Badge tone>{state}</Badge></td>
                    <td class="num" data-label=admin::col_total(l)><MoneyView amount=order.total free=true/></td>
                    <td data-label=admin::col_when(l)><DateTimeView at=order.created/></td>
                </tr>
            }
        })
        .collect_view();
    view! { <DataTable caption=admin::orders(l) columns stacked=true>{rows}</DataTable> }.into_any()
}
