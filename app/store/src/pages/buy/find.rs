//! "Find my tickets": the answer is the same whether there are any.

use app_api::{FormState, checkout::FindMyTickets};
use app_ui::{
    Button, Container, ContainerSize, FormError, Notice, PageHeader, TextInput, Tone, use_locale,
};
use leptos::prelude::*;
use leptos_meta::Title;
use locales::checkout;

#[component]
pub fn FindPage() -> impl IntoView {
    let l = use_locale();
    let form = FormState::new::<FindMyTickets>();
    view! {
        <Title text=checkout::find_title(l)/>
        <Container size=ContainerSize::Narrow>
            <PageHeader title=checkout::find_title(l) lead=checkout::find_text(l)/>
            <div class="stack">
                {form
                    .done()
                    .then(|| {
                        view! {
                            <Notice tone=Tone::Success title=checkout::find_done_title(l)>
                                {checkout::find_done_text(l)}
                            </Notice>
                        }
                    })}
                <form method="post" action=form.address() class="form">
                    <FormError error=form.form_error()/>
                    <TextInput
                        name="email"
                        kind="email"
                        label=checkout::email(l)
                        autocomplete="email"
                        inputmode="email"
                        value=form.value("email")
                        error=form.error("email")
                        required=true
                    />
                    <p><Button>{checkout::find_button(l)}</Button></p>
                </form>
            </div>
        </Container>
    }
}
