-- no-transaction

create index concurrently if not exists refunds_to_send_idx on refunds (state, created_at, id)
    where state in ('pending', 'failed');
