//! Pictures of events, in the width the screen needs, with their place kept free while they load.

use app_api::values::PictureView;
use app_ui::use_locale;
use domain::catalog::Category;
use leptos::prelude::*;
use locales::categories;

/// Without a picture the kind of event stands in, in type.
#[component]
pub fn Picture(
    picture: Option<PictureView>,
    category: Category,
    /// How wide it is shown, for the browser to choose: the `sizes` of the image.
    sizes: &'static str,
    /// The first thing people see: fetched before everything else.
    #[prop(optional)]
    first: bool,
) -> impl IntoView {
    let l = use_locale();
    match picture {
        Some(picture) => view! {
            <img
                class="picture"
                src=picture.src
                srcset=picture.srcset
                sizes=sizes
                width=picture.width
                height=picture.height
                alt=""
                decoding="async"
                loading=(!first).then_some("lazy")
                fetchpriority=first.then_some("high")
            />
        }
        .into_any(),
        None => view! {
            <span class="picture picture-blank" aria-hidden="true">
                <span>{categories::name(l, category.code())}</span>
            </span>
        }
        .into_any(),
    }
}
