-- no-transaction
-- What a card has paid for, while that matters: payments of events with a limit that are not over.
create index concurrently payments_card_key_idx on payments (card_key) where card_key is not null;
