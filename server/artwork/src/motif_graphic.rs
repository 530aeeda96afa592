//! Graphic play: abstract letters, interference, a bent chequerboard, coarse dithering.

use super::Sheet;
use super::geometry::{Point, Shape, arc};
use std::f32::consts::{FRAC_PI_2, PI, TAU};

pub(super) fn letters(sheet: &mut Sheet) {
    let Sheet {
        canvas,
        palette,
        chance,
    } = sheet;
    let rows = chance.of([2, 3, 3]);
    let gap = 22.0;
    let margin = 60.0;
    let height = (900.0 - 2.0 * margin - gap * (rows - 1) as f32) / rows as f32;
    let spot = chance.below(rows * 4);
    let mut count = 0;
    let mut last = 99;
    for row in 0..rows {
        let y = margin + row as f32 * (height + gap);
        let mut x = margin;
        loop {
            let left = 1600.0 - margin - x;
            let mut w = height * chance.of([0.5, 0.72, 1.0, 1.0, 1.3]);
            if left - w < height * 0.55 {
                w = left;
            }
            if w < 30.0 {
                break;
            }
            let mut kind = chance.below(9);
            if kind == last {
                kind = (kind + 4) % 9;
            }
            last = kind;
            let ink = if count == spot {
                palette.spot_or(0.5)
            } else {
                palette.ink
            };
            let (shape, hole) = glyph(kind, (x, y), w, height);
            canvas.fill(&shape, ink);
            canvas.fill(&hole, palette.ground);
            count += 1;
            x += w + gap;
            if x > 1600.0 - margin - 20.0 {
                break;
            }
        }
    }
}

/// The body of a letter and what is cut out of it.
fn glyph(kind: usize, (x, y): Point, w: f32, h: f32) -> (Shape, Shape) {
    let box_of = Shape::rect(x, y, w, h);
    let round = w.min(h) / 2.0;
    match kind {
        0 => (
            Shape::round_rect((x + w / 2.0, y + h / 2.0), w, h, round, 0.0),
            Shape::round_rect((x + w / 2.0, y + h / 2.0), w * 0.2, h * 0.36, w * 0.1, 0.0),
        ),
        1 => {
            // An arch.
            let mut top = arc((x + w / 2.0, y + w / 2.0), w / 2.0, -PI, 0.0);
            top.extend([(x + w, y + h), (x, y + h)]);
            let r = w * 0.14;
            let mut door = arc((x + w / 2.0, y + h * 0.62), r, -PI, 0.0);
            door.extend([
                (x + w / 2.0 + r, y + h + 1.0),
                (x + w / 2.0 - r, y + h + 1.0),
            ]);
            (Shape::of(top), Shape::of(door))
        }
        2 => {
            let cuts = [0.27, 0.61];
            let mut hole = Shape::new();
            for cut in cuts {
                hole.append(Shape::rect(x + w * 0.3, y + h * cut, w * 0.71, h * 0.12));
            }
            (box_of, hole)
        }
        3 => (
            Shape::of(vec![(x, y), (x + w, y), (x + w / 2.0, y + h)]),
            Shape::of(vec![
                (x + w * 0.42, y - 1.0),
                (x + w * 0.58, y - 1.0),
                (x + w / 2.0, y + h * 0.45),
            ]),
        ),
        4 => {
            let mut stem = Shape::rect(x, y, w * 0.34, h);
            let bow = (x + w * 0.28).min(x + w - 10.0);
            stem.append(
                Shape::ellipse((bow, y + h * 0.27), w * 0.72, h * 0.27, 0.0).within(&[
                    (x, y),
                    (x + w, y),
                    (x + w, y + h),
                    (x, y + h),
                ]),
            );
            stem.append(
                Shape::ellipse((bow, y + h * 0.77), w * 0.72, h * 0.23, 0.0).within(&[
                    (x, y),
                    (x + w, y),
                    (x + w, y + h),
                    (x, y + h),
                ]),
            );
            (stem, Shape::new())
        }
        5 => {
            let slits = 3;
            let mut hole = Shape::new();
            for i in 1..=slits {
                hole.append(Shape::rect(
                    x + w * i as f32 / 4.0 - w * 0.035,
                    y - 1.0,
                    w * 0.07,
                    h * if i % 2 == 0 { 0.8 } else { 0.66 },
                ));
            }
            (box_of, hole)
        }
        6 => {
            let middle = (x + w / 2.0, y + h / 2.0);
            let mut two = Shape::ellipse((middle.0, y + h * 0.25), w / 2.0, h * 0.25, 0.0);
            two.append(Shape::ellipse(
                (middle.0, y + h * 0.75),
                w / 2.0,
                h * 0.25,
                0.0,
            ));
            (two, Shape::new())
        }
        7 => (
            Shape::of(vec![
                (x, y),
                (x + w * 0.36, y),
                (x + w, y + h),
                (x + w * 0.64, y + h),
                (x + w * 0.36, y + h * 0.55),
                (x + w * 0.36, y + h),
                (x, y + h),
            ]),
            Shape::new(),
        ),
        _ => {
            let mut quarter = arc((x, y + h), h.min(w), -FRAC_PI_2, 0.0);
            quarter.push((x, y + h));
            let mut shape = Shape::of(quarter);
            shape.append(Shape::disc((x + w - w * 0.2, y + w * 0.2), w * 0.2));
            (shape, Shape::new())
        }
    }
}

