-- no-transaction

create unique index concurrently if not exists ledger_transactions_adjustment_id_key on ledger_transactions (adjustment_id)
    where adjustment_id is not null;
