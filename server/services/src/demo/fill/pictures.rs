//! Draws the posters on all cores and keeps them like uploads.

use artwork::{Print, Style, prints};
use domain::ids::FileId;

use super::accounts::House;
use crate::{
    Services, Unexpected,
    demo::content,
    files::{self, Variant, WIDTHS},
};

const QUALITY: u8 = 82;

/// One picture per event, in the order of [`content::events`].
pub(super) async fn draw(sv: &Services, houses: &[House]) -> Result<Vec<FileId>, Unexpected> {
    let wanted: Vec<(u64, Style)> = content::events()
        .map(|event| (event.artwork.1, event.artwork.0))
        .collect();
    let drawn = tokio::task::spawn_blocking(move || prints(&wanted, &WIDTHS, QUALITY))
        .await
        .map_err(|e| Unexpected::new("poster thread", e))?
        .map_err(|e| Unexpected::new("poster", e))?;
    let mut kept = Vec::with_capacity(drawn.len());
    for (event, sizes) in content::events().zip(drawn) {
        let house = houses
            .iter()
            .find(|house| house.key == event.organizer)
            .ok_or_else(|| {
                Unexpected::new("sample", format!("no organizer {}", event.organizer))
            })?;
        kept.push(
            files::store_drawing(sv, house.id, sizes.into_iter().map(variant).collect()).await?,
        );
    }
    Ok(kept)
}

fn variant(print: Print) -> Variant {
    let Print {
        width,
        height,
        jpeg,
    } = print;
    Variant {
        for_width: width,
        width,
        height,
        jpeg,
    }
}
