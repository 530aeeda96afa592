//! The members: their roles, and letting them go.

use app_api::{
    FormState,
    team::{ChangeMemberRole, LeaveOrganization, MemberView, ReachView, RemoveMember},
};
use app_ui::{Badge, Button, ButtonKind, ConfirmPanel, FormError, RadioGroup, use_locale};
use domain::{ids::EventId, permissions::Role};
use leptos::prelude::*;
use locales::{roles as role_names, team as t};

use super::{ownership::OfferForm, reach, roles};

pub(super) fn view(
    organization: &str,
    members: Vec<MemberView>,
    events: &[ReachView],
    offered: bool,
) -> AnyView {
    let owners = members
        .iter()
        .filter(|member| member.role == Role::Owner)
        .count();
    let rows = members
        .into_iter()
        .map(|member| {
            let last_owner = member.role == Role::Owner && owners < 2;
            let events = events.to_vec();
            view! { <MemberRow organization=organization.to_owned() member last_owner events offered/> }
        })
        .collect_view();
    view! { <ul class="stack" role="list">{rows}</ul> }.into_any()
}

#[component]
fn MemberRow(
    organization: String,
    member: MemberView,
    last_owner: bool,
    events: Vec<ReachView>,
    /// The ownership is on offer already.
    offered: bool,
) -> impl IntoView {
    let l = use_locale();
    let reach = reach::told(l, &events, member.events.as_deref());
    let deeds = if last_owner {
        view! { <p class="field-hint">{t::last_owner(l)}</p> }.into_any()
    } else {
        let leave = member.me;
        let offer = (member.role != Role::Owner && !offered).then(|| {
            let (organization, user, name) = (
                organization.clone(),
                member.user.clone(),
                member.name.clone(),
            );
            view! { <OfferForm organization user name/> }
        });
        let (org, user, name) = (
            organization.clone(),
            member.user.clone(),
            member.name.clone(),
        );
        view! {
            <div class="deeds">
                <RoleForm
                    organization=organization.clone()
                    user=member.user.clone()
                    role=member.role
                    events
                    reach=member.events
                />
                {offer}
                {if leave {
                    view! { <LeaveForm organization=org/> }.into_any()
                } else {
                    view! { <RemoveForm organization=org user name/> }.into_any()
                }}
            </div>
        }
        .into_any()
    };
    view! {
        <li class="card">
            <h3 class="card-title"><bdi>{member.name}</bdi></h3>
            <p class="fact-line">
                <bdi>{member.email}</bdi>
                <Badge>{role_names::name(l, member.role.code())}</Badge>
                <span>{reach}</span>
                {member.me.then(|| view! { <Badge>{t::you(l)}</Badge> })}
            </p>
            {deeds}
        </li>
    }
    .into_any()
}

#[component]
fn RoleForm(
    organization: String,
    user: String,
    role: Role,
    events: Vec<ReachView>,
    reach: Option<Vec<EventId>>,
) -> impl IntoView {
    let l = use_locale();
    let form = FormState::of::<ChangeMemberRole>("user", &user);
    let open = form.failed();
    let id = format!("role-{user}");
    let reach = reach::choice(form, &id, &events, reach.as_deref());
    view! {
        <ConfirmPanel label=t::change_role(l) kind=ButtonKind::Secondary open>
            <form method="post" action=form.address()>
                <div class="stack">
                    <FormError error=form.form_error()/>
                    <input type="hidden" name="organization" value=organization/>
                    <input type="hidden" name="user" value=user/>
                    <RadioGroup
                        name="role"
                        legend=t::role(l)
                        choices=roles(l, |one| one != Role::Owner || role == Role::Owner)
                        selected=form.value_or("role", role.code())
                        error=form.error("role")
                        id
                    />
                    {reach}
                    <p class="field-hint">{t::at_once(l)}</p>
                    <div><Button>{t::save_role(l)}</Button></div>
                </div>
            </form>
        </ConfirmPanel>
    }
    .into_any()
}

#[component]
fn RemoveForm(organization: String, user: String, name: String) -> impl IntoView {
    let l = use_locale();
    let form = FormState::of::<RemoveMember>("user", &user);
    let open = form.failed();
    view! {
        <ConfirmPanel label=t::remove(l) open>
            <form method="post" action=form.address()>
                <div class="stack">
                    <p>{t::remove_effects(l, name)}</p>
                    <FormError error=form.form_error()/>
                    <input type="hidden" name="organization" value=organization/>
                    <input type="hidden" name="user" value=user/>
                    <div><Button kind=ButtonKind::Danger>{t::remove_confirm(l)}</Button></div>
                </div>
            </form>
        </ConfirmPanel>
    }
    .into_any()
}

#[component]
fn LeaveForm(organization: String) -> impl IntoView {
    let l = use_locale();
    let form = FormState::new::<LeaveOrganization>();
    let open = form.failed();
    view! {
        <ConfirmPanel label=t::leave(l) open>
            <form method="post" action=form.address()>
                <div class="stack">
                    <p>{t::leave_effects(l)}</p>
                    <FormError error=form.form_error()/>
                    <input type="hidden" name="organization" value=organization/>
                    <div><Button kind=ButtonKind::Danger>{t::leave_confirm(l)}</Button></div>
                </div>
            </form>
        </ConfirmPanel>
    }
    .into_any()
}
