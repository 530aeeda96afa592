//! `…/edit/description`: Markdown, with help beside it.

use app_api::{
    FormState,
    events::{EventView, SetEventDescription},
};
use app_ui::{Button, ButtonKind, Disclosure, FormError, LinkButton, TextArea, use_locale};
use leptos::prelude::*;
use locales::organizer as t;

use super::{Part, editor, the_event};
use crate::parts::saved;

#[component]
pub fn DescriptionPage() -> impl IntoView {
    let found = the_event();
    editor(Part::Description, found, show)
}

fn show(event: EventView) -> AnyView {
    let l = use_locale();
    let form = FormState::new::<SetEventDescription>();
    let saved = saved(form);
    let preview = format!("/e/{}", event.slug);
    view! {
        <form method="post" action=form.address() class="form" novalidate=true>
            <FormError error=form.form_error()/>
            {saved}
            <input type="hidden" name="event" value=event.slug/>
            <TextArea
                name="description_md"
                label=t::description(l)
                hint=t::description_hint(l)
                rows=16
                value=form.value_or("description_md", event.description_md)
                error=form.error("description_md")
            />
            <Disclosure label=t::markdown_help(l)>
                <dl class="markdown-help">
                    <dt><code>"## " {t::markdown_heading(l)}</code></dt>
                    <dd><b>{t::markdown_heading(l)}</b></dd>
                    <dt><code>"**" {t::markdown_bold(l)} "**"</code></dt>
                    <dd><b>{t::markdown_bold(l)}</b></dd>
                    <dt><code>"*" {t::markdown_italic(l)} "*"</code></dt>
                    <dd><i>{t::markdown_italic(l)}</i></dd>
                    <dt><code>"- " {t::markdown_item(l)}</code></dt>
                    <dd>"• " {t::markdown_item(l)}</dd>
                    <dt><code>"[" {t::markdown_link(l)} "](https://example.com)"</code></dt>
                    <dd><u>{t::markdown_link(l)}</u></dd>
                </dl>
            </Disclosure>
            <div class="form-actions">
                <Button>{t::save(l)}</Button>
                <LinkButton href=preview kind=ButtonKind::Secondary>{t::preview(l)}</LinkButton>
            </div>
        </form>
    }
    .into_any()
}
