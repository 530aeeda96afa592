//! Descriptions that organizers write, as HTML that cannot do harm.

use std::{collections::HashSet, sync::LazyLock};

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// Headings begin below the page's own; pictures, raw HTML and anything that could run are left out.
pub fn to_html(markdown: &str) -> String {
    let options = Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES;
    let events = Parser::new_ext(markdown, options).filter_map(|event| match event {
        Event::Start(Tag::Heading {
            level,
            id,
            classes,
            attrs,
        }) => Some(Event::Start(Tag::Heading {
            level: lower(level),
            id,
            classes,
            attrs,
        })),
        Event::End(TagEnd::Heading(level)) => Some(Event::End(TagEnd::Heading(lower(level)))),
        // What looks like a tag was meant as text.
        Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
        // Their words stay, as the text they stand for.
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        other => Some(other),
    });
    let mut html = String::with_capacity(markdown.len() * 3 / 2);
    pulldown_cmark::html::push_html(&mut html, events);
    CLEANER.clean(&html).to_string()
}

/// What may stay. Made once: the rules are many small tables.
static CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let tags = [
        "p",
        "h3",
        "h4",
        "ul",
        "ol",
        "li",
        "strong",
        "em",
        "del",
        "a",
        "blockquote",
        "code",
        "pre",
        "hr",
        "br",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    ];
    let mut cleaner = ammonia::Builder::default();
    cleaner
        .tags(HashSet::from(tags))
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel"]))
        .url_relative(ammonia::UrlRelative::Deny)
        .link_rel(Some("noopener nofollow ugc"));
    cleaner
});

fn lower(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 | HeadingLevel::H2 => HeadingLevel::H3,
        HeadingLevel::H3 | HeadingLevel::H4 | HeadingLevel::H5 | HeadingLevel::H6 => {
            HeadingLevel::H4
        }
    }
}

#[cfg(test)]
mod tests {
    use super::to_html;

    #[test]
    fn words_are_kept_and_harm_is_not() {
        assert_eq!(
            to_html("# Hi\n\n**you**"),
            "<h3>Hi</h3>\n<p><strong>you</strong></p>\n"
        );
        for hostile in [
            "<script>alert(1)</script>",
            "[x](javascript:alert(1))",
            "![x](https://evil.example/pixel.png)",
            "<img src=x onerror=alert(1)>",
            "[a](data:text/html,x)",
            "<a href=\"//evil.example\" style=\"x\">y</a>",
        ] {
            let html = to_html(hostile);
            for bad in [
                "<script",
                "<img",
                "javascript:",
                "data:",
                "<a href=\"//",
                "<a style",
            ] {
                assert!(!html.contains(bad), "{hostile} gave {html}");
            }
        }
        assert!(to_html("[a](https://a.example)").contains("rel=\"noopener nofollow ugc\""));
    }
}
