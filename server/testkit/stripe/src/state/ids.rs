//! Ids that look like Stripe's: a prefix and letters that nobody can guess.

const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// `count` random letters and digits.
pub fn letters(count: usize) -> String {
    bytes(count)
        .into_iter()
        .map(|byte| char::from(LETTERS[usize::from(byte) % LETTERS.len()]))
        .collect()
}

/// A number below `bound`.
pub fn below(bound: usize) -> usize {
    let number = bytes(8)
        .into_iter()
        .fold(0_usize, |sum, byte| (sum << 8) | usize::from(byte));
    number % bound.max(1)
}

#[expect(
    clippy::disallowed_methods,
    reason = "a server apart, that knows nothing of the project's ports"
)]
fn bytes(count: usize) -> Vec<u8> {
    let mut bytes = vec![0; count];
    // Without randomness ids would collide at once, which a test notices; there is nothing to mend here.
    if getrandom::fill(&mut bytes).is_err() {
        tracing::error!("the machine gives no randomness");
    }
    bytes
}
