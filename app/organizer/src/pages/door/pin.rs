//! What supervisors type on a scanner. It is never shown again.

use app_api::{
    FormState,
    door::{RemoveDoorPin, SetDoorPin},
};
use app_ui::{Button, ButtonKind, ConfirmPanel, FormError, Section, TextInput, use_locale};
use leptos::prelude::*;
use locales::door as t;

#[component]
pub fn Supervisor(event: String, has_pin: bool) -> impl IntoView {
    let l = use_locale();
    let form = FormState::new::<SetDoorPin>();
    let remove = FormState::new::<RemoveDoorPin>();
    let slug = event.clone();
    let (standing, set) = if has_pin {
        (t::pin_is_set(l), t::pin_change(l))
    } else {
        (t::pin_is_not_set(l), t::pin_set(l))
    };
    let away = has_pin.then(|| {
        view! {
            <ConfirmPanel label=t::pin_remove(l) open=remove.failed()>
                <form method="post" action=remove.address()>
                    <FormError error=remove.form_error()/>
                    <input type="hidden" name="event_slug" value=event/>
                    <p>{t::pin_remove_text(l)}</p>
                    <Button kind=ButtonKind::Danger>{t::pin_remove(l)}</Button>
                </form>
            </ConfirmPanel>
        }
    });
    view! {
        <Section title=t::pin(l) lead=t::pin_lead(l)>
            <p><strong>{standing}</strong></p>
            <form method="post" action=form.address() class="form door-form">
                <FormError error=form.form_error()/>
                <input type="hidden" name="event_slug" value=slug/>
                <TextInput
                    name="pin"
                    kind="password"
                    label=t::pin_new(l)
                    hint=t::pin_hint(l)
                    inputmode="numeric"
                    autocomplete="off"
                    maxlength=8
                    error=form.error("pin")
                />
                <div class="form-actions"><Button kind=ButtonKind::Secondary>{set}</Button></div>
            </form>
            {away}
        </Section>
    }
    .into_any()
}
