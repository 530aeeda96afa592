-- When the present try of a refund was last asked for: while its answer may still come, no other try is begun.

alter table refunds add column tried_at timestamptz;
update refunds set tried_at = sent_at where sent_at is not null;
