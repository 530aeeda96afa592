//! The rules of the door, tried on the same random cases by the server's kind of machine and by the browser's: whatever they
//! say must be the same. `cargo xtask twins` compares them; a number stands for a thousand cases, so that a difference is
//! found without keeping all answers.

mod cases;
mod chance;

pub use cases::Cases;

/// How many cases one number stands for.
pub const BLOCK: u32 = 1_000;

/// One line for each block: its number and the hash of all answers in it.
pub fn hashes(seed: u32, blocks: u32) -> String {
    let cases = Cases::new(seed);
    (0..blocks)
        .map(|block| {
            let first = block.saturating_mul(BLOCK);
            let hash = (first..first.saturating_add(BLOCK)).fold(START, |hash, number| {
                fnv(hash, cases.answer(number).as_bytes())
            });
            format!("{block} {hash:016x}\n")
        })
        .collect()
}

/// All answers of one block, a line for each case.
pub fn answers(seed: u32, block: u32) -> String {
    let cases = Cases::new(seed);
    let first = block.saturating_mul(BLOCK);
    (first..first.saturating_add(BLOCK))
        .map(|number| format!("{number} {}\n", cases.answer(number)))
        .collect()
}

/// FNV-1a.
const START: u64 = 0xcbf2_9ce4_8422_2325;

fn fnv(start: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(start, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The same for whoever holds the compiled file.
#[cfg(target_arch = "wasm32")]
mod browser {
    use wasm_bindgen::prelude::wasm_bindgen;

    #[wasm_bindgen]
    pub fn hashes(seed: u32, blocks: u32) -> String {
        super::hashes(seed, blocks)
    }

    #[wasm_bindgen]
    pub fn answers(seed: u32, block: u32) -> String {
        super::answers(seed, block)
    }
}
