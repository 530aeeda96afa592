//! `/organize/:org/audit`: who did what.

use app_api::query::use_query_map;
use app_api::{
    ask,
    audit::{AuditListView, AuditView, OrganizerAudit},
};
use app_ui::{
    ButtonKind, Chip, Column, DataTable, DateTimeView, EmptyState, FilterChips, KeysetPager,
    LinkButton, SearchBox, address, use_locale,
};
use leptos::prelude::*;
use locales::{Locale, audit as t};

use crate::parts::{Frame, loaded, use_part};

/// What the address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Ask {
    action: String,
    text: String,
    after: Option<String>,
}

#[component]
pub fn AuditPage() -> impl IntoView {
    let l = use_locale();
    let organization = use_part("org");
    let query = use_query_map();
    let wanted = Memo::new(move |_| {
        query.with(|q| Ask {
            action: q.get("action").unwrap_or_default(),
            text: q.get("q").unwrap_or_default(),
            after: q.get("after"),
        })
    });
    let found = ask(move || {
        let (organization, wanted) = (organization.get(), wanted.get());
        OrganizerAudit {
            organization,
            action: wanted.action,
            q: wanted.text,
            after: wanted.after,
        }
    });
    view! {
        <Frame title=t::title(l)>
            <p class="lead">{t::lead(l)}</p>
            {loaded(found, move |found| show(&organization.get_untracked(), wanted.get_untracked(), found))}
        </Frame>
    }
}

fn show(organization: &str, wanted: Ask, found: AuditListView) -> AnyView {
    let l = use_locale();
    let base = format!("/organize/{organization}/audit");
    let chips = chips(l, &base, &wanted.action);
    let nothing_yet = found.rows.is_empty() && wanted == Ask::default();
    let body = if nothing_yet {
        view! { <EmptyState title=t::empty_title(l) text=t::empty_text(l)/> }.into_any()
    } else if found.rows.is_empty() {
        view! { <EmptyState title=t::nothing_title(l) text=t::nothing_text(l)/> }.into_any()
    } else {
        table(l, found.rows)
    };
    let keep: Vec<(String, String)> = [("action".to_owned(), wanted.action.clone())]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .collect();
    let next = found.next.map(|after| {
        address(
            &base,
            &[
                ("action", &wanted.action),
                ("q", &wanted.text),
                ("after", &after),
            ],
        )
    });
    let file = (found.may_export && !nothing_yet).then(|| {
        let href = format!("{base}.csv");
        view! {
            <p>
                <LinkButton href kind=ButtonKind::Secondary small=true external=true>{t::download(l)}</LinkButton>
            </p>
        }
    });
    view! {
        {file}
        <FilterChips label=t::filter(l) chips/>
        <SearchBox action=base label=t::search(l) placeholder=t::search(l) value=wanted.text keep/>
        {body}
        <KeysetPager next/>
    }
    .into_any()
}

fn chips(l: Locale, base: &str, chosen: &str) -> Vec<Chip> {
    [
        ("", t::filter_all(l)),
        ("order", t::filter_order(l)),
        ("team", t::filter_team(l)),
        ("organization", t::filter_organization(l)),
    ]
    .into_iter()
    .map(|(kind, label)| {
        let active = chosen == kind;
        match kind {
            "" => Chip::choice(label, base, active),
            _ if active => Chip::filter(label, base, true),
            _ => Chip::filter(label, format!("{base}?action={kind}"), false),
        }
    })
    .collect()
}

fn table(l: Locale, rows: Vec<AuditView>) -> AnyView {
    let columns = vec![
        Column::text(t::when(l)),
        Column::text(t::who(l)),
        Column::text(t::action(l)),
        Column::text(t::subject(l)),
        Column::text(t::reason(l)),
        Column::text(t::change_title(l)),
    ];
    let rows = rows
        .into_iter()
        .map(|entry| {
            let action = entry.action_name(l);
            let subject = match (entry.subject_name, entry.subject_kind.as_str()) {
                (Some(name), _) => view! { <bdi>{name}</bdi> }.into_any(),
                (None, "organization") => {
                    view! { <bdi>{entry.organization.unwrap_or_default()}</bdi> }.into_any()
                }
                (None, _) => view! { <bdi class="code">{entry.subject}</bdi> }.into_any(),
            };
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
                    <td data-label=t::when(l)><DateTimeView at=entry.at/></td>
                    <td data-label=t::who(l)>
                        <bdi>{entry.actor.unwrap_or_else(|| t::machine(l).to_owned())}</bdi>
                    </td>
                    <td data-label=t::action(l)>{action}</td>
                    <td data-label=t::subject(l)>{subject}</td>
                    <td data-label=t::reason(l)>{reason}</td>
                    <td data-label=t::change_title(l)>{changes}</td>
                </tr>
            }
        })
        .collect_view();
    view! { <DataTable caption=t::title(l) columns stacked=true>{rows}</DataTable> }.into_any()
}
