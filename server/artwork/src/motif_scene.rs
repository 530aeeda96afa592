//! Scenes: sun and water, mountains, a running track, a laid table.

use super::Sheet;
use super::field::Field;
use super::geometry::{Point, Shape, arc, hump, polar};
use super::palette::{Ink, mix};
use std::f32::consts::{FRAC_PI_2, PI, TAU};

pub(super) fn halftone_sun(sheet: &mut Sheet) {
    let Sheet {
        canvas,
        palette,
        chance,
    } = sheet;
    let radius = chance.between(270.0, 330.0);
    let horizon = chance.between(600.0, 660.0);
    let centre = (
        chance.between(620.0, 980.0),
        horizon - radius * chance.between(0.35, 0.75),
    );
    let step = chance.of([15.0, 18.0, 22.0]);
    let shift = chance.between(-46.0, 46.0);

    let sky: Vec<Point> = vec![(0.0, 0.0), (1600.0, 0.0), (1600.0, horizon), (0.0, horizon)];
    canvas.fill(
        &Shape::disc((centre.0 + shift, centre.1 - 26.0), radius).within(&sky),
        palette.spot_or(0.22),
    );

    let mut dots = Shape::new();
    let (sin, cos) = 0.52_f32.sin_cos();
    let reach = (radius / step) as i32 + 2;
    for i in -reach * 2..=reach * 2 {
        for j in -reach * 2..=reach * 2 {
            let (u, v) = (i as f32 * step, j as f32 * step);
            let (x, y) = (u * cos - v * sin, u * sin + v * cos);
            let from_centre = x.hypot(y) / radius;
            if from_centre > 1.0 || centre.1 + y > horizon {
                continue;
            }
            let light = ((y / radius) * 0.5 + 0.62).clamp(0.06, 1.0);
            dots.add(arc(
                (centre.0 + x, centre.1 + y),
                step * 0.62 * light.sqrt(),
                0.0,
                TAU,
            ));
        }
    }
    canvas.fill(&dots.within(&sky), palette.ink);
    canvas.fill(&Shape::rect(0.0, horizon, 1600.0, 5.0), palette.ink);

    // The reflection breaks into bars that thin out towards the viewer.
    let mut bars = Shape::new();
    let mut y = horizon + 20.0;
    let mut count = 0.0;
    while y < 900.0 {
        let depth = (y - horizon) / (900.0 - horizon);
        let half = radius * (1.02 - depth * 0.35) * chance.between(0.62, 1.05);
        let height = 5.0 + 10.0 * depth;
        let drift = chance.between(-60.0, 60.0) * (0.4 + depth);
        bars.append(Shape::round_rect(
            (centre.0 + drift, y),
            half * 2.0,
            height,
            height / 2.0,
            0.0,
        ));
        y += 19.0 + 16.0 * depth + count;
        count += 0.6;
    }
    canvas.fill(&bars, palette.ink);
}

pub(super) fn mountains(sheet: &mut Sheet) {
    let Sheet {
        canvas,
        palette,
        chance,
    } = sheet;
    let field = Field::new(chance.bits());
    let sun = (chance.between(380.0, 1220.0), chance.between(230.0, 330.0));
    canvas.fill(
        &Shape::disc(sun, chance.between(120.0, 190.0)),
        palette.spot_or(0.9),
    );
    let layers = 6;
    for layer in 0..layers {
        let depth = layer as f32 / (layers - 1) as f32;
        let base = 430.0 + depth * 330.0;
        let tall = 250.0 - depth * 70.0;
        let grain = 2.1 + depth * 1.3;
        let peak = |x: f32| {
            let at = x / 1600.0 * grain + depth * 31.0;
            let fold = 1.0 - (field.at(at, depth * 9.0) * 2.0 - 1.0).abs();
            let detail = 1.0 - (field.at(at * 2.7 + 5.0, depth * 7.0) * 2.0 - 1.0).abs();
            base - tall * (fold * 0.78 + detail * 0.3 - 0.25)
        };
        let mut ridge: Vec<Point> = (0..=80)
            .map(|i| i as f32 * 20.0)
            .map(|x| (x, peak(x)))
            .collect();
        let tone = palette.tone(0.12 + 0.88 * depth.powf(1.25));
        // A thin shadow under each sheet of paper lifts it off the one behind.
        let mut shadow = ridge.clone();
        for point in &mut shadow {
            point.1 -= 9.0;
        }
        shadow.extend([(1600.0, 900.0), (0.0, 900.0)]);
        canvas.tint(&Shape::of(shadow), palette.ink, 0.10);
        ridge.extend([(1600.0, 900.0), (0.0, 900.0)]);
        canvas.fill(&Shape::of(ridge), tone);
    }
}

