//! Mails as files in a folder: real MIME messages (RFC 5322, 2045–2049), as they would leave, for development.

use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
};

use async_trait::async_trait;
use lettre::{
    Message,
    message::{
        Attachment as Part, Mailbox, MultiPart, SinglePart,
        header::{ContentType, MessageId},
    },
};
use services::ports::{Mailer, OutgoingMail, PortError, StoredMail};
use tokio::{fs, io::AsyncWriteExt};

/// How many mails the developer page lists.
const SHOWN: usize = 200;

pub struct MailboxFolder {
    folder: PathBuf,
}

impl MailboxFolder {
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
        }
    }
}

/// The mail as a MIME message: plain text, HTML with its pictures, attachments.
pub fn message(mail: &OutgoingMail) -> Result<Message, PortError> {
    let refused =
        |what: &str, e: &dyn std::fmt::Display| PortError::Refused(format!("{what}: {e}"));
    let from: Mailbox = mail.from.parse().map_err(|e| refused("sender", &e))?;
    let to: Mailbox = mail.to.parse().map_err(|e| refused("recipient", &e))?;
    let mut related = MultiPart::related().singlepart(SinglePart::html(mail.html.clone()));
    for picture in &mail.pictures {
        let kind = ContentType::parse(&picture.content_type).map_err(|e| refused("picture", &e))?;
        related = related
            .singlepart(Part::new_inline(picture.name.clone()).body(picture.bytes.clone(), kind));
    }
    let alternatives = MultiPart::alternative()
        .singlepart(SinglePart::plain(mail.text.clone()))
        .multipart(related);
    let mut body = MultiPart::mixed().multipart(alternatives);
    for attachment in &mail.attachments {
        let kind =
            ContentType::parse(&attachment.content_type).map_err(|e| refused("attachment", &e))?;
        body = body
            .singlepart(Part::new(attachment.name.clone()).body(attachment.bytes.clone(), kind));
    }
    let seconds = u64::try_from(mail.sent_at.as_second()).unwrap_or(0);
    Message::builder()
        .header(MessageId::from(format!("<{}@bilten>", mail.key)))
        .date(std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds))
        .from(from)
        .to(to)
        .subject(mail.subject.clone())
        .multipart(body)
        .map_err(|e| refused("mail", &e))
}

/// Mails hold links that open accounts: nobody else on the machine may read them.
async fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    // What an interrupted try has left would keep its rights.
    match fs::remove_file(path).await {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    options.mode(0o600);
    let mut file = options.open(path).await?;
    file.write_all(bytes).await?;
    file.flush().await
}

#[async_trait]
impl Mailer for MailboxFolder {
    async fn send(&self, mail: &OutgoingMail) -> Result<(), PortError> {
        let raw = message(mail)?.formatted();
        let unavailable =
            |e: std::io::Error| PortError::Unavailable(format!("{}: {e}", self.folder.display()));
        fs::create_dir_all(&self.folder)
            .await
            .map_err(unavailable)?;
        // The key is unique per mail: a repeat overwrites itself. The time in front sorts.
        let name = format!("{}-{}.eml", mail.sent_at.as_millisecond(), mail.key);
        let part = self.folder.join(format!("{name}.part"));
        write_private(&part, &raw).await.map_err(unavailable)?;
        fs::rename(part, self.folder.join(name))
            .await
            .map_err(unavailable)
    }

    async fn mailbox(&self) -> Option<Vec<StoredMail>> {
        let mut names = Vec::new();
        if let Ok(mut entries) = fs::read_dir(&self.folder).await {
            while let Ok(Some(entry)) = entries.next_entry().await {
                if let Some(name) = entry
                    .file_name()
                    .to_str()
                    .and_then(|n| n.strip_suffix(".eml"))
                {
                    names.push(name.to_owned());
                }
            }
        }
        names.sort_unstable_by(|a, b| b.cmp(a));
        let mut mails = Vec::new();
        for id in names.into_iter().take(SHOWN) {
            if let Ok(raw) = fs::read(self.folder.join(format!("{id}.eml"))).await {
                mails.push(StoredMail { id, raw });
            }
        }
        Some(mails)
    }
}

#[cfg(test)]
mod tests {
    use services::ports::Attachment;

    use super::*;

    fn mail() -> OutgoingMail {
        OutgoingMail {
            key: "0190-key".into(),
            from: "Bilten <tickets@bilten.example>".into(),
            to: "ana@example.org".into(),
            subject: "Čas za koncert – تذاكرك".into(),
            text: "Živjo".into(),
            html: "<p>Živjo</p><img src=\"cid:ticket-0.png\">".into(),
            pictures: vec![Attachment {
                name: "ticket-0.png".into(),
                content_type: "image/png".into(),
                bytes: vec![1, 2, 3],
            }],
            attachments: vec![Attachment {
                name: "event.ics".into(),
                content_type: "text/calendar; charset=utf-8".into(),
                bytes: b"BEGIN:VCALENDAR".to_vec(),
            }],
            sent_at: "2026-03-01T12:00:00Z".parse().unwrap(),
        }
    }

    #[test]
    fn a_mail_is_a_whole_mime_message() {
        let raw = String::from_utf8(message(&mail()).unwrap().formatted()).unwrap();
        for part in [
            "multipart/mixed",
            "multipart/alternative",
            "multipart/related",
            "text/plain",
            "text/html",
        ] {
            assert!(raw.contains(part), "{part} is missing");
        }
        assert!(raw.contains("Content-ID: <ticket-0.png>"));
        assert!(raw.contains("Message-ID: <0190-key@bilten>"));
        assert!(raw.contains("Subject: =?utf-8?"));
        assert!(raw.contains("Date: Sun, 01 Mar 2026 12:00:00 +0000"));
    }

    #[test]
    fn an_address_cannot_smuggle_headers() {
        let mut evil = mail();
        evil.to = "a@example.org\r\nBcc: everyone@example.org".into();
        assert!(message(&evil).is_err());
    }

    #[tokio::test]
    async fn a_repeat_is_one_mail() {
        let folder = std::env::temp_dir().join(format!("bilten-mail-{}", std::process::id()));
        let mailbox = MailboxFolder::new(&folder);
        mailbox.send(&mail()).await.unwrap();
        mailbox.send(&mail()).await.unwrap();
        assert_eq!(mailbox.mailbox().await.unwrap().len(), 1);
        #[cfg(unix)]
        for file in std::fs::read_dir(&folder).unwrap() {
            use std::os::unix::fs::PermissionsExt;
            let mode = file.unwrap().metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "{mode:o}");
        }
        std::fs::remove_dir_all(folder).unwrap();
    }
}
