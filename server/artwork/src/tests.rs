use super::{Style, poster_at, posters};
use std::collections::{HashMap, HashSet};

#[test]
fn the_same_seed_draws_the_same_picture() {
    for style in Style::ALL {
        assert_eq!(
            poster_at(7, style, 160, 90),
            poster_at(7, style, 160, 90),
            "{style:?}"
        );
    }
}

#[test]
fn every_motif_leaves_ink_and_ground() {
    for style in Style::ALL {
        for seed in 0..4 {
            let picture = poster_at(seed, style, 240, 135);
            let (mut darkest, mut lightest, mut shades) = (255, 0, HashMap::new());
            for pixel in picture.pixels() {
                darkest = darkest.min(pixel.0[1]);
                lightest = lightest.max(pixel.0[1]);
                *shades.entry(pixel.0).or_insert(0) += 1;
            }
            let most = shades.values().max().copied().unwrap_or(0);
            assert!(
                lightest - darkest > 90,
                "{style:?} {seed}: {darkest} to {lightest}"
            );
            assert!(
                most * 100 < picture.pixels().len() * 97,
                "{style:?} {seed}: nearly empty"
            );
        }
    }
}

#[test]
fn seeds_and_motifs_give_different_pictures() {
    let wanted: Vec<_> = Style::ALL
        .into_iter()
        .flat_map(|style| (0..3).map(move |seed| (seed, style)))
        .collect();
    let drawn: HashSet<Vec<u8>> = posters(&wanted, 160, 90)
        .into_iter()
        .map(image::RgbImage::into_raw)
        .collect();
    assert_eq!(drawn.len(), wanted.len());
}
