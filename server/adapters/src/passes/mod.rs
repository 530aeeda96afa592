//! What signs passes for the wallets of phones, made from settings.

mod apple;
mod google;
mod pkcs7;
mod rsa_key;

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

/// Where a variable can hold one line only, `\n` stands for its ends, as in the files that Google gives out.
fn lines(pem: &str) -> String {
    pem.replace("\\n", "\n")
}
