//! A list of passwords that turned up in breaches, as "Have I Been Pwned" gives it out ordered by hash
//! (<https://haveibeenpwned.com/Passwords>): lines of SHA-1 in capital hexadecimal digits and, if so, a colon and how often.
//! It is looked into by halves, so that a list of forty gigabytes takes some thirty short reads and no memory.

use std::{
    cmp::Ordering,
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
};

use services::ports::{BreachedPasswords, PortError};
use sha1::{Digest, Sha1};

const HASH: usize = 40;

/// So many lines are looked at before a list is believed.
const LOOKS: u64 = 64;

/// No line is longer, with its end: a hash, a colon, ten digits, CR and LF.
const LINE: u64 = 64;

/// Opened for each question: the operator may put a newer list in its place at any time.
pub struct BreachedList {
    file: PathBuf,
}

impl BreachedList {
    /// # Errors
    /// What is wrong with the file.
    pub fn new(file: &Path) -> Result<Self, &'static str> {
        let look = || {
            let mut list = File::open(file)?;
            let end = list.metadata()?.len();
            is_list(&mut list, end)
        };
        match look() {
            Ok(true) => Ok(Self { file: file.into() }),
            Ok(false) => Err(
                "holds no list: each line begins with a SHA-1 in capital hexadecimal digits, ordered by it",
            ),
            Err(_) => Err("cannot be read"),
        }
    }
}

impl BreachedPasswords for BreachedList {
    fn know(&self, password: &str) -> Result<bool, PortError> {
        let wanted = hash(password);
        let look = || {
            let mut list = File::open(&self.file)?;
            let end = list.metadata()?.len();
            contains(&mut list, end, wanted.as_bytes())
        };
        look().map_err(|fault: io::Error| PortError::Unavailable(fault.to_string()))
    }
}

/// As it stands in a list.
fn hash(password: &str) -> String {
    let digest = Sha1::digest(password);
    digest.iter().map(|byte| format!("{byte:02X}")).collect()
}

/// Looks at some lines all over the file: lists ordered by how often are about as well.
fn is_list(list: &mut (impl Read + Seek), end: u64) -> io::Result<bool> {
    let mut last = Vec::new();
    for step in 0..LOOKS {
        let (_, line) = line_at(list, 0, end / LOOKS * step)?;
        let Some(hash) = line.get(..HASH) else {
            return Ok(false);
        };
        let is_hash = hash
            .iter()
            .all(|sign| matches!(sign, b'0'..=b'9' | b'A'..=b'F'));
        if !is_hash || hash < last.as_slice() {
            return Ok(false);
        }
        last = hash.to_vec();
    }
    Ok(true)
}

/// The line that `place` lies in, with its end, and where it begins. `low` is where some line begins.
fn line_at(list: &mut (impl Read + Seek), low: u64, place: u64) -> io::Result<(u64, Vec<u8>)> {
    let from = place.saturating_sub(LINE).max(low);
    let mut piece = Vec::new();
    list.seek(SeekFrom::Start(from))?;
    list.by_ref().take(2 * LINE).read_to_end(&mut piece)?;
    let within = usize::try_from(place - from).unwrap_or(0).min(piece.len());
    let begins = piece[..within]
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |newline| newline + 1);
    let mut line = piece.split_off(begins);
    if let Some(newline) = line.iter().position(|byte| *byte == b'\n') {
        line.truncate(newline + 1);
    }
    Ok((from + begins as u64, line))
}

fn contains(list: &mut (impl Read + Seek), end: u64, wanted: &[u8]) -> io::Result<bool> {
    // Both are where a line begins, or the end.
    let (mut low, mut high) = (0, end);
    while low < high {
        let (begin, line) = line_at(list, low, low + (high - low) / 2)?;
        match line.get(..HASH).unwrap_or(&line).cmp(wanted) {
            Ordering::Equal => return Ok(true),
            Ordering::Less => low = begin + line.len() as u64,
            Ordering::Greater => high = begin,
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    fn list(words: &[String], counts: bool, end: &str) -> String {
        let mut hashes: Vec<_> = words.iter().map(|word| hash(word)).collect();
        hashes.sort();
        hashes.dedup();
        let lines = hashes.iter().enumerate().map(|(at, hash)| {
            let count = format!(":{}", at * at * 7919);
            format!("{hash}{}", if counts { &count } else { "" })
        });
        lines.collect::<Vec<_>>().join(end)
    }

    proptest! {
        #[test]
        fn every_word_of_a_list_is_found_and_no_other(
            words in proptest::collection::vec("[a-z]{1,6}", 0..80),
            others in proptest::collection::vec("[A-Z]{1,6}", 1..20),
            counts: bool, windows: bool, ended: bool,
        ) {
            let end = if windows { "\r\n" } else { "\n" };
            let mut text = list(&words, counts, end);
            if ended {
                text.push_str(end);
            }
            let mut list = Cursor::new(text.as_bytes());
            for word in &words {
                prop_assert!(contains(&mut list, text.len() as u64, hash(word).as_bytes()).unwrap());
            }
            for word in &others {
                prop_assert!(!contains(&mut list, text.len() as u64, hash(word).as_bytes()).unwrap());
            }
        }

        #[test]
        fn only_what_is_ordered_by_hash_is_a_list(
            words in proptest::collection::hash_set("[a-z]{1,6}", 40..200),
            counts: bool,
        ) {
            let words: Vec<String> = words.into_iter().collect();
            let text = list(&words, counts, "\n");
            prop_assert!(is_list(&mut Cursor::new(text.as_bytes()), text.len() as u64).unwrap());
            let mut lines: Vec<&str> = text.lines().collect();
            lines.reverse();
            let other = lines.join("\n");
            prop_assert!(!is_list(&mut Cursor::new(other.as_bytes()), other.len() as u64).unwrap());
            let small = text.to_lowercase();
            prop_assert!(!is_list(&mut Cursor::new(small.as_bytes()), small.len() as u64).unwrap());
        }

        #[test]
        fn a_file_that_is_no_list_ends_too(bytes: Vec<u8>) {
            let mut list = Cursor::new(&bytes);
            contains(&mut list, bytes.len() as u64, hash("a").as_bytes()).unwrap();
            is_list(&mut list, bytes.len() as u64).unwrap();
        }
    }
}
