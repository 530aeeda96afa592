//! `/organize/:org/team`: who works for an organization, and who is asked to.

mod invitations;
mod members;

use app_api::{
    ApiError, FormState,
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

/// What the page needs to know of itself to show anew after a change.
#[derive(Clone, Copy)]
struct Change {
    team: Resource<Result<TeamView, ApiError>>,
    said: RwSignal<Option<&'static str>>,
}

impl Change {
    /// Says what was done and reads the team again.
    fn done(self, text: &'static str) {
        self.said.set(Some(text));
        self.team.refetch();
    }
}

#[component]
pub fn TeamPage() -> impl IntoView {
    let l = use_locale();
    let organization = use_part("org");
    let team = Resource::new_blocking(move || organization.get(), team);
    let change = Change {
        team,
        said: RwSignal::new(done_before(l)),
    };
    view! {
        <Frame title=t::title(l)>
            <div aria-live="polite">
                {move || change.said.get().map(|text| view! { <Notice tone=Tone::Success title=text/> })}
            </div>
            {loaded(team, move |found| show(&organization.get_untracked(), change, found))}
        </Frame>
    }
}

/// What a plain form did before this page came back.
fn done_before(l: Locale) -> Option<&'static str> {
    let done = [
        (
            FormState::<InviteMember>::new().done().get_untracked(),
            t::done_invite(l),
        ),
        (
            FormState::<ResendInvitation>::new().done().get_untracked(),
            t::done_resend(l),
        ),
        (
            FormState::<RevokeInvitation>::new().done().get_untracked(),
            t::done_revoke(l),
        ),
        (
            FormState::<ChangeMemberRole>::new().done().get_untracked(),
            t::done_role(l),
        ),
        (
            FormState::<RemoveMember>::new().done().get_untracked(),
            t::done_remove(l),
        ),
    ];
    done.into_iter()
        .find_map(|(done, text)| done.then_some(text))
}

fn show(organization: &str, change: Change, found: TeamView) -> AnyView {
    let l = use_locale();
    let members = members::view(organization, change, found.members);
    let invitations = invitations::view(organization, change, found.invitations);
    let organization = organization.to_owned();
    view! {
        <Section title=t::members(l)>{members}</Section>
        <Section title=t::invite_title(l) lead=t::invite_lead(l)>
            <invitations::InviteForm organization change/>
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
