//! Organizations of the platform.

use app_api::{
    admin::{AdminOrganizations, OrganizationRowView},
    ask,
};
use app_ui::{Column, DataTable, DateStyle, DateTimeView, use_locale};
use leptos::prelude::*;
use locales::{admin, numbers::integer};

use crate::parts::{AccountState, Found, Frame, loaded, use_search};

#[component]
pub fn OrganizationsPage() -> impl IntoView {
    let l = use_locale();
    let search = use_search();
    let organizations = ask(move || {
        let s = search.get();
        AdminOrganizations {
            q: s.text,
            after: s.after,
        }
    });
    view! {
        <Frame title=admin::organizations(l)>
            {loaded(organizations, move |listing| view! {
                <Found
                    path="/admin/organizations"
                    label=admin::search_organizations(l)
                    search=search.get_untracked()
                    listing
                    table
                />
            }.into_any())}
        </Frame>
    }
}

fn table(organizations: Vec<OrganizationRowView>) -> AnyView {
    let l = use_locale();
    let columns = vec![
        Column::text(admin::col_name(l)),
        Column::text(admin::contact(l)),
        Column::text(admin::col_state(l)),
        Column::number(admin::col_events(l)),
        Column::text(admin::col_since(l)),
    ];
    let rows = organizations
        .into_iter()
        .map(|o| {
            view! {
                <tr>
                    <td data-label=admin::col_name(l)>
                        <a href=format!("/admin/organizations/{}", o.id)><bdi>{o.name}</bdi></a>
                    </td>
                    <td data-label=admin::contact(l)><bdi>{o.contact_email}</bdi></td>
                    <td data-label=admin::col_state(l)><AccountState suspended=o.suspended/></td>
                    <td class="num" data-label=admin::col_events(l)>{integer(o.events)}</td>
                    <td data-label=admin::col_since(l)><DateTimeView at=o.created style=DateStyle::Date/></td>
                </tr>
            }
        })
        .collect_view();
    view! { <DataTable caption=admin::organizations(l) columns stacked=true>{rows}</DataTable> }
        .into_any()
}
