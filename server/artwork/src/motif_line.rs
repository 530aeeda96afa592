//! Pictures made of lines: ridges, a brush gesture, contour maps, curtains.

use super::Sheet;
use super::field::Field;
use super::geometry::{Point, Shape, arc, hump, polar};
use std::f32::consts::{PI, TAU};

pub(super) fn ridges(sheet: &mut Sheet) {
    let Sheet {
        canvas,
        palette,
        chance,
    } = sheet;
    let field = Field::new(chance.bits());
    let lines = chance.of([34, 42, 52]);
    let (left, right) = (170.0, 1430.0);
    let (top, bottom) = (190.0, 810.0);
    let peaks = [
        (chance.between(620.0, 980.0), chance.between(200.0, 300.0)),
        (chance.between(420.0, 1180.0), chance.between(120.0, 200.0)),
    ];
    let spot = chance.below(lines);
    let gap = (bottom - top) / lines as f32;
    for line in 0..lines {
        let y = top + gap * line as f32;
        let points: Vec<Point> = (0..=210)
            .map(|i| {
                let x = left + (right - left) * i as f32 / 210.0;
                let wide: f32 = peaks
                    .iter()
                    .map(|(at, width)| hump((x - at) / (width * 1.6)))
                    .sum();
                let rough = field.layered(x / 74.0, line as f32 * 0.47, 3);
                let calm = field.at(x / 30.0 + 90.0, line as f32 * 3.1);
                (
                    x,
                    y - wide.powf(1.3) * (rough - 0.22).max(0.0) * 210.0 - calm * 5.0,
                )
            })
            .collect();
        let mut body = points.clone();
        body.extend([(right, y + gap * 2.0 + 30.0), (left, y + gap * 2.0 + 30.0)]);
        canvas.fill(&Shape::of(body), palette.ground);
        let ink = if line == spot {
            palette.spot()
        } else {
            palette.ink
        };
        canvas.fill(
            &Shape::stroke(&points, if line == spot { 5.0 } else { 3.2 }),
            ink,
        );
    }
}

pub(super) fn brush(sheet: &mut Sheet) {
    let Sheet {
        canvas,
        palette,
        chance,
    } = sheet;
    let field = Field::new(chance.bits());
    let circle = !chance.one_in(3);
    let middle = (chance.between(680.0, 920.0), 455.0);
    let radius = chance.between(285.0, 315.0);
    let start = chance.angle();
    let way = chance.of([-1.0, 1.0]);
    let tilt = chance.between(-0.16, 0.16);
    let width = chance.between(120.0, 165.0);
    // The path of the hand, and how hard it presses.
    let path = |t: f32, side: f32| -> Point {
        if circle {
            polar(
                middle,
                radius * (1.0 - 0.10 * t) + side,
                start + way * t * TAU * 0.965,
            )
        } else {
            let x = 190.0 + 1230.0 * t;
            let y = 450.0 - 560.0 * tilt * (t - 0.5)
                + 190.0 * (t * TAU * 0.82 + 0.4).sin() * (1.0 - 0.35 * t);
            (x + side * 0.25, y + side)
        }
    };
    let press = |t: f32| {
        (0.55 + 0.45 * (t * 9.0).min(1.0)) * (1.0 - 0.35 * t) * (1.0 - 0.10 * (t * TAU * 1.4).sin())
    };
    let hairs = 120;
    let mut stroke = Shape::new();
    for hair in 0..hairs {
        let u = hair as f32 / (hairs - 1) as f32 * 2.0 - 1.0;
        let edge = 1.0 - u.abs();
        let wet = 0.34 + 0.5 * field.at(u * 9.0, 3.0) + 0.24 * edge;
        let from = chance.between(0.0, 0.02) + (1.0 - edge) * 0.012;
        let until = (0.80 + 0.2 * field.at(u * 13.0, 40.0) + 0.05 * edge).min(1.0);
        let mut run: Vec<Point> = Vec::new();
        let steps = 220;
        for i in 0..=steps {
            let t = from + (until - from) * i as f32 / steps as f32;
            // Ink runs out along the way; a dry hair touches the paper only here and there.
            let ink = wet * 1.5 - t * 1.05
                + (field.at(t * 26.0, u * 19.0 + 60.0) - 0.5) * (0.35 + 0.5 * t);
            if ink > 0.0 || t < 0.06 {
                let wobble = (field.at(t * 7.0, u * 3.0 + 11.0) - 0.5) * 9.0;
                run.push(path(t, u * width * 0.5 * press(t) + wobble));
            } else if !run.is_empty() {
                stroke.append(Shape::ribbon(&std::mem::take(&mut run), |s| {
                    2.9 * (1.0 - (s * 2.0 - 1.0).powi(8)) + 0.3
                }));
            }
        }
        stroke.append(Shape::ribbon(&run, |s| {
            2.9 * (1.0 - (s * 2.0 - 1.0).powi(8)) + 0.3
        }));
    }
    // Drops that left the brush.
    for _ in 0..26 {
        let t = chance.between(0.3, 1.0);
        let at = path(
            t,
            chance.of([-1.0, 1.0]) * width * chance.between(0.55, 1.15),
        );
        stroke.append(Shape::disc(at, chance.between(0.8, 4.2)));
    }
    canvas.fill(&stroke, palette.ink);
    let seal = (if middle.0 > 800.0 { 250.0 } else { 1350.0 }, 690.0);
    canvas.fill(
        &Shape::round_rect(seal, 84.0, 84.0, 7.0, 0.03),
        palette.spot_or(0.85),
    );
    canvas.fill(&Shape::ring(seal, 26.0, 17.0), palette.ground);
    canvas.fill(
        &Shape::rect(seal.0 - 4.0, seal.1 - 32.0, 8.0, 64.0),
        palette.ground,
    );
}

