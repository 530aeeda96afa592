//! Pictures of tickets as cameras see them at a door: tilted, blurred, in the dark, under a lamp, crumpled, on another screen.
//! The same in each run.

use std::f64::consts::{PI, TAU};

pub const WIDTH: usize = 800;
pub const HEIGHT: usize = 600;

/// Modules of white around a code.
const QUIET: f64 = 4.0;
/// Half the paper's side: so far away is the eye, in such lengths.
const EYE: f64 = 4.0;
/// How far a fold moves what lies on it, in half sides.
const FOLD: f64 = 0.006;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trouble {
    Tilt,
    Blur,
    Dim,
    Glare,
    Crumple,
    Screen,
}

const TROUBLES: [Trouble; 6] = [
    Trouble::Tilt,
    Trouble::Blur,
    Trouble::Dim,
    Trouble::Glare,
    Trouble::Crumple,
    Trouble::Screen,
];

pub struct Picture {
    pub name: String,
    pub text: String,
    /// One byte of brightness for each dot, line by line.
    pub dots: Vec<u8>,
}

/// So many of each trouble.
pub fn pictures(of_each: u64) -> Vec<Picture> {
    let all = TROUBLES
        .iter()
        .flat_map(|trouble| (0..of_each).map(move |number| (*trouble, number)));
    all.map(|(trouble, number)| {
        let mut chance = Chance(number);
        let signs: String = (0..116)
            .map(|_| chance.one_of(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
            .collect();
        let text = format!("B1{signs}");
        Picture {
            name: format!("{trouble:?} {number}"),
            dots: draw(&text, trouble, &mut chance),
            text,
        }
    })
    .collect()
}

/// Drawn numbers (SplitMix64).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        let drawn = f64::from(u32::try_from(self.next() >> 32).unwrap());
        low + (high - low) * drawn / (f64::from(u32::MAX) + 1.0)
    }

    fn turn(&mut self) -> f64 {
        self.between(0.0, TAU)
    }

    fn one_of(&mut self, signs: &[u8]) -> char {
        let at = usize::try_from(self.next() % u64::try_from(signs.len()).unwrap()).unwrap();
        char::from(signs[at])
    }
}

type Vector = [f64; 3];

/// Where the paper lies: a plane turned about two axes and in itself.
struct Paper {
    centre: (f64, f64),
    /// In dots, where the paper is not turned.
    half: f64,
    /// The paper's own directions, and the one that stands upright on it.
    across: Vector,
    down: Vector,
    upright: Vector,
}

impl Paper {
    fn new(centre: (f64, f64), half: f64, turn: f64, lean: (f64, f64)) -> Self {
        let ((sin_x, cos_x), (sin_y, cos_y)) = (lean.0.sin_cos(), lean.1.sin_cos());
        let (u, v) = ([cos_y, 0.0, sin_y], [sin_x * sin_y, cos_x, -sin_x * cos_y]);
        let (sin, cos) = turn.sin_cos();
        let mix = |a: f64, b: f64| [0, 1, 2].map(|i| a * u[i] + b * v[i]);
        Self {
            centre,
            half,
            across: mix(cos, -sin),
            down: mix(sin, cos),
            upright: [
                u[1] * v[2] - u[2] * v[1],
                u[2] * v[0] - u[0] * v[2],
                u[0] * v[1] - u[1] * v[0],
            ],
        }
    }

    /// Of a place in the picture: where on the paper, which goes from -1 to 1 in both directions.
    fn at(&self, x: f64, y: f64) -> (f64, f64) {
        let ray = [
            (x - self.centre.0) / self.half,
            (y - self.centre.1) / self.half,
            EYE,
        ];
        let far = EYE * self.upright[2] / dot(ray, self.upright);
        let hit = [ray[0] * far, ray[1] * far, EYE * (far - 1.0)];
        (dot(hit, self.across), dot(hit, self.down))
    }
}

fn dot(a: Vector, b: Vector) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// A wave across the paper or across the picture.
struct Wave {
    x: f64,
    y: f64,
    phase: f64,
    height: f64,
}

impl Wave {
    fn at(&self, x: f64, y: f64) -> f64 {
        x * self.x + y * self.y + self.phase
    }
}

