//! F18: the file system under the tables is full in the middle of a sale, and has room again.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use super::{
    Outcome, Trial,
    crowd::Crowd,
    kills::{DEADLINE, PLACES, PRICE, finish, recovered, times},
};
use crate::{
    Result,
    http::{self, Client},
    place::Place,
    processes::{Postgres, Server},
    stats::Samples,
};

const FULL: Duration = Duration::from_secs(4);
/// What the tables may grow by over the whole trial, in MB.
const ROOM: u64 = 512;

pub async fn run(trial: &mut Trial<'_>) -> Result<Outcome> {
    let event = trial.event(PLACES, PRICE).await?;
    // Outlives the server, whatever happens: its end brings the tables home.
    let disk = tokio::task::block_in_place(|| SmallDisk::under(trial.place))?;
    let server = Server::start(trial.place, true).await?;
    let crowd = Crowd::start(server.address, &event);
    let (mut outcome, mut back) = (Outcome::default(), Samples::default());
    let page = http::get(server.address, &format!("/e/{}", event.slug));
    let (mut asked, mut shown) = (0, 0);
    for _ in 0..trial.kills.div_ceil(5).max(3) {
        tokio::time::sleep(trial.moment()).await;
        disk.fill()?;
        let begun = Instant::now();
        while begun.elapsed() < FULL {
            asked += 1;
            let answer = Client::new(server.address).send(&page).await;
            shown += u32::from(answer.is_ok_and(|answer| answer.is_good()));
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        disk.clear()?;
        recovered(&crowd, Instant::now(), &mut back, &mut outcome).await;
    }
    outcome.see(format!(
        "the event's page was shown {shown} of {asked} times while the disk was full"
    ));
    outcome.must(shown == asked, "the event cannot be looked at");
    let (busy, unanswered) = crowd.journal.turned_away();
    outcome.must(busy > 0, "nobody was turned away: the disk was never full");
    outcome.must(
        unanswered == 0,
        format!("{unanswered} requests broke instead of being told to come again"),
    );
    outcome.must(
        crowd.journal.longest() < DEADLINE,
        "an attempt hung longer than any request may take",
    );
    finish(trial, crowd, &mut outcome).await?;
    times(
        &mut outcome,
        "from room on the disk to the next good answer",
        back,
        5.0,
    );
    Ok(outcome)
}

/// A file system in memory that holds all tables; the write-ahead log stays where it is, since PostgreSQL ends without
/// room for that, which is a kill like any other.
struct SmallDisk<'a> {
    place: &'a Place,
    mounted: PathBuf,
}

impl<'a> SmallDisk<'a> {
    /// Moves the tables there. Only root may mount.
    fn under(place: &'a Place) -> Result<Self> {
        let mounted = place.postgres.join("small");
        let home = place.postgres.join("base");
        Postgres(place).kill()?;
        fs::create_dir_all(&mounted)?;
        let size = megabytes(&home)? + ROOM;
        let mount = run_program(
            Command::new("mount")
                .args(["-t", "tmpfs", "-o", &format!("size={size}m"), "tmpfs"])
                .arg(&mounted),
        );
        if let Err(error) = mount {
            Postgres(place).start()?;
            return Err(format!("no small file system can be made, only root may: {error}").into());
        }
        let disk = Self { place, mounted };
        let there = disk.mounted.join("base");
        run_program(Command::new("cp").arg("-a").arg(&home).arg(&there))?;
        fs::rename(&home, disk.aside())?;
        std::os::unix::fs::symlink(&there, &home)?;
        Postgres(place).start()?;
        Ok(disk)
    }

    fn aside(&self) -> PathBuf {
        self.place.postgres.join("base.aside")
    }

    fn ballast(&self) -> PathBuf {
        self.mounted.join("ballast")
    }

    /// Takes all room that is left, the last bit of it in small pieces.
    fn fill(&self) -> Result {
        let mut ballast = fs::File::create(self.ballast())?;
        for piece in [1 << 20, 1 << 12] {
            let zeros = vec![0; piece];
            while ballast.write_all(&zeros).is_ok() {}
        }
        Ok(())
    }

    fn clear(&self) -> Result {
        Ok(fs::remove_file(self.ballast())?)
    }

    fn home(&self) -> Result {
        let home = self.place.postgres.join("base");
        Postgres(self.place).kill()?;
        fs::remove_file(&home)?;
        run_program(
            Command::new("cp")
                .arg("-a")
                .arg(self.mounted.join("base"))
                .arg(&home),
        )?;
        fs::remove_dir_all(self.aside())?;
        run_program(Command::new("umount").arg(&self.mounted))?;
        Postgres(self.place).start()
    }
}

impl Drop for SmallDisk<'_> {
    fn drop(&mut self) {
        if let Err(error) = self.home() {
            eprintln!("the tables could not be brought home: {error}");
        }
    }
}

fn run_program(command: &mut Command) -> Result {
    let output = command.output()?;
    if output.status.success() {
        Ok(())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).trim().into())
    }
}

/// What a folder takes.
fn megabytes(folder: &Path) -> Result<u64> {
    let output = Command::new("du").arg("-sm").arg(folder).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let number = text.split_whitespace().next();
    Ok(number.ok_or("du answered oddly")?.parse()?)
}
