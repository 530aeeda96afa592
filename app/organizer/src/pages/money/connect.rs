//! The organization's own account at the payment provider: where it stands, and what there is to do.

use app_api::{
    FormState,
    finance::{BeginConnect, ConnectedView},
};
use app_ui::{
    Button, DateStyle, DateTimeView, FormError, LinkButton, Notice, Section, Select, Tone,
    use_locale,
};
use domain::connect::{MoneyGoes, Standing};
use leptos::prelude::*;
use locales::{Locale, finance as t};

use super::words;
use crate::parts::country_choices;

/// Nothing where the provider has no such accounts.
pub(super) fn section(organization: &str, found: Option<ConnectedView>, may_act: bool) -> AnyView {
    let l = use_locale();
    let Some(found) = found else {
        return ().into_any();
    };
    let (tone, title) = words::standing(l, found.standing);
    let asked = asked(l, &found);
    let act = may_act.then(|| act(l, organization, &found));
    let since = found.since.map(|since| {
        view! {
            <p>
                {t::connect_since(l)}" "<DateTimeView at=since style=DateStyle::Date/>" · "
                <bdi>{found.country.clone()}</bdi>
            </p>
        }
    });
    view! {
        <Section title=t::connect_title(l)>
            <div class="stack">
                <p>{t::connect_lead(l)}</p>
                <Notice tone title><p>{explained(l, &found)}</p>{asked}</Notice>
                {since}
                {act}
            </div>
        </Section>
    }
    .into_any()
}

/// A plain word above everything else, while the account may not do what it should.
pub(super) fn banner(found: Option<&ConnectedView>) -> AnyView {
    let l = use_locale();
    let Some(found) = found else {
        return ().into_any();
    };
    let straight = found.agreed == MoneyGoes::Straight;
    match found.standing {
        Standing::Restricted | Standing::Rejected | Standing::Disconnected => {
            let text = if straight && !found.straight {
                t::connect_banner_collected(l)
            } else {
                t::connect_banner(l)
            };
            view! { <Notice tone=Tone::Warning title=words::standing(l, found.standing).1><p>{text}</p></Notice> }
                .into_any()
        }
        Standing::Ready if straight => view! {
            <Notice tone=Tone::Info title=t::connect_straight_title(l)><p>{t::connect_straight(l)}</p></Notice>
        }
        .into_any(),
        Standing::NotBegun | Standing::DetailsMissing | Standing::BeingChecked if straight => view! {
            <Notice tone=Tone::Info title=t::connect_waits_title(l)><p>{t::connect_waits(l)}</p></Notice>
        }
        .into_any(),
        Standing::NotBegun
        | Standing::DetailsMissing
        | Standing::BeingChecked
        | Standing::Ready => ().into_any(),
    }
}

fn explained(l: Locale, found: &ConnectedView) -> String {
    match found.standing {
        Standing::NotBegun => t::connect_not_begun_text(l),
        Standing::DetailsMissing => t::connect_details_missing_text(l),
        Standing::BeingChecked => t::connect_being_checked_text(l),
        Standing::Ready => t::connect_ready_text(l),
        Standing::Restricted => {
            let able = match (found.charges, found.payouts) {
                (true, _) => t::connect_only_payouts_wait(l),
                (false, true) => t::connect_only_charges_wait(l),
                (false, false) => t::connect_all_waits(l),
            };
            return format!("{able} {}", words::disabled(l, &found.disabled));
        }
        Standing::Rejected => t::connect_rejected_text(l),
        Standing::Disconnected => t::connect_disconnected_text(l),
    }
    .to_owned()
}

/// What the provider wants to know, and until when.
fn asked(l: Locale, found: &ConnectedView) -> AnyView {
    if found.asked.is_empty() {
        return ().into_any();
    }
    let kinds = found
        .asked
        .iter()
        .map(|kind| {
            // A new account owes everything at once; that is no reproach.
            let late = (found.standing != Standing::DetailsMissing && found.overdue.contains(kind))
                .then(|| format!(" ({})", t::connect_overdue(l)));
            view! { <li>{words::asked(l, *kind)}{late}</li> }
        })
        .collect_view();
    let until = found.deadline.map(|deadline| {
        view! { <p>{t::connect_deadline(l)}" "<DateTimeView at=deadline style=DateStyle::Date/></p> }
    });
    view! { <p>{t::connect_asked(l)}</p><ul>{kinds}</ul>{until} }.into_any()
}

fn act(l: Locale, organization: &str, found: &ConnectedView) -> AnyView {
    let go_on = |label: &'static str| {
        let href = format!("/organize/{organization}/money/connect");
        // It leads to another site, or to the page that asks who one is.
        view! { <p><LinkButton href small=true external=true>{label}</LinkButton></p> }.into_any()
    };
    match found.standing {
        Standing::NotBegun | Standing::Disconnected => begin(l, organization, found),
        Standing::DetailsMissing | Standing::Restricted => go_on(t::connect_tell(l)),
        Standing::Ready if !found.asked.is_empty() => go_on(t::connect_tell(l)),
        Standing::BeingChecked => go_on(t::connect_look(l)),
        Standing::Ready | Standing::Rejected => ().into_any(),
    }
}

fn begin(l: Locale, organization: &str, found: &ConnectedView) -> AnyView {
    let form = FormState::new::<BeginConnect>();
    view! {
        <form method="post" action=form.address() class="form">
            <FormError error=form.form_error()/>
            <input type="hidden" name="organization" value=organization.to_owned()/>
            <Select
                name="country"
                label=t::connect_country(l)
                hint=t::connect_country_hint(l)
                choices=country_choices(None, &found.countries)
                required=true
                autocomplete="country"
                selected=form.value_or("country", found.country.clone())
                error=form.error("country")
            />
            <div class="form-actions"><Button>{t::connect_button(l)}</Button></div>
        </form>
    }
    .into_any()
}
