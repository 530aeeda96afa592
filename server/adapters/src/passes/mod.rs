//! What signs passes for the wallets of phones, made from settings.

mod apple;
mod google;
mod pkcs7;
mod rsa_key;

use crate::config::WalletPasses;

pub use apple::AppleWallet;
pub use google::GoogleWallet;

/// A setting that cannot be used, and why. Never what it says.
pub type Misfit = (&'static str, &'static str);

/// Settings that belong together are there as a whole or not at all; the first that is missing otherwise.
fn complete(settings: &[(&'static str, &str)]) -> Result<bool, Misfit> {
    let missing = settings.iter().find(|(_, text)| text.is_empty());
    match missing {
        None => Ok(true),
        Some(_) if settings.iter().all(|(_, text)| text.is_empty()) => Ok(false),
        Some((name, _)) => Err((name, "must be there too, or none of those beside it")),
    }
}

/// Whoever runs Bilten has to say that what passes are signed with is good enough.
fn agreed(settings: &WalletPasses) -> Result<(), Misfit> {
    settings.older_signatures.then_some(()).ok_or((
        "wallet_passes.older_signatures",
        "must be true where passes are made: Apple and Google ask for signatures of RSA with 2048 bits and an older padding",
    ))
}

/// Where a variable can hold one line only, `\n` stands for its ends, as in the files that Google gives out.
fn lines(pem: &str) -> String {
    pem.replace("\\n", "\n")
}
