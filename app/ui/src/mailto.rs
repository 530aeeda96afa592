//! Links that open a mail to somebody.

use std::fmt::Write;

/// The address of such a link. A local part may hold `?` and `&` (RFC 5322, 3.2.3), which begin other fields of the mail in a
/// link (RFC 6068): all but the plainest signs is encoded.
#[must_use]
pub fn mailto(email: &str) -> String {
    email.bytes().fold("mailto:".to_owned(), |mut link, byte| {
        if byte.is_ascii_alphanumeric() || b"-._@+".contains(&byte) {
            link.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(link, "%{byte:02X}");
        }
        link
    })
}

#[cfg(test)]
mod tests {
    use super::mailto;

    #[test]
    fn an_address_adds_nobody_and_nothing_to_the_mail() {
        assert_eq!(
            mailto("a?bcc=spy%40evil.example&body=x@evil.example"),
            "mailto:a%3Fbcc%3Dspy%2540evil.example%26body%3Dx@evil.example"
        );
        assert_eq!(
            mailto("ada.l-x_y+1@a.example"),
            "mailto:ada.l-x_y+1@a.example"
        );
    }
}
