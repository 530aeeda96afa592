//! Where buyers' money of an organization goes.

use app_api::{
    FormState,
    admin::{AdminConnect, AgreeMoney, AgreedView},
    ask,
};
use app_ui::{
    Button, ButtonKind, Choice, Definition, DefinitionList, FormError, Notice, Section, Select,
    TextInput, Tone, use_locale,
};
use domain::connect::{MoneyGoes, Standing};
use leptos::prelude::*;
use locales::{Locale, finance as t};

use super::loaded;

#[component]
pub fn MoneyGoesPanel(#[prop(into)] organization: String) -> impl IntoView {
    let l = use_locale();
    let id = StoredValue::new(organization.clone());
    let found = ask(move || AdminConnect {
        organization: organization.clone(),
    });
    view! {
        <Section title=t::goes_title(l)>
            <p>{t::goes_lead(l)}</p>
            {loaded(found, move |found| form(id.get_value(), found))}
        </Section>
    }
}

fn form(organization: String, now: AgreedView) -> AnyView {
    let l = use_locale();
    let Some(account) = now.account else {
        return view! { <p>{t::goes_not_offered(l)}</p> }.into_any();
    };
    let form = FormState::new::<AgreeMoney>();
    let choices = MoneyGoes::all()
        .iter()
        .map(|one| Choice::new(one.code(), goes(l, *one)))
        .collect();
    let no_card = now.goes == MoneyGoes::Straight && !account.straight;
    view! {
        <DefinitionList>
            <Definition term=t::connect_title(l)>{standing(l, account.standing)}</Definition>
        </DefinitionList>
        {no_card.then(|| view! { <Notice tone=Tone::Warning title=t::goes_collected(l)/> })}
        <form method="post" action=form.address() class="form">
            <FormError error=form.form_error()/>
            {form.done().then(|| view! { <Notice tone=Tone::Success title=t::payout_done(l)/> })}
            <input type="hidden" name="organization" value=organization/>
            <Select
                name="goes"
                label=t::goes_label(l)
                choices
                required=true
                selected=form.value_or("goes", now.goes.code().to_owned())
                error=form.error("goes")
            />
            <TextInput
                name="reason"
                id="goes-reason"
                label=t::reserve_reason(l)
                hint=t::reserve_reason_hint(l)
                maxlength=300
                required=true
                value=form.value_or("reason", String::new())
                error=form.error("reason")
            />
            <div class="form-actions"><Button kind=ButtonKind::Secondary>{t::goes_save(l)}</Button></div>
        </form>
    }
    .into_any()
}

fn goes(l: Locale, one: MoneyGoes) -> &'static str {
    match one {
        MoneyGoes::ToPlatform => t::goes_platform(l),
        MoneyGoes::Straight => t::goes_straight(l),
    }
}

fn standing(l: Locale, standing: Standing) -> &'static str {
    match standing {
        Standing::NotBegun => t::standing_not_begun(l),
        Standing::DetailsMissing => t::standing_details_missing(l),
        Standing::BeingChecked => t::standing_being_checked(l),
        Standing::Ready => t::standing_ready(l),
        Standing::Restricted => t::standing_restricted(l),
        Standing::Rejected => t::standing_rejected(l),
        Standing::Disconnected => t::standing_disconnected(l),
    }
}
