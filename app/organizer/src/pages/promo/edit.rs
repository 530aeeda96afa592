//! `…/:promo`: what became of a code, its links, and what can be changed.

use app_api::query::use_query_map;
use app_api::{
    FormState, ask,
    promo::{ChangePromoCode, PromoCode, PromoPageView, RemoveUnusedPromoCode, SetPromoCodeState},
};
use app_ui::{
    Badge, Button, ButtonKind, ConfirmPanel, Definition, DefinitionList, FormError, LinkButton,
    Notice, Section, TextInput, Tone, use_locale,
};
use domain::promo::PromoState;
use leptos::prelude::*;
use locales::{Locale, promo as t};

use super::{form::fields, words};
use crate::parts::{Frame, loaded, use_part};

#[component]
pub fn PromoCodePage() -> impl IntoView {
    let l = use_locale();
    let (organization, code) = (use_part("org"), use_part("promo"));
    let said = use_query_map().with_untracked(|q| match q.get("done").as_deref() {
        Some("create") => Some(t::created(l)),
        Some(_) => Some(t::saved(l)),
        None => None,
    });
    let found = ask(move || PromoCode {
        organization: organization.get(),
        id: code.get(),
    });
    view! {
        <Frame title=t::title(l)>
            {said.map(|text| view! { <Notice tone=Tone::Success title=text/> })}
            {loaded(found, move |found| show(&organization.get_untracked(), found))}
        </Frame>
    }
}

fn show(organization: &str, found: PromoPageView) -> AnyView {
    let l = use_locale();
    let back = format!("/organize/{organization}/promo-codes");
    let (tone, standing) = words::standing(l, found.row.standing);
    let event = found
        .row
        .event
        .clone()
        .unwrap_or_else(|| t::all_events(l).to_owned());
    let off = words::off(l, &found.row.off);
    let (uses, spent) = (words::uses(l, &found.row), words::spent(l, &found.row));
    let links = links(l, &found);
    let deeds = deeds(l, organization, &found);
    let change = change(l, organization, &found);
    let title = t::edit_title(l, found.row.code.clone());
    view! {
        <p><LinkButton href=back kind=ButtonKind::Secondary small=true>{t::show_all(l)}</LinkButton></p>
        <Section title>
            <DefinitionList>
                <Definition term=t::col_state(l)><Badge tone>{standing}</Badge></Definition>
                <Definition term=t::col_off(l)>{off}</Definition>
                <Definition term=t::col_for(l)><bdi>{event}</bdi></Definition>
                <Definition term=t::col_uses(l)>{uses}</Definition>
                <Definition term=t::col_spent(l)>{spent}</Definition>
            </DefinitionList>
            {deeds}
        </Section>
        {links}
        <Section title=t::save(l) lead=t::edit_lead(l)>{change}</Section>
    }
    .into_any()
}

/// Addresses to copy, each in a field of its own: a press selects all of it.
fn links(l: Locale, found: &PromoPageView) -> Option<AnyView> {
    if found.links.is_empty() {
        return None;
    }
    let rows = found
        .links
        .iter()
        .enumerate()
        .map(|(n, (title, url))| {
            view! {
                <TextInput
                    name=format!("link-{n}")
                    kind="url"
                    label=title.clone()
                    value=url.clone()
                    readonly=true
                />
            }
        })
        .collect_view();
    Some(
        view! { <Section title=t::link(l) lead=t::link_hint(l)><div class="form">{rows}</div></Section> }
            .into_any(),
    )
}

fn deeds(l: Locale, organization: &str, found: &PromoPageView) -> AnyView {
    let state = FormState::new::<SetPromoCodeState>();
    let remove = FormState::new::<RemoveUnusedPromoCode>();
    let facts = |state| hidden(organization, &found.row.id, state);
    let (resumed, paused, none) = (
        facts(Some(PromoState::Active)),
        facts(Some(PromoState::Paused)),
        facts(None),
    );
    let switch = if found.paused {
        view! {
            <form method="post" action=state.address()>
                <FormError error=state.form_error()/>
                {resumed}
                <Button kind=ButtonKind::Secondary>{t::resume(l)}</Button>
            </form>
        }
        .into_any()
    } else {
        view! {
            <ConfirmPanel label=t::pause(l) kind=ButtonKind::Secondary open=state.failed()>
                <form method="post" action=state.address()>
                    <FormError error=state.form_error()/>
                    {paused}
                    <p>{t::pause_text(l)}</p>
                    <Button>{t::pause(l)}</Button>
                </form>
            </ConfirmPanel>
        }
        .into_any()
    };
    let away = if found.removable {
        view! {
            <ConfirmPanel label=t::delete(l) open=remove.failed()>
                <form method="post" action=remove.address()>
                    <FormError error=remove.form_error()/>
                    {none}
                    <p>{t::delete_text(l)}</p>
                    <Button kind=ButtonKind::Danger>{t::delete(l)}</Button>
                </form>
            </ConfirmPanel>
        }
        .into_any()
    } else {
        view! { <p class="field-hint">{t::was_used(l)}</p> }.into_any()
    };
    view! { <div class="deeds">{switch}{away}</div> }.into_any()
}

fn hidden(organization: &str, id: &str, state: Option<PromoState>) -> AnyView {
    view! {
        <input type="hidden" name="organization" value=organization.to_owned()/>
        <input type="hidden" name="id" value=id.to_owned()/>
        {state.map(|state| view! { <input type="hidden" name="state" value=state.code()/> })}
    }
    .into_any()
}

fn change(l: Locale, organization: &str, found: &PromoPageView) -> AnyView {
    let form = FormState::new::<ChangePromoCode>();
    let fields = fields(form, &found.choices, &found.form);
    let facts = hidden(organization, &found.row.id, None);
    view! {
        <form method="post" action=form.address() class="form">
            <FormError error=form.form_error()/>
            {facts}
            {fields}
            <div class="form-actions"><Button>{t::save(l)}</Button></div>
        </form>
    }
    .into_any()
}
