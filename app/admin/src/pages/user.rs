//! One person.

use app_api::{
    admin::{AdminUser, Deed, UserView},
    ask,
};
use app_ui::{Badge, DateTimeView, Definition, DefinitionList, Notice, Section, Tone, use_locale};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use locales::{admin, roles};

use crate::parts::{AccountState, Frame, Heading, ModeratePanel, loaded};

#[component]
pub fn UserPage() -> impl IntoView {
    let params = use_params_map();
    let user = ask(move || AdminUser {
        id: params.with(|p| p.get("id").unwrap_or_default()),
    });
    view! { <Frame>{loaded(user, detail)}</Frame> }
}

fn detail(user: UserView) -> AnyView {
    let l = use_locale();
    let suspended = user.suspended_reason.is_some();
    let seen = match user.last_seen {
        Some(at) => view! { <DateTimeView at/> }.into_any(),
        None => admin::never_seen(l).into_any(),
    };
    let memberships = if user.memberships.is_empty() {
        view! { <p>{admin::no_memberships(l)}</p> }.into_any()
    } else {
        let list = user
            .memberships
            .into_iter()
            .map(|m| {
                view! {
                    <Definition term=m.name.clone()>
                        <a href=format!("/admin/organizations/{}", m.id)>{roles::name(l, &m.role)}</a>
                    </Definition>
                }
            })
            .collect_view();
        view! { <DefinitionList>{list}</DefinitionList> }.into_any()
    };
    let act_as = (!user.me && !suspended && !user.platform_admin).then(|| {
        view! { <ModeratePanel deed=Deed::ActAs id=user.id.clone() effects=admin::act_as_effects(l)/> }
    });
    let factor_away = (!user.me && !user.platform_admin && user.has_authenticator).then(|| {
        view! {
            <ModeratePanel
                deed=Deed::SecondFactorAway
                id=user.id.clone()
                effects=admin::factor_away_effects(l)
            />
        }
    });
    let deed = if user.me {
        view! { <p>{admin::yourself(l)}</p> }.into_any()
    } else if suspended {
        view! { <ModeratePanel deed=Deed::RestoreUser id=user.id effects=admin::restore_user_effects(l)/> }.into_any()
    } else {
        view! { <ModeratePanel deed=Deed::SuspendUser id=user.id effects=admin::suspend_user_effects(l)/> }.into_any()
    };
    view! {
        <Heading eyebrow=admin::users(l) title=user.name/>
        {user.suspended_reason.map(|why| view! { <Notice tone=Tone::Error title=admin::suspended_because(l, why)/> })}
        <Section title=admin::facts(l)>
            <DefinitionList>
                <Definition term=admin::col_email(l)><bdi>{user.email}</bdi></Definition>
                <Definition term=admin::col_state(l)>
                    <span class="badges">
                        <AccountState suspended/>
                        {(!user.verified).then(|| view! { <Badge tone=Tone::Warning>{admin::unverified(l)}</Badge> })}
                        {user.has_authenticator.then(|| view! { <Badge>{admin::second_factor_badge(l)}</Badge> })}
                        {user.platform_admin.then(|| view! { <Badge tone=Tone::Info>{admin::admin_badge(l)}</Badge> })}
                    </span>
                </Definition>
                <Definition term=admin::col_since(l)><DateTimeView at=user.created/></Definition>
                <Definition term=admin::last_seen(l)>{seen}</Definition>
            </DefinitionList>
        </Section>
        <Section title=admin::memberships(l)>{memberships}</Section>
        {act_as}
        {factor_away}
        {deed}
    }
    .into_any()
}
