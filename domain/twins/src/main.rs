//! The native twin: `twins hashes SEED BLOCKS` or `twins answers SEED BLOCK`.

use std::process::ExitCode;

fn main() -> ExitCode {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize| given.get(at).and_then(|text| text.parse().ok());
    let told = match (given.first().map(String::as_str), number(1), number(2)) {
        (Some("hashes"), Some(seed), Some(blocks)) => twins::hashes(seed, blocks),
        (Some("answers"), Some(seed), Some(block)) => twins::answers(seed, block),
        _ => {
            eprintln!("twins hashes SEED BLOCKS | twins answers SEED BLOCK");
            return ExitCode::FAILURE;
        }
    };
    print!("{told}");
    ExitCode::SUCCESS
}
