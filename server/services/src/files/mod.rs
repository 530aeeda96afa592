//! Pictures that organizers upload: recognised by content, bounded before they are decoded, made anew in three widths
//! without any of their metadata, and named by what they contain.

mod picture;

use std::time::Duration;

use domain::{
    ids::{FileId, OrganizationId},
    text::Fault,
};
use jiff::SignedDuration;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

pub use picture::{JPEG, MAX_BYTES, MAX_PIXELS, PictureError, Variant, WIDTHS, variants};

use crate::{
    Services, Unexpected,
    db::Scope,
    permit::{EditPages, Permit},
    ports::PortError,
    throttle::{self, Limit, TooMany},
};

/// A few hundred kilobytes unfold into hundreds of megabytes: a crowd must not take all memory.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// Who has waited so long for their turn is told to come again.
const PATIENCE: Duration = Duration::from_secs(10);

const PER_PERSON: Limit = Limit {
    what: "picture",
    tries: 30,
    span: SignedDuration::from_hours(1),
};

/// Why a picture was not taken.
#[derive(Debug, thiserror::Error)]
pub enum StorePictureError {
    #[error(transparent)]
    Picture(#[from] PictureError),
    #[error(transparent)]
    TooMany(#[from] TooMany),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

impl StorePictureError {
    /// The fault to show beside the field, if the person can do something about it.
    pub fn fault(&self) -> Option<Fault> {
        match self {
            Self::Picture(PictureError::NotAnImage) => Some(Fault::NotAnImage),
            Self::Picture(PictureError::TooLarge) => Some(Fault::FileTooLarge { max_mb: 10 }),
            Self::Picture(PictureError::TooManyPixels) => Some(Fault::TooManyPixels),
            Self::TooMany(_) | Self::Unexpected(_) => None,
        }
    }
}

/// Takes an uploaded picture for an organization. The same picture twice is one file.
#[tracing::instrument(skip_all, fields(bytes = bytes.len()))]
pub async fn store_picture(
    sv: &Services,
    permit: &Permit<EditPages>,
    bytes: Vec<u8>,
) -> Result<FileId, StorePictureError> {
    if let Some(actor) = permit.actor() {
        throttle::count(sv, &PER_PERSON, &actor.to_string()).await?;
    }
    let made = few_at_once(move || variants(&bytes)).await??;
    keep(sv, permit.organization(), made).await
}

/// Works on a thread of its own, few at a time. The turn goes along: whoever gives up waiting does not end the work.
async fn few_at_once<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Unexpected> {
    let turn = tokio::time::timeout(PATIENCE, AT_ONCE.acquire())
        .await
        .map_err(|_| Unexpected::busy(10))?
        .map_err(|e| Unexpected::new("picture turn", e))?;
    tokio::task::spawn_blocking(move || {
        let _turn = turn;
        work()
    })
    .await
    .map_err(|e| Unexpected::new("picture thread", e))
}

/// Keeps a picture that was drawn here, in all its sizes from the narrowest to the widest.
pub(crate) async fn store_drawing(
    sv: &Services,
    organization: OrganizationId,
    made: Vec<Variant>,
) -> Result<FileId, Unexpected> {
    keep(sv, organization, made)
        .await
        .map_err(|e| Unexpected::new("drawing", e))
}

async fn keep(
    sv: &Services,
    organization: OrganizationId,
    made: Vec<Variant>,
) -> Result<FileId, StorePictureError> {
    let Some(largest) = made.last() else {
        return Err(PictureError::NotAnImage.into());
    };
    let digest = Sha256::digest(&largest.jpeg);
    let name = hex(&digest);
    let (width, height, size) = (largest.width, largest.height, largest.jpeg.len());
    for variant in made {
        sv.files
            .put(&file_name(&name, variant.for_width), variant.jpeg)
            .await
            .map_err(|e: PortError| Unexpected::new("keep picture", e))?;
    }
    let mut tx = sv.db.begin(Scope::Organization(organization)).await?;
    let known = sqlx::query_scalar!(
        "select id from files where organization_id = $1 and sha256 = $2 limit 1",
        organization.get(),
        digest.as_slice()
    )
    .fetch_optional(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    let id = match known {
        Some(id) => id,
        None => {
            let id = sv.new_id();
            sqlx::query!(
                r#"
                insert into files (id, organization_id, content_type, size_bytes, width, height, sha256, created_at)
                values ($1, $2, $3, $4, $5, $6, $7, $8)
                "#,
                id,
                organization.get(),
                JPEG,
                i64::try_from(size).unwrap_or(i64::MAX),
                i32::try_from(width).unwrap_or(i32::MAX),
                i32::try_from(height).unwrap_or(i32::MAX),
                digest.as_slice(),
                jiff_sqlx::Timestamp::from(sv.now()) as _
            )
            .execute(&mut *tx)
            .await
            .map_err(Unexpected::from)?;
            id
        }
    };
    tx.commit().await?;
    Ok(FileId::new(id))
}

/// The address of a kept picture in one of [`WIDTHS`].
pub fn picture_path(sha256: &[u8], width: u32) -> String {
    format!("/media/{}", file_name(&hex(sha256), width))
}

/// A kept picture by the last part of its address; `None` for anything that is not such a name.
pub async fn read_picture(sv: &Services, name: &str) -> Result<Option<Vec<u8>>, Unexpected> {
    if !is_file_name(name) {
        return Ok(None);
    }
    sv.files
        .get(name)
        .await
        .map_err(|e| Unexpected::new("read picture", e))
}

fn file_name(hash: &str, width: u32) -> String {
    format!("{hash}-{width}.jpg")
}

fn is_file_name(name: &str) -> bool {
    let parts = name
        .strip_suffix(".jpg")
        .and_then(|name| name.split_once('-'));
    parts.is_some_and(|(hash, width)| {
        hash.len() == 64
            && hash
                .bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
            && WIDTHS.iter().any(|known| known.to_string() == width)
    })
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use std::{
        sync::atomic::{AtomicUsize, Ordering},
        thread::sleep,
    };

    use super::*;

    #[tokio::test]
    async fn however_many_come_two_are_unfolded_at_once() {
        static NOW: AtomicUsize = AtomicUsize::new(0);
        static MOST: AtomicUsize = AtomicUsize::new(0);
        let work = || {
            let now = NOW.fetch_add(1, Ordering::SeqCst) + 1;
            MOST.fetch_max(now, Ordering::SeqCst);
            sleep(Duration::from_millis(20));
            NOW.fetch_sub(1, Ordering::SeqCst);
        };
        let crowd: Vec<_> = (0..12).map(|_| tokio::spawn(few_at_once(work))).collect();
        // Some of them give up after they have begun.
        tokio::time::sleep(Duration::from_millis(10)).await;
        for impatient in crowd.iter().take(3) {
            impatient.abort();
        }
        for one in crowd {
            let _ = one.await;
        }
        assert_eq!(MOST.load(Ordering::SeqCst), 2);
    }

    #[test]
    fn only_own_names_are_read() {
        let good = picture_path(&[0xab; 32], 960);
        assert!(is_file_name(good.trim_start_matches("/media/")));
        for bad in [
            "../etc/passwd",
            "a-960.jpg",
            &format!("{}-961.jpg", "a".repeat(64)),
            &format!("{}-960.jpg", "G".repeat(64)),
        ] {
            assert!(!is_file_name(bad), "{bad}");
        }
    }
}
