//! Somebody gives us a statement of the bank. It is read and kept, and nothing follows from it until it is taken in.

use domain::{
    money::Money,
    transfers::{Statement, TransferAccount},
    when::shift,
};
use jiff::SignedDuration;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    read::{self, Read, ReadError},
    settings,
};
use crate::{Services, Unexpected, db::Tx, permit::PlatformPermit, rows::at};

/// What nobody takes in is forgotten: it tells of people.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// A file that is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Uploaded {
    pub file: Uuid,
    /// It was here before.
    pub again: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    #[error(transparent)]
    Read(#[from] ReadError),
    /// Nobody has said which account is the platform's.
    #[error("no account yet")]
    NoAccount,
    #[error("a statement of another account")]
    OtherAccount,
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

impl UploadError {
    /// Stable key for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Read(e) => e.code(),
            Self::NoAccount => "statement_no_account",
            Self::OtherAccount => "statement_other_account",
            Self::Unexpected(_) => "internal",
        }
    }
}

/// Reads a file and keeps what it says, sealed. The same file again is the same row.
#[tracing::instrument(skip_all)]
pub async fn upload(
    sv: &Services,
    permit: &PlatformPermit,
    bytes: Vec<u8>,
) -> Result<Uploaded, UploadError> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let found = settings::load(&mut tx).await?;
    tx.commit().await?;
    let found = found.ok_or(UploadError::NoAccount)?;
    let currency = found.account.currency;
    let digest = Sha256::digest(&bytes).to_vec();
    // Large files take a while to be read.
    let read = tokio::task::spawn_blocking(move || read::read(&bytes, currency))
        .await
        .map_err(|e| Unexpected::new("read a statement", e))?;
    let mut read = read?;
    for statement in &mut read.statements {
        if statement.account.is_empty() {
            statement.account.clone_from(&found.account.iban);
        }
        if !found.knows(&statement.account) {
            return Err(UploadError::OtherAccount);
        }
    }
    let mut tx = sv.db.begin(permit.scope()).await?;
    forget_old(sv, &mut tx).await?;
    let uploaded = keep(sv, &mut tx, permit, &found.account, &digest, &read).await?;
    tx.commit().await?;
    Ok(uploaded)
}

async fn forget_old(sv: &Services, tx: &mut Tx) -> Result<(), Unexpected> {
    sqlx::query!(
        "delete from bank_files where taken_in_at is null and uploaded_at < $1",
        at(shift(sv.now(), -KEPT)) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn keep(
    sv: &Services,
    tx: &mut Tx,
    permit: &PlatformPermit,
    account: &TransferAccount,
    digest: &[u8],
    read: &Read,
) -> Result<Uploaded, Unexpected> {
    let id = sv.new_id();
    let plain =
        serde_json::to_vec(&read.statements).map_err(|e| Unexpected::new("statement", e))?;
    let sealed = sv.seal.seal(&*sv.entropy, &place(id), &plain)?;
    let sums = Sums::of(&read.statements);
    let new = sqlx::query_scalar!(
        r#"
        insert into bank_files (id, digest, format, account, currency, lines, credits_minor, debits_minor, opening_minor,
                                closing_minor, first_on, last_on, sealed, uploaded_at, uploaded_by)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::text::date, $12::text::date, $13, $14, $15)
        on conflict on constraint bank_files_digest_key do nothing
        returning id
        "#,
        id,
        digest,
        read.format,
        read.statements.first().map_or(account.iban.as_str(), |one| one.account.as_str()),
        account.currency.as_str(),
        i32::try_from(sums.lines).unwrap_or(i32::MAX),
        sums.credits,
        sums.debits,
        sums.opening,
        sums.closing,
        sums.first,
        sums.last,
        sealed,
        at(sv.now()) as _,
        permit.actor().get()
    )
    .fetch_optional(&mut **tx)
    .await?;
    if let Some(file) = new {
        return Ok(Uploaded { file, again: false });
    }
    let file = sqlx::query_scalar!("select id from bank_files where digest = $1", digest)
        .fetch_one(&mut **tx)
        .await?;
    Ok(Uploaded { file, again: true })
}

/// Where a file's content is sealed for.
pub(super) fn place(file: Uuid) -> String {
    format!("bank_files.sealed|{file}")
}

#[derive(Default)]
struct Sums {
    lines: usize,
    credits: i64,
    debits: i64,
    opening: Option<i64>,
    closing: Option<i64>,
    first: Option<String>,
    last: Option<String>,
}

impl Sums {
    fn of(statements: &[Statement]) -> Self {
        let minor = |money: Option<Money>| money.map(|money| money.minor);
        let lines = || statements.iter().flat_map(|one| &one.lines);
        let sum = |credits: bool| {
            lines()
                .map(|line| line.amount.minor)
                .filter(|minor| (*minor > 0) == credits)
                .fold(0_i64, i64::saturating_add)
        };
        let days = || lines().map(|line| line.booked_on);
        Self {
            lines: lines().count(),
            credits: sum(true),
            debits: sum(false),
            opening: statements.first().and_then(|one| minor(one.opening)),
            closing: statements.last().and_then(|one| minor(one.closing)),
            first: days().min().map(|day| day.to_string()),
            last: days().max().map(|day| day.to_string()),
        }
    }
}
