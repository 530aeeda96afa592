-- What ends by its clock: orders that are not paid, and requests that nobody decides.
drop index orders_pending_idx;
create index orders_open_idx on orders (expires_at) where state in ('pending', 'asked');
-- The requests that wait, which are few.
create index orders_asked_idx on orders (organization_id, event_id, asked_at) where state = 'asked';
-- Money that banks keep ready, which is little.
create index payments_held_idx on payments (order_id) where state = 'held';
