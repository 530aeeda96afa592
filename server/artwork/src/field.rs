//! Smooth value noise for landscapes, water and bristles.

pub(super) struct Field(u64);

impl Field {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn corner(&self, x: i64, y: i64) -> f32 {
        let mut z = self.0
            ^ (x as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15)
            ^ (y as u64).wrapping_mul(0xC2B2_AE3D_27D4_EB4F);
        z = (z ^ (z >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 32)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 40) as f32 / (1u64 << 24) as f32
    }

    /// A smooth value in `0.0..1.0`.
    pub(super) fn at(&self, x: f32, y: f32) -> f32 {
        let (fx, fy) = (x.floor(), y.floor());
        let (ix, iy) = (fx as i64, fy as i64);
        let ease = |t: f32| t * t * (3.0 - 2.0 * t);
        let (u, v) = (ease(x - fx), ease(y - fy));
        let top = self.corner(ix, iy) * (1.0 - u) + self.corner(ix + 1, iy) * u;
        let low = self.corner(ix, iy + 1) * (1.0 - u) + self.corner(ix + 1, iy + 1) * u;
        top * (1.0 - v) + low * v
    }

    /// Several octaves of the same, still in `0.0..1.0`.
    pub(super) fn layered(&self, x: f32, y: f32, octaves: u8) -> f32 {
        let (mut sum, mut weight, mut whole, mut scale) = (0.0, 1.0, 0.0, 1.0);
        for octave in 0..octaves {
            let shift = f32::from(octave) * 17.3;
            sum += weight * self.at(x * scale + shift, y * scale - shift);
            whole += weight;
            weight *= 0.5;
            scale *= 2.0;
        }
        sum / whole
    }
}
