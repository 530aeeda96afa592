//! Who signs passes for the wallets of phones. Both are off unless the operator has what the makers of the wallets give out.

use domain::when::Timestamp;

use super::PortError;

/// Signs passes for Apple's wallet.
pub trait PassSigner: Send + Sync {
    /// As Apple knows this kind of pass: `pass.org.example.tickets`.
    fn pass_type(&self) -> &str;
    /// Whose passes they are, in Apple's books.
    fn team(&self) -> &str;
    /// A detached signature over a manifest (PKCS #7, DER), which says when it was made.
    fn sign(&self, manifest: &[u8], at: Timestamp) -> Result<Vec<u8>, PortError>;
}

/// Signs what Google's wallet is to save.
pub trait SaveSigner: Send + Sync {
    /// As Google knows whoever issues the passes: a number.
    fn issuer(&self) -> &str;
    /// The mail address of the service account whose key signs.
    fn account(&self) -> &str;
    /// RS256 (RFC 7518, 3.3).
    fn sign(&self, text: &[u8]) -> Result<Vec<u8>, PortError>;
}
