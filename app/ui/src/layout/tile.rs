//! A picture with words under it, and lines that are chosen from.

use crate::MaybeText;
use leptos::prelude::*;

/// A picture in the widths it exists in. The box keeps its place before the picture arrives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picture {
    pub src: String,
    /// As in HTML: "a 480w, b 960w".
    pub srcset: Option<String>,
    /// Empty when the words beside it say everything.
    pub alt: String,
}

/// One of many things with a picture. The title is the link and the whole tile answers; children are lines below it.
#[component]
pub fn Tile(
    #[prop(into)] title: String,
    #[prop(into)] href: String,
    #[prop(optional_no_strip)] picture: Option<Picture>,
    /// Stands above the title: a date.
    #[prop(into, optional)]
    eyebrow: MaybeText,
    /// Among the first in the page: loaded at once instead of when it comes near.
    #[prop(optional)]
    eager: bool,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let eyebrow = eyebrow.0;
    view! {
        <article class="tile">
            <div class="tile-picture">
                {match picture {
                    Some(picture) => {
                        view! {
                            <img
                                src=picture.src
                                srcset=picture.srcset
                                sizes="(width < 40rem) 100vw, (width < 70rem) 50vw, 24rem"
                                alt=picture.alt
                                width=960
                                height=540
                                loading=if eager { "eager" } else { "lazy" }
                                decoding="async"
                            />
                        }
                            .into_any()
                    }
                    None => view! { <span class="tile-blank" aria-hidden="true">{initial(&title)}</span> }.into_any(),
                }}
            </div>
            {eyebrow.map(|eyebrow| view! { <p class="tile-eyebrow">{eyebrow}</p> })}
            <h3 class="tile-title" dir="auto">
                <a class="tile-link" href=href>{title}</a>
            </h3>
            {children.map(|children| view! { <div class="tile-lines">{children()}</div> })}
        </article>
    }
    .into_any()
}

/// Stands in large where there is no picture.
fn initial(title: &str) -> String {
    title
        .chars()
        .find(|c| c.is_alphanumeric())
        .map(|c| c.to_uppercase().collect())
        .unwrap_or_default()
}

/// A line of a list from which something is chosen: words at the start, price and control at the end.
#[component]
pub fn LineItem(
    #[prop(into)] title: String,
    #[prop(into, optional)] text: MaybeText,
    #[prop(into, optional)] price: MaybeText,
    /// Set back, for what cannot be chosen now; `children` say why.
    #[prop(optional)]
    dimmed: bool,
    children: Children,
) -> impl IntoView {
    let (text, price) = (text.0, price.0);
    view! {
        <div class="line-item" class:line-item-dimmed=dimmed>
            <div class="line-item-words">
                <h3 class="line-item-title" dir="auto">{title}</h3>
                {text.map(|text| view! { <p class="line-item-text" dir="auto">{text}</p> })}
            </div>
            {price.map(|price| view! { <p class="line-item-price money">{price}</p> })}
            <div class="line-item-control">{children()}</div>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::initial;

    #[test]
    fn initials_skip_signs() {
        assert_eq!(
            [initial("“ölüm”"), initial("ليلة"), initial("…")],
            ["Ö", "ل", ""]
        );
    }
}
