//! Numbers for people. Latin digits in both languages: ticket codes, prices and clocks use them everywhere.

/// `12408` is "12,408".
#[must_use]
pub fn integer(number: u64) -> String {
    group(&number.to_string())
}

/// Digits in threes.
pub(crate) fn group(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A share in whole per cent, rounded half up: `(1, 8)` is "13%". Nothing of nothing is "0%".
#[must_use]
pub fn percent(part: u64, whole: u64) -> String {
    let share = if whole == 0 {
        0
    } else {
        part.saturating_mul(200).saturating_add(whole) / whole.saturating_mul(2)
    };
    format!("{}%", integer(share))
}

/// A rate of tax: "19%", "8.1%".
#[must_use]
pub fn rate(rate: domain::pricing::Rate) -> String {
    format!("{rate}%")
}

#[cfg(test)]
mod tests {
    use super::{integer, percent};

    #[test]
    fn threes_from_the_right() {
        assert_eq!(
            [integer(0), integer(999), integer(1000), integer(1_234_567)],
            ["0", "999", "1,000", "1,234,567"]
        );
    }

    #[test]
    fn per_cent_is_rounded() {
        assert_eq!(
            [percent(1, 8), percent(0, 0), percent(3, 3)],
            ["13%", "0%", "100%"]
        );
    }
}
