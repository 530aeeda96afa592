//! Where a page of results ended: whether its words were only alike, when the last one starts, which it is.

use domain::when::Timestamp;
use uuid::Uuid;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cursor {
    /// Nothing had the words themselves; what follows has some like them.
    pub alike: bool,
    pub starts_at: Timestamp,
    pub id: Uuid,
}

impl Cursor {
    /// As it stands in an address.
    pub fn to_text(self) -> String {
        format!(
            "{}.{}.{}",
            u8::from(self.alike),
            self.starts_at.as_microsecond(),
            self.id.simple()
        )
    }

    /// A cursor that cannot be read begins at the beginning: addresses get cut off.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '.');
        Some(Self {
            alike: parts.next()? == "1",
            starts_at: Timestamp::from_microsecond(parts.next()?.parse().ok()?).ok()?,
            id: Uuid::parse_str(parts.next()?).ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_back() {
        let cursor = Cursor {
            alike: true,
            starts_at: Timestamp::from_microsecond(1_790_000_000_123_456).unwrap(),
            id: Uuid::from_u128(7),
        };
        assert_eq!(Cursor::parse(&cursor.to_text()), Some(cursor));
        for bad in ["", "1", "1.x.y", "1.2", "1.99999999999999999999.0"] {
            assert_eq!(Cursor::parse(bad), None);
        }
    }
}
