//! A scanline rasterizer: exact coverage along x, a few sample rows per pixel along y.
//!
//! Runs of whole pixels are written as one slice, so a large shape costs little more than its edges.

use super::geometry::Shape;
use super::palette::{Ink, mix};

const SHEET_WIDTH: f32 = 1600.0;

pub(super) struct Canvas {
    width: usize,
    height: usize,
    scale: f32,
    /// Sample rows per pixel: the smaller a sheet, the more a hairline needs.
    samples: usize,
    pixels: Vec<Ink>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Rule {
    /// Overlapping outlines unite.
    Union,
    /// Overlapping outlines cancel each other out.
    Parity,
}

struct Edge {
    top: f32,
    bottom: f32,
    x: f32,
    slope: f32,
    turn: i32,
}

impl Canvas {
    pub(super) fn new(width: usize, height: usize, ground: Ink) -> Self {
        Self {
            width,
            height,
            scale: width as f32 / SHEET_WIDTH,
            samples: if width > 1200 { 5 } else { 8 },
            pixels: vec![ground; width * height],
        }
    }

    pub(super) fn into_pixels(self) -> Vec<Ink> {
        self.pixels
    }

    pub(super) fn fill(&mut self, shape: &Shape, ink: Ink) {
        self.paint(shape, Rule::Union, ink, 1.0);
    }

    /// Fills with a share of the ink, the rest shining through.
    pub(super) fn tint(&mut self, shape: &Shape, ink: Ink, share: f32) {
        self.paint(shape, Rule::Union, ink, share);
    }

    /// Fills where an odd number of outlines overlap.
    pub(super) fn fill_parity(&mut self, shape: &Shape, ink: Ink) {
        self.paint(shape, Rule::Parity, ink, 1.0);
    }

    fn edges(&self, shape: &Shape) -> Vec<Edge> {
        let mut edges = Vec::new();
        for outline in &shape.outlines {
            for (i, a) in outline.iter().enumerate() {
                let b = outline[if i + 1 == outline.len() { 0 } else { i + 1 }];
                let (ax, ay, bx, by) = (
                    a.0 * self.scale,
                    a.1 * self.scale,
                    b.0 * self.scale,
                    b.1 * self.scale,
                );
                if ay == by || ay.max(by) <= 0.0 || ay.min(by) >= self.height as f32 {
                    continue;
                }
                let slope = (bx - ax) / (by - ay);
                edges.push(if ay < by {
                    Edge {
                        top: ay,
                        bottom: by,
                        x: ax,
                        slope,
                        turn: 1,
                    }
                } else {
                    Edge {
                        top: by,
                        bottom: ay,
                        x: bx,
                        slope,
                        turn: -1,
                    }
                });
            }
        }
        edges.sort_unstable_by(|a, b| a.top.total_cmp(&b.top));
        edges
    }

    fn paint(&mut self, shape: &Shape, rule: Rule, ink: Ink, strength: f32) {
        let edges = self.edges(shape);
        let Some(first) = edges.first() else { return };
        let mut row = first.top.max(0.0) as usize;
        let mut next = 0;
        let mut active: Vec<&Edge> = Vec::new();
        let mut crossings: Vec<(f32, i32)> = Vec::new();
        let mut steps: Vec<(usize, f32)> = Vec::new();
        let share = 1.0 / self.samples as f32;
        while row < self.height && (next < edges.len() || !active.is_empty()) {
            let y = row as f32;
            active.retain(|edge| edge.bottom > y);
            while next < edges.len() && edges[next].top < y + 1.0 {
                if edges[next].bottom > y {
                    active.push(&edges[next]);
                }
                next += 1;
            }
            steps.clear();
            for sample in 0..self.samples {
                let at = y + (sample as f32 + 0.5) * share;
                crossings.clear();
                for edge in &active {
                    if edge.top <= at && at < edge.bottom {
                        crossings.push((edge.x + (at - edge.top) * edge.slope, edge.turn));
                    }
                }
                crossings.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
                self.spans(&crossings, rule, &mut steps);
            }
            self.write_row(row, &mut steps, ink, strength);
            row += 1;
        }
    }

    /// Turns the crossings of one sample row into steps of coverage.
    fn spans(&self, crossings: &[(f32, i32)], rule: Rule, steps: &mut Vec<(usize, f32)>) {
        let limit = self.width as f32;
        let mut winding = 0;
        for pair in crossings.windows(2) {
            winding += pair[0].1;
            let inside = match rule {
                Rule::Union => winding != 0,
                Rule::Parity => winding % 2 != 0,
            };
            let (from, to) = (pair[0].0.clamp(0.0, limit), pair[1].0.clamp(0.0, limit));
            if inside && to > from {
                for (x, share) in [
                    (from, 1.0 / self.samples as f32),
                    (to, -1.0 / self.samples as f32),
                ] {
                    let cell = x as usize;
                    let part = x - cell as f32;
                    steps.push((cell, share * (1.0 - part)));
                    steps.push((cell + 1, share * part));
                }
            }
        }
    }

    fn write_row(&mut self, row: usize, steps: &mut [(usize, f32)], ink: Ink, strength: f32) {
        steps.sort_unstable_by_key(|step| step.0);
        let line = &mut self.pixels[row * self.width..(row + 1) * self.width];
        let mut cover = 0.0;
        let mut i = 0;
        while i < steps.len() {
            let from = steps[i].0;
            while i < steps.len() && steps[i].0 == from {
                cover += steps[i].1;
                i += 1;
            }
            let to = steps.get(i).map_or(from, |step| step.0).min(line.len());
            if from >= to {
                continue;
            }
            let share = cover * strength;
            if share > 0.996 {
                line[from..to].fill(ink);
            } else if share > 0.003 {
                for pixel in &mut line[from..to] {
                    *pixel = mix(*pixel, ink, share);
                }
            }
        }
    }
}