pub(super) fn contours(sheet: &mut Sheet) {
    let Sheet {
        canvas,
        palette,
        chance,
    } = sheet;
    let field = Field::new(chance.bits());
    let cell = 12.5;
    let (columns, rows) = (129, 73);
    let scale = chance.between(330.0, 430.0);
    let mut heights = vec![0.0_f32; columns * rows];
    let mut summit = (0, 0.0_f32);
    for row in 0..rows {
        for column in 0..columns {
            let (x, y) = (column as f32 * cell / scale, row as f32 * cell / scale);
            let height = field.layered(x, y, 2);
            let at = row * columns + column;
            heights[at] = height;
            let inside = (20..110).contains(&column) && (14..60).contains(&row);
            if inside && height > summit.1 {
                summit = (at, height);
            }
        }
    }
    let levels = chance.of([22, 28, 34]);
    for level in 1..levels {
        let limit = 0.08 + 0.84 * level as f32 / levels as f32;
        let strong = level % 5 == 0;
        let mut lines = Shape::new();
        for row in 0..rows - 1 {
            for column in 0..columns - 1 {
                let at = row * columns + column;
                let corners = [
                    heights[at],
                    heights[at + 1],
                    heights[at + columns + 1],
                    heights[at + columns],
                ];
                let above = corners.iter().filter(|h| **h > limit).count();
                if above == 0 || above == 4 {
                    continue;
                }
                let (x, y) = (column as f32 * cell, row as f32 * cell);
                let spots = [(x, y), (x + cell, y), (x + cell, y + cell), (x, y + cell)];
                let mut cuts: Vec<Point> = Vec::with_capacity(4);
                for i in 0..4 {
                    let j = (i + 1) % 4;
                    if (corners[i] > limit) != (corners[j] > limit) {
                        let t = (limit - corners[i]) / (corners[j] - corners[i]);
                        cuts.push((
                            spots[i].0 + (spots[j].0 - spots[i].0) * t,
                            spots[i].1 + (spots[j].1 - spots[i].1) * t,
                        ));
                    }
                }
                for pair in cuts.chunks_exact(2) {
                    let (dx, dy) = (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1);
                    let reach = 0.6 / dx.hypot(dy).max(0.6);
                    let ends = [
                        (pair[0].0 - dx * reach, pair[0].1 - dy * reach),
                        (pair[1].0 + dx * reach, pair[1].1 + dy * reach),
                    ];
                    lines.append(oriented(Shape::stroke(
                        &ends,
                        if strong { 4.6 } else { 1.9 },
                    )));
                }
            }
        }
        canvas.fill(
            &lines,
            if strong {
                palette.ink
            } else {
                palette.tone(0.72)
            },
        );
    }
    let peak = (
        (summit.0 % columns) as f32 * cell,
        (summit.0 / columns) as f32 * cell,
    );
    canvas.fill(&Shape::disc(peak, 46.0), palette.ground);
    canvas.fill(&Shape::disc(peak, 34.0), palette.spot());
}

/// Gives every outline the same sense, so that overlaps of short strokes never cancel.
fn oriented(mut shape: Shape) -> Shape {
    for outline in &mut shape.outlines {
        let area: f32 = (0..outline.len())
            .map(|i| {
                let (a, b) = (outline[i], outline[(i + 1) % outline.len()]);
                a.0 * b.1 - b.0 * a.1
            })
            .sum();
        if area < 0.0 {
            outline.reverse();
        }
    }
    shape
}

pub(super) fn curtain(sheet: &mut Sheet) {
    let Sheet {
        canvas,
        palette,
        chance,
    } = sheet;
    let stripes = chance.of([30, 38, 46]);
    let folds = chance.between(2.2, 3.6);
    let phase = chance.angle();
    let sway = chance.between(60.0, 110.0);
    let lean = chance.between(-0.9, 0.9);
    // Where the edge number `k` of a stripe runs at height y: folds gather and spread the stripes.
    let edge = |k: f32, y: f32| {
        let s = k / stripes as f32;
        let gather = (s * folds * TAU + phase).sin() * 0.75 / (folds * TAU);
        let swing =
            (y / 900.0 * PI * 1.5 + s * 2.2 + phase).sin() * sway + lean * (y - 450.0) * 0.18;
        -160.0 + 1920.0 * (s + gather) + swing
    };
    let mut cloth = Shape::new();
    let mut marked = Shape::new();
    let chosen = stripes / 3 + chance.below(stripes / 3);
    for k in 0..stripes {
        let (a, b) = (k as f32, k as f32 + 0.52);
        let mut outline: Vec<Point> = (0..=36)
            .map(|i| i as f32 * 25.0)
            .map(|y| (edge(a, y), y))
            .collect();
        outline.extend(
            (0..=36)
                .rev()
                .map(|i| i as f32 * 25.0)
                .map(|y| (edge(b, y), y)),
        );
        if k == chosen {
            marked.add(outline)
        } else {
            cloth.add(outline)
        }
    }
    canvas.fill(&cloth, palette.ink);
    canvas.fill(&marked, palette.spot_or(0.6));
    if chance.one_in(2) {
        // A lamp behind the cloth, seen through its gaps.
        let moon = arc(
            (chance.between(500.0, 1100.0), chance.between(300.0, 520.0)),
            chance.between(150.0, 230.0),
            0.0,
            TAU,
        );
        canvas.fill(&Shape::of(moon.clone()), palette.ground);
        canvas.fill(&cloth.within(&moon), palette.tone(0.35));
    }
}