/// A point on the middle line of a running track, `along` from 0 to 1.
fn track(along: f32, straight: f32, radius: f32) -> Point {
    let curve = PI * radius;
    let whole = 2.0 * straight + 2.0 * curve;
    let s = along.rem_euclid(1.0) * whole;
    if s < straight {
        (s - straight / 2.0, radius)
    } else if s < straight + curve {
        polar(
            (straight / 2.0, 0.0),
            radius,
            FRAC_PI_2 - (s - straight) / radius,
        )
    } else if s < 2.0 * straight + curve {
        (straight / 2.0 - (s - straight - curve), -radius)
    } else {
        polar(
            (-straight / 2.0, 0.0),
            radius,
            -FRAC_PI_2 - (s - 2.0 * straight - curve) / radius,
        )
    }
}

pub(super) fn lanes(sheet: &mut Sheet) {
    let Sheet {
        canvas,
        palette,
        chance,
    } = sheet;
    let turn = chance.of([-0.42, -0.3, 0.34, 0.5]);
    let middle = (chance.between(560.0, 700.0), chance.between(640.0, 760.0));
    let lane = chance.of([62.0, 70.0, 78.0]);
    let inner = 190.0;
    let straight = 760.0;
    let chosen = 1 + chance.below(5);
    let closed = |radius: f32| -> Vec<Point> {
        (0..240)
            .map(|i| track(i as f32 / 240.0, straight, radius))
            .collect()
    };
    for number in (0..9).rev() {
        let outer = inner + lane * (number + 1) as f32;
        let ink = if number == chosen {
            palette.spot_or(0.42)
        } else {
            palette.tone(if number % 2 == 0 { 1.0 } else { 0.86 })
        };
        canvas.fill(
            &Shape::of(closed(outer))
                .turned((0.0, 0.0), turn)
                .moved(middle.0, middle.1),
            palette.ground,
        );
        canvas.fill(
            &Shape::of(closed(outer - 5.0))
                .turned((0.0, 0.0), turn)
                .moved(middle.0, middle.1),
            ink,
        );
    }
    canvas.fill(
        &Shape::of(closed(inner))
            .turned((0.0, 0.0), turn)
            .moved(middle.0, middle.1),
        palette.ground,
    );
    // Staggered starts, one dash per lane.
    for number in 0..9 {
        let radius = inner + lane * number as f32;
        let at = 0.86 - 0.022 * number as f32;
        let (a, b) = (
            track(at, straight, radius + 2.0),
            track(at, straight, radius + lane - 4.0),
        );
        let mark = Shape::stroke(&[a, b], 9.0)
            .turned((0.0, 0.0), turn)
            .moved(middle.0, middle.1);
        canvas.fill(&mark, palette.ground);
    }
}

pub(super) fn table(sheet: &mut Sheet) {
    let Sheet {
        canvas,
        palette,
        chance,
    } = sheet;
    if chance.one_in(2) {
        let (mut warp, mut weft) = (Shape::new(), Shape::new());
        for i in 0..10 {
            warp.append(Shape::rect(i as f32 * 180.0 - 45.0, 0.0, 90.0, 900.0));
            weft.append(Shape::rect(0.0, i as f32 * 180.0 - 45.0, 1600.0, 90.0));
        }
        canvas.tint(&warp, palette.ink, 0.16);
        canvas.tint(&weft, palette.ink, 0.16);
    } else {
        let mut cloth = Shape::new();
        for i in 0..40 {
            cloth.append(Shape::rect(i as f32 * 40.0, 0.0, 5.0, 900.0));
        }
        canvas.fill(&cloth, palette.tone(0.25));
    }
    let shift = chance.between(-60.0, 60.0);
    let first = chance.below(5);
    let places = [
        (190.0, 150.0, 190.0),
        (640.0, 250.0, 250.0),
        (1160.0, 170.0, 205.0),
        (330.0, 690.0, 245.0),
        (880.0, 760.0, 200.0),
        (1370.0, 640.0, 270.0),
    ];
    for (i, (x, y, r)) in places.into_iter().enumerate() {
        let centre = (x + shift, y);
        let spot = i == first;
        plate(sheet, centre, r, i + first, spot);
    }
}

