//! Takes due mails, renders them from today's data and hands them to the mailer: at least once, with growing pauses.

use jiff::SignedDuration;

use super::{queries, render};
use crate::{
    Services, Unexpected,
    db::Scope,
    ports::{OutgoingMail, PortError},
};

const MAX_ATTEMPTS: i32 = 12;

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
    let mut tx = sv.db.begin(Scope::System).await?;
    let claimed = queries::claim(&mut tx, sv.now(), limit).await?;
    tx.commit().await?;

    let mut round = Delivered::default();
    for mail in claimed {
        let result = match render::render(sv, &mail).await {
            Ok(letter) => {
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
                sv.mailer.send(&outgoing).await
            }
            Err(render::RenderError::Gone) => {
                Err(PortError::Refused("what it tells of is gone".into()))
            }
            Err(render::RenderError::Unexpected(e)) => Err(PortError::Unavailable(e.to_string())),
        };
        let mut tx = sv.db.begin(Scope::System).await?;
        match result {
            Ok(()) => {
                queries::sent(&mut tx, mail.id, sv.now()).await?;
                round.sent += 1;
            }
            Err(e) => {
                let dead = matches!(e, PortError::Refused(_)) || mail.attempts >= MAX_ATTEMPTS;
                tracing::warn!(mail.id = %mail.id, mail.kind = mail.kind.code(), error = %e, dead, "mail not sent");
                let pause = SignedDuration::from_secs(15_i64 << mail.attempts.clamp(0, 10));
                queries::failed(&mut tx, mail.id, sv.now() + pause, &e.to_string(), dead).await?;
                round.failed += 1;
            }
        }
        tx.commit().await?;
    }
    Ok(round)
}
