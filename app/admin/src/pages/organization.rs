//! One organization, and what suspending it would touch.

use app_api::{
    admin::{AdminOrganization, Deed, PlatformOrganizationView},
    ask,
};
use app_ui::{DateTimeView, Definition, DefinitionList, Notice, Section, Tone, use_locale};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use locales::{admin, numbers::integer, roles};

use crate::parts::{
    AccountState, AdjustPanel, Frame, Heading, ModeratePanel, MoneyGoesPanel, ReservePanel, loaded,
};

#[component]
pub fn OrganizationPage() -> impl IntoView {
    let params = use_params_map();
    let organization = ask(move || AdminOrganization {
        id: params.with(|p| p.get("id").unwrap_or_default()),
    });
    view! { <Frame>{loaded(organization, detail)}</Frame> }
}

fn detail(o: PlatformOrganizationView) -> AnyView {
    let l = use_locale();
    let id = o.id.clone();
    let suspended = o.suspended_reason.is_some();
    let page = format!("/o/{}", o.slug);
    let members = o
        .members
        .into_iter()
        .map(|m| {
            view! {
                <Definition term=m.name.clone()>
                    <a href=format!("/admin/users/{}", m.id)>{roles::name(l, &m.role)}</a>
                </Definition>
            }
        })
        .collect_view();
    let deed = if suspended {
        let effects = admin::restore_organization_effects(l).to_owned();
        view! { <ModeratePanel deed=Deed::RestoreOrganization id=o.id effects/> }.into_any()
    } else {
        let effects = admin::suspend_organization_effects(
            l,
            integer(o.events_on_sale),
            integer(o.tickets_to_come),
        );
        view! { <ModeratePanel deed=Deed::SuspendOrganization id=o.id effects/> }.into_any()
    };
    view! {
        <Heading eyebrow=admin::organizations(l) title=o.name/>
        {o.suspended_reason.map(|why| view! { <Notice tone=Tone::Error title=admin::suspended_because(l, why)/> })}
        <Section title=admin::facts(l)>
            <DefinitionList>
                <Definition term=admin::public_page(l)><a href=page.clone()><bdi>{page.clone()}</bdi></a></Definition>
                <Definition term=admin::contact(l)><bdi>{o.contact_email}</bdi></Definition>
                <Definition term=admin::col_state(l)><AccountState suspended/></Definition>
                <Definition term=admin::col_since(l)><DateTimeView at=o.created/></Definition>
                <Definition term=admin::events_on_sale(l)>{integer(o.events_on_sale)}</Definition>
                <Definition term=admin::tickets_to_come(l)>{integer(o.tickets_to_come)}</Definition>
                <Definition term=admin::open_orders(l)>{integer(o.open_orders)}</Definition>
                <Definition term=admin::all_orders(l)>{integer(o.orders)}</Definition>
            </DefinitionList>
        </Section>
        <Section title=admin::members(l)><DefinitionList>{members}</DefinitionList></Section>
        <MoneyGoesPanel organization=id.clone()/>
        <ReservePanel organization=id.clone()/>
        <AdjustPanel organization=id adjustment=o.adjustment/>
        {deed}
    }
    .into_any()
}
