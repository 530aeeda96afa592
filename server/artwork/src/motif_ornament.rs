//! Ornaments built from tiles: arcs, stars, building blocks.

use super::Sheet;
use super::geometry::{Point, Shape, polar};
use std::f32::consts::{FRAC_PI_2, FRAC_PI_4, PI, TAU};

pub(super) fn arcs(sheet: &mut Sheet) {
    let Sheet {
        canvas,
        palette,
        chance,
    } = sheet;
    let (size, columns, rows, top) = chance.of([
        (320.0, 5_i32, 3_i32, -30.0),
        (200.0, 8, 5, -50.0),
        (400.0, 4, 3, -150.0),
    ]);
    let bands = if size > 250.0 { 5 } else { 3 };
    let spot = chance.below((columns * rows) as usize);
    for row in 0..rows {
        for column in 0..columns {
            let (x, y) = (column as f32 * size, top + row as f32 * size);
            let fence: Vec<Point> =
                vec![(x, y), (x + size, y), (x + size, y + size), (x, y + size)];
            let marked = (row * columns + column) as usize == spot;
            let flipped = chance.one_in(3);
            let (back, front) = if flipped {
                (palette.ink, palette.ground)
            } else {
                (palette.ground, palette.ink)
            };
            canvas.fill(&Shape::rect(x, y, size, size), back);
            let corner = fence[chance.below(4)];
            let front = if marked { palette.spot_or(0.5) } else { front };
            match chance.below(5) {
                0 => canvas.fill(&Shape::disc(corner, size).within(&fence), front),
                1 => {
                    let other = (
                        2.0 * (x + size / 2.0) - corner.0,
                        2.0 * (y + size / 2.0) - corner.1,
                    );
                    for centre in [corner, other] {
                        for band in 0..bands / 2 + 1 {
                            let outer =
                                size * 0.5 * (1.0 - band as f32 / (bands as f32 / 2.0 + 1.0));
                            let ink = if band % 2 == 0 { front } else { back };
                            canvas.fill(&Shape::disc(centre, outer).within(&fence), ink);
                        }
                    }
                }
                _ => {
                    for band in 0..bands {
                        let outer = size * (1.0 - band as f32 / bands as f32);
                        let ink = if band % 2 == 0 { front } else { back };
                        canvas.fill(&Shape::disc(corner, outer).within(&fence), ink);
                    }
                }
            }
        }
    }
}

/// A star of eight points; `depth` is where the inner corners lie, as a share of the radius.
fn star(centre: Point, radius: f32, depth: f32) -> Shape {
    Shape::of(
        (0..16)
            .map(|i| {
                polar(
                    centre,
                    if i % 2 == 0 { radius } else { radius * depth },
                    PI * i as f32 / 8.0,
                )
            })
            .collect(),
    )
}

pub(super) fn stars(sheet: &mut Sheet) {
    let Sheet {
        canvas,
        palette,
        chance,
    } = sheet;
    // The pattern of two crossed squares: its inner corners lie at this share of the radius.
    const KHATAM: f32 = 0.765_367;
    let step = chance.of([200.0, 266.67, 160.0]);
    let light = (chance.between(300.0, 1300.0), chance.between(200.0, 700.0));
    let radius = step / 2.0;
    let (columns, rows) = ((1600.0 / step) as i32 + 2, (900.0 / step) as i32 + 2);
    let offset = (800.0 % step, 450.0 % step);
    let mut lattice = Shape::new();
    for row in -1..rows {
        for column in -1..columns {
            let centre = (
                column as f32 * step + offset.0,
                row as f32 * step + offset.1,
            );
            lattice.append(star(centre, radius - 2.0, KHATAM));
        }
    }
    canvas.fill(&lattice, palette.ink);
    for row in -1..rows {
        for column in -1..columns {
            let centre = (
                column as f32 * step + offset.0,
                row as f32 * step + offset.1,
            );
            let distance = (centre.0 - light.0).hypot(centre.1 - light.1);
            let open = (1.0 - distance / 900.0).clamp(0.0, 1.0);
            let ground = palette.ground;
            canvas.fill(&star(centre, radius * (0.84 - 0.04 * open), KHATAM), ground);
            canvas.fill(
                &star(centre, radius * (0.80 - 0.30 * open), KHATAM),
                palette.ink,
            );
            if open > 0.12 {
                let core = radius * (0.62 - 0.3 * open);
                let fill = if open > 0.62 {
                    palette.spot_or(0.55)
                } else {
                    ground
                };
                canvas.fill(&star(centre, core * (0.3 + 0.7 * open), 0.55), fill);
            }
            // The crosses between the stars carry a smaller star of their own.
            let cross = (centre.0 + radius, centre.1 + radius);
            let far = (cross.0 - light.0).hypot(cross.1 - light.1);
            let size = radius * (0.14 + 0.24 * (1.0 - far / 900.0).clamp(0.0, 1.0));
            canvas.fill(
                &star(cross, size, KHATAM).turned(cross, FRAC_PI_4 / 2.0),
                palette.ink,
            );
        }
    }
}

