use super::PortError;

/// Who knows passwords that turned up in breaches of other sites.
pub trait BreachedPasswords: Send + Sync {
    /// Whether this one did. Reads a file: not for async threads.
    ///
    /// # Errors
    /// [`PortError::Unavailable`] when nothing can be read.
    fn know(&self, password: &str) -> Result<bool, PortError>;
}
