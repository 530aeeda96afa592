//! `/organize/:org/team`: who works for an organization, and who is asked to.

mod invitations;
mod members;

use app_api::{
    FormState,
    team::{
        ChangeMemberRole, InviteMember, RemoveMember, ResendInvitation, RevokeInvitation, TeamView,
        team,
    },
};
use app_ui::{Choice, Notice, Section, Tone, use_locale};
use domain::permissions::Role;
use leptos::prelude::*;
use locales::{Locale, team as t};

use crate::parts::{Frame, loaded, use_part};

#[component]
pub fn TeamPage() -> impl IntoView {
    let l = use_locale();
    let organization = use_part("org");
    let team = Resource::new_blocking(move || organization.get(), team);
    let said = done_before(l);
    view! {
        <Frame title=t::title(l)>
            {said.map(|text| view! { <Notice tone=Tone::Success title=text/> })}
            {loaded(team, move |found| show(&organization.get_untracked(), found))}
        </Frame>
    }
}

/// What a form did before this page came back.
fn done_before(l: Locale) -> Option<&'static str> {
    let done = [
        (FormState::new::<InviteMember>().done(), t::done_invite(l)),
        (
            FormState::new::<ResendInvitation>().done(),
            t::done_resend(l),
        ),
        (
            FormState::new::<RevokeInvitation>().done(),
            t::done_revoke(l),
        ),
        (FormState::new::<ChangeMemberRole>().done(), t::done_role(l)),
        (FormState::new::<RemoveMember>().done(), t::done_remove(l)),
    ];
    done.into_iter()
        .find_map(|(done, text)| done.then_some(text))
}

fn show(organization: &str, found: TeamView) -> AnyView {
    let l = use_locale();
    let members = members::view(organization, found.members);
    let invitations = invitations::view(organization, found.invitations);
    let organization = organization.to_owned();
    view! {
        <Section title=t::members(l)>{members}</Section>
        <Section title=t::invite_title(l) lead=t::invite_lead(l)>
            <invitations::InviteForm organization/>
        </Section>
        <Section title=t::pending(l)>{invitations}</Section>
    }
    .into_any()
}

fn role_name(l: Locale, role: Role) -> &'static str {
    match role {
        Role::Owner => t::role_owner(l),
        Role::Manager => t::role_manager(l),
        Role::Door => t::role_door(l),
    }
}

/// Each role with what it may do.
fn roles(l: Locale) -> Vec<Choice> {
    Role::all()
        .iter()
        .map(|role| {
            let hint = match role {
                Role::Owner => t::role_owner_hint(l),
                Role::Manager => t::role_manager_hint(l),
                Role::Door => t::role_door_hint(l),
            };
            Choice::new(role.code(), role_name(l, *role)).hint(hint)
        })
        .collect()
}
