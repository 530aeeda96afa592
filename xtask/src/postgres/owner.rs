//! PostgreSQL refuses to run as root. Where root calls us, another user has to own the cluster.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{Result, project::Project, shell};

/// The user that PostgreSQL runs as; `None` means the caller.
#[derive(Clone)]
pub struct Owner(Option<User>);

#[derive(Clone)]
struct User {
    name: String,
    uid: u32,
    gid: u32,
}

impl Owner {
    pub fn choose() -> Result<Self> {
        if !cfg!(unix) || shell::capture(Command::new("id").arg("-u"))?.trim() != "0" {
            return Ok(Self(None));
        }
        let users = std::fs::read_to_string("/etc/passwd")?;
        let user = ["postgres", "nobody"].into_iter().find_map(|name| {
            let line = users
                .lines()
                .find(|line| line.split(':').next() == Some(name))?;
            let mut numbers = line.split(':').skip(2).map(str::parse);
            Some(User {
                name: name.to_owned(),
                uid: numbers.next()?.ok()?,
                gid: numbers.next()?.ok()?,
            })
        });
        match user {
            Some(user) => Ok(Self(Some(user))),
            None => Err("PostgreSQL does not run as root and there is neither a user postgres nor nobody; run: useradd --system postgres".into()),
        }
    }

    pub fn is_other(&self) -> bool {
        self.0.is_some()
    }

    /// Makes a program run as this user.
    pub fn apply(&self, command: &mut Command) {
        #[cfg(unix)]
        if let Some(user) = &self.0 {
            use std::os::unix::process::CommandExt as _;
            // With a uid given, root's further groups are dropped too.
            command.uid(user.uid).gid(user.gid);
            command.env("HOME", "/");
        }
        #[cfg(not(unix))]
        let _ = command;
    }

    /// Makes a folder that this user owns and nobody else can read.
    pub fn make_folder(&self, folder: &Path) -> Result {
        std::fs::create_dir_all(folder)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::{PermissionsExt as _, chown};
            if let Some(user) = &self.0 {
                chown(folder, Some(user.uid), Some(user.gid))?;
            }
            std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))?;
        }
        Ok(())
    }

    /// The project's data folder, or another one where this user could not get into it.
    pub fn data_folder(&self, project: &Project) -> Result<PathBuf> {
        let wanted = project.data();
        std::fs::create_dir_all(&wanted)?;
        let Some(user) = &self.0 else {
            return Ok(wanted);
        };
        if self.can_enter(&wanted) {
            return Ok(wanted);
        }
        let other = Path::new("/var/lib/bilten").join(project.tag());
        std::fs::create_dir_all(&other)?;
        if !self.can_enter(&other) {
            return Err(format!(
                "user {} can enter neither {} nor {}",
                user.name,
                wanted.display(),
                other.display()
            )
            .into());
        }
        let note = wanted.join("postgres-is-elsewhere.txt");
        if !note.exists() {
            println!(
                "• PostgreSQL runs as user {}, who cannot enter {}:",
                user.name,
                wanted.display()
            );
            println!("  its data goes to {}", other.display());
            std::fs::write(note, format!("{}\n", other.display()))?;
        }
        Ok(other)
    }

    fn can_enter(&self, folder: &Path) -> bool {
        let mut command = Command::new("test");
        command
            .arg("-x")
            .arg(folder)
            .current_dir("/")
            .stderr(Stdio::null());
        self.apply(&mut command);
        command.status().is_ok_and(|status| status.success())
    }
}
