//! Takes due mails, renders them from today's data and hands them to the mailer: at least once, with growing pauses.

use std::sync::Arc;

use futures::future;
use jiff::SignedDuration;
use uuid::Uuid;

use super::{
    MailKind,
    facts::Facts,
    letter::Letter,
    queries::{self, Claimed},
    render::{self, RenderError},
};
use crate::{
    Services, Unexpected,
    db::Scope,
    ports::{OutgoingMail, PortError},
    work::{unharmed, unharmed_now},
};

const MAX_ATTEMPTS: i32 = 12;
/// So many are sent at the same time, and then noted down. Whoever dies in between leaves as many to be repeated.
const AT_ONCE: usize = 16;

/// How a round went.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Delivered {
    pub sent: usize,
    pub failed: usize,
}

impl Delivered {
    pub fn any(self) -> bool {
        self.sent + self.failed > 0
    }
}

/// Sends up to `limit` due mails.
pub async fn deliver_due(sv: &Services, limit: i64) -> Result<Delivered, Unexpected> {
    // A claim pushes the next attempt away, so a crash in the middle means a repeat later, never a loss.
    let mut tx = sv.db.begin_shared(Scope::System).await?;
    let mut claimed = queries::claim(&mut tx, sv.now(), limit).await?;
    tx.commit().await?;

    let mut round = Delivered::default();
    while !claimed.is_empty() {
        let rest = claimed.split_off(claimed.len().min(AT_ONCE));
        let portion = Arc::new(claimed);
        claimed = rest;
        let facts = Facts::load(sv, &portion).await?;
        let letters = write(Arc::clone(&portion), facts).await?;
        let attempts = portion.iter().zip(letters);
        let sent = future::join_all(attempts.map(|(mail, letter)| send(sv, mail, letter))).await;
        settle(sv, &portion, sent, &mut round).await?;
    }
    Ok(round)
}

/// Pictures of codes cost milliseconds each, which nobody else should have to wait for.
async fn write(
    mails: Arc<Vec<Claimed>>,
    facts: Facts,
) -> Result<Vec<Result<Letter, RenderError>>, Unexpected> {
    let write = move || {
        let letter = |mail| {
            let letter = unharmed_now(|| render::render(mail, &facts));
            letter.unwrap_or_else(|panic| Err(RenderError::Unreadable(panic.to_string())))
        };
        mails.iter().map(letter).collect()
    };
    tokio::task::spawn_blocking(write)
        .await
        .map_err(|e| Unexpected::new("write mails", e))
}

async fn send(
    sv: &Services,
    mail: &Claimed,
    letter: Result<Letter, RenderError>,
) -> Result<(), PortError> {
    let letter = letter.map_err(|e| match e {
        RenderError::Gone | RenderError::Unreadable(_) => PortError::Refused(e.to_string()),
        RenderError::Unexpected(e) => PortError::Unavailable(e.to_string()),
    })?;
    let outgoing = OutgoingMail {
        key: mail.id.to_string(),
        from: sv.settings.mail_from.clone(),
        to: mail.recipient.clone(),
        subject: letter.subject.clone(),
        text: letter.text(),
        html: letter.html(),
        pictures: letter.pictures(),
        attachments: letter.attachments,
        sent_at: sv.now(),
    };
    let sending = async { Ok(sv.mailer.send(&outgoing).await) };
    let sent = unharmed(sending).await;
    sent.unwrap_or_else(|panic| Err(PortError::Unavailable(panic.to_string())))
}

async fn settle(
    sv: &Services,
    mails: &[Claimed],
    results: Vec<Result<(), PortError>>,
    round: &mut Delivered,
) -> Result<(), Unexpected> {
    let now = sv.now();
    let mut sent: Vec<Uuid> = Vec::with_capacity(mails.len());
    let mut tx = sv.db.begin_shared(Scope::System).await?;
    for (mail, result) in mails.iter().zip(results) {
        let Err(e) = result else {
            sent.push(mail.id);
            continue;
        };
        let kind = mail.kind.as_ref().map_or("unreadable", MailKind::code);
        let dead = matches!(e, PortError::Refused(_)) || mail.attempts >= MAX_ATTEMPTS;
        tracing::warn!(mail.id = %mail.id, mail.kind = kind, error = %e, dead, "mail not sent");
        let pause = SignedDuration::from_secs(15_i64 << mail.attempts.clamp(0, 10));
        queries::failed(&mut tx, mail.id, now + pause, &e.to_string(), dead).await?;
        round.failed += 1;
    }
    queries::sent(&mut tx, &sent, now).await?;
    tx.commit().await?;
    round.sent += sent.len();
    Ok(())
}
