//! Pages for people who build Bilten; the server hides them in production.

mod mail;

use leptos::prelude::*;

/// What can be shown.
pub enum Page {
    /// Every piece of the design system in every state.
    Design,
    /// The mails that would have left.
    Mails,
    Mail,
}

#[lazy(development)]
fn view(page: Page) -> AnyView {
    match page {
        Page::Design => view! { <app_ui::Gallery/> }.into_any(),
        Page::Mails => mail::MailsPage().into_any(),
        Page::Mail => mail::MailPage().into_any(),
    }
}

app_api::page_routes! { view, __preload_view =>
    /// `/dev/design`
    DesignRoute => Page::Design;
    /// `/dev/mail`
    MailsRoute => Page::Mails;
    /// `/dev/mail/:id`
    MailRoute => Page::Mail;
}
