//! `…/edit/pools/:pool`: one pool, or a new one.

use app_api::{
    FormState,
    events::{EventView, PoolView, RemovePool, SavePool},
};
use app_ui::{
    Button, ButtonKind, ConfirmPanel, EmptyState, FormError, LinkButton, TextInput, use_locale,
};
use leptos::prelude::*;
use locales::{organizer as t, shell};

use super::{Part, editor, the_event};
use crate::parts::{act, param};

#[component]
pub fn PoolPage() -> impl IntoView {
    editor(Part::Tickets, the_event(), |event| {
        let id = param("pool");
        let one = event
            .pools
            .iter()
            .find(|one| one.id.to_string() == id)
            .cloned();
        if one.is_none() && id != "new" {
            let l = use_locale();
            return view! { <EmptyState title=shell::not_found_title(l) text=shell::not_found_text(l)/> }.into_any();
        }
        show(event, one)
    })
}

fn show(event: EventView, one: Option<PoolView>) -> AnyView {
    let l = use_locale();
    let form = FormState::new::<SavePool>();
    let back = format!(
        "/organize/{}/events/{}/edit/tickets",
        param("org"),
        event.slug
    );
    let taken = one
        .as_ref()
        .map_or(0, |one| one.sold.saturating_add(one.held));
    let hint = if taken > 0 {
        t::capacity_at_least(l, u64::try_from(taken).unwrap_or(0))
    } else {
        t::capacity_hint(l).to_owned()
    };
    let id = one
        .as_ref()
        .map(|one| one.id.to_string())
        .unwrap_or_default();
    let name = form.value_or(
        "name",
        one.as_ref().map(|one| one.name.clone()).unwrap_or_default(),
    );
    let capacity = form.value_or(
        "capacity",
        one.as_ref()
            .map(|one| one.capacity.to_string())
            .unwrap_or_default(),
    );
    let in_use = event
        .ticket_types
        .iter()
        .any(|t| t.pools.iter().any(|pool| pool.to_string() == id));
    let remove = (one.is_some() && !in_use && taken == 0).then(|| remove(&event.slug, &id));
    view! {
        <form method="post" action=form.address() class="form" novalidate=true>
            <FormError error=form.form_error()/>
            <input type="hidden" name="event" value=event.slug/>
            <input type="hidden" name="pool" value=id/>
            <TextInput
                name="name"
                label=t::pool_name(l)
                hint=t::pool_name_hint(l)
                value=name
                error=form.error("name")
                maxlength=80
                required=true
            />
            <TextInput
                name="capacity"
                label=t::capacity(l)
                hint
                inputmode="numeric"
                value=capacity
                error=form.error("capacity")
                required=true
            />
            <div class="form-actions">
                <Button>{t::save(l)}</Button>
                <LinkButton href=back kind=ButtonKind::Quiet>{t::cancel(l)}</LinkButton>
            </div>
        </form>
        {remove}
    }
    .into_any()
}

fn remove(event: &str, pool: &str) -> AnyView {
    let l = use_locale();
    let form = FormState::new::<RemovePool>();
    let (event, pool) = (event.to_owned(), pool.to_owned());
    let button = act(form, t::pool_remove(l), ButtonKind::Danger);
    view! {
        <ConfirmPanel label=t::pool_remove(l)>
            <form method="post" action=form.address() class="form">
                <p>{t::pool_remove_text(l)}</p>
                <input type="hidden" name="event" value=event/>
                <input type="hidden" name="pool" value=pool/>
                {button}
            </form>
        </ConfirmPanel>
    }
    .into_any()
}
