//! What a company needs on its invoice.

use app_ui::{TextArea, TextInput, use_locale};
use leptos::prelude::*;
use locales::checkout;

/// Name of the field, what stands in it, what is wrong with it.
type Part = (&'static str, Option<String>, Option<String>);

#[component]
pub fn InvoiceFields(name: Part, address: Part, vat_id: Part) -> impl IntoView {
    let l = use_locale();
    view! {
        <div class="form">
            <TextInput
                name=name.0
                label=checkout::invoice_name(l)
                value=name.1
                error=name.2
                autocomplete="organization"
                maxlength=160
            />
            <TextArea
                name=address.0
                label=checkout::invoice_address(l)
                value=address.1
                error=address.2
                rows=3
                maxlength=400
            />
            <TextInput name=vat_id.0 label=checkout::invoice_vat_id(l) value=vat_id.1 error=vat_id.2 maxlength=40/>
        </div>
    }
}
