use super::{Style, poster_at, posters};
use std::collections::HashSet;

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
            let picture = poster_at(seed, style, 160, 90);
            let dark = picture.pixels().filter(|p| p.0[1] < 90).count();
            let light = picture.pixels().filter(|p| p.0[1] > 190).count();
            assert!(
                dark > 150 && light > 150,
                "{style:?} {seed}: {dark} dark, {light} light"
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
