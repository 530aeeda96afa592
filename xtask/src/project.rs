//! Where things are: the checkout, the build folder, the folder for data.

use std::path::{Path, PathBuf};

use crate::{Result, shell};

pub struct Project {
    /// The checkout.
    pub root: PathBuf,
    /// Cargo's build folder; not always inside the checkout.
    pub target: PathBuf,
}

impl Project {
    pub fn find() -> Result<Self> {
        // As cargo says it now: a program in a build folder that checkouts share may come from another one.
        let package = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = package
            .parent()
            .ok_or("xtask has no parent folder")?
            .to_owned();
        let target = match std::env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => root.join(folder),
            None => {
                let text = shell::capture(cargo(&root).args([
                    "metadata",
                    "--no-deps",
                    "--format-version=1",
                ]))?;
                let metadata: serde_json::Value = serde_json::from_str(&text)?;
                let folder = metadata["target_directory"]
                    .as_str()
                    .ok_or("cargo metadata names no target folder")?;
                PathBuf::from(folder)
            }
        };
        Ok(Self { root, target })
    }

    pub fn cargo(&self) -> std::process::Command {
        cargo(&self.root)
    }

    /// Everything that belongs to this checkout and must survive a new build.
    pub fn data(&self) -> PathBuf {
        self.root.join("data")
    }

    /// What cargo-leptos writes; its place is fixed by `site-root` in Cargo.toml.
    pub fn site(&self) -> PathBuf {
        self.root.join("target").join("site")
    }

    /// The server's program in a profile's folder.
    pub fn server(&self, profile: &str) -> PathBuf {
        self.target
            .join(profile)
            .join(format!("bilten{}", std::env::consts::EXE_SUFFIX))
    }

    /// A short name that differs between checkouts on one machine.
    pub fn tag(&self) -> String {
        format!(
            "{:016x}",
            fnv(FNV_START, self.root.as_os_str().as_encoded_bytes())
        )
    }
}

pub const FNV_START: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a: a hash that stays the same from one Rust release to the next, unlike the standard library's.
pub fn fnv(start: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(start, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn cargo(root: &Path) -> std::process::Command {
    shell::command(
        std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()),
        root,
    )
}
