//! Files in a local folder, spread over subfolders by the first letters of their names.

use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
};

use async_trait::async_trait;
use services::ports::{FileStore, PortError};
use tokio::fs;

pub struct LocalFiles {
    folder: PathBuf,
}

impl LocalFiles {
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
        }
    }

    /// Names are ours (ids and hashes); anything that could leave the folder is refused.
    fn path(&self, name: &str) -> Result<PathBuf, PortError> {
        let plain = name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
        if !plain || name.is_empty() || name.starts_with('.') {
            return Err(PortError::Refused(format!("not a file name: {name:?}")));
        }
        // The end of a time-ordered id spreads better than its beginning.
        let shelf: String = name
            .split('.')
            .next()
            .unwrap_or(name)
            .chars()
            .rev()
            .take(2)
            .collect();
        Ok(self.folder.join(shelf).join(name))
    }
}

fn unavailable(path: &Path, e: &std::io::Error) -> PortError {
    PortError::Unavailable(format!("{}: {e}", path.display()))
}

#[async_trait]
impl FileStore for LocalFiles {
    async fn put(&self, name: &str, bytes: Vec<u8>) -> Result<(), PortError> {
        let path = self.path(name)?;
        if let Some(shelf) = path.parent() {
            fs::create_dir_all(shelf)
                .await
                .map_err(|e| unavailable(shelf, &e))?;
        }
        // Written beside and moved into place: a reader never sees half a file.
        let part = path.with_extension("part");
        let kept = match fs::write(&part, bytes).await {
            Ok(()) => fs::rename(&part, &path).await,
            failed => failed,
        };
        if let Err(e) = kept {
            // On a full disk it would take the room that is left. Nothing of it may be there, so how this goes says nothing.
            let _ = fs::remove_file(&part).await;
            return Err(unavailable(&path, &e));
        }
        Ok(())
    }

    async fn get(&self, name: &str) -> Result<Option<Vec<u8>>, PortError> {
        let path = self.path(name)?;
        match fs::read(&path).await {
            Ok(bytes) => Ok(Some(bytes)),
            Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
            Err(e) => Err(unavailable(&path, &e)),
        }
    }

    async fn delete(&self, name: &str) -> Result<(), PortError> {
        let path = self.path(name)?;
        match fs::remove_file(&path).await {
            Ok(()) => Ok(()),
            Err(e) if e.kind() == ErrorKind::NotFound => Ok(()),
            Err(e) => Err(unavailable(&path, &e)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn keeps_what_it_is_given_and_nothing_outside() {
        let folder = std::env::temp_dir().join(format!("bilten-files-{}", std::process::id()));
        let files = LocalFiles::new(&folder);
        files.put("0abc-960.webp", vec![1, 2, 3]).await.unwrap();
        assert_eq!(
            files.get("0abc-960.webp").await.unwrap(),
            Some(vec![1, 2, 3])
        );
        assert_eq!(files.get("nothing.webp").await.unwrap(), None);
        assert!(files.get("../../etc/passwd").await.is_err());
        assert!(files.put(".hidden", vec![]).await.is_err());
        files.delete("0abc-960.webp").await.unwrap();
        files.delete("0abc-960.webp").await.unwrap();
        assert_eq!(files.get("0abc-960.webp").await.unwrap(), None);
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[tokio::test]
    async fn nothing_stays_of_what_could_not_be_kept() {
        let folder =
            std::env::temp_dir().join(format!("bilten-files-broken-{}", std::process::id()));
        let shelf = folder.join("06");
        // What is in its place cannot be written over.
        std::fs::create_dir_all(shelf.join("0abc-960.webp/in-the-way")).unwrap();
        let files = LocalFiles::new(&folder);
        assert!(files.put("0abc-960.webp", vec![1, 2, 3]).await.is_err());
        let left = std::fs::read_dir(&shelf).unwrap().count();
        assert_eq!(left, 1, "only what was in the way");
        std::fs::remove_dir_all(folder).unwrap();
    }
}
