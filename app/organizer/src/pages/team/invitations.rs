//! Asking somebody to join, and who has not answered yet.

use app_api::{
    FormState,
    team::{InviteMember, InvitedView, ReachView, ResendInvitation, RevokeInvitation},
};
use app_ui::{
    Badge, Button, ButtonKind, ConfirmPanel, FormError, RadioGroup, TextInput, Tone, use_locale,
};
use leptos::prelude::*;
use locales::{dates, roles as role_names, team as t};

use super::{reach, roles};

#[component]
pub(super) fn InviteForm(organization: String, events: Vec<ReachView>) -> impl IntoView {
    let l = use_locale();
    let form = FormState::new::<InviteMember>();
    let reach = reach::choice(form, "invite", &events, None);
    view! {
        <form method="post" action=form.address() class="form">
            <FormError error=form.form_error()/>
            <input type="hidden" name="organization" value=organization/>
            <TextInput
                name="email"
                kind="email"
                label=t::email(l)
                autocomplete="off"
                required=true
                value=form.value("email")
                error=form.error("email")
            />
            <RadioGroup
                name="role"
                legend=t::role(l)
                choices=roles(l, |_| true)
                selected=form.value_or("role", "manager")
                error=form.error("role")
                required=true
            />
            {reach}
            <div><Button>{t::invite(l)}</Button></div>
        </form>
    }
    .into_any()
}

pub(super) fn view(
    organization: &str,
    invitations: Vec<InvitedView>,
    events: &[ReachView],
) -> AnyView {
    let l = use_locale();
    if invitations.is_empty() {
        return view! { <p>{t::none_pending(l)}</p> }.into_any();
    }
    let rows = invitations
        .into_iter()
        .map(|invited| {
            let reach = reach::told(l, events, invited.events.as_deref());
            view! { <InvitedRow organization=organization.to_owned() invited reach/> }
        })
        .collect_view();
    view! { <ul class="stack" role="list">{rows}</ul> }.into_any()
}

#[component]
fn InvitedRow(organization: String, invited: InvitedView, reach: String) -> impl IntoView {
    let l = use_locale();
    let resend = FormState::of::<ResendInvitation>("id", &invited.id);
    let revoke = FormState::of::<RevokeInvitation>("id", &invited.id);
    let open = revoke.failed();
    let lasts = if invited.expired {
        view! { <Badge tone=Tone::Warning>{t::expired(l)}</Badge> }.into_any()
    } else {
        view! { <span>{t::lasts_until(l, dates::date_long(l, invited.expires))}</span> }.into_any()
    };
    let (org, id) = (organization.clone(), invited.id.clone());
    view! {
        <li class="card">
            <h3 class="card-title"><bdi>{invited.email.clone()}</bdi></h3>
            <p class="fact-line"><Badge>{role_names::name(l, invited.role.code())}</Badge> <span>{reach}</span> {lasts}</p>
            <FormError error=resend.form_error()/>
            <div class="deeds">
                <form method="post" action=resend.address()>
                    <input type="hidden" name="organization" value=org/>
                    <input type="hidden" name="id" value=id/>
                    <Button kind=ButtonKind::Secondary>{t::resend(l)}</Button>
                </form>
                <ConfirmPanel label=t::revoke(l) open>
                    <form method="post" action=revoke.address()>
                        <div class="stack">
                            <p>{t::revoke_effects(l, invited.email)}</p>
                            <FormError error=revoke.form_error()/>
                            <input type="hidden" name="organization" value=organization/>
                            <input type="hidden" name="id" value=invited.id/>
                            <div><Button kind=ButtonKind::Danger>{t::revoke_confirm(l)}</Button></div>
                        </div>
                    </form>
                </ConfirmPanel>
            </div>
        </li>
    }
    .into_any()
}
