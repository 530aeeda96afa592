-- What is kept for a while only is found by its age.
create index sessions_over_idx on sessions (least(expires_at, revoked_at));
create index email_tokens_expires_at_idx on email_tokens (expires_at);
create index mails_sent_at_idx on mails (sent_at) where state = 'sent';
-- Orders that came to nothing and still name somebody.
create index orders_forgettable_idx on orders (created_at)
    where state in ('cancelled', 'expired') and paid_at is null and buyer_name <> '—';
