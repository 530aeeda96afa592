//! The organizer gives a ticket of an order to somebody else.

use app_api::{
    FormState,
    organizer_orders::{OrganizerOrderView, ReassignTicket},
};
use app_ui::{Button, Choice, Disclosure, FormError, Select, TextInput, use_locale};
use domain::permissions::Right;
use leptos::prelude::*;
use locales::{checkout, passing as t};

/// Nothing where no ticket can go anywhere, or the viewer may not do it.
pub(super) fn panel(organization: &str, order: &OrganizerOrderView) -> Option<AnyView> {
    let l = use_locale();
    let choices: Vec<Choice> = order
        .reassignable()
        .map(|ticket| {
            let label = t::reassign_holder(l, &ticket.holder_name, &ticket.type_name);
            Choice::new(ticket.id.clone(), label)
        })
        .collect();
    if choices.is_empty() || !app_api::may(organization, Right::CancelOrders) {
        return None;
    }
    let form = FormState::new::<ReassignTicket>();
    let (organization, code) = (organization.to_owned(), order.code.clone());
    // One ticket needs no choice.
    let only = choices.first().filter(|_| choices.len() == 1);
    let selected = form.value_or(
        "ticket",
        only.map_or_else(String::new, |one| one.value.clone()),
    );
    Some(
        view! {
            <Disclosure label=t::reassign(l) open=form.failed()>
                <form method="post" action=form.address() class="form">
                    <p>{t::reassign_effect(l)}</p>
                    <FormError error=form.form_error()/>
                    <input type="hidden" name="organization" value=organization/>
                    <input type="hidden" name="code" value=code/>
                    <Select
                        name="ticket"
                        id="reassign-ticket"
                        label=t::reassign_ticket(l)
                        choices
                        required=true
                        selected
                        error=form.error("ticket")
                    />
                    <TextInput
                        name="name"
                        id="reassign-name"
                        label=t::name(l)
                        maxlength=120
                        required=true
                        value=form.value("name")
                        error=form.error("name")
                    />
                    <TextInput
                        name="email"
                        id="reassign-email"
                        kind="email"
                        label=checkout::email(l)
                        required=true
                        value=form.value("email")
                        error=form.error("email")
                    />
                    <TextInput
                        name="reason"
                        id="reassign-reason"
                        label=t::reassign_reason(l)
                        hint=t::reassign_reason_hint(l)
                        maxlength=300
                        required=true
                        value=form.value("reason")
                        error=form.error("reason")
                    />
                    <div class="form-actions"><Button>{t::reassign_confirm(l)}</Button></div>
                </form>
            </Disclosure>
        }
        .into_any(),
    )
}
