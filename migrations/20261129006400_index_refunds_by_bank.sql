-- no-transaction

create index concurrently if not exists refunds_by_bank_idx on refunds (completed_at desc, id desc)
    where by_bank and state = 'succeeded';
