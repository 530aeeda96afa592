//! No room for mails and pictures.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use adapters::LocalFiles;
use services::ports::FileStore;

use super::{
    super::{
        Outcome, Trial,
        crowd::Crowd,
        kills::{PLACES, PRICE, finish},
    },
    disk::SmallDisk,
    look, nobody_hung,
};
use crate::{Result, processes::Server};

/// In MB.
const SIZE: u64 = 256;
/// A mail that could not be written is tried again within minutes.
const DELIVERED: Duration = Duration::from_secs(240);
/// A picture, as far as a disk is concerned.
const PICTURE: usize = 300_000;
const NAME: &str = "picture-640.jpg";

pub async fn run(trial: &mut Trial<'_>) -> Result<Outcome> {
    let event = trial.event(PLACES, PRICE).await?;
    let disk =
        tokio::task::block_in_place(|| SmallDisk::mount(trial.place.folder.join("small"), SIZE))?;
    let folder = |name: &str| disk.path().join(name).display().to_string();
    let (mails, files) = (folder("mail"), folder("files"));
    let settings = [
        ("BILTEN_MAIL__FOLDER", mails.as_str()),
        ("BILTEN_FILES__FOLDER", files.as_str()),
    ];
    let server = Server::start_with(trial.place, true, &settings).await?;
    let crowd = Crowd::start(server.address, &event);
    let mut outcome = Outcome::default();
    let (mut asked, mut shown) = (0, 0);
    for _ in 0..trial.kills.div_ceil(10).max(2) {
        tokio::time::sleep(trial.moment()).await;
        disk.fill()?;
        let begun = Instant::now();
        let looked = look(&server, &event).await;
        (asked, shown) = (asked + looked.0, shown + looked.1);
        outcome.must(
            crowd.journal.first_good_after(begun).is_some(),
            "nothing is sold while mails have no room",
        );
        refused(Path::new(&files), &mut outcome).await?;
        disk.clear()?;
        let kept = LocalFiles::new(&files).put(NAME, vec![7; PICTURE]).await;
        outcome.must(kept.is_ok(), "a picture is refused although there is room");
        LocalFiles::new(&files).delete(NAME).await?;
    }
    outcome.see(format!(
        "the event's page was shown {shown} of {asked} times while mails and pictures had no room"
    ));
    outcome.must(shown == asked, "the event cannot be looked at");
    let (busy, unanswered) = crowd.journal.turned_away();
    outcome.must(
        busy + unanswered == 0,
        format!("{busy} buyers were turned away and {unanswered} had no answer for want of a mail"),
    );
    nobody_hung(&crowd, &mut outcome);
    finish(trial, crowd, &mut outcome).await?;
    let begun = Instant::now();
    while !trial.stage.backlog().await?.is_empty() && begun.elapsed() < DELIVERED {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let left = trial.stage.backlog().await?;
    outcome.see(format!(
        "every mail was written {:.0} s after the last buyer",
        begun.elapsed().as_secs_f64()
    ));
    outcome.must(left.is_empty(), format!("left over: {left:?}"));
    let without = trial.stage.orders_without_mail(&event).await?;
    outcome.must(without == 0, format!("{without} paid orders have no mail"));
    Ok(outcome)
}

/// A picture that finds no room is refused, and nothing of it stays to take room away.
async fn refused(files: &Path, outcome: &mut Outcome) -> Result {
    let kept = LocalFiles::new(files).put(NAME, vec![7; PICTURE]).await;
    outcome.must(kept.is_err(), "a picture was taken without room for it");
    let shelf = files.join("04");
    let left = std::fs::read_dir(&shelf).map_or(0, Iterator::count);
    outcome.must(left == 0, format!("{left} parts of pictures are left over"));
    Ok(())
}
