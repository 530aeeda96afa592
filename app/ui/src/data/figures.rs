//! A table of counts and amounts, with its sums beneath.

use crate::{Column, DataTable, MoneyView};
use domain::money::Money;
use leptos::prelude::*;
use locales::numbers::integer;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    Count(u64),
    Amount(Money),
    Nothing,
}

/// A line: what it is about, and a figure for each column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureRow {
    pub name: String,
    pub figures: Vec<Figure>,
}

/// `heads` names the columns after the first. Sums are shown where there is more than one row to be summed.
#[component]
pub fn FigureTable(
    #[prop(into)] caption: String,
    /// The heading of the first column.
    #[prop(into)]
    name: String,
    heads: Vec<&'static str>,
    rows: Vec<FigureRow>,
    totals: Vec<FigureRow>,
) -> impl IntoView {
    let columns = std::iter::once(Column::text(name))
        .chain(heads.iter().map(|head| Column::number(*head)))
        .collect();
    let many = rows.len() > totals.len();
    let sums = totals.into_iter().filter(|_| many);
    let rows = rows
        .into_iter()
        .map(|row| line(row, &heads, ""))
        .chain(sums.map(|row| line(row, &heads, "is-sum")))
        .collect::<Vec<_>>();
    view! { <DataTable caption columns stacked=true>{rows}</DataTable> }.into_any()
}

fn line(row: FigureRow, heads: &[&'static str], class: &'static str) -> AnyView {
    let cells = row
        .figures
        .into_iter()
        .zip(heads.to_vec())
        .map(|(figure, head)| {
            let shown = match figure {
                Figure::Count(count) => integer(count).into_any(),
                Figure::Amount(amount) => view! { <MoneyView amount/> }.into_any(),
                Figure::Nothing => ().into_any(),
            };
            view! { <td class="num" data-label=head>{shown}</td> }
        })
        .collect_view();
    view! { <tr class=class><th scope="row"><bdi>{row.name}</bdi></th>{cells}</tr> }.into_any()
}
