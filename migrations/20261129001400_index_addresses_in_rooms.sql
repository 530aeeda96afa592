-- no-transaction
create index concurrently holds_event_id_asked_from_idx on holds (event_id, asked_from) where asked_from is not null;
