//! `/organize/:org/team`: who works for an organization, and who is asked to.

mod invitations;
mod members;
mod ownership;
mod reach;

pub use ownership::answer;

use app_api::{
    FormState, ask,
    team::{
        ChangeMemberRole, InviteMember, OfferOwnership, RemoveMember, ResendInvitation,
        RevokeInvitation, TakeBackOwnership, Team, TeamView,
    },
};
use app_ui::{Choice, Notice, Section, Tone, use_locale};
use domain::permissions::Role;
use leptos::prelude::*;
use locales::{Locale, roles as role_names, team as t};

use crate::parts::{Frame, loaded, use_part};

#[component]
pub fn TeamPage() -> impl IntoView {
    let l = use_locale();
    let organization = use_part("org");
    let team = ask(move || Team {
        organization: organization.get(),
    });
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
        (FormState::new::<OfferOwnership>().done(), t::done_offer(l)),
        (
            FormState::new::<TakeBackOwnership>().done(),
            t::done_take_back(l),
        ),
    ];
    done.into_iter()
        .find_map(|(done, text)| done.then_some(text))
}

fn show(organization: &str, found: TeamView) -> AnyView {
    let l = use_locale();
    let offered = found.offer.is_some();
    let offer = found
        .offer
        .map(|offer| ownership::waiting(organization, offer));
    let members = members::view(organization, found.members, &found.events, offered);
    let invitations = invitations::view(organization, found.invitations, &found.events);
    let organization = organization.to_owned();
    view! {
        {offer}
        <Section title=t::members(l)>{members}</Section>
        <Section title=t::invite_title(l) lead=t::invite_lead(l)>
            <invitations::InviteForm organization events=found.events/>
        </Section>
        <Section title=t::pending(l)>{invitations}</Section>
    }
    .into_any()
}

/// Each role with what it may do.
fn roles(l: Locale, offered: impl Fn(Role) -> bool) -> Vec<Choice> {
    Role::all()
        .iter()
        .filter(|role| offered(**role))
        .map(|role| {
            Choice::new(role.code(), role_names::name(l, role.code()))
                .hint(role_names::hint(l, role.code()))
        })
        .collect()
}
