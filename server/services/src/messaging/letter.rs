//! A mail as blocks, written out once as plain text and once as HTML that mail programs understand.

use locales::Locale;

use crate::ports::Attachment;

#[derive(Debug, Clone)]
pub(super) enum Block {
    Heading(String),
    Text(String),
    Button {
        label: String,
        url: String,
    },
    Facts(Vec<(String, String)>),
    /// One ticket: what it is, whose, and the picture of its code.
    Ticket {
        title: String,
        holder: String,
        png: Vec<u8>,
    },
    Small(String),
}

#[derive(Debug, Clone)]
pub(super) struct Letter {
    pub locale: Locale,
    pub subject: String,
    pub blocks: Vec<Block>,
    pub attachments: Vec<Attachment>,
}

const INK: &str = "#0a0a0a";
const GREY: &str = "#5c5c5c";

impl Letter {
    pub fn new(locale: Locale, subject: String) -> Self {
        Self {
            locale,
            subject,
            blocks: Vec::new(),
            attachments: Vec::new(),
        }
    }

    pub fn with(mut self, block: Block) -> Self {
        self.blocks.push(block);
        self
    }

    pub fn text(&self) -> String {
        let mut out = String::new();
        for block in &self.blocks {
            match block {
                Block::Heading(text) => out.push_str(&format!(
                    "{}\n{}\n\n",
                    text,
                    "=".repeat(text.chars().count())
                )),
                Block::Text(text) | Block::Small(text) => out.push_str(&format!("{text}\n\n")),
                Block::Button { label, url } => out.push_str(&format!("{label}:\n{url}\n\n")),
                Block::Facts(facts) => {
                    for (name, value) in facts {
                        out.push_str(&format!("{name}: {value}\n"));
                    }
                    out.push('\n');
                }
                Block::Ticket { title, holder, .. } => {
                    out.push_str(&format!("- {title} · {holder}\n\n"))
                }
            }
        }
        out.push_str("--\nBilten\n");
        out
    }

    /// Tables and inline styles only, because that is what mail programs keep.
    pub fn html(&self) -> String {
        let align = if self.locale.is_rtl() {
            "right"
        } else {
            "left"
        };
        let body: String = self
            .blocks
            .iter()
            .enumerate()
            .map(|(n, block)| html_block(n, block, align))
            .collect();
        format!(
            "<!doctype html><html lang=\"{lang}\" dir=\"{dir}\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\"><title>{subject}</title></head>\
             <body style=\"margin:0;background:#f4f4f4;color:{INK};font:16px/1.55 'Helvetica Neue',Arial,'Noto Sans Arabic',sans-serif\">\
             <table role=\"presentation\" width=\"100%\" cellspacing=\"0\" cellpadding=\"0\"><tr><td align=\"center\" style=\"padding:24px 12px\">\
             <table role=\"presentation\" width=\"100%\" cellspacing=\"0\" cellpadding=\"0\" style=\"max-width:560px;background:#ffffff\">\
             <tr><td align=\"{align}\" style=\"padding:28px 28px 8px;font-weight:800;font-size:18px;letter-spacing:-.02em\">Bilten</td></tr>\
             {body}<tr><td style=\"padding:12px\"></td></tr></table></td></tr></table></body></html>",
            lang = self.locale.code(),
            dir = self.locale.dir(),
            subject = escape(&self.subject),
        )
    }

    /// Pictures that the HTML shows, with their content ids.
    pub fn pictures(&self) -> Vec<Attachment> {
        self.blocks
            .iter()
            .enumerate()
            .filter_map(|(n, block)| match block {
                Block::Ticket { png, .. } => Some(Attachment {
                    name: picture_name(n),
                    content_type: "image/png".into(),
                    bytes: png.clone(),
                }),
                Block::Heading(_)
                | Block::Text(_)
                | Block::Button { .. }
                | Block::Facts(_)
                | Block::Small(_) => None,
            })
            .collect()
    }
}

fn picture_name(n: usize) -> String {
    format!("ticket-{n}.png")
}

fn html_block(n: usize, block: &Block, align: &str) -> String {
    let cell = |inner: String| {
        format!("<tr><td align=\"{align}\" style=\"padding:8px 28px\">{inner}</td></tr>")
    };
    match block {
        Block::Heading(text) => cell(format!(
            "<h1 style=\"margin:0;font-size:28px;line-height:1.15;letter-spacing:-.02em\">{}</h1>",
            escape(text)
        )),
        Block::Text(text) => cell(format!(
            "<p style=\"margin:0\">{}</p>",
            escape(text).replace('\n', "<br>")
        )),
        Block::Small(text) => cell(format!(
            "<p style=\"margin:0;color:{GREY};font-size:13px\">{}</p>",
            escape(text).replace('\n', "<br>")
        )),
        Block::Button { label, url } => cell(format!(
            "<a href=\"{}\" style=\"display:inline-block;background:{INK};color:#ffffff;text-decoration:none;font-weight:600;padding:14px 22px\">{}</a>",
            escape(url),
            escape(label)
        )),
        Block::Facts(facts) => {
            let rows: String = facts
                .iter()
                .map(|(name, value)| {
                    format!(
                        "<tr><td align=\"{align}\" style=\"padding:6px 0;border-top:1px solid #e2e2e2;color:{GREY};vertical-align:top\">{}</td>\
                         <td align=\"{align}\" style=\"padding:6px 12px;border-top:1px solid #e2e2e2\">{}</td></tr>",
                        escape(name),
                        escape(value)
                    )
                })
                .collect();
            cell(format!(
                "<table role=\"presentation\" width=\"100%\" cellspacing=\"0\" cellpadding=\"0\">{rows}</table>"
            ))
        }
        Block::Ticket { title, holder, .. } => cell(format!(
            "<table role=\"presentation\" width=\"100%\" cellspacing=\"0\" cellpadding=\"0\" style=\"border:1px solid {INK}\"><tr>\
             <td align=\"{align}\" style=\"padding:16px\"><strong style=\"font-size:18px\">{}</strong><br>{}</td>\
             <td width=\"148\" style=\"padding:12px\"><img src=\"cid:{}\" width=\"124\" height=\"124\" alt=\"QR\"></td></tr></table>",
            escape(title),
            escape(holder),
            picture_name(n)
        )),
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_names_stays_text() {
        let letter = Letter::new(Locale::En, "<b>".into())
            .with(Block::Text("<script>alert(1)</script>".into()))
            .with(Block::Button {
                label: "Go".into(),
                url: "https://x.example/?a=1&b=\"2\"".into(),
            });
        assert!(!letter.html().contains("<script>"));
        assert!(letter.html().contains("a=1&amp;b=&quot;2&quot;"));
        assert!(letter.text().contains("https://x.example/?a=1&b=\"2\""));
    }

    #[test]
    fn arabic_mails_run_from_right_to_left() {
        assert!(
            Letter::new(Locale::Ar, String::new())
                .html()
                .contains("dir=\"rtl\"")
        );
    }
}
