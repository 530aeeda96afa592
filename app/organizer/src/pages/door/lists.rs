//! `…/door/lists`: which tickets may come in where, when and how often.

mod edit;

use app_api::{
    FormState, ask,
    door::{DoorListView, DoorListsView, EventDoorLists, MoveDoorList, RemoveDoorList},
};
use app_ui::{
    Button, ButtonKind, ConfirmPanel, EmptyState, FormError, LinkButton, PageHeader, use_locale,
};
use leptos::prelude::*;
use locales::{Locale, door as t};

pub use self::edit::DoorListPage;
use crate::parts::{EventFrame, EventTab, loaded, param};

#[component]
pub fn DoorListsPage() -> impl IntoView {
    page(|found| show(&found))
}

/// The lists of the event in the address, shown by `view`.
fn page(view: fn(DoorListsView) -> AnyView) -> AnyView {
    let l = use_locale();
    let lists = ask(move || EventDoorLists {
        event_slug: param("event"),
    });
    view! {
        <EventFrame title=t::lists(l) tab=EventTab::Door>{loaded(lists, view)}</EventFrame>
    }
    .into_any()
}

/// The address of the lists.
fn address() -> String {
    format!(
        "/organize/{}/events/{}/door/lists",
        param("org"),
        param("event")
    )
}

fn show(found: &DoorListsView) -> AnyView {
    let l = use_locale();
    let new = format!("{}/new", address());
    let door = format!("/organize/{}/events/{}/door", param("org"), param("event"));
    let add = found
        .manages
        .then(|| view! { <LinkButton href=new>{t::list_new(l)}</LinkButton> }.into_any());
    let body = if found.lists.is_empty() {
        view! { <EmptyState title=t::no_lists(l) text=t::no_lists_lead(l)>{add}</EmptyState> }
            .into_any()
    } else {
        let last = found.lists.len() - 1;
        let rows = found
            .lists
            .iter()
            .enumerate()
            .map(|(n, list)| row(l, list, found.manages, (n > 0, n < last)))
            .collect_view();
        view! {
            <ol class="door-lists">{rows}</ol>
            <p class="field-hint">{t::lists_order(l)}</p>
            <div class="form-actions">{add}</div>
        }
        .into_any()
    };
    let faults = [
        FormState::new::<MoveDoorList>().form_error(),
        FormState::new::<RemoveDoorList>().form_error(),
    ];
    view! {
        <PageHeader title=t::lists(l) eyebrow=found.title.clone() lead=t::lists_lead(l)>
            <LinkButton href=door kind=ButtonKind::Secondary>{t::back_to_door(l)}</LinkButton>
        </PageHeader>
        {faults.map(|error| view! { <FormError error/> })}
        {body}
    }
    .into_any()
}

fn row(l: Locale, list: &DoorListView, manages: bool, (up, down): (bool, bool)) -> AnyView {
    let edit = format!("{}/{}", address(), list.id);
    let name = list.form.name.clone();
    let heading = if manages {
        view! { <a class="text-link" href=edit><bdi>{name}</bdi></a> }.into_any()
    } else {
        view! { <bdi>{name}</bdi> }.into_any()
    };
    let deeds = manages.then(|| {
        view! {
            <div class="deeds">
                {up.then(|| shift(&list.id, "up", t::list_up(l)))}
                {down.then(|| shift(&list.id, "down", t::list_down(l)))}
                {remove(l, &list.id)}
            </div>
        }
    });
    view! {
        <li class="door-list">
            <h2 class="door-list-name">{heading}</h2>
            <p>{list.sentence.clone()}</p>
            {deeds}
        </li>
    }
    .into_any()
}

fn hidden(list: &str) -> AnyView {
    view! {
        <input type="hidden" name="event_slug" value=param("event")/>
        <input type="hidden" name="list" value=list.to_owned()/>
    }
    .into_any()
}

fn shift(list: &str, to: &'static str, label: &'static str) -> AnyView {
    let form = FormState::new::<MoveDoorList>();
    let facts = hidden(list);
    view! {
        <form method="post" action=form.address()>
            {facts}
            <input type="hidden" name="to" value=to/>
            <Button kind=ButtonKind::Quiet>{label}</Button>
        </form>
    }
    .into_any()
}

fn remove(l: Locale, list: &str) -> AnyView {
    let form = FormState::of::<RemoveDoorList>("list", list);
    let facts = hidden(list);
    view! {
        <ConfirmPanel label=t::list_remove(l)>
            <form method="post" action=form.address()>
                {facts}
                <p>{t::list_remove_text(l)}</p>
                <Button kind=ButtonKind::Danger>{t::list_remove_confirm(l)}</Button>
            </form>
        </ConfirmPanel>
    }
    .into_any()
}
