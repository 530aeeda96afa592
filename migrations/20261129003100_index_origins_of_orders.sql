-- no-transaction

-- To find what is to be forgotten.
create index concurrently if not exists orders_placed_from_idx on orders (created_at)
    where placed_from is not null or placed_with <> '';
