//! Rooms for an audience: a wall of lamps, an auditorium, a strip of film.

use super::Sheet;
use super::geometry::{Point, Shape, arc, hump, polar};
use super::palette::mix;
use std::f32::consts::{FRAC_PI_2, PI, TAU};

pub(super) fn lamps(sheet: &mut Sheet) {
    let Sheet {
        canvas,
        palette,
        chance,
    } = sheet;
    let step = chance.of([40.0, 50.0, 64.0]);
    let spots: [(Point, f32); 3] = [
        (
            (chance.between(250.0, 620.0), chance.between(300.0, 620.0)),
            chance.between(400.0, 520.0),
        ),
        (
            (chance.between(700.0, 980.0), chance.between(240.0, 560.0)),
            chance.between(430.0, 560.0),
        ),
        (
            (chance.between(1080.0, 1400.0), chance.between(320.0, 660.0)),
            chance.between(320.0, 470.0),
        ),
    ];
    let (columns, rows) = ((1600.0 / step) as i32, (900.0 / step) as i32);
    let left = (1600.0 - (columns - 1) as f32 * step) / 2.0;
    let top = (900.0 - (rows - 1) as f32 * step) / 2.0;
    let chosen = chance.below(3);
    for row in 0..rows {
        for column in 0..columns {
            let at = (left + column as f32 * step, top + row as f32 * step);
            let mut light = 0.0_f32;
            let mut warm = false;
            for (i, (centre, reach)) in spots.into_iter().enumerate() {
                let share = hump((at.0 - centre.0).hypot(at.1 - centre.1) / reach);
                if share > light {
                    light = share;
                    warm = i == chosen && share > 0.55;
                }
            }
            let radius = step * (0.055 + 0.42 * light);
            let ink = if warm {
                palette.spot()
            } else {
                palette.tone(0.28 + 0.72 * light)
            };
            canvas.fill(&Shape::disc(at, radius), ink);
        }
    }
}

pub(super) fn seats(sheet: &mut Sheet) {
    let Sheet {
        canvas,
        palette,
        chance,
    } = sheet;
    let stage = (800.0, chance.between(-250.0, -190.0));
    let rows = 11;
    let chosen = (3 + chance.below(5), chance.between(0.25, 0.75));
    let full = chance.between(0.45, 0.8);
    let aisles = chance.of([[0.33, 0.67], [0.5, 0.5], [0.26, 0.74]]);
    // The lit stage at the top edge.
    canvas.fill(&Shape::disc(stage, 345.0), palette.ink);
    canvas.fill(&Shape::ring(stage, 372.0, 366.0), palette.tone(0.7));
    for row in 0..rows {
        let radius = 448.0 + 71.0 * row as f32;
        let half = (1.18 - 0.022 * row as f32).min(1.2);
        let count = (radius * half * 2.0 / 62.0) as usize;
        let mark = (count as f32 * chosen.1) as usize;
        for seat in 0..count {
            let share = (seat as f32 + 0.5) / count as f32;
            if aisles
                .iter()
                .any(|aisle| (share - aisle).abs() * count as f32 <= 0.62)
            {
                continue;
            }
            let angle = FRAC_PI_2 + (share - 0.5) * 2.0 * half;
            let at = polar(stage, radius, angle);
            let turn = angle - FRAC_PI_2;
            let taken = chance.unit() < full;
            let special = row == chosen.0 && seat == mark;
            if special {
                canvas.fill(
                    &Shape::round_rect(at, 47.0, 46.0, 15.0, turn),
                    palette.spot(),
                );
            } else if taken {
                let depth = 1.0 - row as f32 / rows as f32 * 0.45;
                canvas.fill(
                    &Shape::round_rect(at, 44.0, 43.0, 14.0, turn),
                    palette.tone(depth),
                );
            } else {
                canvas.fill(
                    &Shape::round_rect(at, 44.0, 43.0, 14.0, turn),
                    palette.tone(0.4),
                );
                canvas.fill(
                    &Shape::round_rect(at, 39.0, 38.0, 12.0, turn),
                    palette.ground,
                );
            }
        }
    }
}

pub(super) fn frames(sheet: &mut Sheet) {
    let Sheet {
        canvas,
        palette,
        chance,
    } = sheet;
    let tilt = chance.of([-0.09, 0.0, 0.07]);
    let strips = chance.of([2, 3]);
    let height = if strips == 2 { 420.0 } else { 290.0 };
    let side = height * 0.62;
    let gap = side * 0.10;
    let phases = 9;
    let chosen = (chance.below(strips), 2 + chance.below(4));
    let shift = chance.between(0.0, side);
    for strip in 0..strips {
        let y = 450.0 + (strip as f32 - (strips as f32 - 1.0) / 2.0) * (height + 26.0);
        let turn = |shape: Shape| shape.turned((800.0, 450.0), tilt);
        canvas.fill(
            &turn(Shape::rect(-200.0, y - height / 2.0, 2000.0, height)),
            palette.ink,
        );
        let mut holes = Shape::new();
        let pitch = height * 0.115;
        for i in -8..(2000.0 / pitch) as i32 {
            let x = i as f32 * pitch + shift;
            for edge in [-0.445, 0.445] {
                holes.append(Shape::round_rect(
                    (x, y + height * edge),
                    pitch * 0.52,
                    pitch * 0.6,
                    pitch * 0.13,
                    0.0,
                ));
            }
        }
        canvas.fill(&turn(holes), palette.ground);
        let first = -3;
        for i in first..10 {
            let centre = (
                (i as f32 + 0.5) * (side * 1.25 + gap) + shift + strip as f32 * side * 0.4 - 120.0,
                y,
            );
            let window = Shape::round_rect(centre, side * 1.25, side, 8.0, 0.0);
            canvas.fill(&turn(window), palette.ground);
            let number = i - first + strip as i32 * 4;
            let phase = (number % phases) as f32 / phases as f32;
            let marked = strip == chosen.0 && i == chosen.1 as i32;
            let ink = if marked {
                palette.spot()
            } else {
                mix(palette.ink, palette.ground, 0.04)
            };
            canvas.fill(&turn(Shape::disc(centre, side * 0.36)), palette.tone(0.16));
            canvas.fill(&turn(moon(centre, side * 0.36, phase)), ink);
        }
    }
}

/// The lit part of a moon; phase 0 is new, one half is full.
fn moon(centre: Point, radius: f32, phase: f32) -> Shape {
    let waxing = phase < 0.5;
    let lit = if waxing {
        phase * 2.0
    } else {
        2.0 - phase * 2.0
    };
    let mut outline = arc(centre, radius, -FRAC_PI_2, FRAC_PI_2);
    let bulge = (PI * lit).cos();
    outline.extend(
        arc((0.0, 0.0), 1.0, FRAC_PI_2, -FRAC_PI_2)
            .into_iter()
            .map(|(x, y)| (centre.0 + x * radius * bulge, centre.1 + y * radius)),
    );
    let shape = Shape::of(outline);
    if waxing {
        shape
    } else {
        shape.turned(centre, TAU / 2.0)
    }
}
