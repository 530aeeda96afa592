//! Who knows which VAT ids were given out.

use async_trait::async_trait;
use domain::pricing::VatId;

use super::PortError;

/// What the register says of an id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VatTold {
    pub valid: bool,
    /// By which the register knows the question; empty where it gave none.
    pub identifier: String,
}

#[async_trait]
pub trait VatRegister: Send + Sync {
    /// Asks once. What is [`PortError::Unavailable`] is worth another try later.
    async fn ask(&self, id: &VatId) -> Result<VatTold, PortError>;
}
