//! Outlines in sheet units (1600 × 900, y downwards), made of straight pieces.

use std::f32::consts::{FRAC_PI_2, PI, TAU};

pub(super) type Point = (f32, f32);

/// A set of closed outlines that are filled together.
#[derive(Clone, Default)]
pub(super) struct Shape {
    pub(super) outlines: Vec<Vec<Point>>,
}

/// The point at an angle and a distance from a centre.
pub(super) fn polar((x, y): Point, radius: f32, angle: f32) -> Point {
    (x + radius * angle.cos(), y + radius * angle.sin())
}

/// Points of an arc, both ends included.
pub(super) fn arc(centre: Point, radius: f32, from: f32, to: f32) -> Vec<Point> {
    let whole = 10.0 + radius.abs().sqrt() * 5.0;
    let steps = ((whole * (to - from).abs() / TAU).ceil() as usize).max(2);
    (0..=steps)
        .map(|i| polar(centre, radius, from + (to - from) * i as f32 / steps as f32))
        .collect()
}

impl Shape {
    pub(super) fn new() -> Self {
        Self::default()
    }

    pub(super) fn of(points: Vec<Point>) -> Self {
        Self {
            outlines: vec![points],
        }
    }

    pub(super) fn add(&mut self, points: Vec<Point>) {
        self.outlines.push(points);
    }

    pub(super) fn append(&mut self, mut other: Self) {
        self.outlines.append(&mut other.outlines);
    }

    pub(super) fn rect(x: f32, y: f32, w: f32, h: f32) -> Self {
        Self::of(vec![(x, y), (x + w, y), (x + w, y + h), (x, y + h)])
    }

    pub(super) fn disc(centre: Point, radius: f32) -> Self {
        Self::of(arc(centre, radius, 0.0, TAU))
    }

    pub(super) fn ellipse(centre: Point, rx: f32, ry: f32, turn: f32) -> Self {
        let (sin, cos) = turn.sin_cos();
        let points = arc((0.0, 0.0), 1.0, 0.0, TAU).len().max(28);
        Self::of(
            (0..points)
                .map(|i| {
                    let a = TAU * i as f32 / points as f32;
                    let (x, y) = (rx * a.cos(), ry * a.sin());
                    (centre.0 + x * cos - y * sin, centre.1 + x * sin + y * cos)
                })
                .collect(),
        )
    }

    /// A ring between two radii.
    pub(super) fn ring(centre: Point, outer: f32, inner: f32) -> Self {
        let mut shape = Self::disc(centre, outer);
        if inner > 0.0 {
            let mut hole = arc(centre, inner, 0.0, TAU);
            hole.reverse();
            shape.add(hole);
        }
        shape
    }

    /// A piece of a ring; a slice of cake when the inner radius is 0.
    pub(super) fn sector(centre: Point, outer: f32, inner: f32, from: f32, to: f32) -> Self {
        let mut points = arc(centre, outer, from, to);
        if inner > 0.0 {
            points.extend(arc(centre, inner, to, from));
        } else {
            points.push(centre);
        }
        Self::of(points)
    }

    /// Half a disc whose flat side looks away from `angle`.
    pub(super) fn half_disc(centre: Point, radius: f32, angle: f32) -> Self {
        Self::of(arc(centre, radius, angle - FRAC_PI_2, angle + FRAC_PI_2))
    }

    /// A rectangle with round corners around its centre, turned by `angle`.
    pub(super) fn round_rect(centre: Point, w: f32, h: f32, corner: f32, angle: f32) -> Self {
        let (hw, hh) = (w / 2.0 - corner, h / 2.0 - corner);
        let mut points = Vec::with_capacity(24);
        for (i, (x, y)) in [(hw, hh), (-hw, hh), (-hw, -hh), (hw, -hh)]
            .into_iter()
            .enumerate()
        {
            let start = FRAC_PI_2 * i as f32;
            points.extend(arc((x, y), corner.max(0.01), start, start + FRAC_PI_2));
        }
        Self::of(points)
            .turned((0.0, 0.0), angle)
            .moved(centre.0, centre.1)
    }

    /// A line of one width along points.
    pub(super) fn stroke(points: &[Point], width: f32) -> Self {
        Self::ribbon(points, |_| width)
    }

    /// A line whose width depends on how far along it is (0 to 1).
    pub(super) fn ribbon(points: &[Point], width: impl Fn(f32) -> f32) -> Self {
        let last = points.len().saturating_sub(1);
        if last == 0 {
            return Self::new();
        }
        let mut left = Vec::with_capacity(points.len() * 2);
        let mut right = Vec::with_capacity(points.len());
        for (i, (x, y)) in points.iter().enumerate() {
            let (ax, ay) = points[i.saturating_sub(1)];
            let (bx, by) = points[(i + 1).min(last)];
            let (dx, dy) = (bx - ax, by - ay);
            let length = dx.hypot(dy).max(1e-6);
            let half = width(i as f32 / last as f32) / 2.0;
            let (nx, ny) = (-dy / length * half, dx / length * half);
            left.push((x + nx, y + ny));
            right.push((x - nx, y - ny));
        }
        right.reverse();
        left.append(&mut right);
        Self::of(left)
    }

    pub(super) fn turned(mut self, (cx, cy): Point, angle: f32) -> Self {
        let (sin, cos) = angle.sin_cos();
        for point in self.outlines.iter_mut().flatten() {
            let (x, y) = (point.0 - cx, point.1 - cy);
            *point = (cx + x * cos - y * sin, cy + x * sin + y * cos);
        }
        self
    }

    pub(super) fn moved(mut self, dx: f32, dy: f32) -> Self {
        for point in self.outlines.iter_mut().flatten() {
            *point = (point.0 + dx, point.1 + dy);
        }
        self
    }

    /// The part inside a convex outline that runs clockwise on the screen (Sutherland–Hodgman).
    pub(super) fn within(&self, fence: &[Point]) -> Self {
        let mut kept = Self::new();
        for outline in &self.outlines {
            let mut points = outline.clone();
            for (i, a) in fence.iter().enumerate() {
                let b = fence[(i + 1) % fence.len()];
                // Closed arcs repeat their first point; such a corner has no direction.
                if (b.0 - a.0).hypot(b.1 - a.1) < 0.01 {
                    continue;
                }
                let side = |p: &Point| (b.0 - a.0) * (p.1 - a.1) - (b.1 - a.1) * (p.0 - a.0);
                let mut inside = Vec::with_capacity(points.len() + 4);
                for (j, p) in points.iter().enumerate() {
                    let q = points[(j + 1) % points.len()];
                    let (sp, sq) = (side(p), side(&q));
                    if sp >= 0.0 {
                        inside.push(*p);
                    }
                    if (sp >= 0.0) != (sq >= 0.0) {
                        let t = sp / (sp - sq);
                        inside.push((p.0 + (q.0 - p.0) * t, p.1 + (q.1 - p.1) * t));
                    }
                }
                points = inside;
                if points.is_empty() {
                    break;
                }
            }
            if points.len() > 2 {
                kept.add(points);
            }
        }
        kept
    }
}

/// A smooth hump: 1 at 0, falling to 0 at distance 1 and beyond.
pub(super) fn hump(distance: f32) -> f32 {
    let d = distance.abs();
    if d >= 1.0 {
        0.0
    } else {
        0.5 + 0.5 * (d * PI).cos()
    }
}
