//! Draws the posters on all cores and keeps them like uploads.

use artwork::{HEIGHT, Style, WIDTH, posters};
use domain::ids::FileId;

use super::accounts::House;
use crate::{Services, Unexpected, demo::content, files};

/// How many full-size posters are in memory at a time.
const PORTION: usize = 8;

/// One picture per event, in the order of [`content::events`].
pub(super) async fn draw(sv: &Services, houses: &[House]) -> Result<Vec<FileId>, Unexpected> {
    let all: Vec<_> = content::events().collect();
    let mut kept = Vec::with_capacity(all.len());
    for portion in all.chunks(PORTION) {
        let wanted: Vec<(u64, Style)> = portion.iter().map(|event| (event.artwork.1, event.artwork.0)).collect();
        let drawn = tokio::task::spawn_blocking(move || posters(&wanted, WIDTH, HEIGHT))
            .await
            .map_err(|e| Unexpected::new("poster thread", e))?;
        let keep = portion.iter().zip(drawn).map(|(event, picture)| async move {
            let house = houses
                .iter()
                .find(|house| house.key == event.organizer)
                .ok_or_else(|| Unexpected::new("sample", format!("no organizer {}", event.organizer)))?;
            files::store_drawing(sv, house.id, picture).await
        });
        kept.extend(futures::future::try_join_all(keep).await?);
    }
    Ok(kept)
}
