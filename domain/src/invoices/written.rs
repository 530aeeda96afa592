//! Lines as documents keep them for ten years. Rates were written in hundredths of a percent before there were finer ones, and
//! still are where that says all.

use serde::{Deserialize, Serialize};

use super::Category;
use crate::pricing::Rate;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Line {
    text: String,
    quantity: u32,
    net: i64,
    tax: i64,
    /// In hundredths of a percent, cut off.
    rate_bp: u16,
    /// In thousandths of a percent, where that is another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rate: Option<u16>,
    category: Category,
    reason: String,
}

impl From<super::Line> for Line {
    fn from(line: super::Line) -> Self {
        let thousandths = line.rate.thousandths();
        Self {
            text: line.text,
            quantity: line.quantity,
            net: line.net,
            tax: line.tax,
            rate_bp: thousandths / 10,
            rate: (!thousandths.is_multiple_of(10)).then_some(thousandths),
            category: line.category,
            reason: line.reason,
        }
    }
}

impl TryFrom<Line> for super::Line {
    type Error = String;

    fn try_from(line: Line) -> Result<Self, String> {
        let rate = match line.rate {
            Some(thousandths) => Rate::from_thousandths(thousandths),
            None => Rate::from_bp(line.rate_bp),
        };
        Ok(Self {
            text: line.text,
            quantity: line.quantity,
            net: line.net,
            tax: line.tax,
            rate: rate.ok_or_else(|| format!("no rate of tax: {}", line.rate_bp))?,
            category: line.category,
            reason: line.reason,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Category, Line, Rate};

    #[test]
    fn old_documents_read_as_they_were_written() {
        let old = r#"{"text":"Seat","quantity":2,"net":200,"tax":38,"rate_bp":1900,"category":"S","reason":""}"#;
        let line: Line = serde_json::from_str(old).unwrap();
        assert_eq!(
            (line.rate, line.category),
            (Rate::from_bp(1900).unwrap(), Category::S)
        );
        assert_eq!(serde_json::to_string(&line).unwrap(), old);
        // A finer rate is not cut off.
        let fine = Line {
            rate: Rate::parse("8.875").unwrap(),
            ..line
        };
        let text = serde_json::to_string(&fine).unwrap();
        assert!(text.contains(r#""rate_bp":887,"rate":8875"#), "{text}");
        assert_eq!(serde_json::from_str::<Line>(&text).unwrap(), fine);
        let broken = old.replace("1900", "5001");
        assert!(serde_json::from_str::<Line>(&broken).is_err());
    }
}