fn plate(sheet: &mut Sheet, centre: Point, r: f32, kind: usize, spot: bool) {
    let Sheet {
        canvas,
        palette,
        chance,
    } = sheet;
    let (white, black): (Ink, Ink) = (mix(palette.ground, [255, 255, 255], 0.7), palette.ink);
    canvas.tint(
        &Shape::disc((centre.0 + 12.0, centre.1 + 16.0), r),
        black,
        0.22,
    );
    let dark = kind % 3 == 1;
    let (dish, food) = if dark { (black, white) } else { (white, black) };
    let colour = if spot { palette.spot_or(0.55) } else { food };
    canvas.fill(&Shape::disc(centre, r), dish);
    canvas.fill(&Shape::ring(centre, r * 0.93, r * 0.915), food);
    canvas.fill(&Shape::ring(centre, r * 0.74, r * 0.73), food);
    let turn = chance.angle();
    match kind % 5 {
        0 => {
            // Half an orange.
            canvas.fill(&Shape::disc(centre, r * 0.58), colour);
            canvas.fill(&Shape::disc(centre, r * 0.535), dish);
            let mut wedges = Shape::new();
            for i in 0..9 {
                let from = turn + TAU * i as f32 / 9.0;
                let start = polar(centre, r * 0.05, from + TAU / 18.0);
                wedges.append(Shape::sector(
                    start,
                    r * 0.44,
                    0.0,
                    from + 0.07,
                    from + TAU / 9.0 - 0.07,
                ));
            }
            canvas.fill(&wedges, colour);
        }
        1 => {
            // Peas.
            let mut peas = Shape::new();
            for i in 0..46 {
                let distance = r * 0.6 * (i as f32 / 46.0).sqrt();
                peas.append(Shape::disc(
                    polar(centre, distance, turn + i as f32 * 2.399_963),
                    r * 0.047,
                ));
            }
            canvas.fill(&peas, colour);
        }
        2 => {
            // A fan of leaves.
            let mut leaves = Shape::new();
            for i in 0..7 {
                let angle = turn + (i as f32 - 3.0) * 0.27;
                let root = polar(centre, -r * 0.5, turn);
                let spine: Vec<Point> = (0..=12)
                    .map(|j| {
                        polar(
                            root,
                            r * (1.06 - 0.05 * (i as f32 - 3.0).abs()) * j as f32 / 12.0,
                            angle,
                        )
                    })
                    .collect();
                leaves.append(Shape::ribbon(&spine, |t| {
                    r * 0.17 * hump(t * 2.0 - 1.0).powf(0.7) + 2.0
                }));
            }
            canvas.fill(&leaves, colour);
        }
        3 => {
            // A fish.
            let spine: Vec<Point> = (0..=40)
                .map(|j| polar(centre, r * (j as f32 / 40.0 - 0.5) * 1.15, turn))
                .collect();
            canvas.fill(
                &Shape::ribbon(&spine[..34], |t| {
                    r * 0.42 * (t * PI).sin().max(0.0).powf(0.8) + r * 0.06
                }),
                colour,
            );
            canvas.fill(
                &Shape::ribbon(&spine[31..], |t| r * (0.06 + 0.42 * t)),
                colour,
            );
            canvas.fill(
                &Shape::disc(
                    polar(polar(centre, -r * 0.42, turn), r * 0.05, turn - FRAC_PI_2),
                    r * 0.025,
                ),
                dish,
            );
            for i in 0..5 {
                let at = polar(centre, r * (-0.2 + 0.1 * i as f32), turn);
                canvas.fill(
                    &Shape::stroke(&arc(at, r * 0.1, turn - 0.9, turn + 0.9), 3.5),
                    dish,
                );
            }
        }
        _ => {
            // A bowl of soup with rings in it.
            canvas.fill(&Shape::disc(centre, r * 0.62), colour);
            for i in 1..5 {
                let size = r * 0.62 * i as f32 / 5.5;
                canvas.fill(
                    &Shape::ring(polar(centre, r * 0.09, turn), size, size - r * 0.018),
                    dish,
                );
            }
        }
    }
}