pub(super) fn moire(sheet: &mut Sheet) {
    let Sheet {
        canvas,
        palette,
        chance,
    } = sheet;
    let step = chance.of([15.0, 18.0, 22.0]);
    let distance = chance.between(70.0, 210.0);
    let turn = chance.angle();
    let middle = (chance.between(560.0, 1040.0), chance.between(330.0, 570.0));
    let a = (
        middle.0 + distance * turn.cos(),
        middle.1 + distance * turn.sin() * 0.7,
    );
    let b = (
        middle.0 - distance * turn.cos(),
        middle.1 - distance * turn.sin() * 0.7,
    );
    let mut rings = Shape::new();
    let lines = chance.one_in(3);
    for i in 0..(1500.0 / step) as i32 {
        rings.add(arc(a, step * (i as f32 + 1.0), 0.0, TAU));
        if !lines {
            rings.add(arc(b, step * 1.03 * (i as f32 + 1.0), 0.0, TAU));
        }
    }
    if lines {
        let mut bars = Shape::new();
        for i in -70..70 {
            bars.append(Shape::rect(
                middle.0 + i as f32 * step * 2.06,
                middle.1 - 1300.0,
                step * 1.03,
                2600.0,
            ));
        }
        rings.append(bars.turned(middle, turn));
    }
    canvas.fill_parity(&rings, palette.ink);
    if chance.one_in(2) {
        canvas.fill(&Shape::disc(b, chance.between(60.0, 110.0)), palette.spot());
    }
}

