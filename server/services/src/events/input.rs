//! What organizers type, checked and cleaned.

use domain::text::{Fault, line};

/// A whole number within bounds, in western or Arabic digits.
pub(crate) fn whole(text: &str, min: i64, max: i64) -> Result<i64, Fault> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Fault::Required);
    }
    let digits: Option<String> = text.chars().map(western).collect();
    let number = digits
        .filter(|digits| digits.len() <= 12)
        .and_then(|digits| digits.parse::<i64>().ok());
    match number.ok_or(Fault::NotANumber)? {
        number if number < min => Err(Fault::TooSmall { min }),
        number if number > max => Err(Fault::TooLarge { max }),
        number => Ok(number),
    }
}

fn western(sign: char) -> Option<char> {
    let value = match sign {
        '0'..='9' => return Some(sign),
        '٠'..='٩' => u32::from(sign) - u32::from('٠'),
        '۰'..='۹' => u32::from(sign) - u32::from('۰'),
        _ => return None,
    };
    char::from_digit(value, 10)
}

pub(super) fn small(text: &str, min: i64, max: i16) -> Result<i16, Fault> {
    let number = whole(text, min, i64::from(max))?;
    i16::try_from(number).map_err(|_| Fault::TooLarge {
        max: i64::from(max),
    })
}

pub(super) fn capacity(text: &str, min: i64) -> Result<i32, Fault> {
    let number = whole(text, min, 1_000_000)?;
    i32::try_from(number).map_err(|_| Fault::TooLarge { max: 1_000_000 })
}

pub(super) fn title(text: &str) -> Result<String, Fault> {
    line(text, 3, 160)
}

/// A language of the interface, for now: pages and calendars are marked with it.
pub(super) fn language(text: &str) -> Result<String, Fault> {
    let code = text.trim().to_ascii_lowercase();
    let good = (2..=3).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_lowercase());
    if good {
        Ok(code)
    } else {
        Err(Fault::UnknownChoice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_type_them() {
        assert_eq!(whole(" 120 ", 1, 500), Ok(120));
        assert_eq!(whole("١٢٠", 1, 500), Ok(120));
        assert_eq!(whole("0", 1, 500), Err(Fault::TooSmall { min: 1 }));
        assert_eq!(whole("501", 1, 500), Err(Fault::TooLarge { max: 500 }));
        assert_eq!(whole("1e3", 1, 500), Err(Fault::NotANumber));
        assert_eq!(whole("-5", 1, 500), Err(Fault::NotANumber));
        assert_eq!(
            whole("99999999999999999999", 1, 500),
            Err(Fault::NotANumber)
        );
        assert_eq!(whole("", 1, 500), Err(Fault::Required));
    }
}
