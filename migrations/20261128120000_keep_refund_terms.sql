-- What new events of an organization start with; their own policy may be another.
alter table organizations
    add column refund_policy jsonb not null default '[]';

-- When the event was to start as the buyer agreed to its policy: an event that is moved forward does not take days away
-- from those who have bought. Nothing in orders of before: today's start counts.
alter table orders
    add column agreed_starts_at timestamptz;
