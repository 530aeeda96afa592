//! Tables that scroll sideways inside themselves, never the page.

use crate::use_locale;
use leptos::prelude::*;
use locales::texts;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub label: String,
    pub numeric: bool,
    /// Read out, not shown: a column of buttons.
    pub hidden: bool,
}

impl Column {
    pub fn text(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            numeric: false,
            hidden: false,
        }
    }

    /// Numbers stand at the end of their column.
    pub fn number(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            numeric: true,
            hidden: false,
        }
    }

    pub fn actions(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            numeric: false,
            hidden: true,
        }
    }
}

/// Children are `<tr>` rows; give numeric cells the class `num`, and `data-label` to cells when `stacked` is set.
#[component]
pub fn DataTable(
    #[prop(into)] caption: String,
    columns: Vec<Column>,
    #[prop(default = true)] hide_caption: bool,
    /// On phones each row becomes a block of labelled lines instead of scrolling.
    #[prop(optional)]
    stacked: bool,
    children: Children,
) -> impl IntoView {
    let l = use_locale();
    let heads = columns
        .into_iter()
        .map(|column| {
            view! {
                <th scope="col" class:num=column.numeric>
                    <span class:sr-only=column.hidden>{column.label}</span>
                </th>
            }
        })
        .collect_view();
    let named = texts::ui::table_scrolls(l, &caption);
    view! {
        <div class="table-frame" role="region" tabindex="0" aria-label=named>
            <table class="table" class:table-stacked=stacked>
                <caption class="table-caption" class:sr-only=hide_caption>{caption}</caption>
                <thead>
                    <tr>{heads}</tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
    .into_any()
}
