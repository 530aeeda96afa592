//! The platform's own invoices to organizations: one over its fees of each month and currency, and a credit note for a
//! month in which more was given back than taken. Issued by the worker once the month is over in UTC, or when a platform
//! admin asks, as soon as it is known who the platform is. Not for: what organizers sell.

mod due;
mod export;
mod issue;
mod list;
mod made;
mod print;
mod settings;
mod tell;
mod write;

pub use export::export;
pub(crate) use issue::bill_untold;
pub use issue::{bill, bill_due};
pub use list::{ListBills, PlatformBill, all, of_organization};
pub use print::{print, print_for_organization};
pub use settings::{Issuer, IssuerInput, SetIssuerError, issuer, set_issuer};
