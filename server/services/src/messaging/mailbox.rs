//! Reads the development mailbox: what would have left, as its receivers would see it.

use base64::{Engine, engine::general_purpose::STANDARD};
use domain::when::Timestamp;
use mail_parser::{MessageParser, MimeHeaders};

use crate::{Services, ports::StoredMail};

/// A mail taken apart.
#[derive(Debug, Clone)]
pub struct MailboxMail {
    pub id: String,
    pub subject: String,
    pub from: String,
    pub to: String,
    pub sent_at: Option<Timestamp>,
    pub text: String,
    /// With its pictures inside, so that it shows without asking for anything else.
    pub html: String,
    /// Names of the files that are not shown in the text.
    pub attachments: Vec<String>,
    pub raw: Vec<u8>,
}

/// The newest mails; nothing where mails really leave.
pub async fn mailbox(sv: &Services) -> Vec<MailboxMail> {
    sv.mailer
        .mailbox()
        .await
        .unwrap_or_default()
        .into_iter()
        .filter_map(take_apart)
        .collect()
}

fn take_apart(mail: StoredMail) -> Option<MailboxMail> {
    let message = MessageParser::default().parse(&mail.raw)?;
    let address = |list: Option<&mail_parser::Address<'_>>| {
        list.and_then(|list| list.first())
            .and_then(|a| a.address())
            .unwrap_or_default()
            .to_owned()
    };
    let mut html = message.body_html(0).unwrap_or_default().into_owned();
    let mut attachments = Vec::new();
    for part in message.attachments() {
        match part.content_id() {
            Some(id) => {
                let picture = format!("data:image/png;base64,{}", STANDARD.encode(part.contents()));
                html = html.replace(&format!("cid:{id}"), &picture);
            }
            None => attachments.push(part.attachment_name().unwrap_or_default().to_owned()),
        }
    }
    Some(MailboxMail {
        subject: message.subject().unwrap_or_default().to_owned(),
        from: address(message.from()),
        to: address(message.to()),
        sent_at: message
            .date()
            .and_then(|d| Timestamp::from_second(d.to_timestamp()).ok()),
        text: message.body_text(0).unwrap_or_default().into_owned(),
        html,
        attachments,
        id: mail.id,
        raw: mail.raw,
    })
}
