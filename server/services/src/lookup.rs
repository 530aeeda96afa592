//! Finds what the secrets and names stand for that requests come with: all that are asked at once, in one statement.

use std::marker::PhantomData;

use crate::{
    Services, Unexpected,
    batcher::Merge,
    db::{Scope, Tx},
};

/// One kind of names.
pub(crate) trait Lookup: Send + Sync + 'static {
    type Name: Send + Sync + 'static;
    type Found: Send + 'static;

    /// What each name stands for, in the order of the names.
    fn find(
        tx: &mut Tx,
        names: &[Self::Name],
    ) -> impl Future<Output = Result<Vec<Option<Self::Found>>, Unexpected>> + Send;
}

/// The requests of one kind of names that wait, whosever they are.
pub(crate) struct Lookups<L>(PhantomData<L>);

impl<L: Lookup> Merge for Lookups<L> {
    type Context = Services;
    type Key = ();
    type Request = L::Name;
    type Answer = Option<L::Found>;

    async fn serve(
        sv: &Services,
        (): &(),
        names: &[L::Name],
    ) -> Result<Vec<Self::Answer>, Unexpected> {
        let mut tx = sv.db.begin_shared(Scope::System).await?;
        let found = L::find(&mut tx, names).await?;
        tx.commit().await?;
        Ok(found)
    }
}