pub(super) fn blocks(sheet: &mut Sheet) {
    let Sheet {
        canvas,
        palette,
        chance,
    } = sheet;
    let (size, columns, rows, top) = chance.of([
        (200.0, 8, 5, -50.0),
        (228.6, 7, 4, -7.0),
        (320.0, 5, 3, -30.0),
    ]);
    let spots = [chance.below(columns * rows), chance.below(columns * rows)];
    let mut last = 9;
    for row in 0..rows {
        for column in 0..columns {
            let (x, y) = (column as f32 * size, top + row as f32 * size);
            let middle = (x + size / 2.0, y + size / 2.0);
            let marked = spots.contains(&(row * columns + column));
            let (back, mut front) = match chance.below(5) {
                0 => (palette.ink, palette.ground),
                1 => (palette.tone(0.22), palette.ink),
                2 => (palette.tone(0.78), palette.ground),
                _ => (palette.ground, palette.ink),
            };
            if marked {
                front = palette.spot_or(0.45);
            }
            canvas.fill(&Shape::rect(x, y, size + 1.0, size + 1.0), back);
            let turn = FRAC_PI_2 * chance.below(4) as f32;
            let mut kind = chance.below(8);
            if kind == last {
                kind = (kind + 1) % 8;
            }
            last = kind;
            let half = size / 2.0;
            match kind {
                0 => canvas.fill(&Shape::disc(middle, half * 0.8), front),
                1 => {
                    canvas.fill(
                        &Shape::half_disc(polar(middle, -half, turn), half, turn),
                        front,
                    );
                    canvas.fill(&Shape::half_disc(middle, half, turn), front);
                }
                2 => {
                    let triangle = vec![(x, y + size), (x + size, y + size), (x, y)];
                    canvas.fill(&Shape::of(triangle).turned(middle, turn), front);
                }
                3 => {
                    let mut stripes = Shape::new();
                    for i in 0..4 {
                        stripes.append(Shape::rect(
                            x,
                            y + size * (i as f32 + 0.25) / 4.0,
                            size,
                            size / 8.0,
                        ));
                    }
                    canvas.fill(&stripes.turned(middle, turn), front);
                }
                4 => {
                    let mut dots = Shape::new();
                    for i in 0..9 {
                        let at = (
                            x + size * ((i % 3) as f32 + 0.5) / 3.0,
                            y + size * ((i / 3) as f32 + 0.5) / 3.0,
                        );
                        dots.append(Shape::disc(at, size * 0.1));
                    }
                    canvas.fill(&dots, front);
                }
                5 => {
                    // An eye that looks somewhere.
                    canvas.fill(&Shape::disc(middle, half * 0.86), front);
                    canvas.fill(&Shape::disc(middle, half * 0.62), back);
                    canvas.fill(
                        &Shape::disc(polar(middle, half * 0.22, turn + 0.6), half * 0.32),
                        front,
                    );
                }
                6 => {
                    let mut petals = Shape::new();
                    for i in 0..4 {
                        petals.append(Shape::disc(
                            polar(middle, half * 0.46, FRAC_PI_4 + TAU * i as f32 / 4.0),
                            half * 0.42,
                        ));
                    }
                    canvas.fill(&petals, front);
                    canvas.fill(&Shape::disc(middle, half * 0.2), back);
                }
                _ => {
                    let corner = (x, y);
                    let fence = [(x, y), (x + size, y), (x + size, y + size), (x, y + size)];
                    canvas.fill(
                        &Shape::disc(corner, size)
                            .within(&fence)
                            .turned(middle, turn),
                        front,
                    );
                    canvas.fill(
                        &Shape::disc(corner, half)
                            .within(&fence)
                            .turned(middle, turn),
                        back,
                    );
                }
            }
        }
    }
}
