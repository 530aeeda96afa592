use super::{Style, poster_at, prints};
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
fn seeds_and_motifs_give_different_pictures_in_the_order_asked_for() -> Result<(), image::ImageError>
{
    let wanted: Vec<_> = Style::ALL
        .into_iter()
        .flat_map(|style| (0..3).map(move |seed| (seed, style)))
        .collect();
    let drawn = prints(&wanted, &[96, 160], 80)?;
    assert!(
        drawn
            .iter()
            .flatten()
            .map(|print| (print.width, print.height))
            .eq(wanted.iter().flat_map(|_| [(96, 54), (160, 90)]))
    );
    let different: HashSet<&[u8]> = drawn
        .iter()
        .flatten()
        .map(|print| print.jpeg.as_slice())
        .collect();
    assert_eq!(different.len(), wanted.len() * 2);
    assert_eq!(
        drawn[7][1].jpeg,
        prints(&wanted[7..8], &[160], 80)?[0][0].jpeg
    );
    Ok(())
}