fn draw(text: &str, trouble: Trouble, chance: &mut Chance) -> Vec<u8> {
    let code = fast_qr::QRBuilder::new(text)
        .ecl(fast_qr::ECL::M)
        .build()
        .unwrap();
    let size = f64::from(u32::try_from(code.size).unwrap());
    let module = |across: f64, down: f64| {
        let inside = (0.0..size).contains(&across) && (0.0..size).contains(&down);
        inside && code[whole(down)][whole(across)].value()
    };
    let lean = if trouble == Trouble::Tilt { 0.75 } else { 0.2 };
    let centre = (
        count(WIDTH) / 2.0 + chance.between(-60.0, 60.0),
        count(HEIGHT) / 2.0 + chance.between(-40.0, 40.0),
    );
    let (half, turn) = (chance.between(130.0, 200.0), chance.between(-PI, PI));
    let lean = (chance.between(-lean, lean), chance.between(-lean, lean));
    let paper = Paper::new(centre, half, turn, lean);
    let folds: Vec<Wave> = (0..4).map(|_| fold(chance)).collect();
    let crumpled = trouble == Trouble::Crumple;
    let light = (chance.between(-0.3, 0.3), chance.between(-0.3, 0.3));
    let (dark, bright) = if trouble == Trouble::Dim {
        let dark = chance.between(8.0, 20.0);
        (dark, dark + chance.between(22.0, 45.0))
    } else {
        (chance.between(20.0, 60.0), chance.between(170.0, 235.0))
    };

    let around = size + 2.0 * QUIET;
    let seen = |x: f64, y: f64| {
        let (mut a, mut b) = paper.at(x, y);
        let mut shade = 1.0 + light.0 * a + light.1 * b;
        if crumpled {
            let flat = (a, b);
            for fold in &folds {
                let at = fold.at(flat.0, flat.1);
                a += FOLD * fold.height * at.sin();
                b += FOLD * fold.height * at.cos();
                shade += 0.16 * fold.height * (at * 1.3).sin();
            }
        }
        let on_paper = (-1.0..1.0).contains(&a) && (-1.0..1.0).contains(&b);
        let place = |at: f64| f64::midpoint(at, 1.0) * around - QUIET;
        shade
            * match (on_paper, module(place(a), place(b))) {
                (false, _) => f64::midpoint(dark, bright) * 0.9,
                (true, true) => dark,
                (true, false) => bright,
            }
    };
    let mut picture = every_dot(|x, y| {
        let parts = [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)];
        parts
            .iter()
            .map(|(dx, dy)| seen(x + dx, y + dy))
            .sum::<f64>()
            / 4.0
    });

    if trouble == Trouble::Blur {
        let module = paper.half * 2.0 / around;
        let reach = whole(module * chance.between(0.2, 0.42)).max(1);
        picture = blurred(&blurred(&picture, reach), reach);
        picture = smeared(&picture, chance.turn(), module * chance.between(0.3, 0.6));
    } else {
        picture = blurred(&picture, 1);
    }
    let lamp = (
        paper.centre.0 + chance.between(-120.0, 120.0),
        paper.centre.1 + chance.between(-120.0, 120.0),
        paper.half * chance.between(0.1, 0.17),
    );
    let screen: Vec<Wave> = (0..3).map(|_| stripes(chance)).collect();
    let mut dots = picture.into_iter();
    every_dot(|x, y| {
        let mut bright = dots.next().unwrap();
        if trouble == Trouble::Glare {
            let far = ((x - lamp.0).powi(2) + (y - lamp.1).powi(2)) / lamp.2.powi(2);
            bright += 330.0 * (-far).exp();
        }
        if trouble == Trouble::Screen {
            bright += screen
                .iter()
                .map(|wave| wave.height * wave.at(x, y).sin())
                .sum::<f64>();
        }
        bright + (0..4).map(|_| chance.between(-3.4, 3.4)).sum::<f64>()
    })
    .into_iter()
    .map(|bright| u8::try_from(whole(bright.clamp(0.0, 255.0))).unwrap())
    .collect()
}

fn fold(chance: &mut Chance) -> Wave {
    let turn = chance.turn();
    Wave {
        x: turn.cos() * chance.between(2.0, 5.0),
        y: turn.sin() * chance.between(2.0, 5.0),
        phase: chance.turn(),
        height: chance.between(0.3, 1.0),
    }
}

/// What the lines of a screen and those of a camera make together.
fn stripes(chance: &mut Chance) -> Wave {
    let (turn, length) = (chance.turn(), chance.between(2.2, 14.0));
    Wave {
        x: turn.cos() * TAU / length,
        y: turn.sin() * TAU / length,
        phase: chance.turn(),
        height: chance.between(12.0, 26.0),
    }
}

fn every_dot(mut bright: impl FnMut(f64, f64) -> f64) -> Vec<f64> {
    (0..WIDTH * HEIGHT)
        .map(|at| bright(count(at % WIDTH), count(at / WIDTH)))
        .collect()
}

/// Out of focus: each dot is the mean of those around it.
fn blurred(picture: &[f64], reach: usize) -> Vec<f64> {
    let along = |picture: &[f64], step: usize, length: usize| -> Vec<f64> {
        let mut to = Vec::with_capacity(picture.len());
        for at in 0..picture.len() {
            let place = at / step % length;
            let (from, end) = (place.saturating_sub(reach), (place + reach + 1).min(length));
            let first = at - place * step;
            let sum: f64 = (from..end).map(|near| picture[first + near * step]).sum();
            to.push(sum / count(end - from));
        }
        to
    };
    along(&along(picture, 1, WIDTH), WIDTH, HEIGHT)
}

/// A hand that is not still.
fn smeared(picture: &[f64], turn: f64, length: f64) -> Vec<f64> {
    every_dot(|x, y| {
        let steps = (-4..=4).map(|step| length * f64::from(step) / 8.0);
        let near = steps.map(|far| {
            let across = (x + turn.cos() * far).clamp(0.0, count(WIDTH - 1));
            let down = (y + turn.sin() * far).clamp(0.0, count(HEIGHT - 1));
            picture[whole(down) * WIDTH + whole(across)]
        });
        near.sum::<f64>() / 9.0
    })
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap())
}

/// Without what is behind the point.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "dots of a picture"
)]
fn whole(number: f64) -> usize {
    number as usize
}
