//! A hold that is over: said kindly, with a way on.

use app_api::{
    FormState,
    checkout::{CheckoutState, CheckoutView, HoldTickets, quantity_field},
};
use app_ui::{Button, Container, ContainerSize, FormError, LinkButton, use_locale};
use leptos::prelude::*;
use locales::checkout;

#[component]
pub fn Over(hold: CheckoutView) -> impl IntoView {
    let l = use_locale();
    let again = FormState::new::<HoldTickets>();
    let event = format!("/e/{}", hold.event.slug);
    let expired = hold.state == CheckoutState::Expired;
    let (title, text) = if expired {
        (checkout::expired_title(l), checkout::expired_text(l))
    } else {
        (checkout::released_title(l), checkout::released_text(l))
    };
    let fault = again.error("tickets").or_else(|| again.form_error());
    let lines = hold
        .lines
        .into_iter()
        .map(|line| {
            view! { <input type="hidden" name=quantity_field(line.ticket_type) value=line.quantity/> }
        })
        .collect_view();
    view! {
        <Container size=ContainerSize::Narrow>
            <div class="buy-over">
                <h1 class="page-title">{title}</h1>
                <p class="lead">{text}</p>
                <FormError error=fault/>
                <form method="post" action=again.address()>
                    <input type="hidden" name="event" value=hold.event.slug/>
                    <input type="hidden" name="key" value=hold.form_key/>
                    {lines}
                    <div class="btn-row">
                        {expired.then(|| view! { <Button>{checkout::expired_again(l)}</Button> })}
                        <LinkButton href=event kind=app_ui::ButtonKind::Secondary>{checkout::to_event(l)}</LinkButton>
                    </div>
                </form>
            </div>
        </Container>
    }
}
