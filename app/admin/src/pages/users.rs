//! People of the platform.

use app_api::{
    admin::{AdminUsers, UserRowView},
    ask,
};
use app_ui::{Badge, Column, DataTable, DateStyle, DateTimeView, Tone, use_locale};
use leptos::prelude::*;
use locales::{admin, numbers::integer};

use crate::parts::{AccountState, Found, Frame, loaded, use_search};

#[component]
pub fn UsersPage() -> impl IntoView {
    let l = use_locale();
    let search = use_search();
    let users = ask(move || {
        let s = search.get();
        AdminUsers {
            q: s.text,
            after: s.after,
        }
    });
    view! {
        <Frame title=admin::users(l)>
            {loaded(users, move |listing| view! {
                <Found
                    path="/admin/users"
                    label=admin::search_users(l)
                    search=search.get_untracked()
                    listing
                    table
                />
            }.into_any())}
        </Frame>
    }
}

fn table(users: Vec<UserRowView>) -> AnyView {
    let l = use_locale();
    let columns = vec![
        Column::text(admin::col_name(l)),
        Column::text(admin::col_email(l)),
        Column::text(admin::col_state(l)),
        Column::number(admin::col_organizations(l)),
        Column::text(admin::col_since(l)),
    ];
    let rows = users
        .into_iter()
        .map(|user| {
            view! {
                <tr>
                    <td data-label=admin::col_name(l)><a href=format!("/admin/users/{}", user.id)><bdi>{user.name}</bdi></a></td>
                    <td data-label=admin::col_email(l)><bdi>{user.email}</bdi></td>
                    <td data-label=admin::col_state(l)>
                        <span class="badges">
                            <AccountState suspended=user.suspended/>
                            {(!user.verified).then(|| view! { <Badge tone=Tone::Warning>{admin::unverified(l)}</Badge> })}
                            {user.platform_admin.then(|| view! { <Badge tone=Tone::Info>{admin::admin_badge(l)}</Badge> })}
                        </span>
                    </td>
                    <td class="num" data-label=admin::col_organizations(l)>{integer(user.organizations)}</td>
                    <td data-label=admin::col_since(l)><DateTimeView at=user.created style=DateStyle::Date/></td>
                </tr>
            }
        })
        .collect_view();
    view! { <DataTable caption=admin::users(l) columns stacked=true>{rows}</DataTable> }.into_any()
}
