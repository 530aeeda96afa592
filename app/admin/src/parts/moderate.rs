//! Suspending and restoring: what it does, the reason, then the button.

use app_api::{
    FormState,
    admin::{Deed, Moderate},
};
use app_ui::{Button, ButtonKind, ConfirmPanel, FormError, TextArea, use_locale};
use leptos::prelude::*;
use locales::admin;

#[component]
pub fn ModeratePanel(deed: Deed, id: String, #[prop(into)] effects: String) -> impl IntoView {
    let l = use_locale();
    let form = FormState::of::<Moderate>("deed", deed.code());
    let (label, confirm, kind, button) = match deed {
        Deed::SuspendOrganization => (
            admin::suspend_organization(l),
            admin::confirm_suspend(l),
            ButtonKind::Danger,
            ButtonKind::Danger,
        ),
        Deed::SuspendUser => (
            admin::suspend_user(l),
            admin::confirm_suspend(l),
            ButtonKind::Danger,
            ButtonKind::Danger,
        ),
        Deed::ActAs => (
            admin::act_as(l),
            admin::act_as_confirm(l),
            ButtonKind::Secondary,
            ButtonKind::Primary,
        ),
        Deed::SecondFactorAway => (
            admin::factor_away(l),
            admin::factor_away_confirm(l),
            ButtonKind::Secondary,
            ButtonKind::Danger,
        ),
        Deed::RestoreOrganization => (
            admin::restore_organization(l),
            admin::confirm_restore(l),
            ButtonKind::Secondary,
            ButtonKind::Primary,
        ),
        Deed::RestoreUser => (
            admin::restore_user(l),
            admin::confirm_restore(l),
            ButtonKind::Secondary,
            ButtonKind::Primary,
        ),
    };
    let hint = match deed {
        Deed::SuspendOrganization => admin::reason_hint_read(l),
        Deed::ActAs => admin::reason_hint_act_as(l),
        Deed::SecondFactorAway => admin::reason_hint_factor_away(l),
        Deed::SuspendUser | Deed::RestoreOrganization | Deed::RestoreUser => admin::reason_hint(l),
    };
    let open = form.failed();
    view! {
        <ConfirmPanel label kind open>
            <form method="post" action=form.address()>
                <div class="stack">
                    <p>{effects}</p>
                    <FormError error=form.form_error()/>
                    <input type="hidden" name="deed" value=deed.code()/>
                    <input type="hidden" name="id" value=id/>
                    <TextArea
                        name="reason"
                        id=format!("reason-{}", deed.code())
                        label=admin::reason(l)
                        hint
                        rows=3
                        maxlength=500
                        required=true
                        value=form.value("reason")
                        error=form.error("reason")
                    />
                    <div><Button kind=button>{confirm}</Button></div>
                </div>
            </form>
        </ConfirmPanel>
    }
    .into_any()
}