pub(super) fn chequer(sheet: &mut Sheet) {
    let Sheet {
        canvas,
        palette,
        chance,
    } = sheet;
    let cell = chance.of([40.0, 50.0, 64.0]);
    let tilt = chance.between(-0.35, 0.35);
    let lenses = [
        (
            (chance.between(380.0, 760.0), chance.between(320.0, 560.0)),
            chance.between(330.0, 430.0),
            0.85,
        ),
        (
            (chance.between(1040.0, 1420.0), chance.between(220.0, 680.0)),
            chance.between(210.0, 300.0),
            chance.of([0.8, -0.55]),
        ),
    ];
    let bend = |x: f32, y: f32| {
        let (sin, cos) = tilt.sin_cos();
        let (dx, dy) = (x - 800.0, y - 450.0);
        let mut p = (800.0 + dx * cos - dy * sin, 450.0 + dx * sin + dy * cos);
        for ((cx, cy), radius, force) in lenses {
            let (dx, dy) = (p.0 - cx, p.1 - cy);
            let r = dx.hypot(dy) / radius;
            if r < 1.0 && r > 0.0 {
                // Points move outwards the way they would on a glass ball.
                let moved = r + force * r * (1.0 - r) * (1.0 - 0.35 * r);
                p = (cx + dx * moved / r, cy + dy * moved / r);
            }
        }
        p
    };
    let (columns, rows) = ((1600.0 / cell) as i32 + 14, (900.0 / cell) as i32 + 18);
    let (x0, y0) = (-7.0 * cell, -9.0 * cell);
    let spot = chance.below(5) as i32;
    let mut board = Shape::new();
    let mut marked = Shape::new();
    for j in 0..rows {
        for i in 0..columns {
            if (i + j) % 2 != 0 {
                continue;
            }
            let (x, y) = (x0 + i as f32 * cell, y0 + j as f32 * cell);
            let mut outline = Vec::with_capacity(16);
            for (from, to) in [
                ((0.0, 0.0), (1.0, 0.0)),
                ((1.0, 0.0), (1.0, 1.0)),
                ((1.0, 1.0), (0.0, 1.0)),
                ((0.0, 1.0), (0.0_f32, 0.0_f32)),
            ] {
                for k in 0..4 {
                    let t = k as f32 / 4.0;
                    outline.push(bend(
                        x + cell * (from.0 + (to.0 - from.0) * t),
                        y + cell * (from.1 + (to.1 - from.1) * t),
                    ));
                }
            }
            let near =
                (outline[0].0 - lenses[0].0.0).hypot(outline[0].1 - lenses[0].0.1) < cell * 0.9;
            if near && spot > 1 {
                marked.add(outline)
            } else {
                board.add(outline)
            }
        }
    }
    canvas.fill(&board, palette.ink);
    canvas.fill(&marked, palette.spot());
}

/// Order in which the cells of a 4 × 4 block turn dark (Bayer).
const BAYER: [[f32; 4]; 4] = [
    [0.0, 8.0, 2.0, 10.0],
    [12.0, 4.0, 14.0, 6.0],
    [3.0, 11.0, 1.0, 9.0],
    [15.0, 7.0, 13.0, 5.0],
];

pub(super) fn dither(sheet: &mut Sheet) {
    let Sheet {
        canvas,
        palette,
        chance,
    } = sheet;
    let cell = chance.of([12.5, 16.0, 20.0]);
    let (columns, rows) = (
        (1600.0_f32 / cell).ceil() as usize,
        (900.0_f32 / cell).ceil() as usize,
    );
    let turn = chance.between(-2.6, -0.5);
    let light = (turn.cos(), turn.sin());
    let balls = [
        (
            (chance.between(480.0, 760.0), chance.between(400.0, 500.0)),
            chance.between(270.0, 350.0),
        ),
        (
            (chance.between(1120.0, 1330.0), chance.between(250.0, 640.0)),
            chance.between(110.0, 200.0),
        ),
    ];
    let spot = chance.one_in(2);
    let dark_ground = palette.is_dark();
    for row in 0..rows {
        for column in 0..columns {
            let (x, y) = ((column as f32 + 0.5) * cell, (row as f32 + 0.5) * cell);
            let mut shade = 0.34 * (y / 900.0).powi(4);
            let mut ink = palette.ink;
            for (i, ((cx, cy), radius)) in balls.into_iter().enumerate() {
                let (dx, dy) = ((x - cx) / radius, (y - cy) / radius);
                let d = dx * dx + dy * dy;
                if d < 1.0 {
                    let bright = dx * light.0 + dy * light.1 + (1.0 - d).sqrt() * 0.75;
                    let tone = (bright * 0.62 + 0.22).clamp(0.0, 1.0);
                    shade = if dark_ground { tone } else { 1.0 - tone };
                    if i == 1 && spot {
                        ink = palette.spot();
                    }
                }
            }
            if shade * 16.0 > BAYER[row % 4][column % 4] + 0.5 {
                canvas.fill(
                    &Shape::rect(column as f32 * cell, row as f32 * cell, cell, cell),
                    ink,
                );
            }
        }
    }
}
