//! The form of each country's numbers, and their check digits.

/// Whether a number behind its prefix is well formed.
pub(super) fn is_good(prefix: &str, number: &str) -> bool {
    let d = digits(number);
    let long = |len: usize| d.as_deref().filter(|d| d.len() == len);
    let test = |len: usize, check: fn(&[u64]) -> bool| long(len).is_some_and(check);
    match prefix {
        "AT" => number
            .strip_prefix('U')
            .and_then(digits)
            .is_some_and(|d| d.len() == 8 && austrian(&d)),
        "BE" => test(10, |d| {
            d[0] <= 1 && 97 - value(&d[..8]) % 97 == value(&d[8..])
        }),
        "BG" => long(9).or(long(10)).is_some(),
        "CY" => digits_and_letter(number, 8).is_some(),
        "CZ" => long(8).or(long(9)).or(long(10)).is_some(),
        "DE" => test(9, |d| d[0] != 0 && mod_11_10(d)),
        "DK" => test(8, |d| {
            weighted(d, &[2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11)
        }),
        "EE" => test(9, |d| {
            weighted(d, &[3, 7, 1, 3, 7, 1, 3, 7, 1]).is_multiple_of(10)
        }),
        "EL" => test(9, |d| {
            weighted(d, &[256, 128, 64, 32, 16, 8, 4, 2]) % 11 % 10 == d[8]
        }),
        "ES" => spanish(number),
        "FI" => test(8, |d| {
            weighted(d, &[7, 9, 10, 5, 8, 4, 2, 1]).is_multiple_of(11)
        }),
        "FR" => french(number),
        "HR" => test(11, mod_11_10),
        "HU" => test(8, |d| {
            weighted(d, &[9, 7, 3, 1, 9, 7, 3, 1]).is_multiple_of(10)
        }),
        "IE" => irish(number),
        "IT" => test(11, luhn),
        "LT" => long(9).or(long(12)).is_some(),
        "LU" => test(8, |d| value(&d[..6]) % 89 == value(&d[6..])),
        "LV" => long(11).is_some(),
        "MT" => test(8, |d| {
            37 - weighted(d, &[3, 4, 6, 7, 8, 9]) % 37 == value(&d[6..])
        }),
        "NL" => dutch(number),
        "PL" => test(10, |d| {
            weighted(d, &[6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 == d[9]
        }),
        "PT" => test(9, |d| {
            d[0] != 0 && (11 - weighted(d, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11) % 11 % 10 == d[8]
        }),
        "RO" => d.is_some_and(|d| (2..=10).contains(&d.len()) && romanian(&d)),
        "SE" => test(12, |d| luhn(&d[..10]) && value(&d[10..]) > 0),
        "SI" => test(8, |d| {
            let rest = 11 - weighted(d, &[8, 7, 6, 5, 4, 3, 2]) % 11;
            d[0] != 0 && rest != 11 && rest % 10 == d[7]
        }),
        "SK" => test(10, |d| d[0] != 0 && value(d).is_multiple_of(11)),
        "GB" | "XI" => long(9).or(long(12)).is_some_and(british),
        "CH" => number.strip_prefix('E').and_then(digits).is_some_and(|d| {
            d.len() == 9 && (11 - weighted(&d, &[5, 4, 3, 2, 7, 6, 5, 4]) % 11) % 11 == d[8]
        }),
        "NO" => test(9, |d| {
            (11 - weighted(d, &[3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 11 == d[8]
        }),
        _ => false,
    }
}

fn digits(text: &str) -> Option<Vec<u64>> {
    text.chars()
        .map(|sign| sign.to_digit(10).map(u64::from))
        .collect()
}

/// So many digits and one letter behind.
fn digits_and_letter(text: &str, count: usize) -> Option<(Vec<u64>, char)> {
    let letter = text.chars().next_back().filter(char::is_ascii_uppercase)?;
    let digits = digits(text.strip_suffix(letter)?)?;
    (digits.len() == count).then_some((digits, letter))
}

/// What the digits say as a number; there are never more than twelve.
fn value(digits: &[u64]) -> u64 {
    digits.iter().fold(0, |sum, digit| sum * 10 + digit)
}

fn weighted(digits: &[u64], weights: &[u64]) -> u64 {
    digits.iter().zip(weights).map(|(d, w)| d * w).sum()
}

/// The sum of digits of the double.
fn doubled(digit: u64) -> u64 {
    digit * 2 / 10 + digit * 2 % 10
}

/// From the right, every second digit is doubled; the whole is a multiple of ten.
fn luhn(digits: &[u64]) -> bool {
    let of = |(at, digit): (usize, &u64)| match at % 2 {
        0 => *digit,
        _ => doubled(*digit),
    };
    digits.iter().rev().enumerate().map(of).sum::<u64>() % 10 == 0
}

/// ISO 7064, MOD 11,10.
fn mod_11_10(digits: &[u64]) -> bool {
    let Some((check, digits)) = digits.split_last() else {
        return false;
    };
    let rest = digits.iter().fold(10, |product, digit| {
        let sum = (digit + product) % 10;
        2 * if sum == 0 { 10 } else { sum } % 11
    });
    (11 - rest) % 10 == *check
}

fn austrian(d: &[u64]) -> bool {
    let sum = d[0] + doubled(d[1]) + d[2] + doubled(d[3]) + d[4] + doubled(d[5]) + d[6];
    (10 - (sum + 4) % 10) % 10 == d[7]
}

fn british(d: &[u64]) -> bool {
    let sum = weighted(d, &[8, 7, 6, 5, 4, 3, 2]) + value(&d[7..9]);
    sum.is_multiple_of(97) || (sum + 55).is_multiple_of(97)
}

/// Nine digits, B and two more. Numbers of persons, since 2020, are checked with all of their signs.
fn dutch(number: &str) -> bool {
    let Some((of, count)) = number.split_once('B') else {
        return false;
    };
    let (Some(of), Some(count)) = (digits(of), digits(count)) else {
        return false;
    };
    if of.len() != 9 || count.len() != 2 {
        return false;
    }
    // The letters N, L and B count as 23, 21 and 11.
    let signs = [2, 3, 2, 1].iter().chain(&of).chain(&[1, 1]).chain(&count);
    let rest = signs.fold(0, |rest, digit| (rest * 10 + digit) % 97);
    weighted(&of, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11 == of[8] || rest == 1
}

/// A key of two signs and the company's nine digits. Keys with letters are taken as they are.
fn french(number: &str) -> bool {
    let Some((key, company)) = number.split_at_checked(2) else {
        return false;
    };
    let Some(company) = digits(company).filter(|d| d.len() == 9) else {
        return false;
    };
    match digits(key) {
        Some(key) => (12 + 3 * (value(&company) % 97)) % 97 == value(&key),
        // O and I are left out, because they look like digits.
        None => key
            .chars()
            .all(|sign| sign.is_ascii_alphanumeric() && !matches!(sign, 'O' | 'I')),
    }
}

/// Seven digits with one letter or two, or, older, a letter or sign in the second place.
fn irish(number: &str) -> bool {
    let signs: Vec<char> = number.chars().collect();
    let is = |at: usize, test: fn(&char) -> bool| signs.get(at).is_some_and(test);
    let body = (0..7)
        .all(|at| is(at, char::is_ascii_digit) || (at == 1 && is(at, char::is_ascii_uppercase)));
    let tail = (7..signs.len()).all(|at| is(at, char::is_ascii_uppercase));
    body && tail && matches!(signs.len(), 8 | 9)
}

fn romanian(d: &[u64]) -> bool {
    let Some((check, of)) = d.split_last() else {
        return false;
    };
    let weights = [7, 5, 3, 2, 1, 7, 5, 3, 2];
    let sum = weighted(of, weights.get(9 - of.len()..).unwrap_or(&weights));
    sum * 10 % 11 % 10 == *check
}

/// Persons: eight digits, or seven behind X, Y or Z, and a letter that follows from them. Companies: a letter, seven digits
/// and a control sign, which for some kinds is a letter.
fn spanish(number: &str) -> bool {
    const PERSONS: &[u8] = b"TRWAGMYFPDXBNJZSQVHLCKE";
    const COMPANIES: &[u8] = b"JABCDEFGHI";
    let sign = |signs: &[u8], at: u64| {
        usize::try_from(at)
            .ok()
            .and_then(|at| signs.get(at))
            .copied()
    };
    if let Some((digits, letter)) = digits_and_letter(number, 8) {
        return sign(PERSONS, value(&digits) % 23).is_some_and(|good| char::from(good) == letter);
    }
    let Some(kind) = number.chars().next().filter(char::is_ascii_uppercase) else {
        return false;
    };
    let rest = &number[1..];
    if let Some(ahead) = ['X', 'Y', 'Z'].iter().position(|letter| *letter == kind) {
        return digits_and_letter(rest, 7).is_some_and(|(digits, letter)| {
            let ahead = u64::try_from(ahead).unwrap_or(0) * 10_000_000;
            sign(PERSONS, (ahead + value(&digits)) % 23)
                .is_some_and(|good| char::from(good) == letter)
        });
    }
    if matches!(kind, 'K' | 'L' | 'M') {
        return digits_and_letter(rest, 7).is_some();
    }
    let Some((body, control)) = rest.split_at_checked(7) else {
        return false;
    };
    let Some(d) = digits(body).filter(|d| d.len() == 7) else {
        return false;
    };
    let sum = doubled(d[0]) + d[1] + doubled(d[2]) + d[3] + doubled(d[4]) + d[5] + doubled(d[6]);
    let check = (10 - sum % 10) % 10;
    let as_letter =
        || sign(COMPANIES, check).is_some_and(|good| control == char::from(good).to_string());
    let as_digit = || control == check.to_string();
    match kind {
        'A' | 'B' | 'E' | 'H' => as_digit(),
        'N' | 'P' | 'Q' | 'R' | 'S' | 'W' => as_letter(),
        'C' | 'D' | 'F' | 'G' | 'J' | 'U' | 'V' => as_digit() || as_letter(),
        _ => false,
    }
}
