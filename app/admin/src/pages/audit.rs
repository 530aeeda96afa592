//! The record of what platform admins did.

use app_api::{admin::AdminAudit, ask, audit::AuditView};
use app_ui::{
    ButtonKind, Chip, Column, DataTable, DateTimeView, FilterChips, LinkButton, address, use_locale,
};
use leptos::prelude::*;
use locales::{Locale, admin, audit as texts};

use crate::parts::{Found, Frame, loaded, use_search};

#[component]
pub fn AuditPage() -> impl IntoView {
    let l = use_locale();
    let search = use_search();
    let entries = ask(move || {
        let s = search.get();
        AdminAudit {
            action: s.action,
            q: s.text,
            after: s.after,
        }
    });
    let chips = move || {
        let chosen = search.get().action;
        ["", "organization", "user", "order", "team"]
            .into_iter()
            .map(|kind| {
                let active = chosen == kind;
                let label = kind_name(l, kind);
                match kind {
                    "" => Chip::choice(label, "/admin/audit", active),
                    _ if active => Chip::filter(label, "/admin/audit", true),
                    _ => Chip::filter(label, format!("/admin/audit?action={kind}"), false),
                }
            })
            .collect::<Vec<_>>()
    };
    let file = move || {
        let search = search.get();
        address(
            "/admin/audit.csv",
            &[("action", &search.action), ("q", &search.text)],
        )
    };
    view! {
        <Frame title=admin::audit(l)>
            {move || view! {
                <p>
                    <LinkButton href=file() kind=ButtonKind::Secondary small=true external=true>
                        {texts::download(l)}
                    </LinkButton>
                </p>
            }}
            {move || view! { <FilterChips label=admin::filter(l) chips=chips()/> }}
            {loaded(entries, move |listing| view! {
                <Found
                    path="/admin/audit"
                    label=admin::search_audit(l)
                    search=search.get_untracked()
                    listing
                    empty=(admin::audit_empty_title(l), admin::audit_empty_text(l))
                    table
                />
            }.into_any())}
        </Frame>
    }
}

fn kind_name(l: Locale, kind: &str) -> &'static str {
    match kind {
        "organization" => admin::organizations(l),
        "user" => admin::users(l),
        "order" => admin::orders(l),
        "team" => admin::members(l),
        _ => admin::filter_all(l),
    }
}

fn table(entries: Vec<AuditView>) -> AnyView {
    let l = use_locale();
    let columns = vec![
        Column::text(admin::col_when(l)),
        Column::text(admin::col_who(l)),
        Column::text(admin::col_action(l)),
        Column::text(admin::col_subject(l)),
        Column::text(admin::col_reason(l)),
        Column::text(admin::col_change(l)),
    ];
    let rows = entries
        .into_iter()
        .map(|entry| {
            let (subject, action) = (subject(&entry), entry.action_name(l));
            let reason = (!entry.reason.is_empty()).then(|| view! { <bdi>{entry.reason}</bdi> });
            let changes: Vec<_> = entry
                .changes
                .iter()
                .filter_map(|one| one.text(l))
                .map(|words| view! { <div>{words}</div> })
                .collect();
            let changes = (!changes.is_empty()).then(|| view! { <div>{changes}</div> });
            view! {
                <tr>
                    <td data-label=admin::col_when(l)><DateTimeView at=entry.at/></td>
                    <td data-label=admin::col_who(l)>
                        <bdi>{entry.actor.unwrap_or_else(|| admin::machine(l).to_owned())}</bdi>
                    </td>
                    <td data-label=admin::col_action(l)>{action}</td>
                    <td data-label=admin::col_subject(l)><div>{subject}</div></td>
                    <td data-label=admin::col_reason(l)>{reason}</td>
                    <td data-label=admin::col_change(l)>{changes}</td>
                </tr>
            }
        })
        .collect_view();
    view! { <DataTable caption=admin::audit(l) columns stacked=true>{rows}</DataTable> }.into_any()
}

/// What it was done to, and in which organization.
fn subject(entry: &AuditView) -> AnyView {
    let name = match (&entry.subject_name, entry.subject_kind.as_str()) {
        (Some(name), _) => view! { <bdi>{name.clone()}</bdi> }.into_any(),
        (None, "organization") => {
            let name = entry.organization.as_ref().unwrap_or(&entry.subject);
            view! { <bdi>{name.clone()}</bdi> }.into_any()
        }
        (None, _) => view! { <bdi class="code">{entry.subject.clone()}</bdi> }.into_any(),
    };
    let section = match entry.subject_kind.as_str() {
        "organization" => Some("organizations"),
        "user" => Some("users"),
        _ => None,
    };
    let name = match section {
        Some(section) => {
            view! { <a href=format!("/admin/{section}/{}", entry.subject)>{name}</a> }.into_any()
        }
        None => name,
    };
    let organization = entry
        .organization
        .clone()
        .filter(|_| entry.subject_kind != "organization");
    view! {
        {name}
        {organization.map(|name| view! { <br/><small><bdi>{name}</bdi></small> })}
    }
    .into_any()
}
