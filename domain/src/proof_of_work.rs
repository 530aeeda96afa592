//! A little work that a browser does before it joins a crowd. One person does not notice it; whoever sends thousands of
//! requests pays for each. Hashcash (Back, "Hashcash: A Denial of Service Counter-Measure", 2002) with SHA-256.

use sha2::{Digest, Sha256};

/// The hash of challenge and nonce begins with so many zero bits: about 65,000 tries, a tenth of a second on a phone.
const BITS: u32 = 16;

/// Whether the work was done.
pub fn is_done(challenge: &str, nonce: u64) -> bool {
    let hash = Sha256::new()
        .chain_update(challenge)
        .chain_update(nonce.to_be_bytes())
        .finalize();
    hash.first_chunk()
        .is_some_and(|first| u32::from_be_bytes(*first).leading_zeros() >= BITS)
}

/// Does some of the work: the first nonce of `from..from + tries` that does it.
pub fn search(challenge: &str, from: u64, tries: u64) -> Option<u64> {
    (from..from.saturating_add(tries)).find(|nonce| is_done(challenge, *nonce))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_is_done_for_its_challenge_only() {
        let found = search("a", 7, 5_000_000).unwrap();
        assert!(found >= 7 && is_done("a", found));
        assert!(!is_done("b", found) && !is_done("a", found + 1));
        assert_eq!(search("a", found, 0), None);
    }
}
