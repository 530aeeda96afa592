//! Every piece in every state, for people who build pages. Shown in development only.

mod controls;
mod figures;
mod frames;
mod messages;
mod paths;

use crate::{Container, PageHeader, ToastRegion, provide_toasts, use_locale};
use leptos::prelude::*;
use locales::texts::gallery as t;

#[component]
pub fn Gallery() -> impl IntoView {
    let l = use_locale();
    provide_toasts();
    view! {
        <Container>
            <PageHeader title=t::title(l) lead=t::lead(l)/>
            <div class="sections-aside">
                <frames::Letters/>
                <controls::Buttons/>
                <controls::Fields/>
                <messages::Messages/>
                <figures::Figures/>
                <paths::Paths/>
                <frames::Frames/>
            </div>
        </Container>
        <frames::Bar/>
        <ToastRegion/>
    }
    .into_any()
}
