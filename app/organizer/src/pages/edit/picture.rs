//! `…/edit/picture`: a plain upload, which needs nothing but the browser.

use app_api::query::use_query_map;
use app_api::{
    FormState,
    events::{EventView, RemoveEventPicture},
};
use app_ui::{Button, ButtonKind, FormError, Notice, Tone, use_locale};
use leptos::prelude::*;
use locales::{faults, organizer as t};

use super::{Part, editor, the_event};
use crate::parts::saved;

#[component]
pub fn PicturePage() -> impl IntoView {
    let found = the_event();
    editor(Part::Picture, found, show)
}

fn show(event: EventView) -> AnyView {
    let l = use_locale();
    let form = FormState::new::<RemoveEventPicture>();
    let saved = saved(form);
    let action = format!("/organize/upload/{}", event.slug);
    // The upload comes back with the code of what was wrong.
    let fault = use_query_map().with_untracked(|query| query.get("fault"));
    let fault = fault.map(|code| {
        let text = faults::text(l, &code, &[("max_mb".to_owned(), "10".to_owned())]);
        view! { <Notice tone=Tone::Error title=text/> }
    });
    let has_picture = event.picture.is_some();
    let picture = event.picture.map(|src| {
        view! { <img class="picture-now" src=src alt=t::picture_now(l) width="960" height="540"/> }
    });
    let upload = if has_picture {
        t::picture_replace(l)
    } else {
        t::picture_upload(l)
    };
    let remove = has_picture.then(|| {
        view! {
            <form method="post" action=form.address() class="form">
                <FormError error=form.form_error()/>
                <input type="hidden" name="event" value=event.slug.clone()/>
                <div class="form-actions">
                    <Button kind=ButtonKind::Quiet small=true>{t::picture_remove(l)}</Button>
                </div>
            </form>
        }
    });
    view! {
        {fault}
        {saved}
        {picture}
        <form class="form" method="post" action=action enctype="multipart/form-data">
            <div class="field">
                <label class="field-label" for="field-picture">{t::picture(l)}</label>
                <p class="field-hint" id="field-picture-hint">{t::picture_hint(l)}</p>
                <input
                    class="input"
                    id="field-picture"
                    type="file"
                    name="picture"
                    accept="image/jpeg,image/png,image/webp"
                    aria-describedby="field-picture-hint"
                    required
                />
            </div>
            <div class="form-actions"><Button>{upload}</Button></div>
        </form>
        {remove}
    }
    .into_any()
}
