//! Lines and bars as plain SVG, with the numbers beneath for everyone who wants them.
//!
//! The drawing is stretched to its box, so it holds no text; labels are HTML around it and keep their size.

use crate::use_locale;
use leptos::prelude::*;
use locales::texts;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChartPoint {
    /// What the value belongs to: a day, a name.
    pub label: String,
    /// The height; negative values are drawn as zero.
    pub value: i64,
    /// The value in words: "€1,240.00", "31".
    pub text: String,
}

impl ChartPoint {
    pub fn new(label: impl Into<String>, value: i64, text: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            value,
            text: text.into(),
        }
    }
}

const WIDTH: i64 = 1000;
const HEIGHT: i64 = 300;

/// More names than this do not fit below their bars.
const NAMED: usize = 6;

#[component]
pub fn LineChart(#[prop(into)] title: String, points: Vec<ChartPoint>) -> impl IntoView {
    let top = top_of(&points);
    let spots: Vec<(i64, i64)> = points
        .iter()
        .enumerate()
        .map(|(at, point)| (place(at, points.len()), depth(point.value, top)))
        .collect();
    let line: Vec<String> = spots.iter().map(|(x, y)| format!("{x},{y}")).collect();
    let area = format!("0,{HEIGHT} {} {WIDTH},{HEIGHT}", line.join(" "));
    let drawing = view! {
        <polygon class="chart-area" points=area></polygon>
        <polyline class="chart-line" points=line.join(" ")></polyline>
    };
    let ends = ends(&points);
    frame(title, points, drawing.into_any(), ends)
}

#[component]
pub fn BarChart(#[prop(into)] title: String, points: Vec<ChartPoint>) -> impl IntoView {
    let top = top_of(&points);
    let slot = WIDTH / count(points.len()).max(1);
    let gap = slot * 2 / 5;
    let bars = points
        .iter()
        .enumerate()
        .map(|(at, point)| {
            let y = depth(point.value, top);
            view! {
                <rect class="chart-bar" x=count(at) * slot + gap / 2 y=y width=slot - gap height=HEIGHT - y></rect>
            }
        })
        .collect_view();
    let below = if points.len() <= NAMED {
        names(&points)
    } else {
        ends(&points)
    };
    frame(title, points, bars.into_any(), below)
}

/// The first and the last label, in their corners.
fn ends(points: &[ChartPoint]) -> AnyView {
    let first = points.first().map(|point| point.label.clone());
    let last = points
        .last()
        .map(|point| point.label.clone())
        .filter(|_| points.len() > 1);
    view! { <p class="chart-ends" aria-hidden="true"><span>{first}</span><span>{last}</span></p> }
        .into_any()
}

/// Each bar's value and name under it.
fn names(points: &[ChartPoint]) -> AnyView {
    let names = points
        .iter()
        .map(|point| view! { <span><b>{point.text.clone()}</b>{point.label.clone()}</span> })
        .collect_view();
    view! { <p class="chart-names" aria-hidden="true">{names}</p> }.into_any()
}

fn frame(title: String, points: Vec<ChartPoint>, drawing: AnyView, below: AnyView) -> AnyView {
    let l = use_locale();
    let highest = points
        .iter()
        .max_by_key(|point| point.value)
        .map(|point| point.text.clone());
    // For who cannot see it: what it is, from where to where, and how high it goes.
    let said = texts::ui::chart_said(
        l,
        title.clone(),
        points
            .first()
            .map(|point| point.label.clone())
            .unwrap_or_default(),
        points
            .last()
            .map(|point| point.label.clone())
            .unwrap_or_default(),
        highest.clone().unwrap_or_default(),
    );
    let slot = WIDTH / count(points.len()).max(1);
    // Each slot answers the pointer with its own numbers.
    let slots = points
        .iter()
        .enumerate()
        .map(|(at, point)| {
            view! {
                <rect class="chart-slot" x=count(at) * slot y=0 width=slot height=HEIGHT>
                    <title>{format!("{}: {}", point.label, point.text)}</title>
                </rect>
            }
        })
        .collect_view();
    let grid = [0, HEIGHT / 2, HEIGHT]
        .map(|y| view! { <line class="chart-grid" x1=0 x2=WIDTH y1=y y2=y></line> })
        .into_iter()
        .collect_view();
    let rows = points
        .into_iter()
        .map(|point| view! { <tr><th scope="row">{point.label}</th><td class="num">{point.text}</td></tr> })
        .collect_view();
    view! {
        <figure class="chart">
            <figcaption class="chart-title">
                <span>{title}</span>
                <span class="chart-top num">{highest}</span>
            </figcaption>
            <svg
                class="chart-drawing"
                viewBox=format!("0 0 {WIDTH} {HEIGHT}")
                preserveAspectRatio="none"
                role="img"
                aria-label=said
            >
                <desc>{texts::ui::chart_described(l)}</desc>
                {grid}
                {drawing}
                {slots}
            </svg>
            {below}
            <details class="chart-data">
                <summary>{texts::ui::chart_data(l)}</summary>
                <table class="table table-tight">
                    <tbody>{rows}</tbody>
                </table>
            </details>
        </figure>
    }
    .into_any()
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn top_of(points: &[ChartPoint]) -> i64 {
    points
        .iter()
        .map(|point| point.value)
        .max()
        .unwrap_or_default()
        .max(1)
}

/// How far below the upper edge a value lies. In 128 bits, since amounts may be large.
fn depth(value: i64, top: i64) -> i64 {
    let filled = i128::from(value.clamp(0, top)) * i128::from(HEIGHT) / i128::from(top);
    HEIGHT - i64::try_from(filled).unwrap_or_default()
}

/// Points of a line reach from edge to edge.
fn place(at: usize, of: usize) -> i64 {
    if of < 2 {
        WIDTH / 2
    } else {
        count(at) * WIDTH / (count(of) - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::{HEIGHT, WIDTH, depth, place};

    #[test]
    fn values_fill_the_box() {
        assert_eq!(
            [depth(0, 10), depth(10, 10), depth(-5, 10)],
            [HEIGHT, 0, HEIGHT]
        );
        assert_eq!(depth(i64::MAX, i64::MAX), 0);
        assert_eq!(
            [place(0, 3), place(2, 3), place(0, 1)],
            [0, WIDTH, WIDTH / 2]
        );
    }
}
