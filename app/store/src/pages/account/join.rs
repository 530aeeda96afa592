//! `/join/:token`: an invitation to a team.

use app_api::{
    ErrorKind, FormState,
    accounts::{AcceptInvitation, Invitation, InvitationView},
    ask, use_session,
};
use app_ui::{
    Button, ButtonKind, Container, ContainerSize, Definition, DefinitionList, FormError,
    LinkButton, Notice, PageHeader, Skeleton, Tone, use_locale,
};
use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use locales::{accounts as t, roles};

use super::token;

#[component]
pub fn JoinPage() -> impl IntoView {
    let token = token();
    let found = ask({
        let token = token.clone();
        move || Invitation {
            token: token.clone(),
        }
    });
    let form = FormState::new::<AcceptInvitation>();
    let l = use_locale();
    view! {
        <Meta name="robots" content="noindex"/>
        <Container size=ContainerSize::Narrow>
            <Suspense fallback=|| view! { <Skeleton/> }>
                {move || {
                    let token = token.clone();
                    found
                        .get()
                        .map(|found| match found {
                            Ok(invitation) => show(invitation, form, token),
                            Err(error) => {
                                // A server that is busy has not said that the invitation is over.
                                let over = error.kind == ErrorKind::Gone;
                                if !over {
                                    error.set_page_status();
                                }
                                let title = if over { t::join_over(l).to_owned() } else { error.text(l) };
                                view! { <Notice tone=Tone::Error title/> }.into_any()
                            }
                        })
                }}
            </Suspense>
        </Container>
    }
}

fn show(invitation: InvitationView, form: FormState, token: String) -> AnyView {
    let l = use_locale();
    let title = t::join_title(l, &invitation.organization);
    let here = format!("/join/{token}");
    let answer = if use_session().is_some() {
        view! {
            <form method="post" action=form.address() class="form">
                <FormError error=form.form_error()/>
                <input type="hidden" name="token" value=token/>
                <div class="form-actions">
                    <Button wide=true>{t::join(l)}</Button>
                </div>
            </form>
        }
        .into_any()
    } else {
        view! {
            <div class="form-actions">
                <LinkButton href=format!("/sign-in?next={here}")>{t::join_sign_in(l)}</LinkButton>
                <LinkButton href="/sign-up" kind=ButtonKind::Secondary>{t::create_account(l)}</LinkButton>
            </div>
            <p>{t::join_sign_up(l)}</p>
        }
        .into_any()
    };
    view! {
        <Title text=title.clone()/>
        <PageHeader title lead=t::join_lead(l, &invitation.inviter, &invitation.organization)/>
        <DefinitionList>
            <Definition term=t::join_as(l)>{roles::name(l, invitation.role.code())}</Definition>
        </DefinitionList>
        <p>{t::join_for(l, &invitation.email)}</p>
        {answer}
    }
    .into_any()
}
