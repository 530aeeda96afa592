//! Pages of long lists by key, so that the hundredth page costs as much as the first.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::when::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One page; `next` is what to ask for to get the one after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub next: Option<String>,
}

/// The last row of a page: when it was made, and its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cursor {
    pub at: Timestamp,
    pub id: Uuid,
}

impl Cursor {
    pub(crate) fn encode(self) -> String {
        let mut bytes = self.at.as_microsecond().to_be_bytes().to_vec();
        bytes.extend_from_slice(self.id.as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// A text that is no cursor starts at the first page: somebody has shortened a link.
    pub(crate) fn decode(text: Option<&str>) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text?).ok()?;
        let (micros, id) = bytes.split_first_chunk::<8>()?;
        let at = Timestamp::from_microsecond(i64::from_be_bytes(*micros)).ok()?;
        Some(Self {
            at,
            id: Uuid::from_slice(id).ok()?,
        })
    }
}

impl<T> Page<T> {
    /// A page out of up to `limit + 1` rows; the one too many only says that there is more.
    pub(crate) fn cut(mut items: Vec<T>, limit: usize, cursor: impl Fn(&T) -> Cursor) -> Self {
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items
            .last()
            .filter(|_| more)
            .map(|last| cursor(last).encode());
        Self { items, next }
    }
}

/// The size of a page that was asked for, within reason.
pub(crate) fn limit(asked: u16) -> usize {
    usize::from(asked.clamp(1, 200))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_a_link_and_nonsense_is_the_first_page() {
        let cursor = Cursor {
            at: Timestamp::from_microsecond(1_700_000_000_123_456).unwrap(),
            id: Uuid::from_u128(9),
        };
        assert_eq!(Cursor::decode(Some(&cursor.encode())), Some(cursor));
        assert_eq!(Cursor::decode(Some("nonsense!")), None);
        assert_eq!(Cursor::decode(Some(&cursor.encode()[..8])), None);
        assert_eq!(Cursor::decode(None), None);
    }

    #[test]
    fn the_last_page_has_no_next() {
        let cursor = |id: &u128| Cursor {
            at: Timestamp::UNIX_EPOCH,
            id: Uuid::from_u128(*id),
        };
        assert_eq!(Page::cut(vec![1, 2], 2, cursor).next, None);
        let page = Page::cut(vec![1, 2, 3], 2, cursor);
        assert_eq!(
            (page.items, page.next),
            (vec![1, 2], Some(cursor(&2).encode()))
        );
    }
}
