//! Handing the ownership over.

use app_api::{
    FormState,
    events::OwnershipOfferView,
    team::{AcceptOwnership, DeclineOwnership, OfferOwnership, TakeBackOwnership},
};
use app_ui::{Button, ButtonKind, Checkbox, ConfirmPanel, FormError, Notice, Tone, use_locale};
use leptos::prelude::*;
use locales::{dates, team as t};

/// An owner offers it to a member.
#[component]
pub(super) fn OfferForm(organization: String, user: String, name: String) -> impl IntoView {
    let l = use_locale();
    let form = FormState::of::<OfferOwnership>("user", &user);
    let open = form.failed();
    let id = format!("stay-{user}");
    let stay = form.checked("stay", false);
    view! {
        <ConfirmPanel label=t::offer(l) kind=ButtonKind::Secondary open>
            <form method="post" action=form.address()>
                <div class="stack">
                    <p>{t::offer_effects(l, name)}</p>
                    <FormError error=form.form_error()/>
                    <input type="hidden" name="organization" value=organization/>
                    <input type="hidden" name="user" value=user/>
                    <Checkbox name="stay" label=t::offer_stay(l) hint=t::offer_stay_hint(l) checked=stay id/>
                    <div><Button>{t::offer_confirm(l)}</Button></div>
                </div>
            </form>
        </ConfirmPanel>
    }
    .into_any()
}

/// What an owner sees while it is on offer.
pub(super) fn waiting(organization: &str, offer: OwnershipOfferView) -> AnyView {
    let l = use_locale();
    let form = FormState::new::<TakeBackOwnership>();
    let organization = organization.to_owned();
    let until = dates::date_long(l, offer.until);
    view! {
        <Notice tone=Tone::Info title=t::offered(l, &offer.to)>
            <p>{t::offered_until(l, until)}</p>
            <FormError error=form.form_error()/>
            <form method="post" action=form.address()>
                <input type="hidden" name="organization" value=organization/>
                <Button kind=ButtonKind::Secondary small=true>{t::offer_take_back(l)}</Button>
            </form>
        </Notice>
    }
    .into_any()
}

/// What the member sees who may accept it.
pub fn answer(organization: &str, offer: OwnershipOfferView) -> AnyView {
    let l = use_locale();
    let accept = FormState::new::<AcceptOwnership>();
    let decline = FormState::new::<DeclineOwnership>();
    let (one, two) = (organization.to_owned(), organization.to_owned());
    let until = dates::date_long(l, offer.until);
    let effect = if offer.steps_back {
        t::answer_alone(l, &offer.by)
    } else {
        t::answer_beside(l, &offer.by)
    };
    view! {
        <Notice tone=Tone::Info title=t::answer_title(l, &offer.by)>
            <p>{effect} " " {t::offered_until(l, until)}</p>
            <FormError error=accept.form_error()/>
            <FormError error=decline.form_error()/>
            <div class="deeds">
                <form method="post" action=accept.address()>
                    <input type="hidden" name="organization" value=one/>
                    <Button small=true>{t::answer_accept(l)}</Button>
                </form>
                <form method="post" action=decline.address()>
                    <input type="hidden" name="organization" value=two/>
                    <Button kind=ButtonKind::Secondary small=true>{t::answer_decline(l)}</Button>
                </form>
            </div>
        </Notice>
    }
    .into_any()
}
