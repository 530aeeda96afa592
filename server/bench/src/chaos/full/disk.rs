//! Small file systems in memory.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{Result, place::Place, processes::Postgres};

/// What a folder of PostgreSQL's may grow by over a whole trial, in MB.
const ROOM: u64 = 512;

/// A file system of its own, gone with this.
pub struct SmallDisk(PathBuf);

impl SmallDisk {
    /// Mounts one of so many MB.
    pub fn mount(at: PathBuf, megabytes: u64) -> Result<Self> {
        fs::create_dir_all(&at)?;
        run(Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={megabytes}m"), "tmpfs"])
            .arg(&at))
        .map_err(|error| format!("no small file system can be made, only root may: {error}"))?;
        Ok(Self(at))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Takes all room that is left, the last bit of it in small pieces.
    pub fn fill(&self) -> Result {
        let mut ballast = fs::File::create(self.ballast())?;
        for piece in [1 << 20, 1 << 12] {
            let zeros = vec![0; piece];
            while ballast.write_all(&zeros).is_ok() {}
        }
        Ok(())
    }

    pub fn clear(&self) -> Result {
        Ok(fs::remove_file(self.ballast())?)
    }

    fn ballast(&self) -> PathBuf {
        self.0.join("ballast")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Also where something has a file of it open still.
        if let Err(error) = run(Command::new("umount").arg("-l").arg(&self.0)) {
            eprintln!("the small file system stays: {error}");
        }
    }
}

/// A folder of PostgreSQL's that lies on a small disk, until this ends.
pub struct Moved<'a> {
    pub disk: SmallDisk,
    place: &'a Place,
    folder: &'static str,
}

impl<'a> Moved<'a> {
    /// Ends PostgreSQL, moves the folder and starts PostgreSQL again.
    pub fn away(place: &'a Place, folder: &'static str) -> Result<Self> {
        let home = place.postgres.join(folder);
        let size = megabytes(&home)? + ROOM;
        let disk = SmallDisk::mount(place.postgres.join("small"), size)?;
        Postgres(place).kill()?;
        let moved = Self {
            disk,
            place,
            folder,
        };
        copy(&home, &moved.there())?;
        fs::rename(&home, moved.aside())?;
        std::os::unix::fs::symlink(moved.there(), &home)?;
        Postgres(place).start()?;
        Ok(moved)
    }

    fn there(&self) -> PathBuf {
        self.disk.path().join(self.folder)
    }

    fn aside(&self) -> PathBuf {
        self.place.postgres.join(format!("{}.aside", self.folder))
    }

    fn home(&self) -> Result {
        let home = self.place.postgres.join(self.folder);
        let postgres = Postgres(self.place);
        if postgres.is_up() {
            postgres.kill()?;
        }
        fs::remove_file(&home)?;
        copy(&self.there(), &home)?;
        fs::remove_dir_all(self.aside())?;
        postgres.start()
    }
}

impl Drop for Moved<'_> {
    fn drop(&mut self) {
        if let Err(error) = self.home() {
            eprintln!("{} could not be brought home: {error}", self.folder);
        }
    }
}

fn copy(from: &Path, to: &Path) -> Result {
    run(Command::new("cp").arg("-a").arg(from).arg(to))
}

fn run(command: &mut Command) -> Result {
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
