//! `…/door/lists/:list`: one list, or a new one.

use app_api::{
    FormState,
    door::{DoorListForm, DoorListView, DoorListsView, SaveDoorList},
};
use app_ui::{
    Button, ButtonKind, Checkbox, EmptyState, FormError, LinkButton, PageHeader, TextArea,
    TextInput, use_locale,
};
use leptos::prelude::*;
use locales::{door as t, organizer, shell};

use super::{address, hidden, page};
use crate::parts::param;

#[component]
pub fn DoorListPage() -> impl IntoView {
    page(|found| {
        let id = param("list");
        let one = found.lists.iter().find(|one| one.id == id).cloned();
        if !found.manages || (one.is_none() && id != "new") {
            let l = use_locale();
            return view! { <EmptyState title=shell::not_found_title(l) text=shell::not_found_text(l)/> }
                .into_any();
        }
        show(&found, one.unwrap_or_default())
    })
}

fn show(found: &DoorListsView, one: DoorListView) -> AnyView {
    let l = use_locale();
    let form = FormState::new::<SaveDoorList>();
    let before = one.form;
    let typed = move |name: &str, before: &str| form.value_or(&format!("form[{name}]"), before);
    let title = if one.id.is_empty() {
        t::list_new(l).to_owned()
    } else {
        before.name.clone()
    };
    let gates_hint = if found.known_gates.is_empty() {
        t::list_gates_hint(l).to_owned()
    } else {
        let known = found.known_gates.join(t::comma(l));
        format!(
            "{} {}",
            t::list_gates_hint(l),
            t::list_gates_known(l, known)
        )
    };
    let times = if before.times.is_empty() {
        "1"
    } else {
        &before.times
    };
    let facts = hidden(&one.id);
    let kinds = kinds(form, found, &before);
    view! {
        <PageHeader title eyebrow=found.title.clone()/>
        <form method="post" action=form.address() class="form" novalidate=true>
            <FormError error=form.form_error()/>
            {facts}
            <TextInput
                name="form[name]"
                label=t::list_name(l)
                hint=t::list_name_hint(l)
                maxlength=60
                required=true
                value=typed("name", &before.name)
                error=form.error("name")
            />
            {kinds}
            <TextArea
                name="form[gates]"
                label=t::list_gates(l)
                hint=gates_hint
                rows=3
                value=typed("gates", &before.gates)
                error=form.error("gates")
            />
            <div class="form-row">
                <TextInput
                    name="form[opens]"
                    kind="datetime-local"
                    label=t::list_opens(l)
                    value=typed("opens", &before.opens)
                    error=form.error("opens")
                />
                <TextInput
                    name="form[closes]"
                    kind="datetime-local"
                    label=t::list_closes(l)
                    value=typed("closes", &before.closes)
                    error=form.error("closes")
                />
            </div>
            <p class="field-hint">{t::list_window_hint(l, found.zone.clone())}</p>
            <TextInput
                name="form[times]"
                label=t::list_times(l)
                hint=t::list_times_hint(l)
                inputmode="numeric"
                required=true
                value=typed("times", times)
                error=form.error("times")
            />
            <Checkbox
                name="form[reentry]"
                label=t::list_reentry(l)
                hint=t::list_reentry_hint(l)
                checked=form.checked("form[reentry]", !before.reentry.is_empty())
            />
            <div class="form-actions">
                <Button>{organizer::save(l)}</Button>
                <LinkButton href=address() kind=ButtonKind::Quiet>{organizer::cancel(l)}</LinkButton>
            </div>
        </form>
    }
    .into_any()
}

fn kinds(form: FormState, found: &DoorListsView, before: &DoorListForm) -> AnyView {
    let l = use_locale();
    let boxes = found
        .kinds
        .iter()
        .enumerate()
        .map(|(n, (id, label))| {
            let name = format!("form[types][{n}]");
            let checked = form.checked(&name, before.types.contains(id));
            let (label, value) = (label.clone(), id.clone());
            view! { <Checkbox name label value checked/> }
        })
        .collect_view();
    let fault = form.error("types");
    view! {
        <fieldset class="field">
            <legend class="field-label">{t::list_kinds(l)}</legend>
            <p class="field-hint">{t::list_kinds_hint(l)}</p>
            {boxes}
            {fault.map(|text| view! { <p class="field-error" role="alert">{text}</p> })}
        </fieldset>
    }
    .into_any()
}
